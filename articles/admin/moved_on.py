"""What moved on in the original, as the editor shows it beside the translation."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractBaseUser
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from articles import languages
from articles.differences import html_difference, html_words
from articles.matching import Budget
from articles.models import Article
from articles.permissions import may_write
from articles.translating.kept import answered_blocks, pending_comparison, source_of, translation_in_work
from articles.translating.marks import begins_as_copy
from articles.translating.source import BODY, TITLE, SourceBlock
from articles.translating.staleness import Change, Comparison, Kind

FIELDS = {"title": _("Title"), "summary": _("Summary")}
# So many are in view, the others are folded: those come forward as these are answered.
# Of very many the last are counted alone.
MOST_SHOWN, MOST_LISTED = 5, 100
# Words of the passage behind which another one stands now.
QUOTED = 8


def has_original(article: Article, language: str) -> bool:
    """Return whether a language is translated from another one that has words."""
    return language != article.source_language and bool(article.text_in(article.source_language).title)


def moved_on(user: AbstractBaseUser, article: Article, language: str) -> dict | None:
    """Return what admin/articles/article/_moved_on.html shows of a language; None where there is nothing to follow."""
    if not has_original(article, language):
        return None
    is_written = bool(article.text_in(language).title or article.working_copy(language))
    row, budget = translation_in_work(article, language), Budget()
    found = Comparison(answered_blocks(row), source_of(article))
    outline = list(_in_the_text(found))
    places = {old: place for place, (old, _block) in enumerate(outline)}
    open_changes = found.changes if is_written else []
    listed = open_changes[:MOST_LISTED]
    changes = [_shown(change, found, budget) | _place(change, found, places) for change in listed]
    pending = pending_comparison(article)
    return {
        "article": article,
        "language": language,
        "name": languages.name_in_sentence(language),
        "source_language": article.source_language,
        "is_written": is_written,
        "is_published": article.text_in(language).published_at is not None,
        "may_answer": may_write(user, article, language),
        "number": len(open_changes),
        "keys": " ".join(change.key for change in open_changes),
        "changes": changes[:MOST_SHOWN],
        "more": changes[MOST_SHOWN:],
        "unlisted": len(open_changes) - len(changes),
        "left_out": [{"key": key, "block": block} for key, block in found.left_out.items()],
        "pending": [_shown(change, pending, budget) for change in pending.changes[:MOST_LISTED]] if pending else [],
        "pending_number": len(pending.changes) if pending else 0,
        "last_answer": row if row.blocks_before is not None else None,
        # What the editor's panes/pairing.js asks of each block.
        "outline": [(block.kind, len(block.text)) for _old, block in outline],
    }


def _shown(change: Change, found: Comparison, budget: Budget) -> dict:
    return {
        "key": change.key,
        "kind": change.kind,
        "is_moved": change.is_moved,
        "field": FIELDS.get(change.block.field),
        "field_name": change.block.field,
        "block_kind": change.block.kind,
        "html": html_change(change, budget),
        "stands_after": _neighbour(change, found) if change.is_moved else None,
        "is_first": change.is_moved and _neighbour(change, found) is None,
        "copy": change.after if change.after and change.kind != Kind.MOVED and begins_as_copy(change.after) else None,
    }


def html_change(change: Change, budget: Budget) -> SafeString:
    """Return what became of a passage of the original as safe HTML; many on one page share a budget."""
    before, after = (block.text if block else "" for block in (change.before, change.after))
    if change.block.field == TITLE:
        return html_words(before, after)
    return html_difference(before, after, budget)


def _neighbour(change: Change, found: Comparison) -> str | None:
    """Return the first words of the passage behind which a moved one stands now; None at the beginning."""
    above = found.source[change.new - 1] if change.new else None
    return (
        Truncator(" ".join(above.text.split())).words(QUOTED, truncate=" …") if above and above.field == BODY else None
    )


def _in_the_text(found: Comparison) -> Iterator[tuple[int, SourceBlock]]:
    """Yield what the body of the translation stands for, each with its place among all that was answered."""
    for old, block in enumerate(found.answered):
        if block.field == BODY and not block.is_left_out:
            yield old, block


def _place(change: Change, found: Comparison, places: dict[int, int]) -> dict[str, int | None]:
    """Return where in the outline a change is; of an added block, `before` which one it belongs."""
    if change.old is not None:
        return {"place": places.get(change.old), "before": None}
    below = (found.partners[new] for new in range(change.new + 1, len(found.source)) if new in found.settled)
    return {"place": None, "before": next((places[old] for old in below if old in places), None)}
