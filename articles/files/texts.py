"""One language of an article brought in, or its working copy: a three-way comparison of the whole text."""

from collections.abc import Iterator
from dataclasses import replace

from django.core.exceptions import PermissionDenied, ValidationError

from articles.markdown import BodyRefused, render
from articles.markdown.limits import Reason
from articles.models import Article, Revision
from articles.permissions import may_write
from articles.saving import save_language, standing_revision
from articles.text import ArticleText

from . import three_way
from .bases import base_of, seen_by_import, seen_key
from .native import LanguageFile
from .problems import NOT_ALLOWED, ImportProblems
from .subjects import Outcome
from .three_way import Verdict
from .wishes import NOTE, Wishes
from .writing import language_file


def save_text(article: Article, file: LanguageFile, wishes: Wishes, *, is_new: bool) -> Iterator[Outcome]:
    """Save one language; yield "created", "updated", "unchanged" or why it was left alone.

    `is_new` says that the site has no text of the article yet.

    Raise ImportProblems where both sides changed it, and where the text breaks a rule.
    """
    there = article.working_copy if file.is_working_copy else article.latest_revision
    standing = None if is_new else there(file.language)
    found = None if is_new else _verdict(article, file, standing, wishes)
    if found is None or found.takes:
        saved = _saved(article, file, standing, wishes)
        # A working copy that says what stands is none.
        created = three_way.CREATED if saved else three_way.UNCHANGED
        yield file.path, created if found is None else three_way.in_words(found)
        file.is_new = saved is not None
        standing = saved or standing
    else:
        yield file.path, three_way.in_words(found)
    if found in (Verdict.KEEP, Verdict.KEEP_ANYWAY) or standing is None:
        return
    if standing.pk != seen_by_import(article, file) and wishes.allow(may_write, article, file.language):
        article.imported.setdefault(seen_key(file), {})[file.language] = standing.pk


def _verdict(article: Article, file: LanguageFile, standing: Revision | None, wishes: Wishes) -> Verdict | None:
    """Return what becomes of a file, None where the site has nothing in its place and never had."""
    if standing and _says(standing, file.text):
        return Verdict.SAME
    base = base_of(article, file)
    if standing is None:
        # A working copy that was published or discarded since is none to begin anew.
        return Verdict.KEEP if base and _says(base, file.text) else None
    found = three_way.verdict(
        is_same=False,
        is_folder_as_before=base is not None and _says(base, file.text),
        is_site_as_before=base is not None and base.content == standing.content,
        prefer=wishes.prefer,
    )
    if found is Verdict.CONFLICT:
        texts = [base and base.content, standing.content, _with_slug(file.text, standing)]
        diff = three_way.diff(*(text and language_file(text) for text in texts))
        raise ImportProblems([file.problem("title", three_way.CONFLICT, diff)])
    return found


def _with_slug(text: ArticleText, revision: Revision) -> ArticleText:
    """Return a file's text; one without a slug leaves it to the site."""
    return text if text.slug else replace(text, slug=revision.slug)


def _says(revision: Revision, text: ArticleText) -> bool:
    return revision.content == _with_slug(text, revision)


def _render(body: str, language: str) -> None:
    """Render a body, so that saving it finds it rendered; raise BodyRefused.

    One that was slow gets a second chance: among thousands one may meet a moment at which the machine is busy.
    """
    try:
        render(body, language)
    except BodyRefused as refusal:
        if refusal.reason is not Reason.SLOW:
            raise
        render(body, language)


def _saved(article: Article, file: LanguageFile, standing: Revision | None, wishes: Wishes) -> Revision | None:
    based_on = standing
    if file.is_working_copy:
        based_on = standing_revision(article, file.language, as_working_copy=True)
    text = _with_slug(file.text, based_on) if based_on else file.text
    try:
        _render(text.body, file.language)
        return save_language(
            article,
            file.language,
            text,
            based_on=based_on,
            by=wishes.by,
            note=NOTE,
            as_working_copy=file.is_working_copy,
            is_logged=False,
        )
    except BodyRefused as refusal:
        line = file.lines["body"] + max(refusal.line - 1, 0)
        raise ImportProblems([replace(file.problem("body", refusal.explanation), line=line)]) from None
    except PermissionDenied:
        raise ImportProblems([file.problem("title", NOT_ALLOWED % wishes.by)]) from None
    except ValidationError as error:
        faults = error.message_dict.items()
        raise ImportProblems([file.problem(key, " ".join(messages)) for key, messages in faults]) from None
