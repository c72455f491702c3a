"""Which addresses lie outside: on the public internet, and not in this installation's own networks or machines."""

from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

_INSIDE_V4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # This network.
        "10.0.0.0/8",  # Private.
        "100.64.0.0/10",  # Shared behind a provider's translation (CGNAT).
        "127.0.0.0/8",  # Loopback.
        "169.254.0.0/16",  # Link-local; clouds answer with credentials there.
        "172.16.0.0/12",  # Private.
        "192.0.0.0/24",  # Protocol assignments.
        "192.0.2.0/24",  # Documentation.
        "192.88.99.0/24",  # Relays from IPv6.
        "192.168.0.0/16",  # Private.
        "198.18.0.0/15",  # Measurements.
        "198.51.100.0/24",  # Documentation.
        "203.0.113.0/24",  # Documentation.
        "224.0.0.0/4",  # Multicast.
        "240.0.0.0/4",  # Reserved, and broadcast at its end.
    )
)
_OUTSIDE_V6: Final = IPv6Network("2000::/3")
"""All that is given out; IPv4-mapped, translated, link-local, private and multicast addresses lie beside it."""
_INSIDE_V6: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # Protocol assignments, tunnels to IPv4 addresses among them.
        "2001:db8::/32",  # Documentation.
        "2002::/16",  # Each holds an IPv4 address.
        "3fff::/20",  # Documentation.
    )
)


def is_outside(address: str) -> bool:
    """Say whether a resolved address is a public one; what cannot be read, or names an interface, is not."""
    try:
        parsed = IPv6Address(address) if ":" in address else IPv4Address(address)
    except AddressValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _INSIDE_V4)
    if parsed.scope_id is not None or parsed not in _OUTSIDE_V6:
        return False
    return not any(parsed in network for network in _INSIDE_V6)
