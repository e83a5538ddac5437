"""How search engines show an article: its title, its address and its description, cut to the length of a result."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.text import Truncator

from .addresses import path_in
from .markdown import BodyRefused, Rendered, render, typeset
from .models import Article, Rendering
from .slugs import slugify
from .text import ArticleText
from .validation import with_slug

# Search engines cut the line of a result at about 600 pixels, which is 50 to 60 characters of their type:
# https://moz.com/learn/seo/title-tag
TITLE_LENGTH = 60
# Two lines of words below it: https://moz.com/learn/seo/meta-description
DESCRIPTION_LENGTH = 160

# What a text begins with stands for it where nobody said what it is about.
FIRST_WORDS = 30

SLUG = re.compile(r"[-a-zA-Z0-9_]+")


@dataclass(frozen=True)
class SearchResult:
    """One article in one language as it is found: whole texts, set as their language sets type, and where they lie."""

    language: str
    title: str
    description: str
    # The host, and the path to the article piece by piece.
    place: list[str]

    TITLE_LIMIT = TITLE_LENGTH
    DESCRIPTION_LIMIT = DESCRIPTION_LENGTH

    @property
    def shown_description(self) -> str:
        return cut(self.description, DESCRIPTION_LENGTH)


def search_result(
    article: Article, language: str, text: ArticleText, rendering: Rendered | Rendering | None
) -> SearchResult:
    """Return how a text is found, saved or not; without a rendering, its body is rendered where that says anything."""
    if rendering is None and not text.summary:
        rendering = _rendered(text.body, language)
    described = description(text.summary, rendering, language) if text.summary or rendering else ""
    return SearchResult(language, typeset(text.title, language), described, _place(article, language, text))


def description(summary: str, rendering: Rendered | Rendering | None, language: str) -> str:
    """Return what machines are told that a text is about: its summary, else its excerpt, else how it begins."""
    return typeset(summary, language) or rendering.excerpt or Truncator(rendering.text).words(FIRST_WORDS)


def page_title(title: str, site_name: str, language: str) -> str:
    """Return what the page of an article calls itself, as article_detail.html writes it."""
    return f"{typeset(title, language)} – {typeset(site_name, language)}"


def cut(words: str, limit: int) -> str:
    """Return at most `limit` characters, cut between words as search engines do."""
    if len(words) <= limit:
        return words
    whole = words[: limit - 1].rpartition(" ")[0] or words[: limit - 2]
    # Not parted from the last word: the sign stands on no line by itself.
    return whole.rstrip(" ,;:.–") + "\u00a0…"


def _rendered(body: str, language: str) -> Rendered | None:
    try:
        return render(body, language)
    except BodyRefused:
        return None


def _place(article: Article, language: str, text: ArticleText) -> list[str]:
    slug = with_slug(article, language, text).slug or ""
    if not SLUG.fullmatch(slug):
        # No page can have this address: saving refuses it.
        slug = slugify(slug, language) or "…"
    path = path_in(language, "articles:article_detail", slug="-")
    return [urlsplit(settings.SITE_URL).netloc, *path.strip("/").split("/")[:-1], slug]
