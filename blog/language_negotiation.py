"""The language of the site that suits a browser best, from its Accept-Language header.

RFC 9110, section 12.5.4, with the look-up of RFC 4647, section 3.4. Django's own parser takes q=0 for a wish.
"""

import re
from collections.abc import Collection

from django.conf import settings

from articles import languages

# A longer header holds no more wishes, only work.
MAX_LENGTH = 1000

RANGE = re.compile(
    r"\s*(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?", re.I
)


def preferred_language(header: str, among: Collection[str] | None = None) -> str:
    """Return the code of `LANGUAGES`, or of those `among` them, that an Accept-Language header prefers.

    Where it prefers none, return `LANGUAGE_CODE`, or the first where that is not among them. What is malformed is
    passed over. "*" stands for every language that the header does not name. A language is refused by q=0, and is
    still the answer where the header refuses all that there are.
    """
    codes = [code for code in languages.codes() if among is None or code in among]
    weights, others = _weights(header[:MAX_LENGTH], codes)
    wanted = {code: weights.get(code, others) for code in codes}
    best = max(wanted.values())
    if best > 0:
        # Among equals the header's own order decides, then the site's.
        return next(code for code in [*weights, *codes] if wanted[code] == best)
    unnamed = [code for code in codes if code not in weights]
    default = settings.LANGUAGE_CODE
    offered = unnamed or codes
    return default if default in offered else offered[0]


def _weights(header: str, codes: list[str]) -> tuple[dict[str, float], float]:
    """Return the weight of each of our languages that the header names, in its order, and that of "*"."""
    weights: dict[str, float] = {}
    others = 0.0
    for part in header.lower().split(","):
        match = RANGE.fullmatch(part)
        if match is None:
            continue
        tag, weight = match[1], float(match[2] or 1)
        if tag == "*":
            others = weight
        code = served_by(tag)
        # "fr-CA;q=0" refuses Canadian French alone.
        if code in codes and (weight or code == tag):
            weights[code] = max(weight, weights.get(code, 0.0))
    return weights, others


def served_by(tag: str) -> str | None:
    """Return the language of the site that serves a language tag in small letters: "fr" serves "fr" and "fr-ca"."""
    return next((code for code in (tag, tag.partition("-")[0]) if code in languages.codes()), None)
