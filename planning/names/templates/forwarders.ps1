# Names of the clouds for the DNS servers of {{ site.site }}: for Windows; run it on each, and again after changes.
{% include "about.txt" %}
#Requires -Modules DnsServer
$ErrorActionPreference = 'Stop'

function Set-Forwarder([string] $Name, [ipaddress[]] $Servers) {
    $zone = Get-DnsServerZone -Name $Name -ErrorAction SilentlyContinue
    if (-not $zone) {
        Add-DnsServerConditionalForwarderZone -Name $Name -MasterServers $Servers
    } elseif ($zone.ZoneType -ne 'Forwarder') {
        throw "$Name is a zone of this server's own ($($zone.ZoneType)); a cloud answers for it: remove one of the two."
    }
    # Without recursion no other server is asked when all of these are silent.
    Set-DnsServerConditionalForwarderZone -Name $Name -MasterServers $Servers -UseRecursion $false
}

{% for domain, addresses in targets.items() %}
Set-Forwarder '{{ domain }}' '{{ addresses | join("', '") }}'
{% endfor %}
