"""Words that every text of a language is full of and the other languages lack: they tell which one a passage is in."""

import re

WORD = re.compile(r"\w+")


def words(text: str) -> list[str]:
    """Return the words of a text; an apostrophe parts two of them."""
    return WORD.findall(text)


# Each word in one list alone: what two of the languages write alike tells nothing, like "on", "a", "plus", "comment".
FUNCTION_WORDS = {
    "en": frozenset(
        words(
            """
            the of to and in is it its that this these those there here for with without from by at not no nor only
            are was were been being be am has have had having do does did doing will would can could should must may
            might you your yours we our ours they their theirs them he his him she her who whom whose which what
            when where why how if then than because while until although though so such each every any some both
            either neither one other another into onto upon about above below between through during before after
            again once very too just also all most more less few many much own same nothing something everything
            anything everybody nobody out up down off over under
            """
        )
    ),
    "fr": frozenset(
        words(
            """
            le la les l un une des du de au aux et où mais donc ni que qu qui quoi dont quand lorsque puisque si est
            sont était étaient été être suis sommes êtes sera seront serait ont avait avaient avoir avons avez aura
            je j tu il elle nous vous ils elles se ce c cet cette ces cela ceci ça sa ses leur leurs notre nos votre
            vos mon ma mes ne n pas jamais rien personne aucun aucune par avec chez vers entre contre sous sur dans
            en pour depuis pendant avant après encore aussi très trop peu bien mieux moins beaucoup comme ainsi
            alors puis tout toute tous toutes autre autres même mêmes chaque quelque quelques plusieurs faut fait
            peut peuvent doit doivent
            """
        )
    ),
}

# A passage of fewer words is too short to tell by its function words.
FEWEST_WORDS = 8
# That many function words of the other language, and twice as many and more as of its own.
FEWEST_FOUND, TIMES = 3, 2


def reads_as_prose(found: list[str], *languages: str) -> bool:
    """Return whether words are sentences: names and titles have capitals where sentences have few."""
    known = frozenset().union(*(FUNCTION_WORDS.get(language, ()) for language in languages))
    others = [word for word in found if word[0].isalpha() and word.lower() not in known]
    small = sum(word[0].islower() for word in others)
    return bool(small) and 2 * small >= len(others)


def is_in(language: str, found: list[str], instead_of: str) -> bool:
    """Return whether words are clearly in one language and not in another; False where either has no list."""
    if len(found) < FEWEST_WORDS or not {language, instead_of} <= FUNCTION_WORDS.keys():
        return False
    here, there = (count_in(code, found) for code in (language, instead_of))
    return here >= FEWEST_FOUND and here > TIMES * there and reads_as_prose(found, language, instead_of)


def count_in(language: str, found: list[str]) -> int:
    return sum(word.lower() in FUNCTION_WORDS.get(language, ()) for word in found)
