"""Where an address of the site is in its static copy.

A server of files knows no query: /en/?page=2 is /en/page/2/ in a copy. All other addresses stay as they are.
"""

import re
from functools import lru_cache
from urllib.parse import quote, unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import resolve
from django.utils.translation import override

from articles.listings import ArticleListView
from blog.misses import split_language

SITE = urlsplit(settings.SITE_URL)
PAGE_NUMBER = re.compile(r"page=([1-9]\d{0,5})", re.ASCII)
# What is left out: the author's side, and what only a running site can answer.
NOT_OF_READERS = (settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_PATH.rstrip("/"), *settings.PROBES)
# Names that every file system takes, with room for the end of a compressed one.
MAX_NAME = 200
INDEX = "index.html"
# The one hidden folder that visitors ask for (RFC 8615).
WELL_KNOWN = ".well-known"


def address_of(link: str, base: str) -> str | None:
    """Return the address of this site that a link on one of its pages means, percent-decoded, without its fragment.

    Of a query only the number of a list's page is part of it. None for other sites, the admin, and what is no address.
    """
    if link.startswith("#"):
        return None
    return _known(link if link.startswith(("/", "http")) else urljoin(base, link))


def place_of(address: str) -> str:
    """Return the path in the copy, percent-decoded: /en/page/2/ for /en/?page=2."""
    path, _, query = address.partition("?")
    number = PAGE_NUMBER.fullmatch(query)
    return f"{path}page/{number[1]}/" if number else address


def file_of(place: str) -> str | None:
    """Return the name of the file in the folder of the copy; None for a path that no file can stand for."""
    if not place.startswith("/") or any(sign in place for sign in "\x00\\?"):
        return None
    parts = place[1:].split("/")
    if "." not in parts[-1]:
        parts = [*parts, INDEX] if parts[-1] else [*parts[:-1], INDEX]
    named = parts[1:] if parts[0] == WELL_KNOWN else parts
    if any(part == "" or part.startswith(".") or len(part.encode()) > MAX_NAME for part in named):
        return None
    return "/".join(parts)


def quoted(place: str) -> str:
    """Return a path as an address has it."""
    return quote(place, safe="/:@!*'(),~+&=")


def relative_link(place: str, base: str) -> str:
    """Return how a page leads to a place without naming the host or what is above the copy."""
    here, there = base.split("/")[1:-1], place.split("/")[1:]
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    return "../" * (len(here) - common) + "/".join(there[common:]) or "./"


@lru_cache(maxsize=8192)
def _known(link: str) -> str | None:
    try:
        parts = urlsplit(urljoin(settings.SITE_URL, link))
    except ValueError:
        return None
    if (parts.scheme, parts.netloc) != (SITE.scheme, SITE.netloc):
        return None
    path = unquote(parts.path) or "/"
    if path.startswith(NOT_OF_READERS[0]) or path in NOT_OF_READERS:
        return None
    number = PAGE_NUMBER.fullmatch(parts.query)
    if number and number[1] != "1" and _is_list(path):
        return f"{path}?{parts.query}"
    return path


def _is_list(path: str) -> bool:
    language, _ = split_language(path)
    if language is None:
        return False
    with override(language):
        view = getattr(resolve(path).func, "view_class", None)
    return view is not None and issubclass(view, ArticleListView)
