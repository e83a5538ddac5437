"""The page on which somebody translates an article passage by passage: the original left, the translation right."""

from collections.abc import Callable
from functools import wraps

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from articles import languages
from articles.models import Article, Revision, content_of
from articles.permissions import may_write
from articles.saving import EditConflict
from articles.text import with_line_feeds
from articles.translating.marks import missing
from articles.translating.passage_edit import PassageEdit, Saved
from articles.translating.passages import words_at
from articles.translating.side_by_side import Row, row_like

from .passage_form import PassageForm
from .translation_page import TranslationPage, Typed

MEDIA = forms.Media(
    css={"all": ["articles/admin.css", "articles/differences.css", "articles/translating.css"]},
    js=["articles/translating.js"],
)
TRANSLATE = "admin:articles_article_translate"


class TranslatingMixin:
    """The part of the articles' admin with a page for each translation, for whoever may write it."""

    def get_urls(self) -> list:
        view = self._logging_in(self.admin_site.admin_view(self.translate_view))
        route = "<int:pk>/translate/<str:language>/"
        return [path(route, view, name="articles_article_translate"), *super().get_urls()]

    def _logging_in(self, view: Callable) -> Callable:
        """Return a view that lets whose login has expired log in together with what was typed, and go on."""

        @sensitive_post_parameters("password")
        @never_cache
        @wraps(view)
        def view_or_login(request: HttpRequest, pk: int, language: str) -> HttpResponse:
            if (
                request.method == "POST"
                and language in languages.codes()
                and not self.admin_site.has_permission(request)
            ):
                form = self._login_form(request, request.POST if "username" in request.POST else None)
                article = Article.objects.filter(pk=pk).first()
                if form.is_valid() and article and not may_write(form.get_user(), article, language):
                    form.add_error(None, _("This account may not write this text. Your text is still here."))
                if not form.is_valid():
                    return self._login_page(request, form, request.get_full_path()).render()
                login(request, form.get_user())
            return view(request, pk=pk, language=language)

        return view_or_login

    def ask_translator_to_log_in(self, request: HttpRequest) -> HttpResponse:
        """Show a login that carries a passage along."""
        return self._login_page(request, self._login_form(request), request.get_full_path()).render()

    def translate_view(self, request: HttpRequest, pk: int, language: str) -> HttpResponse:
        """Show the passages of an article beside what says them in a language, one of them to be written; write it."""
        article = get_object_or_404(Article, pk=pk)
        if language == article.source_language and request.POST.get("words", "").strip():
            return self._came_too_late(request, article, language)
        if language not in languages.codes() or language == article.source_language:
            raise Http404
        if not may_write(request.user, article, language):
            raise PermissionDenied
        page = TranslationPage(article, language, request.user, request.GET)
        if request.method == "POST" and page.comparison.source:
            return self._write(request, page)
        return self._translation(request, page)

    def _came_too_late(self, request: HttpRequest, article: Article, language: str) -> HttpResponse:
        """Show words again that were written for what has become the original in the meantime."""
        if not self.has_view_or_change_permission(request, article):
            raise PermissionDenied
        more = {"language": language, "late_words": with_line_feeds(request.POST["words"])}
        return self._translation_page(request, article, language, more, status=409)

    def _translation(self, request: HttpRequest, page: TranslationPage, status: int = 200) -> HttpResponse:
        has_words = bool(page.comparison.source)
        more = {"has_words": has_words, **(page.context() if has_words else {})}
        return self._translation_page(request, page.article, page.language, more, status)

    def _translation_page(
        self, request: HttpRequest, article: Article, language: str, more: dict, status: int
    ) -> HttpResponse:
        request.current_app = self.admin_site.name
        context = self.admin_site.each_context(request) | {
            "title": _("Translate into %(language)s") % {"language": languages.name_in_sentence(language)},
            "opts": self.opts,
            "media": MEDIA,
            "article": article,
            "is_nav_sidebar_enabled": False,
        }
        return TemplateResponse(request, "admin/articles/article/translate.html", context | more, status=status)

    def _write(self, request: HttpRequest, page: TranslationPage) -> HttpResponse:
        form = PassageForm(request.POST)
        if form.is_malformed:
            return HttpResponseBadRequest()
        sent = form.cleaned_data
        base = _revision(page.article, page.language, sent["base"])
        seen = _revision(page.article, page.article.source_language, sent["seen"])
        if not sent["place"].is_in(content_of(base)):
            return HttpResponseBadRequest()
        row = row_like(page.rows, sent["name"])
        shown = words_at(content_of(base), sent["place"])
        try:
            edit = PassageEdit(
                page.article,
                page.language,
                base,
                seen,
                sent["place"],
                sent["name"],
                wants_copy=not page.is_live,
                by=request.user,
                **form.asked(row, shown),
            )
            saved = edit.save()
        except (EditConflict, ValidationError) as refusal:
            is_conflict = isinstance(refusal, EditConflict) or bool(row and row.words != shown)
            return self._refused(request, page, sent["name"], refusal, is_conflict)
        return self._next(request, page, row, edit, saved, sent)

    def _refused(
        self,
        request: HttpRequest,
        page: TranslationPage,
        name: str,
        refusal: EditConflict | ValidationError,
        is_conflict: bool,
    ) -> HttpResponse:
        """Show the page again with what was typed."""
        reasons = refusal.messages if isinstance(refusal, ValidationError) else []
        page.typed = Typed(name, with_line_feeds(request.POST.get("words", "")), reasons, is_conflict)
        return self._translation(request, page, status=409 if is_conflict else 200)

    def _next(
        self, request: HttpRequest, page: TranslationPage, row: Row | None, edit: PassageEdit, saved: Saved, sent: dict
    ) -> HttpResponse:
        """Return the way to the next passage that is to do, and say what came of this one."""
        now = TranslationPage(Article.objects.get(pk=page.article.pk), page.language, request.user, request.GET)
        self._tell(request, page, row, edit, saved, sent["row"])
        # A passage that was gone from the original has left the rows: the next one has its number.
        is_there = row_like(now.rows, sent["name"]) is not None
        after = now.open_after(sent["row"] - (not is_there), but=sent["key"])
        if saved.has_moved_on or "_again" in request.POST:
            after = row_like(now.rows, sent["name"]) or after
        return HttpResponseRedirect(request.path + now.address(row=after.number if after else ""))

    def _tell(
        self, request: HttpRequest, page: TranslationPage, row: Row | None, edit: PassageEdit, saved: Saved, number: int
    ) -> None:
        if saved.revision or not saved.has_moved_on:
            told = [_told(edit, saved) % {"number": number}]
            if saved.was_merged:
                told.append(_("What others wrote in other passages meanwhile is in the text as well."))
            self.message_user(request, " ".join(told), messages.SUCCESS)
        if saved.has_moved_on:
            moved = _(
                "The original of passage %(number)d changed again meanwhile, or somebody else answered it. Look again."
            )
            self.message_user(request, moved % {"number": number}, messages.WARNING)
        original = row.original if row and not row.is_gone else None
        if original and edit.words and (lost := missing(original.text, edit.words)):
            remark = _("Passage %(number)d lacks what stands in the original: %(marks)s")
            named = ", ".join(mark.text for mark in lost)
            self.message_user(request, remark % {"number": number, "marks": named}, messages.WARNING)


def _told(edit: PassageEdit, saved: Saved) -> str:
    """Return what came of a passage, with a place for its number."""
    if saved.revision and edit.words == "":
        return _("Passage %(number)d is taken out of the translation. The history keeps it.")
    if saved.revision and saved.revision.is_working_copy:
        return _("Passage %(number)d is saved in the working copy.")
    if saved.revision:
        return _("Passage %(number)d is saved.")
    if edit.is_left_out:
        return _("Passage %(number)d is left out of the translation.")
    if edit.left_out_key:
        return _("Passage %(number)d is needed after all.")
    return _("Passage %(number)d is up to date.")


def _revision(article: Article, language: str, pk: int | None) -> Revision | None:
    """Return the text that a page was made of, None where there was none."""
    if pk is None:
        return None
    kinds = (Revision.Kind.SAVED, Revision.Kind.WORKING_COPY)
    return get_object_or_404(Revision, article=article, language=language, pk=pk, kind__in=kinds)
