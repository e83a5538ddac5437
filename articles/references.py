"""What stored bodies name, articles and images, put in when a page is put together.

A rendering keeps `article:key` as the address of a link, so that it is right the second its target goes live, changes
its slug or is unpublished; and `image:key`, or the name of a file that lay beside the text, as that of an image.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from . import languages
from .link_verdict import Reason
from .markdown import typeset
from .markdown.safe_html import Token
from .models import Article, Image, Rendering
from .pictures import picture_html
from .prepared import prepared

# The sanitiser writes every attribute as name="value", without < or > inside, and schemes in small letters.
LINK = re.compile(r'<a([^<>]*) href="article:([^"#]*)(#[^"]*)?"([^<>]*)>(.*?)</a>', re.DOTALL)
IMAGE = re.compile(r"<img [^<>]*>")
TAG = re.compile(r"<[a-z][^<>]*>")
PLACE = re.compile(r' (id="|href="#)')

# Another host, or a path of this one.
ADDRESS = re.compile(r"(?!image:)[a-z][a-z0-9+.-]*:|/")

# What an author is told of a reference that is lost.
SENTENCES = {
    Reason.NO_ARTICLE: gettext_noop("The link to “%s” is shown as plain text: there is no article with this key."),
    Reason.NOT_LIVE: gettext_noop("The link to “%s” is shown as plain text: that article is not live."),
    Reason.NO_IMAGE: gettext_noop("Instead of the image “%s” its alternative text is shown: there is no such image."),
    Reason.INSECURE: gettext_noop("The image “%s” is not shown: pages show images from https addresses alone."),
}

# Characters of HTML that fill the first screen: an image further down is fetched when it comes near.
FIRST_SCREEN = 1500


# An image as a text names it: the primary key of its article, None for what is none, and image:KEY or the name of a
# file beside the article's files, percent-decoded.
Reference = tuple[int | None, str]


@dataclass(frozen=True)
class Targets:
    """What a page's bodies name: articles by key, images by the article that names them and the reference."""

    articles: dict[str, Article]
    images: dict[Reference, Image]

    @classmethod
    def of(cls, renderings: Iterable[Rendering]) -> "Targets":
        """Look everything up: one query for all articles, two for all images, none where nothing is named."""
        keys = {key for rendering in renderings for key in _linked_keys(rendering)}
        images = {(rendering.article_id, name) for rendering in renderings for name in _image_references(rendering)}
        articles = _articles(languages.active(), keys=sorted(keys)) if keys else ()
        return cls({article.key: article for article in articles}, images_named(images))


def images_named(references: Iterable[Reference]) -> dict[Reference, Image]:
    """Return the images that texts name, each by its reference; what is not there has no entry.

    One query for those named by their keys, one for those that are files, none where there are none.
    """
    references = set(references)
    keys = sorted({name.removeprefix("image:") for _, name in references if name.startswith("image:")})
    files = sorted((article, name) for article, name in references if article and not name.startswith("image:"))
    by_key = {f"image:{image.key}": image for image in _images(languages.active(), keys=keys)} if keys else {}
    found = {(article, name): by_key[name] for article, name in references if name in by_key}
    if files:
        articles, names = (list(dict.fromkeys(parts)) for parts in zip(*files, strict=True))
        beside = _images_beside(languages.active(), articles=articles, names=names)
        found |= {(image.article, image.file): image for image in beside if (image.article, image.file) in references}
    return found


@prepared
def _images(language: str, *, keys: list[str]) -> QuerySet:
    return Image.objects.filter(key__in=keys)


@prepared
def _images_beside(language: str, *, articles: list[int], names: list[str]) -> QuerySet:
    return Image.objects.beside(articles, names)


@prepared
def _articles(language: str, *, keys: list[str]) -> QuerySet:
    return Article.objects.filter(key__in=keys).for_references()


def resolved(renderings: Iterable[Rendering]) -> list[str]:
    """Return the bodies of renderings ready for one page.

    Where several bodies share the page, each one's ids, and its links to them, begin with a sign of its own.
    """
    renderings = list(renderings)
    bodies = resolved_apart(renderings)
    if len(bodies) == 1:
        return bodies
    signs = [f"a{rendering.article_id}-" for rendering in renderings]
    return [_with_own_ids(body, sign) for body, sign in zip(bodies, signs, strict=True)]


def resolved_apart(renderings: Iterable[Rendering]) -> list[str]:
    """Return the bodies of renderings each for a place of its own, like the entries of a feed."""
    renderings = list(renderings)
    targets = Targets.of(renderings)
    return [_with_images(_with_links(rendering, targets), rendering, targets) for rendering in renderings]


def lost_in(rendering: Rendering) -> list[str]:
    """Return, in the author's language, what of a body readers cannot follow or see now, a sentence for each."""
    return list(lost_references(rendering).values())


def lost_references(rendering: Rendering) -> dict[str, str]:
    """Return the same, each sentence by what the body names: `article:key`, `image:key` or the name of a file."""
    # An article's sentence names its key alone.
    return {name: _(SENTENCES[why]) % name.removeprefix("article:") for name, why in losses(rendering).items()}


def losses(rendering: Rendering, targets: Targets | None = None) -> dict[str, Reason]:
    """Return why readers cannot follow or see what a body names; without the targets of many, they are looked up."""
    targets = targets or Targets.of([rendering])
    lost = {}
    for key in _linked_keys(rendering):
        if key not in targets.articles:
            lost[f"article:{key}"] = Reason.NO_ARTICLE
        elif not targets.articles[key].live_languages():
            lost[f"article:{key}"] = Reason.NOT_LIVE
    missing = (name for name in _image_references(rendering) if (rendering.article_id, name) not in targets.images)
    lost |= dict.fromkeys(missing, Reason.NO_IMAGE)
    return lost | dict.fromkeys(_plain_addresses(rendering), Reason.INSECURE)


def _linked_keys(rendering: Rendering) -> list[str]:
    return list(dict.fromkeys(match[2] for match in LINK.finditer(rendering.html)))


def _image_references(rendering: Rendering) -> list[str]:
    """Return what the library is asked for; an address is none of its matter."""
    sources = (_source(match[0]) for match in IMAGE.finditer(rendering.html))
    return [source for source in dict.fromkeys(sources) if not ADDRESS.match(source)]


def _plain_addresses(rendering: Rendering) -> list[str]:
    """Return the addresses of images that a page's Content-Security-Policy refuses."""
    sources = (_source(match[0]) for match in IMAGE.finditer(rendering.html))
    return [source for source in dict.fromkeys(sources) if source.startswith("http:")]


def _source(tag: str) -> str:
    """Return what an image element names; "./" says no more than the name alone."""
    return image_name(Token(tag, "img").attributes.get("src", ""))


def image_name(source: str) -> str:
    """Return the name by which the library is asked for what stands as the source of an image."""
    return unquote(source).removeprefix("./")


def _with_links(rendering: Rendering, targets: Targets) -> str:
    def link(match: re.Match) -> str:
        before, key, fragment, after, words = match.groups()
        article = targets.articles.get(key)
        language = readable_in(article, rendering.language) if article else None
        if language is None:
            return words
        address = escape(article.get_absolute_url(language) + (fragment or ""))
        title = escape(typeset(getattr(article, languages.column("title", language)), language))
        if language == rendering.language:
            return f'<a{before} href="{address}"{after}>{words or title}</a>'
        words = words or f'<span lang="{language}">{title}</span>'
        sign = f'<span class="link-language" lang="{language}">({language})</span>'
        return f'<a{before} href="{address}" hreflang="{language}"{after}>{words} {sign}</a>'

    return LINK.sub(link, rendering.html)


def readable_in(article: Article, language: str) -> str | None:
    """Return the language in which a reader of `language` can read an article: that one, else the first live one."""
    live = article.live_languages()
    return language if language in live else next(iter(live), None)


def _with_images(html: str, rendering: Rendering, targets: Targets) -> str:
    def picture(match: re.Match) -> str:
        attributes = Token(match[0], "img").attributes
        source, alt = _source(match[0]), attributes.get("alt", "")
        if ADDRESS.match(source):
            return match[0].replace("<img", '<img loading="lazy" decoding="async"', 1)
        image = targets.images.get((rendering.article_id, source))
        if image is None:
            return escape(alt)
        is_lazy, title = match.start() > FIRST_SCREEN, attributes.get("title", "")
        width = int(attributes.get("width", 0)) or None
        return picture_html(image, alt=alt, is_lazy=is_lazy, title=title, width=width)

    return IMAGE.sub(picture, html)


def _with_own_ids(html: str, sign: str) -> str:
    return TAG.sub(lambda tag: PLACE.sub(rf" \1{sign}", tag[0]), html)
