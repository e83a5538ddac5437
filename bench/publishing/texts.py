"""The articles that all three publish, in Markdown that all of them read alike."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.serving.prose import sections

LANGUAGES = ("en", "fr")
# From 5 to 10 KB each.
PARAGRAPHS, TAGS = (7, 13), 50

EXTRAS = (
    "- one thing\n- another one\n- **{number}**",
    "```python\ndef hello_{number}(name: str) -> str:\n    return name.title() * {number}\n```",
    "> A quotation of {number} words.",
    "| a | b |\n|---|---|\n| {number} | `code` |",
)


@dataclass
class Text:
    """One article in one language, as each of the three wants it told."""

    number: int
    language: str

    @property
    def title(self) -> str:
        return f"{'Article' if self.language == 'en' else 'Texte'} {self.number} with a word"

    @property
    def date(self) -> datetime:
        return datetime(2024, 1, 1, 8) + timedelta(hours=13 * self.number)

    @property
    def tags(self) -> list[str]:
        # With a word behind: Pelican would call the third page of tag-2 tag-23.
        return [f"tag-{place % TAGS}-of-{TAGS}" for place in (self.number, self.number * 7 + 1, self.number * 11 + 2)]

    @property
    def body(self) -> str:
        seed = self.number * len(LANGUAGES) + LANGUAGES.index(self.language)
        source, parts = random.Random(seed), []  # noqa: S311
        for section in sections(seed, source.randint(*PARAGRAPHS)):
            first, *others = section.paragraphs
            parts += [f"## {section.heading}", f"*Before* the rest, a [link](https://example.com/). {first}", *others]
            parts.append(source.choice(EXTRAS).format(number=seed))
        return "\n\n".join(parts) + "\n"
