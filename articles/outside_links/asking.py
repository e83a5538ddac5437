"""One address of another site, asked whether it still answers.

It is asked because an author linked to it: nothing is read of what it answers but the head, and no link of it is
followed. So robots.txt, which is for programs that go from page to page (RFC 9309, section 1), is not asked for.
"""

import http.client
import re
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from articles.link_verdict import Reason, Verdict, answered, unsure
from articles.models import OutsideAddress

from .connecting import PrivateAddress, PublicConnection
from .politeness import Politeness

# A name, or an IPv6 address.
HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+")

REDIRECTS = {301, 302, 303, 307, 308}
PERMANENT = {301, 308}
MAX_REDIRECTS = 5

TOO_MANY = 429


def normal(address: str) -> str | None:
    """Return an http or https address as a server is asked for it, without its fragment; None for any other."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
        # The codec refuses empty and endless parts of a name.
        host = host if ":" in host else host.encode("idna").decode("ascii")
        path, query = iri_to_uri(parts.path) or "/", iri_to_uri(parts.query)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not HOST.fullmatch(host) or "@" in parts.netloc:
        return None
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port and port != _default_port(parts) else ""
    whole = urlunsplit((parts.scheme, place, path, query, ""))
    return whole if len(whole) <= OutsideAddress.MAX_LENGTH else None


def host_of(address: str) -> str:
    """Return the host of an address in its normal form."""
    return urlsplit(address).hostname or ""


def ask(address: str, politeness: Politeness) -> Verdict:
    """Return what a server says of an address in its normal form: by HEAD, and by GET where that fails."""
    verdict = _followed("HEAD", address, politeness)
    # Many servers know no HEAD, or not for all that they have. A server that does not answer is not asked again.
    if verdict.status in (None, TOO_MANY):
        return verdict
    return _followed("GET", address, politeness)


@dataclass(frozen=True)
class Head:
    """What is read of an answer."""

    status: int
    location: str


def _followed(method: str, address: str, politeness: Politeness) -> Verdict:
    here, moved_to, is_permanent = address, "", True
    for _ in range(MAX_REDIRECTS + 1):
        head = _head(method, here, politeness)
        if isinstance(head, Verdict):
            return head
        if head.status not in REDIRECTS or not head.location:
            return answered(head.status, moved_to)
        here = _joined(here, head.location)
        if here is None:
            return unsure(Reason.MALFORMED)
        # What a temporary redirect leads to may move on as it likes.
        is_permanent = is_permanent and head.status in PERMANENT
        moved_to = here if is_permanent else moved_to
    return unsure(Reason.LOOP)


def _joined(address: str, location: str) -> str | None:
    try:
        return normal(urljoin(address, location))
    except ValueError:
        # Such as half an IPv6 address.
        return None


def _head(method: str, address: str, politeness: Politeness) -> Head | Verdict:
    parts = urlsplit(address)
    with politeness.turn(parts.hostname or ""):
        connection = PublicConnection(
            parts.hostname or "", parts.port or _default_port(parts), is_secure=parts.scheme == "https"
        )
        try:
            connection.request(method, urlunsplit(("", "", parts.path, parts.query, "")), headers=_headers())
            response = connection.getresponse()
            if connection.is_over:
                # Half a head reads as a whole one without the rest.
                raise TimeoutError
            return Head(response.status, _in_utf8(response.getheader("Location", "")))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return unsure(_reason(error))
        finally:
            connection.close()


def _reason(error: Exception) -> Reason:
    if isinstance(error, PrivateAddress):
        return Reason.PRIVATE
    if isinstance(error, socket.gaierror):
        return Reason.NO_HOST
    return Reason.CERTIFICATE if isinstance(error, ssl.SSLCertVerificationError) else Reason.NO_ANSWER


def _headers() -> dict[str, str]:
    # Who asks, and where to ask back.
    return {"User-Agent": f"check_links (+{settings.SITE_URL}/)", "Accept": "*/*", "Connection": "close"}


def _in_utf8(header: str) -> str:
    """Return a header that http.client read byte by byte as the text that servers mean."""
    return header.encode("latin-1", "replace").decode("utf-8", "replace")


def _default_port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80
