"""Passages of a translation that are still in the language of its original."""

from collections.abc import Iterator

from django.utils.translation import ngettext

from articles import languages
from articles.remark import Remark

from .function_words import FUNCTION_WORDS, count_in, is_in, reads_as_prose
from .inventory import Inventory, Passage
from .sentences import remark_on

# A passage that the original has too is not taken for one left in its language if it has fewer words.
FEWEST_WORDS = 4


def of_language(source: Inventory, translation: Inventory) -> Iterator[Remark]:
    theirs = {" ".join(passage.words).lower() for passage in source.passages if not passage.heading}
    left = [passage for passage in translation.passages if _is_left(passage, theirs, source, translation)]
    if left:
        sentence = ngettext(
            "A passage is still in %(language)s: %(names)s.",
            "%(count)d passages are still in %(language)s: %(names)s.",
            len(left),
        )
        name = languages.name_in_sentence(source.language)
        yield remark_on("parity:language", sentence, [passage.all for passage in left], language=name)


def _is_left(passage: Passage, theirs: set[str], source: Inventory, translation: Inventory) -> bool:
    words = passage.words
    if passage.heading or len(words) < FEWEST_WORDS:
        return False
    if is_in(source.language, words, instead_of=translation.language):
        return True
    if " ".join(words).lower() not in theirs or not reads_as_prose(words, *FUNCTION_WORDS):
        return False
    # A line of names with a word between them is the same in both.
    return count_in(source.language, words) > count_in(translation.language, words) or _is_all_small(words)


def _is_all_small(words: list[str]) -> bool:
    return sum(word[0].islower() for word in words) >= FEWEST_WORDS
