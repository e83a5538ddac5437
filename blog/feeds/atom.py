"""A feed written as Atom (RFC 4287), with a line for people who open it in a browser."""

from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from django.http import HttpResponse
from django.templatetags.static import static
from django.utils.translation import gettext, override

from articles.markdown.sanitising import CONTROLS

from .feed import Entry, Feed, Person

# Not application/atom+xml: Chromium shows that as plain text and Firefox saves it as a file, both without the style
# sheet. Feed readers look at the root element.
CONTENT_TYPE = "application/xml; charset=utf-8"
MEDIA_TYPE = "application/atom+xml"

NAMESPACE = "http://www.w3.org/2005/Atom"
XHTML = "http://www.w3.org/1999/xhtml"


def response(feed: Feed) -> HttpResponse:
    with override(feed.language):
        return HttpResponse(written(feed), content_type=CONTENT_TYPE)


def written(feed: Feed) -> str:
    root = Element("feed", {"xmlns": NAMESPACE, "xml:lang": feed.language})
    _explain(root, feed)
    _text(root, "id", feed.id)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.subtitle)
    _text(root, "updated", _date(feed.updated))
    _person(root, Person(feed.author))
    _link(root, "self", feed.atom_url, type=MEDIA_TYPE)
    _link(root, "alternate", feed.page_url, type="text/html")
    _link(root, "alternate", feed.json_url, type="application/feed+json")
    for entry in feed.entries:
        _add(root, entry)
    style = f'<?xml-stylesheet type="text/css" href="{static("css/feed.css")}"?>'
    # XML 1.0 has no way to write a control character.
    return f'<?xml version="1.0" encoding="utf-8"?>\n{style}\n' + CONTROLS.sub("", tostring(root, "unicode"))


def _explain(root: Element, feed: Feed) -> None:
    """Say what this is, in HTML: a feed reader passes over foreign elements (section 6.3), a browser shows them."""
    box = SubElement(root, "div", {"xmlns": XHTML})
    SubElement(box, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    _text(box, "p", gettext("This is a feed: copy its address into a feed reader, which will bring you new articles."))
    _text(SubElement(box, "p"), "a", gettext("Read the articles on the site"), href=feed.page_url)


def _add(root: Element, entry: Entry) -> None:
    element = SubElement(root, "entry", {"xml:lang": entry.language})
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "published", _date(entry.published))
    _text(element, "updated", _date(entry.updated))
    _links(element, entry)
    for author in entry.authors:
        _person(element, author)
    for tag in entry.tags:
        SubElement(element, "category", {"term": tag})
    _text(element, "summary", entry.summary)
    _text(element, "content", entry.content, type="html")


def _links(element: Element, entry: Entry) -> None:
    """Link the article's page first and last: some feed readers open the first alternate link, some the last one."""
    _link(element, "alternate", entry.url, type="text/html", hreflang=entry.language)
    if entry.translations:
        for code, url in entry.translations.items():
            _link(element, "alternate", url, type="text/html", hreflang=code)
        _link(element, "alternate", entry.url, type="text/html")
    if entry.source:
        _link(element, "via", entry.source)


def _person(parent: Element, person: Person) -> None:
    author = SubElement(parent, "author")
    _text(author, "name", person.name)
    _text(author, "uri", person.url)


def _link(parent: Element, relation: str, address: str, **attributes: str) -> None:
    SubElement(parent, "link", {"rel": relation, "href": address} | attributes)


def _text(parent: Element, name: str, text: str, **attributes: str) -> None:
    """Add an element with a text; nothing where there is none."""
    if text:
        SubElement(parent, name, attributes).text = text


def _date(moment: datetime) -> str:
    """Write a date as section 3.3 asks."""
    return moment.isoformat(timespec="seconds")
