"""What stored bodies name, other articles and images, put in when a page is put together.

A rendering keeps `article:key` as the address of a link, so that it is right the second its target goes live, changes
its slug or is unpublished.
"""

import re
from collections.abc import Iterable
from html import escape

from django.utils.translation import gettext as _

from . import languages
from .markdown import typeset
from .models import Article, Rendering

# The sanitiser writes every attribute as name="value", without < or > inside.
LINK = re.compile(r'<a([^<>]*) href="(?i:article):([^"#]*)(#[^"]*)?"([^<>]*)>(.*?)</a>', re.DOTALL)

TAG = re.compile(r"<[a-z][^<>]*>")
PLACE = re.compile(r' (id="|href="#)')


def resolved(renderings: Iterable[Rendering]) -> list[str]:
    """Return the bodies of renderings ready for one page, with one query for all the articles that they link to.

    Where several bodies share the page, each one's ids, and its links to them, begin with a sign of its own.
    """
    renderings = list(renderings)
    articles = _linked_articles(renderings)
    bodies = [_with_links(rendering, articles) for rendering in renderings]
    if len(bodies) == 1:
        return bodies
    return [
        _with_own_ids(body, f"a{rendering.article_id}-") for body, rendering in zip(bodies, renderings, strict=True)
    ]


def _with_own_ids(html: str, sign: str) -> str:
    return TAG.sub(lambda tag: PLACE.sub(rf" \1{sign}", tag[0]), html)


def _linked_articles(renderings: Iterable[Rendering]) -> dict[str, Article]:
    keys = {match[2] for rendering in renderings for match in LINK.finditer(rendering.html)}
    if not keys:
        return {}
    fields = ("title", "slug", "published_at")
    columns = [languages.column(field, code) for field in fields for code in languages.codes()]
    return {
        article.key: article for article in Article.objects.filter(key__in=keys).only("key", "deleted_at", *columns)
    }


def _with_links(rendering: Rendering, articles: dict[str, Article]) -> str:
    def link(match: re.Match) -> str:
        before, key, fragment, after, words = match.groups()
        article = articles.get(key)
        language = _readable_in(article, rendering.language) if article else None
        if language is None:
            return words
        address = escape(article.get_absolute_url(language) + (fragment or ""))
        if language == rendering.language:
            words = words or escape(typeset(article.text_in(language).title, language))
            return f'<a{before} href="{address}"{after}>{words}</a>'
        title = escape(typeset(article.text_in(language).title, language))
        words = words or f'<span lang="{language}">{title}</span>'
        sign = f'<span class="link-language" lang="{language}">({language})</span>'
        return f'<a{before} href="{address}" hreflang="{language}"{after}>{words} {sign}</a>'

    return LINK.sub(link, rendering.html)


def _readable_in(article: Article, language: str) -> str | None:
    """Return the language in which a reader of `language` can read an article: that one, else the first live one."""
    live = article.live_languages()
    return language if language in live else next(iter(live), None)


def lost_in(rendering: Rendering) -> list[str]:
    """Return, in the author's language, what of a body readers cannot follow or see now, a sentence for each."""
    articles = _linked_articles([rendering])
    lost = []
    for key in dict.fromkeys(match[2] for match in LINK.finditer(rendering.html)):
        if key not in articles:
            lost.append(
                _("The link to “%(key)s” is shown as plain text: there is no article with this key.") % {"key": key}
            )
        elif not articles[key].live_languages():
            lost.append(_("The link to “%(key)s” is shown as plain text: that article is not live.") % {"key": key})
    return lost
