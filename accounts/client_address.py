"""Where a request comes from: the address of its sender, as the trusted proxies tell it."""

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

# Some proxies write the port as well: 192.0.2.7:4711, [2001:db8::7]:4711.
WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d{1,5})?|([^:]*):\d{1,5}", re.ASCII)
# What one customer gets of IPv6, with 2 ** 64 addresses in it (RFC 6177); who has it can change them at will.
PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """Return the address of who sent a request, in one spelling; "" where it came through a socket of the machine.

    Each of the TRUSTED_PROXIES in front has added whom it heard to the end of X-Forwarded-For. What stands before these
    is the sender's own invention. Where they added nothing that is an address, it is that of the proxy.
    """
    return _forwarded(request) or _plain(request.META.get("REMOTE_ADDR", ""))


def client_network(request: HttpRequest) -> str:
    """Return the address by which to count a sender: of IPv6 the first one of its /64, else as `client_address`."""
    address = client_address(request)
    if ":" not in address:
        return address
    return str(ipaddress.ip_network(f"{address}/{PREFIX}", strict=False).network_address)


def _forwarded(request: HttpRequest) -> str:
    count = settings.TRUSTED_PROXIES
    if not count:
        return ""
    # Several lines of this header arrive as one (RFC 9110, section 5.3).
    heard = request.META.get("HTTP_X_FORWARDED_FOR", "").rsplit(",", count)[-count:]
    return _plain(heard[0].strip(" \t")) if len(heard) == count else ""


def _plain(text: str) -> str:
    """Return an address as Python spells it, that of IPv4 also where IPv6 wraps it; "" where it is none."""
    if match := WITH_PORT.fullmatch(text):
        text = match[1] or match[2] or ""
    try:
        # A zone is one of the machine's own networks (RFC 4007), and may be any text.
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)
