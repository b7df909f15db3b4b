"""Which hosts an address may name, and which an attempt may connect to in the end."""

from __future__ import annotations

import ipaddress
import re
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

# What names of one's own network end in (RFC 6761, 6762, 8375, and common use).
_INTERNAL = frozenset(
    {"arpa", "corp", "home", "internal", "intranet", "invalid", "lan", "local"}
    | {"localdomain", "localhost", "private", "test"}
)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Reach(StrEnum):
    """How far an attempt may reach."""

    PUBLIC = "public"  # hosts on the internet, as web hooks are
    MAIL = "mail"  # besides, the office's own network, where its mail server stands
    LISTED = "listed"  # anywhere: the office's settings name the host


def is_listed(host: str, port: str, listed: Collection[str]) -> bool:
    """Say whether the office's settings name a host: alone, with its port, or as ``*.domain``."""
    names = {host.lower(), f"{host.lower()}:{port}"}
    return any(fnmatchcase(name, each.lower()) for name in names for each in listed)


def may_be_named(host: str, reach: Reach) -> bool:
    """Say whether a host that is written in an address may be reached, as far as its name tells."""
    name = host.lower().strip("[]").rstrip(".")
    if reach is Reach.LISTED:
        return True
    try:
        return may_be_reached(name, reach)
    except ValueError:
        last = name.rpartition(".")[2]
    if not name or _NUMBER.fullmatch(last):  # 127.1 and 0x7f000001 are other ways of writing one
        return False
    return reach is Reach.MAIL or ("." in name and last not in _INTERNAL)


def may_be_reached(address: str, reach: Reach) -> bool:
    """Say whether a connection to an IP address may be made; raises ValueError if it is none."""
    ip = _meant(ipaddress.ip_address(address.partition("%")[0]))
    if reach is Reach.LISTED:
        return True
    if ip.is_multicast or ip.is_unspecified or ip.is_link_local:
        return False
    return ip.is_global or (reach is Reach.MAIL and (ip.is_private or ip.is_loopback))


def _meant(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """Give the IPv4 address that one of IPv6 carries within it, or the address itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
