"""In which coding a browser wants a page (Accept-Encoding, RFC 9110, section 12.5.3), and how it is coded."""

import gzip
import re
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

import brotli


class Coding(NamedTuple):
    compress: Callable[[bytes], bytes]
    decompress: Callable[[bytes], bytes]


# Levels that no reader waits for: the next ones take several times as long for a few percent.
CODINGS = {
    "br": Coding(partial(brotli.compress, quality=5), brotli.decompress),
    # Without a time, so that equal pages are equal bytes on every machine.
    "gzip": Coding(partial(gzip.compress, compresslevel=6, mtime=0), gzip.decompress),
}
# The page as it is.
IDENTITY = "identity"

# A longer header holds no more wishes, only work.
MAX_LENGTH = 1000
WISH = re.compile(r"\s*([!#$%&'*+.^_`|~\w-]+)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?", re.ASCII)


@lru_cache(maxsize=256)
def preferred_coding(header: str) -> str:
    """Return the coding of ours that an Accept-Encoding header prefers; among equals, the smallest page.

    `IDENTITY` where it names none, and also where it refuses all that there are: a page is better than none.
    """
    if len(header) > MAX_LENGTH:
        return IDENTITY
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        if wish := WISH.fullmatch(part):
            weights[wish[1]] = float(wish[2] or 1)
    others = weights.get("*", 0.0)
    # A page as it is needs no mention to be wanted, but any coding that is mentioned is wanted more.
    wanted = {coding: weights.get(coding, others) for coding in CODINGS} | {IDENTITY: weights.get(IDENTITY, 0.0)}
    best = max(wanted.values())
    return next(coding for coding, weight in wanted.items() if weight == best) if best else IDENTITY
