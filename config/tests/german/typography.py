"""German typography after DIN 5008 and Duden: „Marks“, dashes between spaces, no break before a unit."""

from articles.markdown.typography.english import ranges
from articles.markdown.typography.quotes import quotes
from articles.markdown.typography.rules import DIGIT, ELLIPSIS, NARROW, NO_BREAK, SPACES, Rule, Typography, replace

UNITS = (
    r"(?:[kcmµn]?m[²³23]?|[kmµ]?g|[cm]?[lL]|[kKMGTP]i?B|[kMGT]?Hz|[kMG]?Wh?|[mµn]?s|min|Uhr|€|%|°C|Euro|Prozent)(?!\w)"
)

GERMAN = Typography(
    rules=(
        ELLIPSIS,
        # Two words, a narrow space between them: z. B., d. h., u. a.
        replace(rf"\b[zdu]\.({SPACES})?(?=[BhaÄ]\.)", NARROW, needs="."),
        # A dash has a space on either side, and does not begin a line.
        replace(rf"(?<=[\w.,!?)\"'”’])({SPACES}--?){SPACES}(?=\S)", f"{NO_BREAK}–", needs="-"),
        Rule(ranges, frozenset("-")),
        quotes({'"': ("„“", "‚‘"), "'": ("‚‘", "„“")}),
        replace(rf"\d({SPACES})(?={UNITS})", NO_BREAK, needs=[DIGIT]),
        replace(rf"(?:§|\b(?:Nr|S|Abb|Dr|Prof)\.)({SPACES})(?=[\dA-Z])", NO_BREAK, needs=".§"),
    )
)
