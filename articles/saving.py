"""The one way to write an article's text: forms, actions, imports and every later command call save_language."""

from dataclasses import asdict

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from . import languages
from .link_findings import forget_mended
from .markdown import RENDER_VERSION, Rendered
from .merging import TextMerge
from .models import Article, Rendering, Revision, WorkingCopy, content_of
from .permissions import may_publish, may_write
from .prepared import prepared
from .publication_log import log_publication
from .search.index import index
from .shared_facts import facts
from .text import ArticleText
from .translating import following
from .turns import take_turns
from .validation import refuse_too_long, validate, with_slug


class EditConflict(Exception):
    """Somebody else changed the same words since the writer opened them; nothing took its place.

    `merge` holds the three texts and where they part; `theirs` and `ancestor` are two of them, as they were saved.
    """

    def __init__(self, ancestor: Revision | None, theirs: Revision, merge: TextMerge) -> None:
        super().__init__(_("This text was changed by somebody else in the meantime."))
        self.ancestor, self.theirs, self.merge = ancestor, theirs, merge


@transaction.atomic
def save_language(
    article: Article,
    language: str,
    text: ArticleText,
    *,
    based_on: Revision | None,
    by: AbstractBaseUser | None = None,
    note: str = "",
    is_minor: bool = False,
    as_working_copy: bool = False,
    source_revision: Revision | None = None,
    answers_nothing: bool = False,
    is_logged: bool = True,
) -> Revision | None:
    """Save one language of a saved article: its columns only, its rendering, search entry and revision, all or nothing.

    `based_on` is the revision that the writer started from, None where there was none. What others saved since is
    merged with the writer's text. An empty slug is made from the title. `as_working_copy` keeps the text as the
    working copy of the language; what stands is not touched. Saved otherwise, a text that was based on the working
    copy takes its place and ends it. `source_revision` is the text of the original that a translation was made from,
    by default the one that stands; `answers_nothing` says that its writer answers it passage by passage, and that the
    save itself tells nothing of that. `is_logged` is False where the caller logs many texts as one event. `by` is None
    for the site's own work, which nobody's permissions bound.

    Return the new revision, or None where the text is what stands already.

    Raise EditConflict where others changed the same words, ValidationError, keyed by the names of the untranslated
    fields, where the text breaks a rule, and PermissionDenied where `by` may not write it.
    """
    take_turns()
    current = Article.as_it_stands(article.pk)
    refuse_too_long(text)
    standing = standing_revision(current, language, as_working_copy)
    text = _merged(standing, text, based_on, as_working_copy)
    has_slug, text = bool(text.slug), with_slug(current, language, text)
    revision = None
    if text != content_of(standing):
        check_permission(current, language, text, by, as_working_copy)
        # One that was just made is free.
        rendered = validate(current, language, text, is_slug_free=not has_slug)
        about = {
            "note": note,
            "is_minor": is_minor,
            "created_by": by,
            "created_at": timezone.now(),
            "source_revision": _source_revision(current, language, text, standing, source_revision),
            "shared": facts(current),
        }
        if as_working_copy:
            revision = _keep_working_copy(current, language, text, about)
        else:
            before = current.text_in(language)
            revision = _write(current, language, text, about | {"based_on": based_on})
            save_rendering(current, language, rendered)
            is_live = text.is_live_at(about["created_at"])
            forget_mended(current, language, rendered.html, other=[current.source], is_live=is_live)
            if is_logged:
                log_publication(current, language, before, by)
            following.follow(current, revision, before, answers_nothing)
    takes_copy = based_on is not None and based_on.is_working_copy and not as_working_copy
    if takes_copy and based_on == current.working_copy(language):
        end_working_copy(current, language)
    # Only this language of the caller's article: it may hold other changes of its own.
    for field in _columns(language):
        setattr(article, field, getattr(current, field))
    return revision


def standing_revision(article: Article, language: str, as_working_copy: bool = False) -> Revision | None:
    """Return the revision that a text would replace."""
    return article.in_work(language) if as_working_copy else article.latest_revision(language)


def merged(
    article: Article, language: str, text: ArticleText, based_on: Revision | None, as_working_copy: bool = False
) -> ArticleText:
    """Return a text with what others saved since its writer opened it.

    Raise EditConflict where both changed the same words.
    """
    return _merged(standing_revision(article, language, as_working_copy), text, based_on, as_working_copy)


def _merged(
    standing: Revision | None, text: ArticleText, based_on: Revision | None, as_working_copy: bool
) -> ArticleText:
    is_published = standing is not None and based_on is not None and standing.based_on_id == based_on.pk
    if based_on and based_on.is_working_copy and not as_working_copy and not is_published:
        # A working copy takes the place of the text that it began with.
        based_on = based_on.based_on
    if standing is None or (based_on and standing.content == based_on.content):
        return text
    merge = TextMerge(content_of(based_on), text, standing.content)
    if merge.has_conflicts:
        raise EditConflict(based_on, standing, merge)
    return merge.text()


def check_permission(
    article: Article, language: str, text: ArticleText, by: AbstractBaseUser | None, as_working_copy: bool
) -> None:
    """Raise PermissionDenied where somebody may not write a language, or not in its readers' sight."""
    if by is None:
        return
    is_dated = text.published_at or getattr(article, languages.column("published_at", language))
    may = may_publish if is_dated and not as_working_copy else may_write
    if not may(by, article, language):
        raise PermissionDenied(_("You may not write this text."))


def _source_revision(
    article: Article, language: str, text: ArticleText, standing: Revision | None, seen: Revision | None
) -> Revision | None:
    if language == article.source_language:
        return None
    if standing and text.reads_like(standing.content):
        # Who moves a date has translated nothing.
        return standing.source_revision
    return seen or article.latest_revision(article.source_language)


def set_aside(
    article: Article, language: str, text: ArticleText, *, based_on: Revision | None, by: AbstractBaseUser | None
) -> Revision:
    """Keep a text that met another writer's words, so that it is not lost while its writer decides."""
    last = article.revisions.filter(language=language, kind=Revision.Kind.SET_ASIDE, created_by=by).last()
    if last and last.content == text and last.based_on == based_on:
        return last
    return Revision.objects.create(
        article=article,
        language=language,
        kind=Revision.Kind.SET_ASIDE,
        based_on=based_on,
        created_by=by,
        shared=facts(article),
        **asdict(text),
    )


@transaction.atomic
def note_shared_facts(article: Article, by: AbstractBaseUser | None = None, note: str = "") -> Revision | None:
    """Keep what the languages share in the history, where the last revision says something else.

    Return the new revision, None where there is nothing new. A translation has nothing to follow in it.
    """
    take_turns()
    current = Article.as_it_stands(article.pk)
    codes = dict.fromkeys((current.source_language, *languages.codes()))
    standing = next(filter(None, map(current.latest_revision, codes)), None)
    if standing is None:
        return None
    shared = facts(current)
    if current.revisions.latest("pk").shared == shared:
        return None
    if rendering := current.rendering_in(current.source_language):
        is_live = current.source_language in current.live_languages()
        forget_mended(current, current.source_language, rendering.html, other=[current.source], is_live=is_live)
    return Revision.objects.create(
        article=current,
        language=standing.language,
        based_on=standing,
        source_revision=standing.source_revision,
        created_by=by,
        note=note,
        is_minor=True,
        shared=shared,
        **asdict(standing.content),
    )


def _columns(language: str) -> list[str]:
    fields = (*ArticleText.FIELDS, "updated_at", "first_published_at")
    return [languages.column(field, language) for field in fields]


def _write(article: Article, language: str, text: ArticleText, about: dict) -> Revision:
    now, before = about["created_at"], article.text_in(language)
    values = asdict(text)
    if not text.reads_like(before):
        values["updated_at"] = now
    if before.is_live_at(now) and not text.is_live_at(now):
        first = getattr(article, languages.column("first_published_at", language))
        values["first_published_at"] = first or before.published_at
    for field, value in values.items():
        setattr(article, languages.column(field, language), value)
    article.save(update_fields=[languages.column(field, language) for field in values])
    return Revision.objects.create(article=article, language=language, **about, **asdict(text))


def _keep_working_copy(article: Article, language: str, text: ArticleText, about: dict) -> Revision:
    copy = article.working_copy(language)
    about = {"based_on": copy.based_on if copy else article.latest_revision(language)} | about
    revision = Revision.objects.create(
        article=article, language=language, kind=Revision.Kind.WORKING_COPY, **about, **asdict(text)
    )
    WorkingCopy.objects.update_or_create(article=article, language=language, defaults={"revision": revision})
    return revision


def end_working_copy(article: Article, language: str) -> None:
    """End the working copy of a language, if there is one, once its text stands."""
    following.adopt_copy(article, language)
    article.working_copies.filter(language=language).delete()


def rebase_working_copy(
    article: Article, language: str, text: ArticleText, *, based_on: Revision, by: AbstractBaseUser | None
) -> Revision:
    """Keep a working copy that holds what was saved beside it in the meantime; return its revision."""
    about = {
        "based_on": based_on,
        "created_by": by,
        "source_revision": based_on.source_revision,
        "shared": facts(article),
    }
    return _keep_working_copy(article, language, text, about)


def save_rendering(article: Article, language: str, rendered: Rendered) -> None:
    """Keep the rendering of a language beside the article, in the place of what was there, and what a search finds."""
    # Writers take turns: nobody else makes the row in the meantime.
    found = _renderings.values(language, article=article.pk)
    rendering = Rendering.of(article, language, rendered, pk=found[0][0] if found else None, version=RENDER_VERSION)
    rendering.save()
    index(article, rendering)


@prepared
def _renderings(language: str, *, article: int) -> QuerySet:
    """Return the key of the rendering that is there."""
    return Rendering.objects.filter(article=article, language=language).order_by().values_list("pk")
