"""What readers of a translation are told of an original that moved on since, and where they find these passages."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from django.db.models import QuerySet

from articles import languages
from articles.markdown import typeset
from articles.markdown.source import heading_levels
from articles.models import Article, Rendering, Translation
from articles.prepared import prepared

from .kept import answered_blocks, source_of
from .source import BODY
from .staleness import Change, Comparison

# Passages that readers need not be told of; authors are told of each.
FEW = 2

# Words of a passage by which a browser finds it, and how many passages the address names.
FEWEST_WORDS, MOST_WORDS, MOST_PASSAGES = 4, 8, 10

# What a reader sees as it is typed, but for typography: a run of words without marks of Markdown, quotes or figures.
PLAIN = re.compile(r"[^\W\d_][^\n\"*_`\[\]()<>#|\\!&~^:{}=]*")


@dataclass(frozen=True)
class Lag:
    """How many passages of an original changed; `address` leads to them on its page, in its `language`."""

    passages: int
    language: str
    address: str

    @property
    def original(self) -> str:
        """The name of the original's language, as it stands in a sentence of the active one."""
        return languages.name_in_sentence(self.language)


def lag_of(article: Article, language: str) -> Lag | None:
    """Return how far the text that stands in a language is behind a live original; None where that is too little.

    It costs one query where it is too little, and none in the original.
    """
    source = article.source_language
    if language == source or not article.shows_lag or source not in article.live_languages():
        return None
    row = _far_behind.first(language, article=article.pk)
    return row and Lag(row.blocks_behind, source, article.get_absolute_url(source) + _fragment(article, row))


@prepared
def _far_behind(language: str, *, article: int) -> QuerySet:
    rows = Translation.objects.filter(article=article, language=language, working_copy=None, blocks_behind__gt=FEW)
    return rows.only("blocks_behind", "blocks").order_by()


def _fragment(article: Article, row: Translation) -> str:
    """Return the fragment of the section of the first passage, and the words of the first few (text fragments).

    https://wicg.github.io/scroll-to-text-fragment/: a browser that finds the words marks them; another one goes to the
    section.
    """
    found = Comparison(answered_blocks(row), source_of(article))
    if not found.changes:
        return ""
    rendering = Rendering.objects.filter(article=article, language=article.source_language).only("contents").first()
    section = _section(found, found.changes[0], _ids(rendering.contents if rendering else []))
    passages = [change for change in found.changes if change.after and change.after.field == BODY]
    words = (_words(_new_lines(each), article.source_language) for each in passages if not each.after.is_code)
    texts = [f"text={quote(each, safe='')}".replace("-", "%2D") for each in words if each][:MOST_PASSAGES]
    return (f"#{quote(section)}" if section or texts else "") + (":~:" + "&".join(texts) if texts else "")


def _section(found: Comparison, change: Change, ids: list[str]) -> str:
    """Return the id of the heading above a passage, "" for none; what is gone stood after what is left before it."""
    place = change.new
    if place is None:
        stood = [new for new, old in found.partners.items() if old < change.old and new in found.settled]
        place = max(stood, default=0)
    numbers = [len(heading_levels(block.text)) if block.field == BODY else 0 for block in found.source]
    above = sum(numbers[: place + 1])
    # Some of what looks like a heading is none.
    return ids[above - 1] if above and sum(numbers) == len(ids) else ""


def _ids(contents: list[dict]) -> list[str]:
    return [name for entry in contents for name in (entry["id"], *_ids(entry["children"]))]


def _new_lines(change: Change) -> str:
    """Return the lines of a passage that it did not have: of a list, the items that changed."""
    before = set(change.before.text.split("\n")) if change.before else set()
    lines = [line for line in change.after.text.split("\n") if line not in before]
    return "\n".join(lines) or change.after.text


def _words(text: str, language: str) -> str:
    """Return words that stand together in a passage as readers see it, "" where there are too few."""
    for run in PLAIN.finditer(text):
        words = run[0].split()
        # The last one may go on behind a mark.
        whole = words if text[run.end() : run.end() + 1] in ("", "\n") or run[0][-1].isspace() else words[:-1]
        if len(whole) >= FEWEST_WORDS:
            return typeset(" ".join(whole[:MOST_WORDS]), language)
    return ""
