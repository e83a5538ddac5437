"""What a reader typed, as the words and phrases that an article must hold."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from .words import Word, words

# A shorter beginning of a word would find nearly everything.
MIN_PREFIX = 3

# A phrase between quotation marks of any kind, or what stands between phrases.
PART = re.compile(r'["“”„«]([^"“”„«»]*)["“”»]|([^"“”„«»]+)')


@dataclass(frozen=True)
class Term:
    """A word or the words of a phrase, in both their stems; a word may also be the beginning of a longer one."""

    stems: tuple[str, ...]
    plain_stems: tuple[str, ...]
    prefix: str = ""

    @classmethod
    def of(cls, found: list[Word], prefix: str = "") -> "Term":
        return cls(tuple(word.stem for word in found), tuple(word.plain_stem for word in found), prefix)

    @property
    def variants(self) -> list[tuple[str, ...]]:
        """Return the one or two sequences of stems of which a text must hold one."""
        return list(dict.fromkeys([self.stems, self.plain_stems]))

    def is_at(self, position: int, text: list[Word]) -> bool:
        """Return whether a text holds the term from one of its words on."""
        if self.prefix and text[position].folded.startswith(self.prefix):
            return True
        here = Term.of(text[position : position + len(self.stems)])
        return not set(self.variants).isdisjoint(here.variants)


@dataclass(frozen=True)
class Query:
    """A text that is searched for in a language, any text at all. An article must hold every one of its terms."""

    # Characters and terms that are looked for.
    MAX_LENGTH: ClassVar[int] = 200
    MAX_TERMS: ClassVar[int] = 12

    text: str
    language: str
    is_still_typed: bool = True

    @cached_property
    def terms(self) -> list[Term]:
        """Return phrases and words, the last word as the beginning of a longer one where it may still be typed."""
        terms = []
        for phrase, loose in PART.findall(self.text[: self.MAX_LENGTH]):
            found = list(words(phrase or loose, self.language))
            if phrase and found:
                terms.append(Term.of(found))
            else:
                terms += [Term.of([word]) for word in found]
        if self.is_still_typed and terms and loose and found and len(found[-1].folded) >= MIN_PREFIX:
            terms[-1] = Term.of(found[-1:], prefix=found[-1].folded)
        return list(dict.fromkeys(terms))[: self.MAX_TERMS]

    @property
    def of_whole_words(self) -> "Query":
        """The same query, but no word stands for what it begins."""
        return replace(self, is_still_typed=False)

    def may_begin_with(self, word: Word) -> bool:
        """Return whether any term can be found at a word: most words of a text need no further look."""
        return not self._first_stems.isdisjoint((word.stem, word.plain_stem)) or word.folded.startswith(self._prefixes)

    @cached_property
    def _first_stems(self) -> set[str]:
        return {stems[0] for term in self.terms for stems in term.variants}

    @cached_property
    def _prefixes(self) -> tuple[str, ...]:
        return tuple(term.prefix for term in self.terms if term.prefix)
