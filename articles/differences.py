"""What differs between two texts of an article, as safe HTML."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext

from .matching import Budget
from .models import Article, Companion, Revision
from .shared_facts import FACTS, in_words
from .text import ArticleText
from .word_differences import ADDED, REMOVED, SAME, Block, Piece, are_alike, block_diff, replaced, word_diff

TAGS = {REMOVED: "del", ADDED: "ins"}
# Changed white space that stands alone or ends a line is no change that anybody could see.
VISIBLE_SPACES = str.maketrans({" ": "·", "\t": "→\t", "\u00a0": "°", "\u202f": "°", "\n": "↵\n"})
SPACES_AT_LINE_END = re.compile(r"[^\S\n]+(?=\n)")
# Unchanged blocks shown beside a change, and the fewest that are folded away.
CONTEXT, FOLDED = 1, 2
# Unchanged lines of a long block that changed elsewhere: how many are shown, and from how many on the rest is folded.
NEAR_LINES, MANY_LINES = 3, 12
FENCE = ("```", "~~~")


def html_difference(before: str, after: str, budget: Budget | None = None) -> SafeString:
    """Return both texts in one as safe HTML: `<del>` and `<ins>`, and unchanged blocks folded but for those beside.

    "" where there is neither text. What stands around it says which language it is in. Many differences on one page
    share a `budget`.
    """
    parts = []
    for is_folded, group in groupby(_with_folds(block_diff(before, after, budget)), key=lambda pair: pair[0]):
        run = [_block_html(block) for _fold, block in group]
        html = SafeString("".join(run))
        parts.append(_folded(html, _paragraphs(len(run))) if is_folded else html)
    return format_html('<div class="difference">{}</div>', SafeString("".join(parts))) if parts else SafeString()


def html_words(before: str, after: str) -> SafeString:
    """Return two short texts, such as titles, in one as safe HTML."""
    return _html(word_diff(before, after) if are_alike(before, after) else replaced(before, after))


def html_values(before: list[str], after: list[str], separator: str = ", ") -> SafeString:
    """Return two lists of values, such as names, in one as safe HTML."""
    pieces = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        kinds = [(SAME, before[i:j])] if tag == "equal" else [(REMOVED, before[i:j]), (ADDED, after[k:m])]
        pieces += [Piece(kind, item) for kind, items in kinds for item in items]
    return format_html_join(separator, "{}", ((_html([piece]),) for piece in pieces))


@dataclass(frozen=True)
class FieldDifference:
    """One field or shared fact that differs, with the difference as safe HTML; `is_spoken` where it has a language."""

    name: str
    label: str
    html: SafeString
    is_spoken: bool = False


def text_differences(before: ArticleText | None, after: ArticleText) -> list[FieldDifference]:
    """Return what differs between two texts of one language, field by field; None is no text at all."""
    before = before or ArticleText()
    found = []
    for field in ("title", "slug", "published_at", "summary", "body"):
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            compare = COMPARED.get(field, _html_of_value)
            found.append(FieldDifference(field, _label(field), compare(old, new), is_spoken=field in COMPARED))
    return found


def shared_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldDifference]:
    """Return what differs between two snapshots of shared facts; what either does not know differs from nothing."""
    known = [name for name in FACTS if name in before and name in after and before[name] != after[name]]
    if not known:
        return []
    old, new = in_words(before, after)
    return [FieldDifference(name, _label(name), html_values(old[name], new[name])) for name in known]


def differences(before: Revision | None, after: Revision) -> list[FieldDifference]:
    """Return all that differs between two revisions of one language; None is the time before the first one."""
    found = text_differences(before and before.content, after.content)
    return found + shared_differences(before.shared if before else {}, after.shared)


def _html_of_value(before: str | datetime | None, after: str | datetime | None) -> SafeString:
    old, new = ([_shown(value)] if value else [] for value in (before, after))
    return html_values(old, new, separator=" ")


def _shown(value: str | datetime) -> str:
    return date_format(timezone.localtime(value), "DATETIME_FORMAT") if isinstance(value, datetime) else value


def _label(name: str) -> str:
    if name == "companions":
        return capfirst(Companion._meta.verbose_name_plural)
    return capfirst(Article._meta.get_field(name).verbose_name)


def _with_folds(parts: list[Block]) -> Iterator[tuple[bool, Block]]:
    """Yield each block with whether it is folded away: unchanged, and not beside a change."""
    near = {at + step for at, part in enumerate(parts) if part.is_changed for step in range(-CONTEXT, CONTEXT + 1)}
    for is_near, group in groupby(enumerate(parts), key=lambda pair: pair[0] in near):
        run = [part for _at, part in group]
        is_folded = not is_near and len(run) >= FOLDED
        yield from ((is_folded, part) for part in run)


def _paragraphs(count: int) -> str:
    return ngettext("%(count)d unchanged paragraph", "%(count)d unchanged paragraphs", count) % {"count": count}


def _lines(count: int) -> str:
    return ngettext("%(count)d unchanged line", "%(count)d unchanged lines", count) % {"count": count}


def _folded(html: SafeString, label: str) -> SafeString:
    return format_html('<details><summary lang="{}">{}</summary>{}</details>', get_language(), label, html)


def _block_html(block: Block) -> SafeString:
    """Return a block; unchanged lines are folded away in a long one, such as a program with one line changed."""
    pieces = [piece for part in block.pieces for piece in _with_long_runs_apart(part, block.is_changed)]
    is_code = block.pieces[0].text.startswith(FENCE)
    parts = [
        _folded(_html([piece]), _lines(piece.text.count("\n"))) if is_folded else _html([piece])
        for is_folded, piece in pieces
    ]
    html = "".join(parts).rstrip("\n")
    name = "block code" if is_code else "block"
    return SafeString(f'<div class="{name}">{html}</div>')


def _with_long_runs_apart(piece: Piece, is_in_change: bool) -> Iterator[tuple[bool, Piece]]:
    """Yield a piece in one part or three, each with whether it is folded away."""
    lines = piece.text.splitlines(keepends=True)
    if piece.kind != SAME or not is_in_change or len(lines) < MANY_LINES:
        yield False, piece
        return
    for is_folded, start, end in ((False, 0, NEAR_LINES), (True, NEAR_LINES, -NEAR_LINES), (False, -NEAR_LINES, None)):
        yield is_folded, Piece(SAME, "".join(lines[start:end]))


def _html(pieces: Iterable[Piece]) -> SafeString:
    return SafeString("".join(map(_piece_html, pieces)))


def _piece_html(piece: Piece) -> str:
    if piece.kind == SAME:
        return escape(piece.text)
    return f"<{TAGS[piece.kind]}>{escape(_with_visible_spaces(piece.text))}</{TAGS[piece.kind]}>"


def _with_visible_spaces(text: str) -> str:
    """Return a changed text that shows white space where nothing else changed, and where lines end in it."""
    if not text.strip():
        return text.translate(VISIBLE_SPACES)
    return SPACES_AT_LINE_END.sub(lambda match: match[0].translate(VISIBLE_SPACES), text)


COMPARED = {"title": html_words, "summary": html_difference, "body": html_difference}
