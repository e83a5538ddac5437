"""The links of a document: which addresses of this site they name, and how the copy writes them."""

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import urlsplit

from django.conf import settings

from .addresses import address_of, place_of, quoted, relative_link

TAG = re.compile(
    r"<(a|area|link|img|source|form|script|meta|data|video|audio|track|iframe|object|embed|button)\b"
    r'([^>"]*(?:"[^"]*"[^>"]*)*)>'
)
ATTRIBUTE = re.compile(r'(\s(?:href|src|srcset|action|formaction|poster|data)=")([^"]*)(?=")')
META_ATTRIBUTE = re.compile(r'(\scontent=")([^"]*)(?=")')
DATA_ATTRIBUTE = re.compile(r'(\svalue=")([^"]*)(?=")')
META_WITH_ADDRESS = re.compile(r' property="og:(?:url|image)"| http-equiv="refresh"')
REFRESH = re.compile(r"(\d+; url=)(.*)")
CSS_LINK = re.compile(r"""(\burl\(\s*["']?|@import\s+["'])([^"')\s]+)""")
# In what programs read: sitemaps, feeds.
MACHINES = ("application/xml", "application/atom+xml", "application/feed+json")
STYLE_SHEET = re.compile(r'(<\?xml-stylesheet [^>]*href=")([^"]*)')
FURTHER_PAGE = re.compile(rf'((?:<loc>| href=\\?"){re.escape(settings.SITE_URL)}[^"<?\\]*)\?page=(\d+)')
MEDIA_ADDRESS = re.compile(re.escape(settings.SITE_URL + settings.MEDIA_URL) + r"[\w.-]+")


class Links:
    """The links of one document at an address; `found` has the addresses of this site that it names.

    Without `is_relative` all but the links to and from the further pages of lists stay as they are, byte for byte.
    With it no link names a host, except what must: those that machines read in the head. `is_anywhere` is for a page
    that a server shows at any depth, the one for what is not there: its links name the host.
    """

    def __init__(self, address: str, *, is_relative: bool = False, is_anywhere: bool = False) -> None:
        self.address, self.is_relative, self.is_anywhere = address, is_relative, is_anywhere
        self.place = place_of(address)
        self.found: set[str] = set()

    def written(self, body: bytes, content_type: str) -> bytes:
        """Return the document as the copy has it."""
        writer = self._writer(content_type)
        return writer(body.decode()).encode() if writer else body

    def _writer(self, content_type: str) -> Callable[[str], str] | None:
        kind = content_type.partition(";")[0]
        if kind in MACHINES:
            return self._for_machines
        return {
            "text/html": lambda text: TAG.sub(self._tag, text),
            "text/css": lambda text: CSS_LINK.sub(lambda match: match[1] + self.link(match[2]), text),
        }.get(kind)

    def link(self, link: str, *, is_for_machines: bool = False) -> str:
        """Return a link as the copy has it, and note what it names."""
        address = address_of(link, self.address)
        if address is None:
            is_local = self.is_relative and link.startswith("/") and not link.startswith("//")
            # The admin: there is none in a copy.
            return settings.SITE_URL + link if is_local else link
        self.found.add(address)
        place = place_of(address)
        parts = urlsplit(link)
        if not self.is_relative and place == address and (self.place == self.address or link.startswith(("/", "http"))):
            return link
        query = f"?{parts.query}" if parts.query and place == address else ""
        end = query + (f"#{parts.fragment}" if parts.fragment else "")
        if self.is_anywhere and self.is_relative:
            return settings.SITE_URL + quoted(place) + end
        if parts.scheme and (is_for_machines or not self.is_relative):
            return settings.SITE_URL + quoted(place) + end
        return (relative_link(quoted(place), quoted(self.place)) if self.is_relative else quoted(place)) + end

    def _for_machines(self, text: str) -> str:
        """Return a sitemap or a feed: its addresses are absolute and stay so, but for its style."""
        # A feed's articles are those of the pages; its images may be wider.
        self.found.update(address.removeprefix(settings.SITE_URL) for address in MEDIA_ADDRESS.findall(text))
        text = STYLE_SHEET.sub(lambda match: match[1] + self.link(match[2]), text, count=1)
        return FURTHER_PAGE.sub(r"\1page/\2/", text) if "?page=" in text else text

    def _tag(self, match: re.Match) -> str:
        name, attributes = match[1], match[2]
        # A place on the same page: a text with sections has more of these than of all other links.
        if name == "a" and ' href="#' in attributes:
            return match[0]
        pattern = ATTRIBUTE
        if name == "meta":
            if not META_WITH_ADDRESS.search(attributes):
                return match[0]
            pattern = META_ATTRIBUTE
        elif name == "data":
            # A microformat's address of the page that it stands on.
            if "u-url" not in attributes:
                return match[0]
            pattern = DATA_ATTRIBUTE
        is_for_machines = name in ("link", "meta")
        return f"<{name}{pattern.sub(lambda found: found[1] + self._value(found, is_for_machines), attributes)}>"

    def _value(self, found: re.Match, is_for_machines: bool) -> str:
        value = found[2]
        plain = unescape(value) if "&" in value else value
        if found[1].endswith('srcset="'):
            candidates = (candidate.strip().partition(" ") for candidate in plain.split(","))
            new = ", ".join(f"{self.link(link)}{space}{size}" for link, space, size in candidates)
        elif refresh := REFRESH.fullmatch(plain):
            new = refresh[1] + self.link(refresh[2])
        else:
            new = self.link(plain, is_for_machines=is_for_machines)
        return value if new == plain else escape(new)
