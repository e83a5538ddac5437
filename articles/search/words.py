"""The words of a text as a search compares them: folded and stemmed by the rules of their language."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

import Stemmer

from articles.slugs import LETTERS

# Raise it with every change of what this module gives: it tells which entries of the index are of today's making.
WORDS_VERSION = 1

# Letters and digits, with the combining accents, soft hyphens and apostrophes inside.
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad]|['’ʼ](?=[^\W_]))*")

# Longer ones are compared by their beginning; PostgreSQL takes no word of more than 2 KB.
MAX_WORD = 64

# Stands between two sequences of tokens, so that no phrase goes on from one to the other.
BREAK = "¶"

# Snowball's stemmers, https://snowballstem.org/algorithms/. A language without one is only folded.
ALGORITHMS = {"en": "english", "fr": "french"}

# What a language joins to the next word and nobody searches for: l'été. Other apostrophes are inside a word,
# whether it is typed with them or without: aujourd'hui, don't.
ELISIONS = {"fr": re.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu)['’ʼ]", re.IGNORECASE)}


class Word(NamedTuple):
    """A word at text[start:end], in three forms without accents.

    `folded` is the word as it is typed. `stem` is what it shares with its other forms; rules need its accents for it,
    as in publié, publier. `plain_stem` is the same for who types none, as in publie.
    """

    start: int
    end: int
    folded: str
    stem: str
    plain_stem: str


def words(text: str, language: str) -> Iterator[Word]:
    """Yield the words of a plain text in order. Texts and queries go through it alike."""
    elision = ELISIONS.get(language)
    for match in WORD.finditer(text):
        start, end = match.span()
        if elision and (elided := elision.match(text, start, end)):
            start = elided.end()
        folded, stem, plain_stem = _forms(text[start:end], language)
        if folded:
            yield Word(start, end, folded, stem, plain_stem)


def forms(text: str, language: str) -> list[tuple[str, str, str]]:
    """Return the forms of the words that `words` would give, without their places, in a fraction of the time."""
    return [forms for forms in map(_forms_of, WORD.findall(text), repeat(language)) if forms[0]]


@lru_cache(maxsize=20_000)
def _forms_of(word: str, language: str) -> tuple[str, str, str]:
    elision = ELISIONS.get(language)
    elided = elision.match(word) if elision else None
    return _forms(word[elided.end() :] if elided else word, language)


def folded(text: str) -> str:
    """Return the words of a text in any language without accents and capitals, one space between two."""
    normal = unicodedata.normalize("NFKD", text).lower().translate(LETTERS)
    signs = (sign if sign.isalnum() else " " for sign in normal if not unicodedata.combining(sign))
    return " ".join("".join(signs).split())


@lru_cache(maxsize=20_000)
def _forms(word: str, language: str) -> tuple[str, str, str]:
    accented, folded = _letters(word, "NFKC"), _folded(word)
    if language not in ALGORITHMS:
        return folded, folded, folded
    # A stemmer of its own for each: two threads must not share one, and it costs half a microsecond.
    stem = Stemmer.Stemmer(ALGORITHMS[language]).stemWord
    return folded, _folded(stem(accented)), stem(folded)


def _folded(word: str) -> str:
    return _letters(word, "NFKD")


def _letters(word: str, form: str) -> str:
    """Return the letters and digits of a word in lower case, without ligatures; decomposed, without accents too."""
    normal = unicodedata.normalize(form, word).lower()
    return "".join(filter(str.isalnum, normal)).translate(LETTERS)[:MAX_WORD]
