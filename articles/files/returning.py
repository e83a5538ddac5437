"""A translation that comes back as a file: merged with what was saved since, and what it answers noted."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext as _

from articles.edits import PUBLISH_COPY, Edit, TextConflict
from articles.models import Article, Revision, content_of
from articles.permissions import may_publish
from articles.saving import EditConflict, set_aside
from articles.text import ArticleText
from articles.translating import answering, kept
from articles.translating.brought_back import BroughtBack, all_of, as_listed
from articles.translating.source import SUMMARY, TITLE, source_blocks
from articles.translating.units import units, written_into
from articles.turns import take_turns

from .front_matter import decoded
from .pair import read_pair
from .parcels import MAX_BYTES, too_large
from .po import ReadFile, po_file, read_po
from .problems import FileRefused, ImportProblems
from .stamps import stamp, stamped

# What a pair of files answers: what its own list says, or all of the original in it.
LISTED, ALL = "listed", "all"


@dataclass(frozen=True)
class Returned:
    """A text as it came back, what it and its original were when it was taken away, and what it answers.

    `is_exact` is true where the file tells of every passage, so that saving a draft answers nothing by itself. `told`
    are sentences about the file for who sent it.
    """

    text: ArticleText
    base: Revision | None
    original: Revision
    answers: BroughtBack | None
    is_exact: bool = False
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What became of it: the revision where words were saved, or the conflict on which nothing was."""

    revision: Revision | None = None
    was_merged: bool = False
    conflict: TextConflict | None = None


def po_of(article: Article, language: str) -> str:
    """Return the PO file of the translation in work and the original as it stands."""
    base, original = article.in_work(language), article.latest_revision(article.source_language)
    source = source_blocks(content_of(original))
    found = units(kept.answered_in_work(article, language), source, content_of(base))
    header = {
        "X-Article": article.key,
        "X-Source-Language": article.source_language,
        "X-Version": stamp(base),
        "X-Original": stamp(original),
    }
    return po_file(found, source, language, header)


def read_returned(name: str, data: bytes, article: Article, language: str, answers: str) -> Returned:
    """Return what a file says: a zip, index.<language>.md alone, or a PO file. Raise FileRefused."""
    if not data.startswith(b"PK") and len(data) > MAX_BYTES:
        raise too_large()
    if not name.lower().endswith((".po", ".pot")):
        return _of_pair(name, data, article, language, answers)
    try:
        # The path serves the message alone.
        return _of_po(read_po(decoded(Path(name), data)), article, language)
    except ImportProblems as error:
        line = _("Line %(line)d: this is not UTF-8. Save the file as UTF-8.")
        raise FileRefused(line % {"line": error.problems[0].line}) from None


def _of_pair(name: str, data: bytes, article: Article, language: str, answers: str) -> Returned:
    files = read_pair(name, data, article, language)
    if not files.text.title:
        raise FileRefused(_("The translation has no title."))
    base, original = _bases(article, language, files.version, files.original)
    base_text = content_of(base)
    text = replace(files.text, slug=files.text.slug or base_text.slug, published_at=base_text.published_at)
    source = source_blocks(content_of(original))
    told = []
    if files.source and not files.source.reads_like(content_of(original)):
        told.append(
            _("The original in the zip was changed. That change was left aside: this page takes the translation alone.")
        )
    if files.text.published_at != base_text.published_at:
        told.append(
            _("The publication date in the file was left aside: publishing is done in the form of the article.")
        )
    brought = all_of(source) if answers == ALL else None
    if answers == LISTED and files.answered is not None:
        brought = as_listed(files.answered, source)
    return Returned(text, base, original, brought, told=tuple(told))


def _of_po(file: ReadFile, article: Article, language: str) -> Returned:
    header = file.header
    if header.article != article.key:
        raise FileRefused(
            _("This file is of the article “%(other)s”; this page is that of “%(key)s”.")
            % {"other": header.article[:100], "key": article.key}
        )
    # Some programs name the country as well.
    is_of_language = f"{header.language}-".replace("_", "-").lower().startswith(f"{language}-".lower())
    if not is_of_language or header.source_language != article.source_language:
        raise FileRefused(
            _("This file translates from “%(source)s” to “%(target)s”; this page takes “%(wanted)s”.")
            % {"source": header.source_language[:10], "target": header.language[:10], "wanted": language}
        )
    base, original = _bases(article, language, header.version, header.original)
    source, text = source_blocks(content_of(original)), content_of(base)
    entries = file.entries(source, text)
    words = {entry.field: entry.written.words.strip() for entry in entries if entry.written.words.strip()}
    body = written_into(text.body, [entry.written for entry in entries if entry.field not in (TITLE, SUMMARY)])
    text = replace(text, title=words.get(TITLE, text.title), summary=words.get(SUMMARY, text.summary), body=body)
    if not text.title:
        raise FileRefused(_("The translation has no title."))
    places = {place for entry in entries if entry.is_answer for place in entry.written.places}
    answers = BroughtBack(source, places, dict.fromkeys(places, False), is_in_order=False)
    return Returned(text, base, original, answers, is_exact=True)


def _bases(article: Article, language: str, version: str, original: str) -> tuple[Revision | None, Revision]:
    """Return the texts that a file says it was made from; raise FileRefused where they are none of this article."""
    base, source = stamped(article, language, version), stamped(article, article.source_language, original)
    if source is None or (version and base is None):
        raise FileRefused(
            _(
                "This file was made from another article, from another language or on another site. "
                "Download it anew, and put the translation into the new file."
            )
        )
    return base, source


def save_returned(
    article: Article, language: str, returned: Returned, *, for_readers: bool, by: AbstractBaseUser
) -> Outcome:
    """Save what came back, merged with what others saved since; a text that readers see goes to its working copy.

    `for_readers` puts it in their sight at once, where `by` may publish. Nothing is saved on a conflict; then the text
    that came back is set aside.

    Raise PermissionDenied, and ValidationError where the text breaks a rule.
    """
    save = partial(_save, article, language, returned.text, returned.base, for_readers=for_readers, by=by)
    try:
        with transaction.atomic():
            take_turns()
            before = kept.answered_in_work(article, language)
            outcome = save(source_revision=returned.original)
            if returned.answers:
                exact = before if returned.is_exact else None
                answering.bring_back(article, language, returned.answers, by=by, before=exact)
            return outcome
    except EditConflict as conflict:
        return _kept(article, language, conflict, by)


def save_chosen(
    article: Article, language: str, conflict: TextConflict, *, for_readers: bool, by: AbstractBaseUser
) -> Outcome:
    """Save a text that met another one, with the words that its writer chose in each place."""
    text = replace(conflict.merge.text(conflict.choices), published_at=conflict.theirs.published_at)
    try:
        with transaction.atomic():
            take_turns()
            return _save(article, language, text, conflict.theirs, for_readers=for_readers, by=by)
    except EditConflict as again:
        return _kept(article, language, again, by)


def _save(
    article: Article,
    language: str,
    text: ArticleText,
    base: Revision | None,
    *,
    for_readers: bool,
    by: AbstractBaseUser,
    source_revision: Revision | None = None,
) -> Outcome:
    current = Article.objects.get(pk=article.pk)
    is_published = for_readers and may_publish(by, current, language)
    action = PUBLISH_COPY if is_published and base and base.is_working_copy else ""
    edit = Edit(current, language, base, text, action=action, wants_copy=not is_published, by=by)
    if not edit.is_touched:
        return Outcome()
    edit.prepare()
    revision = edit.save(article, note=_("From a file"), source_revision=source_revision)
    return Outcome(revision, edit.was_merged)


def _kept(article: Article, language: str, conflict: EditConflict, by: AbstractBaseUser) -> Outcome:
    mine = set_aside(article, language, conflict.merge.mine, based_on=conflict.ancestor, by=by)
    return Outcome(conflict=TextConflict(mine, conflict.theirs))
