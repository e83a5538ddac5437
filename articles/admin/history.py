"""The history of an article in the admin: its revisions, two of them compared, one brought back."""

from dataclasses import dataclass

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.contrib.admin.views.main import PAGE_VAR
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from articles import languages
from articles.differences import FieldDifference, differences, text_differences
from articles.models import Article, Revision
from articles.permissions import may_delete, may_publish, may_write, written_languages
from articles.restoring import restore_words, restored_text
from articles.saving import EditConflict

from .changelist import shown_title
from .keys import key_in

REVISIONS_PAGE_VAR = "page"


@dataclass(frozen=True)
class Target:
    """A text that a revision can take the place of, what changes then, and the buttons: name and words."""

    base: Revision | None
    heading: str
    differences: list[FieldDifference]
    buttons: list[tuple[str, str]]


class HistoryMixin(admin.ModelAdmin):
    """Replaces Django's list of who did what by one of all that was written."""

    class Media:
        css = {"all": ["articles/differences.css", "articles/history.css"]}

    def get_urls(self) -> list:
        views = [
            ("<int:pk>/history/compare/", self.compare_view, "articles_revision_compare"),
            ("<int:pk>/history/<int:revision_pk>/restore/", self.restore_view, "articles_revision_restore"),
            ("<int:pk>/restore/", self.restore_article_view, "articles_article_restore"),
        ]
        own = [path(route, self.admin_site.admin_view(view), name=name) for route, view, name in views]
        return own + super().get_urls()

    def history_view(self, request: HttpRequest, object_id: str, extra_context: dict | None = None) -> HttpResponse:
        article = self.get_object(request, object_id)
        if article is None or not self.has_view_or_change_permission(request, article):
            # Django answers both.
            return super().history_view(request, object_id, extra_context)
        language = request.GET.get("language")
        language = language if language in languages.codes() else ""
        page = self._revisions(request, article, language)
        context = self._context(request, article) | {
            "language": language,
            "languages": [(code, languages.name(code)) for code in languages.codes()],
            "revisions": page,
            "chosen": _chosen(page.object_list),
            "revisions_range": page.paginator.get_elided_page_range(page.number),
            "revisions_page_var": REVISIONS_PAGE_VAR,
            "written_languages": written_languages(request.user, article),
            "may_restore_article": article.deleted_at and may_delete(request.user, article),
            "action_list": self._log(request, article),
        }
        return super().history_view(request, object_id, context | (extra_context or {}))

    def _revisions(self, request: HttpRequest, article: Article, language: str) -> Page:
        """Return a page of revisions, each with `mark`, "standing", "copy" or "", and `is_in_work`."""
        found = article.revisions.for_history()
        found = found.filter(language=language) if language else found
        page = self.get_paginator(request, found, 50).get_page(request.GET.get(REVISIONS_PAGE_VAR))
        marks = dict.fromkeys(article.revisions.standing().values_list("pk", flat=True), "standing")
        copies = dict(article.working_copies.values_list("language", "revision"))
        marks |= dict.fromkeys(copies.values(), "copy")
        for revision in page.object_list:
            revision.mark = marks.get(revision.pk, "")
            # What stands below a working copy can take the place of that.
            revision.is_in_work = bool(revision.mark) and copies.get(revision.language, revision.pk) == revision.pk
        return page

    def _log(self, request: HttpRequest, article: Article) -> Page:
        """Return a page of what Django noted, the newest first: saves, actions, deletions."""
        kind = get_content_type_for_model(self.model)
        entries = LogEntry.objects.filter(content_type=kind, object_id=str(article.pk))
        entries = entries.select_related("user").order_by("-action_time", "-pk")
        return self.get_paginator(request, entries, 100).get_page(request.GET.get(PAGE_VAR))

    def compare_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show what differs between two revisions; without a first one, what the second one changed."""
        article = self._article(request, pk)
        after = _revision(article, request.GET.get("to"))
        before = _revision(article, request.GET["from"]) if request.GET.get("from") else after.predecessor()
        is_one_language = before is None or before.language == after.language
        context = {
            "title": _("Comparison of two versions"),
            "before": before,
            "after": after,
            "is_one_language": is_one_language,
            "is_two_languages": not is_one_language,
            "differences": differences(before, after) if is_one_language else [],
            "previous": after.predecessor(),
            "next": after.successor(),
            "may_restore": may_write(request.user, article, after.language),
        }
        return self._page(request, article, "revision_compare", context)

    def restore_view(self, request: HttpRequest, pk: int, revision_pk: int) -> HttpResponse:
        """Show what changes when a revision is brought back, and bring it back."""
        article = self._article(request, pk)
        revision = _revision(article, revision_pk)
        if not may_write(request.user, article, revision.language):
            raise PermissionDenied
        if request.method == "POST":
            return self._restore(request, article, revision)
        standing, copy = article.latest_revision(revision.language), article.working_copy(revision.language)
        context = {
            "title": _("Restore a version"),
            "revision": revision,
            "copy": copy,
            "stands": bool(standing and standing.title),
            "targets": _targets(request, article, revision, standing, copy),
        }
        return self._page(request, article, "revision_restore", context)

    def _restore(self, request: HttpRequest, article: Article, revision: Revision) -> HttpResponse:
        shown = request.POST.get("based_on")
        based_on = _revision(article, shown, revision.language) if shown else None
        as_working_copy = "_working_copy" in request.POST
        is_copy = bool(based_on and based_on.is_working_copy)
        if (is_copy and not as_working_copy) or (as_working_copy and based_on is None):
            # No page offers that.
            raise Http404
        saved_at = date_format(timezone.localtime(revision.created_at), "DATETIME_FORMAT")
        note = _("Restored from the version of %(date)s") % {"date": saved_at}
        try:
            restored = restore_words(
                article, revision, based_on=based_on, by=request.user, note=note, as_working_copy=as_working_copy
            )
        except EditConflict:
            refused = _(
                "Somebody else changed the same words since you opened this page, so nothing was restored. "
                "What restoring would change now is shown here."
            )
            return self._answered(request, messages.ERROR, refused, "revision_restore", article, revision)
        except ValidationError as error:
            refused = _("Nothing was restored.") + " " + " ".join(error.messages)
            return self._answered(request, messages.ERROR, refused, "revision_restore", article, revision)
        if restored is None:
            same = _("This version is the current text already.")
            return self._answered(request, messages.INFO, same, "article_history", article)
        self.log_change(request, article, f"{languages.name(revision.language)}: {note}")
        done = _("The version of %(date)s is restored.") % {"date": saved_at}
        return self._answered(request, messages.SUCCESS, done, "article_history", article)

    def restore_article_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask whether a deleted article shall be back on the site, and put it back."""
        article = self._article(request, pk)
        if not may_delete(request.user, article):
            raise PermissionDenied
        if not article.deleted_at:
            return self._answered(request, messages.INFO, _("This article is not deleted."), "article_change", article)
        if request.method == "POST":
            article.restore(by=request.user)
            self.log_change(request, article, _("Restored."))
            done = _("Restored. Each language that was live is live again.")
            return self._answered(request, messages.SUCCESS, done, "article_change", article)
        texts = [(code, article.text_in(code), article.state_in(code)) for code in languages.codes()]
        context = {
            "title": _("Restore the article"),
            "texts": [(languages.name(code), code, text, state) for code, text, state in texts if text.title],
        }
        return self._page(request, article, "article_restore", context)

    def _article(self, request: HttpRequest, pk: int) -> Article:
        article = self.get_object(request, str(pk))
        if article is None:
            raise Http404
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        return article

    def _context(self, request: HttpRequest, article: Article) -> dict:
        return {"shown_title": shown_title(article), "media": self.media, "article": article}

    def _page(self, request: HttpRequest, article: Article, name: str, context: dict) -> HttpResponse:
        request.current_app = self.admin_site.name
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            **self._context(request, article),
            **context,
        }
        return TemplateResponse(request, f"admin/articles/article/{name}.html", context)

    def _answered(
        self, request: HttpRequest, level: int, message: str, name: str, article: Article, *more: Revision
    ) -> HttpResponse:
        """Return the way to a page of an article, which shows a message."""
        self.message_user(request, message, level)
        keys = [article.pk, *(revision.pk for revision in more)]
        return HttpResponseRedirect(reverse(f"admin:articles_{name}", args=keys, current_app=self.admin_site.name))


def _revision(article: Article, key: str | int | None, language: str | None = None) -> Revision:
    """Return the revision of an article that an address or a form names, in one language or in any."""
    revisions = article.revisions.select_related("created_by", "based_on", "source_revision__created_by")
    revisions = revisions.filter(language=language) if language else revisions
    found = revisions.filter(pk=key_in(str(key or ""))).first()
    if found is None:
        raise Http404
    return found


def _chosen(revisions: list[Revision]) -> tuple[int | None, int | None]:
    """Return which two of a page's revisions a comparison begins with: the newest, and the one before it."""
    newest = revisions[0] if revisions else None
    older = (revision.pk for revision in revisions[1:] if revision.language == newest.language)
    return next(older, None), newest and newest.pk


def _targets(
    request: HttpRequest, article: Article, revision: Revision, standing: Revision | None, copy: Revision | None
) -> list[Target]:
    """Return what a revision can take the place of: the working copy, what stands, or either with one click."""
    is_dated = bool(standing and standing.published_at)
    may_replace = not is_dated or may_publish(request.user, article, revision.language)
    replacing = [("_restore", _("Restore for readers") if is_dated else _("Restore this version"))]
    copying = [("_working_copy", _("Restore as working copy"))]

    def target(base: Revision | None, heading: str, buttons: list) -> Target:
        text = restored_text(article, revision, base)
        return Target(base, heading, text_differences(base and base.content, text), buttons)

    if copy:
        targets = [target(copy, _("In the working copy"), copying)]
        return [*targets, target(standing, _("In the current text"), replacing)] if may_replace else targets
    return [target(standing, _("What changes"), (replacing if may_replace else []) + (copying if is_dated else []))]
