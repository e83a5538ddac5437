"""What two texts have apart, in sentences that name the first of several things."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from articles.remark import Remark, quoted

# How many of several things a sentence names.
NAMED = 3

LACKING = {
    "fence": ngettext_lazy(
        "A block of code of the original is not in this text: it begins with %(names)s.",
        "%(count)d blocks of code of the original are not in this text: they begin with %(names)s.",
        "count",
    ),
    "image": ngettext_lazy(
        "An image of the original is not in this text: %(names)s.",
        "%(count)d images of the original are not in this text: %(names)s.",
        "count",
    ),
    "link": ngettext_lazy(
        "A link of the original is not in this text: %(names)s.",
        "%(count)d links of the original are not in this text: %(names)s.",
        "count",
    ),
    "number": ngettext_lazy(
        "A number of the original is not in this text: %(names)s.",
        "%(count)d numbers of the original are not in this text: %(names)s.",
        "count",
    ),
}
ADDED = {
    "fence": ngettext_lazy(
        "A block of code of this text is not in the original: it begins with %(names)s.",
        "%(count)d blocks of code of this text are not in the original: they begin with %(names)s.",
        "count",
    ),
    "image": ngettext_lazy(
        "An image of this text is not in the original: %(names)s.",
        "%(count)d images of this text are not in the original: %(names)s.",
        "count",
    ),
    "link": ngettext_lazy(
        "A link of this text is not in the original: %(names)s.",
        "%(count)d links of this text are not in the original: %(names)s.",
        "count",
    ),
    "number": ngettext_lazy(
        "A number of this text is not in the original: %(names)s.",
        "%(count)d numbers of this text are not in the original: %(names)s.",
        "count",
    ),
}


def rests(one: Sequence, other: Sequence, *keys: Callable[[Any], Any]) -> tuple[list, list]:
    """Return what of two lists has no partner in the other: partners are alike by the first key, else the second …

    None as a key is like nothing.
    """
    left = list(one), list(other)
    for key in keys:
        common = Counter(map(key, left[0])) & Counter(map(key, left[1]))
        del common[None]
        left = tuple(_without(rest, key, Counter(common)) for rest in left)
    return left


def _without(items: list, key: Callable[[Any], Any], common: Counter) -> list:
    rest = []
    for item in items:
        name = key(item)
        if common[name]:
            common[name] -= 1
        else:
            rest.append(item)
    return rest


def both(kind: str, lacking: list[str], added: list[str]) -> Iterator[Remark]:
    if lacking:
        yield remark_on(f"parity:lacking:{kind}", LACKING[kind], lacking)
    if added:
        yield remark_on(f"parity:added:{kind}", ADDED[kind], added)


def remark_on(code: str, sentence: Any, names: list[str], **about: str) -> Remark:
    """Return a remark on several things; it names the first of them."""
    listed = ", ".join(_("“%s”") % quoted(name) for name in names[:NAMED])
    if len(names) > NAMED:
        more = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", len(names) - NAMED)
        listed = more % {"names": listed, "count": len(names) - NAMED}
    return Remark(f"{code}:{names}", sentence % ({"names": listed, "count": len(names)} | about))
