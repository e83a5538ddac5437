"""A translation's headings, code, images, notes and numbers beside those of its original, and all that is remarked."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import languages
from articles.models import Article
from articles.remark import Remark, quoted
from articles.text import ArticleText

from .inventory import Inventory
from .language import of_language
from .links import of_addresses, of_links
from .number_words import written_out
from .numbers import in_roman_figures, numbers
from .original import followed_by, standing_original
from .own_links import own_links
from .sentences import both, remark_on, rests


def remarks_beside_source(
    article: Article, language: str, text: ArticleText, html: str, original: tuple[ArticleText, str] | None = None
) -> list[Remark]:
    """Return what differs between a text and its original, but for what follows from the language.

    The original is the one that stands, unless another one is given with its HTML.

    There is nothing to compare in the original itself, and where the original has no text. What the translation was
    told to do without is no part of the original here.
    """
    if article.pk is None or language == article.source_language or not text.body.strip():
        return []
    original = original or standing_original(article)
    if original is None:
        return []
    source_text, source_html = followed_by(article, language, *original)
    if not (source_text.summary and text.summary):
        source_text, text = replace(source_text, summary=""), replace(text, summary="")
    source = Inventory.of(source_text, source_html, article.source_language)
    return parity_remarks(article, source, Inventory.of(text, html, language))


def parity_remarks(article: Article, source: Inventory, translation: Inventory) -> list[Remark]:
    """Return the remarks on two texts of an article, each read already."""
    links = own_links(article, ((link.address, side.language) for side in (source, translation) for link in side.links))
    return [
        *_of_headings(source, translation),
        *_of_fences(source, translation),
        *_of_images(source, translation),
        *_of_notes(source, translation),
        *of_links(article, source, translation, links),
        *_of_numbers(source, translation),
        *of_language(source, translation),
        *of_addresses(article, translation, links),
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
    left = rests(source.fences, translation.fences, *keys)
    yield from both("fence", *([fence.first_line for fence in rest] for rest in left))


def _of_images(source: Inventory, translation: Inventory) -> Iterator[Remark]:
    # A picture of a screen may show either language.
    tag = re.compile(rf"[._-](?:{'|'.join(map(re.escape, languages.codes()))})(?=\.|$)")
    left = rests(source.images, translation.images, str, lambda name: tag.sub("", name.removeprefix("./")))
    yield from both("image", *left)


def _of_notes(source: Inventory, translation: Inventory) -> Iterator[Remark]:
    if source.notes != translation.notes:
        about = {"original": source.notes, "here": translation.notes}
        sentence = _("Footnotes: the original has %(original)d, this text %(here)d.") % about
        yield Remark(f"parity:notes:{about}", sentence)


def _of_numbers(source: Inventory, translation: Inventory) -> Iterator[Remark]:
    sides = (source, translation)
    found = [Counter(numbers(side.prose, side.language)) for side in sides]
    roman = [in_roman_figures(side.prose, side.language) for side in sides]
    words = [written_out(side.prose, side.language) for side in sides]
    left = [found[0] - found[1] - roman[1], found[1] - found[0] - roman[0]]
    spelled = [left[0] & words[1], left[1] & words[0]]
    yield from both("number", *(list((rest - out).elements()) for rest, out in zip(left, spelled, strict=True)))
    if names := list((spelled[0] + spelled[1]).elements()):
        sentence = ngettext(
            "One number stands in figures in one of the two texts and in words in the other: %(names)s.",
            "%(count)d numbers stand in figures in one of the two texts and in words in the other: %(names)s.",
            len(names),
        )
        yield remark_on("parity:written", sentence, names)
