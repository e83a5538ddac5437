"""The links of a translation beside those of its original, and those that lead to another language without need."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from articles import languages
from articles.links import SCHEME
from articles.models import Article
from articles.remark import QUOTED, Remark

from .inventory import Inventory, Link
from .own_links import OwnLink, neutral
from .sentences import both, rests


def of_links(
    article: Article, source: Inventory, translation: Inventory, links: dict[tuple[str, str], OwnLink]
) -> Iterator[Remark]:
    # A translation may lead to its original.
    itself = f"{SCHEME}{article.key}"
    named: list[list[tuple[str, str]]] = []
    for side in (source, translation):
        whole = [(link.address, links.get((link.address, side.language))) for link in side.links]
        named.append([(at, own.name if own else at) for at, own in whole if not own or own.name != itself])
    left = rests(*named, lambda link: link[1], lambda link: neutral(link[0]))
    yield from both("link", *([_shortened(address) for address, _name in rest] for rest in left))


def _shortened(address: str) -> str:
    """Return an address cut in its middle: one is told from another by its ends."""
    return address if len(address) <= QUOTED else f"{address[:20]}…{address[21 - QUOTED :]}"


def of_addresses(article: Article, translation: Inventory, links: dict[tuple[str, str], OwnLink]) -> Iterator[Remark]:
    """Tell of links to a page in another language that readers could have in this one."""
    language = translation.language
    for link in dict.fromkeys(translation.links):
        own = links.get((link.address, language))
        if not own or own.language in ("", language, link.is_in) or own.name == f"{SCHEME}{article.key}":
            continue
        if better := own.addresses.get(language):
            yield _elsewhere(link, own, better, language)


def _elsewhere(link: Link, own: OwnLink, better: str, language: str) -> Remark:
    sentence = _("The link to “%(address)s” leads to a page in %(other)s. Write “%(better)s”: it is in %(language)s.")
    if own.is_of_article:
        sentence = _(
            "The link to “%(address)s” leads to a page in %(other)s. Write “%(better)s”, which is in %(language)s, "
            "or “%(key)s”, which is right in every language."
        )
    query = urlsplit(link.address).query
    about = {"address": _shortened(link.address), "better": better + (query and f"?{query}"), "key": own.name}
    about |= {"other": languages.name_in_sentence(own.language), "language": languages.name_in_sentence(language)}
    return Remark(f"parity:elsewhere:{link.address}", sentence % about)
