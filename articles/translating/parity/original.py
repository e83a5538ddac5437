"""The original of a translation, as far as the translation follows it."""

from collections import Counter
from dataclasses import replace

from articles.blocks import joined
from articles.markdown import BodyRefused, render
from articles.models import Article
from articles.text import ArticleText
from articles.translating.kept import answered_in_work
from articles.translating.source import BODY, SUMMARY, TITLE, source_blocks


def standing_original(article: Article) -> tuple[ArticleText, str] | None:
    """Return the text that stands in the original language and its stored HTML; None where there is none."""
    rendering = article.rendering_in(article.source_language)
    return (article.text_in(article.source_language), rendering.html) if rendering else None


def followed_by(article: Article, language: str, text: ArticleText, html: str) -> tuple[ArticleText, str]:
    """Return an original and its HTML without what the translation was told to do without."""
    left_out = _left_out(article, language)
    if not left_out:
        return text, html
    rest = _without(text, left_out)
    try:
        # The one time that a rendering is not at hand.
        return rest, render(rest.body, article.source_language).html
    except BodyRefused:
        return text, html


def _left_out(article: Article, language: str) -> Counter[str]:
    """Return the digests of the blocks that a translation does without; they are kept as the original has them now."""
    blocks = answered_in_work(article, language)
    return Counter(block.digest for block in blocks if block.is_left_out)


def _without(text: ArticleText, left_out: Counter[str]) -> ArticleText:
    kept: dict[str, list[str]] = {TITLE: [], SUMMARY: [], BODY: []}
    for block in source_blocks(text):
        if left_out[block.digest]:
            left_out[block.digest] -= 1
        else:
            kept[block.field].append(block.text)
    return replace(text, title="".join(kept[TITLE]), summary="".join(kept[SUMMARY]), body=joined(kept[BODY]))
