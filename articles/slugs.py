"""Slugs: the words of an address, made from a title by the rules of its language."""

import re
import unicodedata
from collections.abc import Callable

MAX_LENGTH = 200

# Letters that Unicode does not decompose into an ASCII letter and a mark.
LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})

# The words that a sign is read as, with spaces around, so that "R&D" keeps three words; and the letters for a small
# letter that a language does not read as the one without its accent.
SIGNS = {
    "en": {"&": " and ", "%": " percent ", "@": " at ", "+": " plus ", "€": " euro "},
    "fr": {"&": " et ", "%": " pour cent ", "@": " arobase ", "+": " plus ", "€": " euro "},
}

# "C++" and "C#" are names, not sums.
NAMES = {"c++": "cpp", "c#": "csharp", "f#": "fsharp"}
NAME = re.compile(r"(?<!\w)(?:c\+\+|c#|f#)(?!\w)")

# An English apostrophe joins (don't, author's); a French one ends an elided word (l'été, aujourd'hui).
APOSTROPHES = re.compile("['’ʼ]")
APOSTROPHE = {"en": "", "fr": "-"}


def slugify(title: str, language: str) -> str:
    """Return the slug of a title: lower-case ASCII letters, digits and single hyphens; "" where none is left.

    A language without rules of its own splits at apostrophes and drops signs.
    """
    text = unicodedata.normalize("NFKC", title).lower()
    text = NAME.sub(lambda match: NAMES[match.group()], text)
    text = APOSTROPHES.sub(APOSTROPHE.get(language, "-"), text)
    for sign, word in SIGNS.get(language, {}).items():
        text = text.replace(sign, word)
    text = _without_marks(unicodedata.normalize("NFD", text.translate(LETTERS)))
    slug = re.sub(r"[^a-z0-9]+", "-", text).strip("-")
    return shortened(slug, MAX_LENGTH)


def _without_marks(text: str) -> str:
    """Drop accents from letters; any other character that is not ASCII parts two words."""
    return "".join(
        character if character.isascii() else " " for character in text if not unicodedata.combining(character)
    )


def shortened(slug: str, length: int) -> str:
    """Return at most `length` characters of a slug, cut between words where that is possible."""
    if len(slug) <= length:
        return slug
    head = slug[: length + 1]
    return (head.rpartition("-")[0] or slug[:length]).strip("-")


def free(slug: str, is_taken: Callable[[str], bool]) -> str:
    """Return the slug itself or its first variant, like slug-2, for which `is_taken(slug)` is false."""
    candidate, number = slug, 1
    while is_taken(candidate):
        number += 1
        suffix = f"-{number}"
        candidate = shortened(slug, MAX_LENGTH - len(suffix)) + suffix
    return candidate
