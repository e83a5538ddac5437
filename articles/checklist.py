"""What an author may want to look at again before a text is published. No remark ever stands in the way."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from . import languages
from .links import lost_fragments, lost_paths
from .markdown import BodyRefused, Rendered, render, typeset
from .markdown.foreign import foreign_marks
from .markdown.plain_text import plain_text
from .markdown.rendering import HEADING
from .markdown.safe_html import tokens
from .markdown.source import Fence, fences, heading_levels
from .models import Article, Rendering, Tag
from .references import images_named, lost_references
from .remark import Remark, quoted
from .search_result import TITLE_LENGTH
from .text import ArticleText
from .translating.following import left_behind
from .translating.parity import remarks_beside_source

# The code of the remark that an answer to the whole original makes needless.
BEHIND = "behind"

# In safe HTML.
CODE = re.compile(r'<div[^<>]* ?class="highlight"[^<>]*>.*?<code>(.*?)</code></pre>', re.DOTALL)
TAG = re.compile(r"<[^<>]*>")
COLOUR = re.compile(r'<span class="(?!linenos)')

FOREIGN = {
    "comment": gettext_lazy("“%s” is an Obsidian comment: here readers would see it."),
    "wiki_link": gettext_lazy("“%s” is a wiki link: here readers would see it as typed. Write [words](article:key)."),
    "template_tag": gettext_lazy("“%s” is a command to another system: here readers would see it as typed."),
    "shortcode": gettext_lazy("“%s” is a shortcode of another system: here readers would see it as typed."),
}


def remarks(
    article: Article,
    language: str,
    text: ArticleText,
    rendered: Rendered,
    original: tuple[ArticleText, str] | None = None,
) -> list[Remark]:
    """Return what may want another look in a text of an article and its rendering; the article may be unsaved.

    A translation is compared with the `original` and its HTML, where that is not the one that stands.
    """
    return [
        *_of_the_original(article, language, text, original and original[0]),
        *_of_the_head(text, language, rendered),
        *_of_tags(article, language),
        *_of_headings(text.body, rendered.html),
        *_of_images(rendered.html, article, language),
        *_of_links(rendered.html, article, language),
        *_of_code(text.body, rendered.html),
        *(Remark(kind, FOREIGN[kind] % quoted(mark)) for kind, mark in foreign_marks(rendered.html, text.body)),
        *remarks_beside_source(article, language, text, rendered.html, original),
    ]


def standing_remarks(article: Article, language: str) -> list[Remark]:
    """Return the remarks on the text of an article that stands, as it was rendered when it was saved."""
    rendering = article.rendering_in(language)
    if rendering is None:
        return []
    rendered = Rendered(rendering.html, rendering.contents, rendering.text, rendering.excerpt)
    return remarks(article, language, article.text_in(language), rendered)


def copy_remarks(article: Article, language: str) -> list[Remark]:
    """Return the remarks on the working copy of an article; none where there is no copy, or none that renders."""
    copy = article.working_copy(language)
    try:
        return remarks(article, language, copy.content, render(copy.body, language)) if copy else []
    except BodyRefused:
        return []


def _of_the_original(
    article: Article, language: str, text: ArticleText, original: ArticleText | None
) -> Iterator[Remark]:
    """Say what a translation leaves open that readers have not seen yet: later the editor says it beside the text."""
    if article.pk is None or language == article.source_language or article.first_published_in(language):
        return
    if number := left_behind(article, language, text, original):
        sentence = ngettext(
            "%(number)d passage of the original is not translated yet.",
            "%(number)d passages of the original are not translated yet.",
            number,
        )
        hint = _("If nothing is missing, tick “Up to date with the original” on the form.")
        yield Remark(BEHIND, f"{sentence % {'number': number}} {hint}")


def _of_the_head(text: ArticleText, language: str, rendered: Rendered) -> Iterator[Remark]:
    if not (text.summary or rendered.excerpt):
        yield Remark("summary", _("There is no summary: lists and search engines show the beginning, or nothing."))
    length = len(typeset(text.title, language))
    if length > TITLE_LENGTH:
        sentence = _("The title has %(length)d characters; search results show about %(limit)d of them.")
        yield Remark("title", sentence % {"length": length, "limit": TITLE_LENGTH})


def _of_tags(article: Article, language: str) -> Iterator[Remark]:
    if article.pk is None:
        return
    name = languages.column("name", language)
    unnamed = Tag.objects.filter(Q(**{name: ""}) | Q(**{f"{name}__isnull": True}), articles=article.pk)
    for tag in unnamed:
        sentence = _("The tag “%(tag)s” has no name in %(language)s, so it is not shown.")
        yield Remark(f"tag:{tag.key}", sentence % {"tag": tag, "language": languages.name_in_sentence(language)})


def _of_headings(body: str, html: str) -> Iterator[Remark]:
    levels = heading_levels(body)
    names = [plain_text(heading[2]) for heading in HEADING.finditer(html)]
    if len(levels) != len(names):
        # Some of what looks like a heading is none.
        return
    # Above the first one stands the title of the article.
    for (above, level), name in zip(pairwise([1, *levels]), names, strict=False):
        if level <= above + 1:
            continue
        sentence = _("The heading “%(heading)s” skips a level: it has %(signs)s, and the one above it %(above)s.")
        if above == 1:
            sentence = _("The heading “%(heading)s” skips a level: it has %(signs)s, and sections begin with ##.")
        about = {"heading": quoted(name), "signs": "#" * level, "above": "#" * above}
        yield Remark(f"heading:{name}", sentence % about)


def _of_images(html: str, article: Article, language: str) -> Iterator[Remark]:
    images = [token.attributes for token in tokens(html) if token.name == "img"]
    silent = dict.fromkeys(image.get("src", "") for image in images if not image.get("alt", "").strip())
    if not silent:
        return
    library = images_named((article.pk, name) for name in silent)
    for name in silent:
        image = library.get((article.pk, name))
        suggestion = image and getattr(image, languages.column("alt", language))
        sentence = _("The image “%(image)s” has no alternative text.")
        if suggestion:
            sentence = _("The image “%(image)s” has no alternative text; the library suggests “%(suggestion)s”.")
        yield Remark(f"image:{name}", sentence % {"image": quoted(name), "suggestion": suggestion})


def _of_links(html: str, article: Article, language: str) -> Iterator[Remark]:
    rendering = Rendering(article_id=article.pk, language=language, html=html)
    for reference, sentence in lost_references(rendering).items():
        # A link to itself is right once it is published.
        if reference != f"article:{article.key}":
            yield Remark(f"lost:{reference}", sentence)
    for address, is_article in lost_paths(html, article, language):
        sentence = (
            _("The link to “%s” leads to an article that is not live.")
            if is_article
            else _("The link to “%s” leads nowhere: this site has no such page.")
        )
        yield Remark(f"lost:{address}", sentence % quoted(address))
    for address in lost_fragments(html):
        sentence = _("The link to “%s” leads nowhere: no heading or other place in this text has that name.")
        yield Remark(f"lost:{address}", sentence % quoted(address))


def _of_code(body: str, html: str) -> Iterator[Remark]:
    written = list(fences(body))
    for first_line, has_colours in _blocks_of_code(html):
        fence = next((fence for fence in written if fence.first_line == first_line), None)
        if fence:
            written.remove(fence)
        # What is indented instead of fenced can have none.
        if not (has_colours or (fence or Fence(False, "")).has_language):
            sentence = _("The code that begins with “%s” names no language, so it has no colours.")
            yield Remark(f"code:{first_line}", sentence % quoted(first_line))


def _blocks_of_code(html: str) -> Iterator[tuple[str, bool]]:
    """Yield the first line of each block of code that has any, and whether its parts have colours."""
    for block in CODE.finditer(html):
        lines = (line.lstrip("> \t").strip() for line in unescape(TAG.sub("", block[1])).split("\n"))
        if first_line := next(filter(None, lines), ""):
            yield first_line, bool(COLOUR.search(block[1]))
