#!/bin/sh
# Interfaces of {{ router.name }} at {{ router.site }} ({{ router.environment }}); may run again at any time.
# Written by a program: change the stack, not this file.
set -eu
{% for circuit in router.circuits %}
: "${PORT_{{ circuit.metro }}:?is not set: the network card that the port at {{ circuit.metro }} is patched to}"
{% endfor %}

have() { # interface, MTU, what it is
    ip link set "$1" mtu "$2" alias "$3" up
    # Answers may come in by another interface than questions went out.
    sysctl -qw "net.ipv4.conf.$1.rp_filter=2"
}
{% if router.tunnels %}

tunnel() { # interface, its number in swanctl.conf, own address, far address, MTU, what it is
    [ -e "/sys/class/net/$1" ] || ip link add "$1" type xfrm if_id "$2"
    have "$1" "$5" "$6"
    # With the far address as peer it has a route of its own, whatever /30 it is of.
    ip address replace "$3" peer "$4/32" dev "$1"
}
{% endif %}
{% if router.circuits %}

circuit() { # interface, network card, VLAN, own address with mask, MTU, what it is
    ip link set "$2" up
    [ -e "/sys/class/net/$1" ] || ip link add link "$2" name "$1" type vlan id "$3"
    have "$1" "$5" "$6"
    ip address replace "$4" dev "$1"
}
{% endif %}

sysctl -qw net.ipv4.ip_forward=1
# Equal ways share the connections, each of which stays on one.
sysctl -qw net.ipv4.fib_multipath_hash_policy=1
{% for circuit in router.circuits %}
circuit {{ circuit.interface }} "$PORT_{{ circuit.metro }}" {{ circuit.vlan }} {{ circuit.local_address }}/{{ length }} {{ circuit.mtu }} {{ circuit.name }}
{% endfor %}
{% for tunnel in router.tunnels %}
tunnel {{ tunnel.interface }} {{ tunnel.interface_id }} {{ tunnel.local_address }} {{ tunnel.remote_address }} {{ tunnel.mtu }} {{ tunnel.name }}
{% endfor %}
{% if router.tunnels %}

# TCP in tunnels keeps to segments that fit, also where no ICMP tells it to; segments are only ever made shorter.
nft -f - <<'RULES'
table inet multicloud
delete table inet multicloud
table inet multicloud {
    chain forward {
        type filter hook forward priority mangle; policy accept;
        iifname "vpn-*" tcp flags & (syn | rst) == syn tcp option maxseg size set {{ segment }}
        oifname "vpn-*" tcp flags & (syn | rst) == syn tcp option maxseg size set {{ segment }}
    }
}
RULES
{% endif %}
