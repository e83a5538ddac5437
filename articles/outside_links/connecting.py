"""Connections to servers of the public Internet, and to no other.

The address is looked at after the name was resolved and is the one connected to: a name that means another machine a
moment later (DNS rebinding) leads nowhere else.
"""

import contextlib
import http.client
import socket
import ssl
import threading
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

# Seconds for one step, and for all of them.
STEP_LIMIT = 10.0
WHOLE_LIMIT = 20.0

# IPv4 addresses at the end of an IPv6 one: translated (RFC 6052, RFC 7915), and an old form that means the same.
EMBEDDING = [IPv6Network("64:ff9b::/96"), IPv6Network("::ffff:0:0:0/96"), IPv6Network("::/96")]
# Of one site or one operator alone, though Python 3.11 takes them for global: RFC 3879, RFC 8215, RFC 6890.
LOCAL = [ip_network("fec0::/10"), ip_network("64:ff9b:1::/48"), ip_network("192.0.0.0/24")]


class PrivateAddress(OSError):
    """A host that is not of the public Internet."""


def is_public(text: str) -> bool:
    """Return whether an IP address is of the public Internet, also where an IPv6 address wraps it."""
    address = ip_address(text.partition("%")[0])
    if any(address in network for network in LOCAL):
        return False
    if isinstance(address, IPv6Address):
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        wrapped += [IPv4Address(int(address) & 0xFFFFFFFF) for network in EMBEDDING if address in network]
        if inner := list(filter(None, wrapped)):
            return all(each.is_global and not each.is_multicast for each in inner)
    return address.is_global and not address.is_multicast


class PublicConnection(http.client.HTTPConnection):
    """A connection for one request, which ends within `WHOLE_LIMIT`, however slowly the server speaks."""

    def __init__(self, host: str, port: int, *, is_secure: bool) -> None:
        # What the header Host leaves out.
        self.default_port = 443 if is_secure else 80
        super().__init__(host, port, timeout=STEP_LIMIT)
        self.is_secure = is_secure
        self.timer = threading.Timer(WHOLE_LIMIT, self._cut)
        self.timer.daemon = True
        self.is_over = False

    def connect(self) -> None:
        found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        if not all(is_public(place[0]) for *_, place in found):
            raise PrivateAddress(f"{self.host} is not of the public Internet")
        # The time that the resolver takes is its own limit's matter.
        self.timer.start()
        self.sock = self._connected(found)
        if self.is_over:
            # The time was up before there was anything to cut.
            raise TimeoutError
        if self.is_secure:
            context = ssl.create_default_context()
            # In two steps, so that the timer finds the socket between them.
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def _connected(self, found: list[tuple]) -> socket.socket:
        failure: OSError = OSError("no address")
        # A host that has an IPv6 address, for a machine that has none.
        for family, kind, protocol, _, place in found[:3]:
            sock = socket.socket(family, kind, protocol)
            sock.settimeout(STEP_LIMIT)
            try:
                sock.connect(place)
            except OSError as error:
                sock.close()
                failure = error
            else:
                return sock
        raise failure

    def _cut(self) -> None:
        self.is_over = True
        if self.sock is not None:
            with contextlib.suppress(OSError):
                # TLS's own way would take its state from under the thread that reads.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        self.timer.cancel()
        super().close()
