"""English typography after The Chicago Manual of Style; the table in the package's docstring says what."""

import re
from collections.abc import Iterator

from .quotes import quotes
from .rules import DIGIT, ELLIPSIS, NO_BREAK, OBJECT, SPACE, SPACES, Edit, Rule, Typography, replace, spaces_after

# Words that begin with an apostrophe, but for those that stand between single quotation marks.
ELISIONS = r"(?i:tis|twas|twere|twill|twould|til|em|bout|cause|nuff|nother)\b(?!['’])"
DECADE = r"\d\ds?\b(?!['’])"

# What a dash may follow or precede in a sentence; options and names of code have hyphens elsewhere.
BEFORE_DASH = rf"[\w.,!?)\"'”’{OBJECT}]"
BEFORE_LONG_DASH = rf"[\w){OBJECT}]"
AFTER_DASH = r"[^\s;,-]"
LETTER = r"[^\W\d_]"
SMALL_LETTER = "[a-zà-öø-ÿ]"

RANGE = re.compile(r"(?<![\w.,/:#+–-])(\d{1,4})-(\d{1,4})(?![\w/:–-]|[.,]\d)")

SIGN_OF_RANGE = re.compile(r"-\d")

UNITS = (
    r"(?:[kcmµn]?m[²³23]?|[kmµ]?g|[cm]?[lL]|[kKMGTP]i?B|[kMGT]?Hz|[kMG]?Wh?|[mµn]?s|min|dB|px|pt|ha|lbs?|oz|ft|mi|mph|km/h"
    r"|fps|dpi|bits?|bytes?|[kMG]bit/s|°[CF]|[ap]\.m\.|[ap]m|[AP]M)(?![\w'’])"
)
REFERENCES = r"\b(?:[Nn]o|[Nn]os|pp?|[Vv]ol|[Cc]h|[Ff]ig|[Ss]ec|[Ee]d)\."
TITLES = r"\b(?:Mr|Mrs|Ms|Dr|Prof|Rev)\."


def ranges(text: str) -> Iterator[Edit]:
    """Set an en dash between two numbers that can only be a range: pages, years, counts."""
    if not SIGN_OF_RANGE.search(text):
        return
    for found in RANGE.finditer(text):
        if _is_range(found[1], found[2]):
            yield found.end(1), found.start(2), "–"


def _is_range(first: str, second: str) -> bool:
    """True for 9-12 and 1914-18; false for 555-1234 and 20-20, and for 2001-02, which may be a month."""
    if (len(first), len(second)) == (4, 2):
        return int(second) > max(int(first[2:]), 12)
    is_phone = len(first) < 4 == len(second)
    return int(first) < int(second) and not is_phone and not second.startswith("0")


ENGLISH = Typography(
    rules=(
        ELLIPSIS,
        # Feet and inches, before their signs are taken for quotation marks.
        replace(rf"\b\d{{1,3}}(')(?=[{SPACE}]?\d{{1,2}}\")", "′", needs="'"),
        replace(rf"(?<=′)({SPACES})(?=\d{{1,2}}\")", NO_BREAK, needs="′"),
        replace(rf"′[{SPACE}]?\d{{1,2}}(\")", "″", needs="′"),
        # Dashes.
        replace(rf"(?<={BEFORE_DASH})[{SPACE}]*+---[{SPACE}]*+(?={AFTER_DASH})", "—", needs=["---"]),
        replace(r"(?<=\d)--(?=\d)", "–", needs=["--"]),
        replace(rf"(?<={BEFORE_DASH})(?:{SPACES}--{SPACES}|--)(?={AFTER_DASH})", "—", needs=["--"]),
        replace(rf"{spaces_after(LETTER)}-{SPACES}(?={SMALL_LETTER})", "—", needs="-"),
        replace(rf"{spaces_after(BEFORE_LONG_DASH)}—{SPACES}(?=[\w(\"'“‘{OBJECT}])", "—", needs="—"),
        Rule(ranges, frozenset("-")),
        # Apostrophes for missing letters and figures, then quotation marks.
        replace(rf"'(?<![\w'’]')(?={ELISIONS}|{DECADE})", "’", needs="'"),
        replace(r"(?<=\s)'(?=n'\s)", "’", needs=["'n'"]),
        replace(r"(?<=\s’n)'(?=\s)", "’", needs=["’n'"]),
        quotes({'"': ("“”", "‘’"), "'": ("‘’", "“”")}),
        # Numbers, and what belongs to them.
        replace(rf"\d({SPACES})(?={UNITS})", NO_BREAK, needs=[DIGIT]),
        replace(
            rf"(?:{REFERENCES}|§)({SPACES})(?=\d|[ivxlc]{{1,9}}\b)",
            NO_BREAK,
            needs=".§",
            where=rf"[.§]{SPACES}[\divxlc]",
        ),
        replace(rf"{TITLES}({SPACES})(?=[A-ZÀ-ÖØ-Þ])", NO_BREAK, needs=["Mr.", "Mrs.", "Ms.", "Dr.", "Prof.", "Rev."]),
    )
)
