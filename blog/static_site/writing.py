"""One address of the site written into the copy."""

from dataclasses import dataclass, field
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from articles import languages
from blog.misses import split_language
from blog.models import Site as SiteTexts

from .addresses import address_of, file_of, place_of, quoted
from .asking import Site, is_for_ever
from .folder import Entry, Folder
from .links import Links
from .listing import ERROR_PAGES
from .problems import ExportError

PERMANENT = ("301", "308")
NOT_KEPT = {"no-store", "no-cache", "private"}
PAGES = (".html", ".htm")
HTML = "text/html; charset=utf-8"


class Written(NamedTuple):
    """What became of an address: the site's status, the file, where it leads, and addresses that are new to us."""

    address: str
    status: str
    name: str = ""
    entry: Entry | None = None
    is_new: bool = False
    location: str = ""
    links: tuple[str, ...] = ()


@dataclass
class Writer:
    """Asks the site and writes the files; each process has one."""

    folder: Folder
    is_relative: bool
    site: Site = field(default_factory=Site)
    seen: set[str] = field(default_factory=set)

    def write(self, address: str) -> Written:
        """Write what the site answers at an address: a document, or a page that leads on from there."""
        name = file_of(place_of(address))
        if name and is_for_ever(address) and (entry := self.folder.stands(name)):
            return Written(address, "200", name, entry)
        if address == "/":
            return self._put(address, "200", name, self._choice().encode(), HTML)
        answer = self.site.answer(address)
        status = answer.status[:3]
        if status in PERMANENT:
            return self._redirect(address, status, name, answer.header("location"))
        # What no cache may keep, such as a preview whose secret address somebody made public, is for no folder either.
        # Whom to write to about a hole: it says itself until when it holds, and each month a run writes it anew.
        told = answer.header("cache-control").split(", ")
        is_kept = status == "200" and (NOT_KEPT.isdisjoint(told) or address == reverse("security_txt"))
        if name is None or not (is_kept or (status == "404" and address in ERROR_PAGES)):
            return Written(address, status)
        return self._put(address, status, name, answer.body, answer.header("content-type"))

    def _put(self, address: str, status: str, name: str, body: bytes, content_type: str, **more: str) -> Written:
        links = Links(address, is_relative=self.is_relative, is_anywhere=address in ERROR_PAGES)
        entry, is_new = self.folder.put(name, links.written(body, content_type), content_type)
        found = links.found - self.seen
        self.seen |= found
        return Written(address, status, name, entry, is_new, links=tuple(found), **more)

    def _redirect(self, address: str, status: str, name: str | None, location: str) -> Written:
        target = address_of(location, address.partition("?")[0])
        leads_on = Written(address, status, location=location, links=(target,) if target else ())
        # Where a page cannot lead on, as from the address of a feed or to the same file, the map for servers does.
        if name is None or target is None or not name.endswith(PAGES) or name == file_of(place_of(target)):
            return leads_on
        language = split_language(target)[0] or settings.LANGUAGE_CODE
        with override(language):
            page = render_to_string(
                "blog/static_site/redirect.html", {"path": location, "address": settings.SITE_URL + location}
            )
        try:
            return self._put(address, status, name, page.encode(), HTML, location=location)
        except ExportError:
            # A page or a folder has the name.
            return leads_on

    def _choice(self) -> str:
        """Return the page at "/", which offers the languages: no server is there to ask the browser for its own."""
        texts = []
        for code in languages.codes():
            with override(code):
                site = SiteTexts.current()
                texts.append({"code": code, "name": languages.name(code), "site": site.name, "tagline": site.tagline})
        context = {"texts": texts, "root": f"{settings.SITE_URL}/"}
        # The page that was asked for before has left its language active.
        with override(settings.LANGUAGE_CODE):
            return render_to_string("blog/static_site/languages.html", context)


def map_line(written: Written) -> str:
    """Return the line for a `map $request_uri` of nginx that leads on from an old address."""
    path, mark, query = written.address.partition("?")
    # A dollar would begin a variable.
    location = written.location.replace("$", "%24")
    return f'"{quoted(path)}{mark}{quoted(query)}" "{location}";\n'
