"""Reading time: the words of a text counted, and divided by its language's usual reading speed."""

import math
import re

# Words a minute: S. Trauzettel-Klosinski and K. Dietz, "Standardized Assessment of Reading Performance: The New
# International Reading Speed Texts IReST", Investigative Ophthalmology & Visual Science 53(9), 2012. It timed the
# same texts in each language, read aloud; for silent reading of English non-fiction M. Brysbaert's review (Journal
# of Memory and Language 109, 2019) finds 238, so these speeds err on the slow side by little.
WORDS_PER_MINUTE = {"en": 228, "fr": 195}

# The mean of the 17 languages of that study, for a language that has no line here.
MEAN_WORDS_PER_MINUTE = 184

# From the first letter or digit of a piece to its end.
WORD = re.compile(r"[^\W_]\S*")


def word_count(prose: str) -> int:
    """Count the pieces between white space that hold a letter or a digit."""
    return len(WORD.findall(prose))


def reading_minutes(prose: str, language: str) -> int:
    """Return the minutes that reading plain text takes, rounded to the nearest whole one, at least 1."""
    minutes = word_count(prose) / WORDS_PER_MINUTE.get(language, MEAN_WORDS_PER_MINUTE)
    return max(1, math.floor(minutes + 0.5))
