"""The store of finished pages, in front of Django: what one reader asked for, the next ones get from memory.

A page is right until something that readers can see is written or a scheduled text goes live. Then all pages go, not
some: each shows more than its own text, such as lists, neighbours, names and links.
"""

import logging
import math
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from django.conf import settings

from .finished_page import Answer, FinishedPage, WSGIApplication
from .site_version import KnownVersion, Version

logger = logging.getLogger(__name__)

# A path and the query that it needs.
Address = tuple[str, str]

SITE = urlsplit(settings.SITE_URL)
# No page of readers is there: the files have a way of their own, all of the admin is somebody's, and who watches the
# site must not wait for its database.
ELSEWHERE = (settings.STATIC_URL, settings.MEDIA_URL, settings.SESSION_COOKIE_PATH, *settings.PROBES)
# Who says who they are is answered by Django, and so is what only writers send.
FOR_DJANGO = {"HTTP_AUTHORIZATION", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_TRANSFER_ENCODING"}
COOKIES = re.compile("|".join([settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME]))
# Django is not told of these: it makes every page plain, whole and for nobody in particular.
UNTOLD = {
    "HTTP_ACCEPT_ENCODING",
    "HTTP_COOKIE",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_RANGE",
    "HTTP_RANGE",
}

# What others add to links for themselves, by name or by how the name begins, in small letters: search engines and
# advertisers, social networks, newsletters.
TRACKING = {
    *("gclid", "gclsrc", "dclid", "gbraid", "wbraid", "srsltid", "_ga", "_gl", "msclkid", "yclid", "ymclid", "ysclid"),
    *("_openstat", "qclid", "tblci", "dicbo", "irclickid", "cjevent", "wickedid", "s_kwcid", "s_cid", "ef_id", "xtor"),
    *("fbclid", "mibextid", "igsh", "igshid", "twclid", "ttclid", "li_fat_id", "epik", "sccid", "rdt_cid"),
    *("_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking", "_kx", "_ke", "mkt_tok", "ck_subscriber_id"),
    *("ml_subscriber", "ml_subscriber_hash", "_bhlid", "__s", "dm_i", "bento_uuid", "ref"),
}
TRACKING_PREFIXES = ("utm_", "gad_", "hsa_", "at_", "mtm_", "matomo_", "pk_", "piwik_", "mc_", "oly_", "vero_")
PAGE_NUMBER = re.compile(r"page=[1-9]\d{0,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kept:
    """A page in the store: what version of the site it shows, and until when on the clock of `time.monotonic`."""

    page: FinishedPage
    version: Version
    ends_at: float
    size: int


class PageStore:
    """A WSGI application (PEP 3333) that answers for another one with what that one answered before."""

    MAX_PAGES = 20_000

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.site = KnownVersion()
        self.max_size = settings.PAGE_STORE_MEGABYTES * 1024 * 1024
        self.size = 0
        # Those of one version, the least used first.
        self._version: Version | None = None
        self.pages: OrderedDict[Address, Kept] = OrderedDict()
        self._changing = Lock()
        # Of the addresses that are being asked for.
        self._turns: WeakValueDictionary[Address, Lock] = WeakValueDictionary()

    @staticmethod
    def address_of(environ: dict) -> Address | None:
        """Return the address of a page that a request may get from the store; None for all other requests."""
        path = environ["PATH_INFO"]
        if (
            environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or environ.get("HTTP_HOST") != SITE.netloc
            or (SITE.scheme == "https" and environ.get("HTTP_X_FORWARDED_PROTO") != "https")
            or path.startswith(ELSEWHERE)
            # Part of every address that a page names; some servers take it from a header.
            or environ.get("SCRIPT_NAME")
            or environ.get("CONTENT_LENGTH", "0") not in ("", "0")
            or not environ.keys().isdisjoint(FOR_DJANGO)
            or ("HTTP_COOKIE" in environ and COOKIES.search(environ["HTTP_COOKIE"]))
        ):
            return None
        query = environ["QUERY_STRING"]
        if query:
            query = needed_part(query)
        return None if query is None else (path, query)

    def kept(self, environ: dict) -> Answer | None:
        """Return the answer where it is there and surely right, without asking a database or waiting for anybody."""
        address = self.address_of(environ)
        if address is None or not self.site.is_sure():
            return None
        page = self._page(address)
        return page and page.answer_to(environ)

    def __call__(self, environ: dict, start_response: Callable) -> Iterable[bytes]:
        answer = None
        try:
            address = self.address_of(environ)
            if address is not None:
                answer = self.kept(environ) or self._made(address, environ)
        except Exception:
            logger.exception("The store of pages failed; Django answers.")
        if answer is None:
            return self.application(environ, start_response)
        # A server may change the list that it is given (PEP 3333); this one is for the next readers as well.
        start_response(answer.status, list(answer.headers))
        return [answer.body]

    def _made(self, address: Address, environ: dict) -> Answer | None:
        """Return the answer, made once however many ask for it; None where the request is for Django as it stands."""
        with self._turn(address):
            if not self.site.is_sure():
                self.site.refresh()
            # Of before the page: what is written while Django makes it, ends it.
            version = self.site.version
            page = self._page(address) or self._asked(address, environ)
            if page.head.status.startswith("5") and (kept := self.pages.get(address)) and kept.version is version:
                # It was to get its date, and is no less right without.
                page = kept.page
            is_lasting = is_for_everybody(page.head)
            if not is_lasting and address[1] != environ["QUERY_STRING"]:
                return None
            page.code_for(environ)
            if is_lasting and version is not None:
                self._keep(address, page, version)
            return page.answer_to(environ)

    def _turn(self, address: Address) -> Lock:
        # Two threads that come to a new address at once must get the same one.
        with self._changing:
            return self._turns.setdefault(address, Lock())

    def _asked(self, address: Address, environ: dict) -> FinishedPage:
        """Ask Django for a page that is the same for whoever asks next."""
        request = {key: value for key, value in environ.items() if key not in UNTOLD}
        request |= {"REQUEST_METHOD": "GET", "QUERY_STRING": address[1]}
        return FinishedPage(Answer.of(self.application, request))

    def _page(self, address: Address) -> FinishedPage | None:
        kept = self.pages.get(address)
        if kept is None or kept.version is not self.site.version or time.monotonic() >= kept.ends_at:
            return None
        try:  # noqa: SIM105, `suppress` would take longer than all of this
            self.pages.move_to_end(address)
        except KeyError:
            # Another thread has just thrown it out; it is no less right.
            pass
        return kept.page

    def _keep(self, address: Address, page: FinishedPage, version: Version) -> None:
        """Put a page in, in the room that it takes by now; what does not fit goes, the least used first."""
        # A page without a date was made within the second of a change.
        ends_at = math.inf if page.head.modified_at else time.monotonic() + 1
        kept = Kept(page, version, ends_at, page.size)
        # One page shall not drive out all others, neither by its size nor because it took so long that it is old.
        if kept.size > self.max_size / 8 or version is not self.site.version:
            return
        with self._changing:
            if version is not self._version:
                self.pages.clear()
                self.size, self._version = 0, version
            before = self.pages.pop(address, None)
            self.pages[address] = kept
            self.size += kept.size - (before.size if before else 0)
            while self.size > self.max_size or len(self.pages) > self.MAX_PAGES:
                _, out = self.pages.popitem(last=False)
                self.size -= out.size


@lru_cache(maxsize=256)
def needed_part(query: str) -> str | None:
    """Return what is left of a query string without tracking parameters; None where that is not a page number alone."""
    needed = "&".join(part for part in query.split("&") if part and not is_tracking(part.partition("=")[0].lower()))
    return needed if not needed or PAGE_NUMBER.fullmatch(needed) else None


def is_tracking(name: str) -> bool:
    """Return whether a parameter, named in small letters, serves somebody else than this site."""
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def is_for_everybody(answer: Answer) -> bool:
    """Return whether Django lets caches keep an answer that differs for nobody (RFC 9111, section 3)."""
    return (
        answer.status.startswith("200")
        and answer.header("cache-control").startswith("public, max-age=0")
        and answer.header("vary").lower() == "accept-encoding"
        and not answer.header("set-cookie")
    )
