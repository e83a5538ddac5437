"""French typography after the Lexique of the Imprimerie nationale; the table in the package's docstring says what."""

import re
from collections.abc import Iterator

from .quotes import quotes
from .rules import (
    DIGIT,
    ELLIPSIS,
    LINE_BREAK,
    NARROW,
    NO_BREAK,
    OBJECT,
    SPACE,
    SPACES,
    Edit,
    Rule,
    Typography,
    replace,
    spaces_after,
)

NO_SPACE, NO_SPACE_NOR_GUILLEMET = r"\S", r"[^\s«]"
LETTER, NUMBER_END = r"[^\W\d_]", rf"[\d{OBJECT}]"

# What ; : ! ? may follow without a space in the source, and what follows them where they are punctuation.
WORD_END = rf"[\w)\]%\"'.+#»”’…€$£°²³{OBJECT}\u0300-\u036f]"
SHOUT = r"(?<=[!?])(?=[!?]*+(?:\s|\Z|[)\]}»”’\"'…,;:—–]|\.(?!\w)))"
PAUSE = r"(?<=;)(?=\s|\Z|[»”\"])"
LOUD = f"(?:{SHOUT}|{PAUSE})"
COLON = r":(?=\s|\Z|[«“\"])"

# A number by itself is no part of a word, a decimal, a path or an identifier.
ALONE = r"(?<![\w.,/#:+-])"
AFTER_GROUPS = rf"(?![{SPACE}]?\d|(?!(?:i?[èe]m)?es?\b)\w)"
GROUPED = rf"(?<![\w.,/#:+])(?<!\w-)(?<!\d[{SPACE}])[1-9]\d{{0,2}}(?:[{SPACE}]\d{{3}}){{1,6}}{AFTER_GROUPS}"
ROMAN = r"[IVX]{2,9}"

# Signs of units that get a space even where the source has none, and those that look too much like something else.
SURE_UNITS = (
    r"(?:[kcmµn]m[²³23]?|km/h|[kmµ]g|[cm]l|[kKMGTP]o|[KMGT]io|[kMGT]bit/s|[kMGT]?Hz|[kMG]Wh?|[mµn]s|dB|[kM]?€|°C)"
)
UNITS = (
    rf"(?:{SURE_UNITS}|[mhstglLVAWJKN]|m[²³23]|m/s|min|bits?|octets?|[kMGT]b/s|fps|dpi|ppp|px|pt|ha|[$£¥]|°F"
    r"|millions?|milliards?)(?![\w'’])"
)

MONTHS = "(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
REFERENCES = r"(?:\b(?i:art|chap|éd|fig|p|pp|t|vol)\.|\b[nN][°º]|§)"
TITLES = r"\b(?:MM?\.|Mmes?|Mlles?|Mgr|Dr|Pr)"

DASH = re.compile(rf"({spaces_after(NO_SPACE)})(--?|–|—)({SPACES}|(?=,))")
SENTENCE_END = re.compile(r"[.…!?](?=[\s»”])(?:(?<=\w\w[.…])|(?<=[!?]))")


def dashes(text: str) -> Iterator[Edit]:
    """Set dashes between words, en dashes unless the author typed long ones, tied to what they enclose.

    The second dash of a sentence closes what the first one opened. Between numbers a dash is a minus or a range.
    """
    found = list(DASH.finditer(text))
    if not found:
        return
    is_open = False
    for dash in sorted([*found, *SENTENCE_END.finditer(text)], key=re.Match.start):
        if dash.re is SENTENCE_END:
            is_open = False
        elif not (text[dash.start() - 1].isdigit() and text[dash.end() : dash.end() + 1].isdigit()):
            before, after = (NO_BREAK, " ") if is_open else (" ", NO_BREAK)
            yield from _space(dash, 1, before)
            yield *dash.span(2), "—" if dash[2] == "—" else "–"
            yield from _space(dash, 3, after)
            is_open = not is_open


def _space(dash: re.Match, group: int, space: str) -> Iterator[Edit]:
    """Set one of a dash's spaces; a line end in the source is as good as the plain one that it stands for."""
    if dash[group] and (dash[group], space) != ("\n", " "):
        yield *dash.span(group), space


FRENCH = Typography(
    rules=(
        ELLIPSIS,
        # Quotation marks, and the spaces inside them.
        quotes({'"': ("«»", "“”", "‘’"), "'": ("“”", "‘’")}),
        replace(rf"«({SPACES})(?=\S)", NARROW, needs="«"),
        replace(r"«(?=\S)", "«" + NARROW, needs="«"),
        replace(rf"{spaces_after(NO_SPACE_NOR_GUILLEMET)}(?=»)", NARROW, needs="»"),
        replace(r"»(?<=[^\s«]»)", NARROW + "»", needs="»"),
        # Signs of two parts.
        replace(rf"{spaces_after(NO_SPACE)}(?=[!?;]{LOUD})", NARROW, needs="!?;"),
        # Only the first sign of a row looks for its end.
        replace(rf"[!?;](?<={WORD_END}[!?;]){LOUD}", NARROW + r"\g<0>", needs="!?;"),
        replace(rf"{spaces_after(NO_SPACE_NOR_GUILLEMET)}(?={COLON})", NO_BREAK, needs=":"),
        replace(rf"{COLON}(?<={WORD_END}:)", NO_BREAK + ":", needs=":"),
        # Numbers, and what belongs to them.
        replace(rf"{spaces_after(NUMBER_END)}(?=[%‰](?!\w))", NARROW, needs="%‰"),
        replace(r"(?<=\d)[%‰](?!\w)", NARROW + r"\g<0>", needs="%‰"),
        replace(rf"[{SPACE}]", NARROW, within=GROUPED, needs=[DIGIT], where=rf"\d[{SPACE}]\d"),
        replace(rf"{spaces_after(NUMBER_END)}(?={UNITS})", NO_BREAK, needs=[DIGIT, OBJECT]),
        replace(
            rf"{ALONE}\d{{1,9}}(?:,\d{{1,6}})?(?:({SURE_UNITS})(?![\w/'’-])|([kM]?€)(?!\w))",
            NO_BREAK + r"\1\2",
            needs=[DIGIT],
            where=rf"\d(?:{SURE_UNITS}|[kM]?€)",
        ),
        replace(rf"\d[{SPACE}]h([{SPACE}])(?=\d\d(?!\d))", NO_BREAK, needs=[DIGIT]),
        replace(
            rf"{REFERENCES}({SPACES})(?=\d|[IVXLC]{{1,9}}\b)",
            NO_BREAK,
            needs=".°º§",
            where=rf"[.°º§]{SPACES}[\dIVXLC]",
        ),
        replace(r"(?:\b[nN][°º]|§)(?=\d)", r"\g<0>" + NO_BREAK, needs="°º§"),
        replace(
            rf"{TITLES}({SPACES})(?=[A-ZÀ-ÖØ-Þ]|d(?:['’]|(?:e|es|u)\b))",
            NO_BREAK,
            needs=["M.", "Mme", "Mlle", "Mgr", "Dr", "Pr"],
        ),
        replace(rf"\d(?:er)?({SPACES})(?={MONTHS}\b)", NO_BREAK, needs=[DIGIT]),
        replace(
            rf"{spaces_after(LETTER)}(?={ROMAN}\b)",
            NO_BREAK,
            needs=[first + second for first in "IVX" for second in "IVX"],
        ),
        # Ordinals.
        replace(rf"(?:{ALONE}\d{{1,6}}|\b[IVX]{{1,9}})(i?[èe]me)(?=s?\b)", "e", needs=["ème", "eme"]),
        replace(rf"(?:{ALONE}1|\bI)(i?ère)(?=s?\b)", "re", needs=["ère"]),
        replace(rf"(?:{ALONE}1|\bI)(ier)(?=s?\b)", "er", needs=["ier"]),
        replace(rf"{ALONE}2(nde)(?=s?\b)", "de", needs=["2nde"]),
        replace(rf"[IVX\d](?:er|e)({SPACES})(?=siècles?\b)", NO_BREAK, needs=["siècle"]),
        # Dashes.
        Rule(dashes, frozenset("-–—")),
        replace(rf"(?:\A|{LINE_BREAK})\n?(--)(?=[{SPACE}])", "—", needs=["--"]),
        replace(rf"(?:\A|{LINE_BREAK})\n?[–—]({SPACES})(?=\S)", NO_BREAK, needs="–—"),
    ),
    superscript=re.compile(
        rf"{ALONE}(?:1(ers?|res?)|2(des?)|(?:[2-9]|[1-9]\d{{1,5}}|(?<=\d{NARROW})\d{{3}})(es?))(?![\w/-]|\.\w)"
        rf"|(?<![\w/#.])(?:I(ers?)|{ROMAN}(es?)|[VX](e)(?=\s(?:siècle|République)))(?![\w/]|\.\w)"
    ),
)
