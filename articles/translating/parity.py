"""What a translation lacks beside its original, and what it has besides: remarks that stand in nobody's way."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from articles import languages
from articles.models import Article
from articles.remark import Remark, quoted
from articles.text import ArticleText

from .function_words import FUNCTION_WORDS, count_in, is_in, reads_as_prose
from .inventory import Inventory, Link, Passage
from .number_words import written_out
from .numbers import in_roman_figures, numbers
from .own_links import OwnLink, neutral, own_links

# How many of several things a sentence names.
NAMED = 3

# A passage that the original has too is not taken for one left in its language if it has fewer words.
FEWEST_WORDS = 4

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


def remarks_beside_source(article: Article, language: str, text: ArticleText, html: str) -> list[Remark]:
    """Return what differs between a text and the original as it stands, but for what follows from the language.

    There is nothing to compare in the original itself, and where the original has no text.
    """
    source_language = article.source_language
    rendering = article.rendering_in(source_language) if article.pk and language != source_language else None
    if rendering is None or not text.body.strip():
        return []
    original = article.text_in(source_language)
    if not (original.summary and text.summary):
        original, text = replace(original, summary=""), replace(text, summary="")
    return parity_remarks(
        article, Inventory.of(original, rendering.html, source_language), Inventory.of(text, html, language)
    )


def parity_remarks(article: Article, source: Inventory, translation: Inventory) -> list[Remark]:
    links = own_links(article, ((link.address, side.language) for side in (source, translation) for link in side.links))
    return [
        *_of_headings(source, translation),
        *_of_fences(source, translation),
        *_of_images(source, translation),
        *_of_notes(source, translation),
        *_of_links(article, source, translation, links),
        *_of_numbers(source, translation),
        *_of_language(source, translation),
        *_of_addresses(article, translation, links),
    ]


def _of_headings(source: Inventory, translation: Inventory) -> Iterator[Remark]:
    theirs, ours = source.headings, translation.headings
    levels = [[heading.heading for heading in side] for side in (theirs, ours)]
    if levels[0] == levels[1]:
        return
    pairs = zip(theirs, ours, strict=False)
    parting = next(((one, other) for one, other in pairs if one.heading != other.heading), None)
    about = {"original": len(theirs), "here": len(ours)}
    sentence = _("Headings: the original has %(original)d, this text %(here)d.")
    if parting:
        one, other = parting
        about |= {"heading": quoted(one.all), "signs": "#" * one.heading}
        about |= {"other": quoted(other.all), "other_signs": "#" * other.heading}
        sentence = _(
            "Headings: the original has %(original)d, this text %(here)d. They part where the original has "
            "“%(heading)s” with %(signs)s and this text “%(other)s” with %(other_signs)s."
        )
        if len(theirs) == len(ours):
            sentence = _(
                "The headings have other levels than those of the original: it has “%(heading)s” with %(signs)s, "
                "this text “%(other)s” with %(other_signs)s."
            )
    yield Remark(f"parity:headings:{levels}", sentence % about)


def _of_fences(source: Inventory, translation: Inventory) -> Iterator[Remark]:
    # Comments in code are translated, and what a program says.
    keys = (
        lambda fence: fence.code,
        lambda fence: fence.first_line,
        lambda fence: (fence.info, fence.code.count("\n")),
        lambda fence: fence.info,
    )
    rests = _rests(source.fences, translation.fences, *keys)
    yield from _both("fence", *([fence.first_line for fence in rest] for rest in rests))


def _of_images(source: Inventory, translation: Inventory) -> Iterator[Remark]:
    # A picture of a screen may show either language.
    tag = re.compile(rf"[._-](?:{'|'.join(map(re.escape, languages.codes()))})(?=\.|$)")
    rests = _rests(source.images, translation.images, str, lambda name: tag.sub("", name.removeprefix("./")))
    yield from _both("image", *rests)


def _of_notes(source: Inventory, translation: Inventory) -> Iterator[Remark]:
    if source.notes != translation.notes:
        about = {"original": source.notes, "here": translation.notes}
        sentence = _("Footnotes: the original has %(original)d, this text %(here)d.") % about
        yield Remark(f"parity:notes:{about}", sentence)


def _of_links(
    article: Article, source: Inventory, translation: Inventory, links: dict[tuple[str, str], OwnLink]
) -> Iterator[Remark]:
    # A translation may lead to its original.
    itself = f"article:{article.key}"
    named: list[list[tuple[str, str]]] = []
    for side in (source, translation):
        whole = [(link.address, links.get((link.address, side.language))) for link in side.links]
        named.append([(at, own.name if own else at) for at, own in whole if not own or own.name != itself])
    rests = _rests(*named, lambda link: link[1], lambda link: neutral(link[0]))
    yield from _both("link", *([address for address, _name in rest] for rest in rests))


def _of_numbers(source: Inventory, translation: Inventory) -> Iterator[Remark]:
    sides = (source, translation)
    found = [Counter(numbers(side.prose, side.language)) for side in sides]
    roman = [in_roman_figures(side.prose, side.language) for side in sides]
    words = [written_out(side.prose, side.language) for side in sides]
    rests = [found[0] - found[1] - roman[1], found[1] - found[0] - roman[0]]
    spelled = [rests[0] & words[1], rests[1] & words[0]]
    yield from _both("number", *(list((rest - out).elements()) for rest, out in zip(rests, spelled, strict=True)))
    if names := list((spelled[0] + spelled[1]).elements()):
        sentence = ngettext(
            "One number stands in figures in one of the two texts and in words in the other: %(names)s.",
            "%(count)d numbers stand in figures in one of the two texts and in words in the other: %(names)s.",
            len(names),
        )
        yield _remark("parity:written", sentence, names)


def _of_language(source: Inventory, translation: Inventory) -> Iterator[Remark]:
    theirs = {" ".join(passage.words).lower() for passage in source.passages if not passage.heading}
    left = [passage for passage in translation.passages if _is_left(passage, theirs, source, translation)]
    if left:
        sentence = ngettext(
            "A passage is still in %(language)s: %(names)s.",
            "%(count)d passages are still in %(language)s: %(names)s.",
            len(left),
        )
        name = languages.name_in_sentence(source.language)
        yield _remark("parity:language", sentence, [passage.all for passage in left], language=name)


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


def _of_addresses(article: Article, translation: Inventory, links: dict[tuple[str, str], OwnLink]) -> Iterator[Remark]:
    """Tell of links to a page in another language that readers could have in this one."""
    language = translation.language
    for link in dict.fromkeys(translation.links):
        own = links.get((link.address, language))
        if not own or own.language in ("", language) or own.article == article or link.is_in == own.language:
            continue
        if better := own.address_in(language):
            yield _elsewhere(link, own, better, language)


def _elsewhere(link: Link, own: OwnLink, better: str, language: str) -> Remark:
    sentence = _("The link to “%(address)s” leads to a page in %(other)s. Write “%(better)s”: it is in %(language)s.")
    if own.article:
        sentence = _(
            "The link to “%(address)s” leads to a page in %(other)s. Write “%(better)s”, which is in %(language)s, "
            "or “%(key)s”, which is right in every language."
        )
    about = {"address": quoted(link.address), "better": better, "key": own.name}
    about |= {"other": languages.name_in_sentence(own.language), "language": languages.name_in_sentence(language)}
    return Remark(f"parity:elsewhere:{link.address}", sentence % about)


def _rests(one: Sequence, other: Sequence, *keys: Callable[[Any], Any]) -> tuple[list, list]:
    """Return what of two lists has no partner in the other: partners are alike by the first key, else the second …

    None as a key is like nothing.
    """
    rests = list(one), list(other)
    for key in keys:
        common = Counter(map(key, rests[0])) & Counter(map(key, rests[1]))
        del common[None]
        rests = tuple(_without(rest, key, Counter(common)) for rest in rests)
    return rests


def _without(items: list, key: Callable[[Any], Any], common: Counter) -> list:
    rest = []
    for item in items:
        name = key(item)
        if common[name]:
            common[name] -= 1
        else:
            rest.append(item)
    return rest


def _both(kind: str, lacking: list[str], added: list[str]) -> Iterator[Remark]:
    if lacking:
        yield _remark(f"parity:lacking:{kind}", LACKING[kind], lacking)
    if added:
        yield _remark(f"parity:added:{kind}", ADDED[kind], added)


def _remark(code: str, sentence: Any, names: list[str], **about: str) -> Remark:
    """Return a remark on several things; it names the first of them."""
    listed = ", ".join(_("“%s”") % quoted(name) for name in names[:NAMED])
    if len(names) > NAMED:
        more = ngettext("%(names)s and %(count)d more", "%(names)s and %(count)d more", len(names) - NAMED)
        listed = more % {"names": listed, "count": len(names) - NAMED}
    return Remark(f"{code}:{names}", sentence % ({"names": listed, "count": len(names)} | about))
