"""The articles that all three publish, in Markdown that all of them read alike."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.serving.prose import sections

LANGUAGES = ("en", "fr")
PARAGRAPHS, TAGS = 6, 50

LIST = "- one thing\n- another one\n- **a third**"
CODE = '```python\ndef hello(name):\n    return f"Hello {name}"\n```'


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
        return [f"tag-{place % TAGS}" for place in (self.number, self.number * 7 + 1, self.number * 11 + 2)]

    @property
    def body(self) -> str:
        parts = []
        for section in sections(self.number * 2 + (self.language == "fr"), PARAGRAPHS):
            first, *others = section.paragraphs
            parts += [f"## {section.heading}", f"*Before* the rest, a [link](https://example.com/). {first}", *others]
        parts += [
            "- one thing\n- another one\n- **a third**",
            '```python\ndef hello(name):\n    return f"Hello {name}"\n```',
        ]
        return "\n\n".join(parts) + "\n"
