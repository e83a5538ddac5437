"""The three-way comparison of an import: of the folder, of the site, and of what the folder was last known to say.

What changed in the folder alone is taken, what changed on the site alone is kept, and what changed in both is a
conflict, which somebody decides: nothing is merged behind an author's back.
"""

from difflib import unified_diff
from enum import Enum, StrEnum

UNCHANGED, CREATED, UPDATED = "unchanged", "created", "updated"
KEPT = "kept: changed on the site since"
# Begins the words of what --prefer decided.
DECIDED = "conflict,"
CONFLICT = "changed here and on the site since the last import or export"
# Comparing takes time that grows with the square of this.
MAX_LINES = 2000


class Side(StrEnum):
    """Which side wins where both have changed."""

    FOLDER = "folder"
    SITE = "site"


class Verdict(Enum):
    SAME = "same"
    TAKE = "take"
    KEEP = "keep"
    CONFLICT = "conflict"
    # Of conflicts that somebody has decided beforehand.
    TAKE_ANYWAY = "take anyway"
    KEEP_ANYWAY = "keep anyway"

    @property
    def takes(self) -> bool:
        return self in (Verdict.TAKE, Verdict.TAKE_ANYWAY)


def verdict(*, is_same: bool, is_folder_as_before: bool, is_site_as_before: bool, prefer: Side | None) -> Verdict:
    """Return what becomes of something that the folder and the site both say."""
    if is_same:
        return Verdict.SAME
    if is_folder_as_before:
        return Verdict.KEEP
    if is_site_as_before:
        return Verdict.TAKE
    return {Side.FOLDER: Verdict.TAKE_ANYWAY, Side.SITE: Verdict.KEEP_ANYWAY}.get(prefer, Verdict.CONFLICT)


def in_words(found: Verdict, update: str = UPDATED) -> str:
    """Return the outcome as it is told; a conflict has none."""
    return {
        Verdict.SAME: UNCHANGED,
        Verdict.TAKE: update,
        Verdict.KEEP: KEPT,
        Verdict.TAKE_ANYWAY: f"{update}: {DECIDED} the folder wins",
        Verdict.KEEP_ANYWAY: f"kept: {DECIDED} the site wins",
    }[found]


def diff(base: str | None, site: str, folder: str) -> str:
    """Return as unified diffs what each side made of the base; without one, how they differ."""
    if base is None:
        return _diff(site, folder, "on the site", "in the folder")
    return _diff(base, site, "before", "on the site") + _diff(base, folder, "before", "in the folder")


def _diff(before: str, after: str, *names: str) -> str:
    lines = [text.splitlines() for text in (before, after)]
    if max(map(len, lines)) > MAX_LINES:
        return f"--- {names[0]}\n+++ {names[1]}\n(too long to be compared here)\n"
    return "".join(f"{line}\n" for line in unified_diff(*lines, *names, lineterm=""))
