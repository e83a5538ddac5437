"""Typography by the rules of a text's language, applied when it is rendered; sources keep plain spaces and marks.

French: Lexique des règles typographiques en usage à l'Imprimerie nationale. English: The Chicago Manual of Style.
Their rules stand in `french.py` and `english.py`, in the order in which they are applied.

    sign in the source      becomes                                              code
    ----------------------  ---------------------------------------------------  -------------------------------------
    French
    "mot"                   « mot » with U+202F inside                           Lexique, guillemets; it has a word
                                                                                 space there, this site a narrow one
    "a "b" c"  'b' inside   “b” U+201C U+201D, then ‘b’ U+2018 U+2019            usage; the Lexique has « » again
    ' in or after a word    ’ U+2019                                             Lexique, apostrophe
    ; ! ?                   U+202F before (the Lexique's espace fine)            Lexique, ponctuation
    :                       U+00A0 before (its espace mot insécable)             Lexique, ponctuation
    ...                     … U+2026                                             Lexique, points de suspension
    % ‰                     U+202F before                                        Lexique, nombres (a space); narrow here
    12 000                  U+202F between groups of three                       Lexique, nombres
    5 km  5km  5 €  10 h 30 U+00A0 before the unit and in times                  Lexique, unités; heures
    n° 5  p. 12  M. Dupont  U+00A0 after the abbreviation; also before months,   Lexique: a number stays with its word,
    Louis XIV  5 mars       siècle, Roman numerals, million and milliard         a title with its name
    2ème 1ère 2nde XXème    2e 1re 2de XXe                                       Lexique, abréviations
    1er 1re 2e XXe Ier      the letters in <sup>, where there is markup          Lexique, abréviations
    mot - mot  mot -- mot   – U+2013, U+00A0 on its inner side; a typed — stays  Lexique, tiret; the en dash is usage
    — Oui  -- Oui (first    — U+2014, U+00A0 after                               Lexique, tiret of a dialogue
    in a line)
    English
    "word"  'word' inside   “word” U+201C U+201D, ‘word’ U+2018 U+2019           Chicago, quotation marks
    ' for missing letters   ’ U+2019: don’t, dogs’, ’90s, ’tis, rock ’n’ roll    Chicago, apostrophe
    ...                     … U+2026, spaced as the author has it                Chicago, ellipses (allows the sign)
    word -- word  ---       — U+2014 without spaces; so is a spaced hyphen       Chicago, em dashes
    word - word             before a small letter
    10-20  1990-2000  1--2  – U+2013                                             Chicago, en dashes in number ranges
    6' 2"                   6′ 2″ U+2032 U+2033; an inch sign alone stays        Chicago, primes
    5 km  10 p.m.  p. 5     U+00A0 between                                       Chicago, no-break spaces in numbers,
    No. 5  Mr. Smith                                                             with abbreviations and titles

A space that the author typed, plain or no-break, gives way to the right one; what is right already stays.

Never touched: code, pre, kbd, samp, var, file names and line numbers of code blocks; the page's own signs; addresses
and names in attributes (alt, title and aria-label are prose); in prose the URLs, e-mail addresses, paths, file names,
tags, braces with their content, character references and emoticons. The rules see 12:30, 16:9, a::b, localhost:8000,
3.11.2, 2026-11-24, telephone numbers, --options, and signs glued to what follows them (Qui?Non) as no matter of theirs.

Words in another language (`lang`) follow its rules; a language without an entry in `LANGUAGES` has none.
"""

from collections.abc import Iterable
from functools import lru_cache

from ..safe_html import Token, tokens
from .english import ENGLISH
from .flow import typeset_text
from .french import FRENCH
from .markup import Walk
from .rules import Typography

LANGUAGES = {"en": ENGLISH, "fr": FRENCH}
UNKNOWN = Typography(rules=())


# A title stands many times on a page, and on many pages.
@lru_cache(maxsize=4096)
def typeset(text: str, language: str) -> str:
    """Return plain text by the rules of a language code such as fr or en-GB; an unknown one changes nothing."""
    return typeset_text(text, _typography(language))


def typeset_html(html: str, language: str) -> str:
    """Return safe HTML, in the normal form of the sanitiser, with its prose set and all else as it was."""
    return typeset_tokens(tokens(html, into_code=False), language)


def typeset_tokens(parts: Iterable[Token], language: str) -> str:
    """Return the same of HTML that is taken apart already."""
    return Walk(language, _typography).typeset(parts)


def _typography(language: str) -> Typography:
    return LANGUAGES.get(language.partition("-")[0].lower(), UNKNOWN)
