"""Signs and words of which YAML, Markdown or the end of a line makes something else where nobody takes care."""

SIGNS = [
    *"abé- #:'\"|>*`~{}[]&!%@?,\\0=",
    *("\n", "\n\n", "\t", "---", "```\n", "  ", "\u00a0", "\u202f", "\u2028", "\u2029", "e\u0301"),
    *("\x85", "\x0b", "\x0c", "\x07", "\x1c", "\x7f", "\ufeff", "\ufffe", "😀"),
    *("yes", "no", "null", "~", "1e3", "0x1f", "2026-01-31", "12:30:00"),
    *("- ", "1. ", "\\n", "\n# ", "...\n", "\n---\n", "<b>"),
]
