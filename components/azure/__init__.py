"""Azure: the virtual WAN, its hubs, the VNets on them, their flow logs and the address manager."""
