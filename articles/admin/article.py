"""Articles in the admin: the list, and the form with all languages side by side."""

from itertools import chain

from django.contrib import admin, messages
from django.db.models import QuerySet, prefetch_related_objects
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from articles import languages
from articles.edits import ACTIONS, DROP_COPY
from articles.forms import ArticleForm
from articles.formsets import RowsFormSet
from articles.images.decoding import MAX_BYTES
from articles.models import Article, Author, Companion
from articles.permissions import (
    may_add,
    may_delete,
    may_delete_some,
    may_write,
    may_write_all,
    may_write_some,
    written_languages,
)
from articles.saving import note_shared_facts
from articles.shared_facts_form import SINGLE_FACTS
from articles.translated_forms import base_field, site_links
from articles.translating.following import swap

from .answering import AnsweringMixin, asked_answers
from .changelist import ListMixin
from .conflicts import shown_conflict
from .history import HistoryMixin
from .incoming import incoming_lines
from .link_findings import LinkFindingsMixin
from .link_targets import LinkTargetsMixin
from .live_preview import LivePreviewMixin
from .login_again import LoginAgainMixin
from .lost_references import LostReferencesMixin
from .moved_on import has_original
from .previews import PreviewLinksMixin
from .publication import publication
from .search_result import SearchResultMixin
from .slug_proposal import SlugProposalMixin
from .suggestions import SuggestionsMixin
from .translating import TranslatingMixin
from .translation_desk import TranslationDeskMixin
from .translation_files import TranslationFilesMixin
from .unsaved import UnsavedTextsMixin


class CompanionInline(admin.TabularInline):
    model = Companion
    formset = RowsFormSet
    fk_name = "article"
    autocomplete_fields = ["companion"]
    extra = 0
    max_num = 100

    def get_formset(self, request: HttpRequest, obj: Article | None = None, **kwargs) -> type[RowsFormSet]:
        # Django would make a thousand rows more of a form that says it has them, and be busy for ten seconds.
        return super().get_formset(request, obj, **{"absolute_max": self.max_num} | kwargs)

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return request.user.has_perm("articles.view_article") or self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return may_write_all(request.user, obj) if obj else may_add(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return self.has_change_permission(request, obj)


@admin.register(Article)
class ArticleAdmin(
    LoginAgainMixin,
    UnsavedTextsMixin,
    HistoryMixin,
    LivePreviewMixin,
    AnsweringMixin,
    SearchResultMixin,
    LinkTargetsMixin,
    LinkFindingsMixin,
    LostReferencesMixin,
    SlugProposalMixin,
    ListMixin,
    PreviewLinksMixin,
    TranslatingMixin,
    SuggestionsMixin,
    TranslationDeskMixin,
    TranslationFilesMixin,
    admin.ModelAdmin,
):
    form = ArticleForm
    inlines = [CompanionInline]
    autocomplete_fields = ["authors", "tags", "series"]
    # Each language has a link of its own, where it is live.
    view_on_site = False

    class Media:
        parts = ("editor", "typing/typing", "images/images", "search_result", "translation/translation")
        editor = [f"articles/editor/{part}.css" for part in parts]
        css = {"all": ["articles/admin.css", *editor]}
        js = ["articles/slug_proposal.js", Script("articles/editor/editor.js", type="module")]

    # Deleting

    def get_deleted_objects(self, articles: QuerySet, request: HttpRequest) -> tuple:
        """Name the articles, each with what leads to it: nothing else goes, since each deletion can be undone."""
        others = {str(article) for article in articles if not may_delete(request.user, article)}
        incoming = incoming_lines(self, request, list(articles))
        going = [{"article": article, "incoming": lines} for article, lines in incoming.items()]
        return going, {self.opts.verbose_name_plural: len(going)}, others, []

    def delete_model(self, request: HttpRequest, article: Article) -> None:
        article.delete(by=request.user)

    def delete_queryset(self, request: HttpRequest, articles: QuerySet) -> None:
        articles.delete(by=request.user)

    # Who may do what: see permissions.py

    def has_view_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return super().has_view_permission(request, obj) or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_add(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return bool(written_languages(request.user, obj)) if obj else may_write_some(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Article | None = None) -> bool:
        return may_delete(request.user, obj) if obj else may_delete_some(request.user)

    # The form

    def get_fieldsets(self, request: HttpRequest, article: Article | None = None) -> list:
        panes = (self._language_fieldsets(request, article, code) for code in languages.codes())
        return [*chain.from_iterable(panes), (_("In all languages"), {"fields": ArticleForm.Meta.fields})]

    def _language_fieldsets(self, request: HttpRequest, article: Article | None, language: str) -> list:
        """Return the text of one language, and what is said of it: the template puts them into one pane."""
        text = [languages.column(field, language) for field in ("title", "body")]
        about = [languages.column(field, language) for field in ("summary", "slug", "published_at")]
        if self.has_change_permission(request, article) if article else self.has_add_permission(request):
            unseen = [base_field(language), *(f"{name}_{language}" for name in ("set_aside", "theirs", "seen"))]
            text = [*unseen, *text]
            # A translation is made from what may not be written: which text that was goes with the form.
            if not article or may_write(request.user, article, language):
                answers = [f"answers_{language}"] if article and has_original(article, language) else []
                about.append((f"note_{language}", f"is_minor_{language}", *answers))
        name = languages.name(language)
        return [
            (name, {"classes": ["language", f"text-{language}"], "fields": text}),
            (_("About the text (%s)") % name, {"classes": ["language", f"about-{language}"], "fields": about}),
        ]

    def get_form(self, request: HttpRequest, article: Article | None = None, **kwargs) -> type[ArticleForm]:
        # The texts are the form's own fields, not the model's: they are saved one language at a time.
        form = super().get_form(request, article, **kwargs | {"fields": ArticleForm.Meta.fields})
        form.user = request.user
        return form

    def get_readonly_fields(self, request: HttpRequest, article: Article | None = None) -> list[str]:
        return ["key"] if article else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        author = Author.objects.filter(user=request.user)
        return {"authors": list(author)} | super().get_changeform_initial_data(request)

    def render_change_form(self, request: HttpRequest, context: dict, obj: Article | None = None, **kwargs):
        form = context["adminform"].form
        if obj:
            # Lengths, search results and lost references: all read them.
            prefetch_related_objects([obj], "renderings")
        # Two languages need the room.
        context["is_nav_sidebar_enabled"] = False
        # What saves fits into one row.
        context["show_save_and_add_another"] = False
        context["text_conflicts"] = [shown_conflict(code, conflict) for code, conflict in form.conflicts.items()]
        context["site_links"] = site_links(obj.addresses()) if obj else []
        context["publication"] = [publication(request, form, obj, code) for code in languages.codes()]
        context["max_image_bytes"] = MAX_BYTES
        context["may_write_copies"] = any(language["copy_fits"] for language in context["publication"])
        context["incoming"] = incoming_lines(self, request, [obj])[obj] if obj else []
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def save_model(self, request: HttpRequest, article: Article, form: ArticleForm, change: bool) -> None:
        if not change:
            article.save()
        elif changed := set(SINGLE_FACTS) & set(form.changed_facts):
            former = Article.objects.values_list("source_language", flat=True).get(pk=article.pk)
            # A place is left with the series that it was in.
            article.save(update_fields=changed | {"part"} if "series" in changed else changed)
            if "source_language" in changed:
                swap(article, former)

    def save_related(self, request: HttpRequest, form: ArticleForm, formsets: list, change: bool) -> None:
        """Save the texts last: their revisions keep what the languages share, as it is then."""
        super().save_related(request, form, formsets, change)
        article = form.instance
        stood = article.latest_revision(article.source_language)
        revisions = form.save_texts(article)
        self.note_answers(request, form, stood)
        if form.changed_facts or any(formset.has_changed() for formset in formsets):
            note_shared_facts(article, by=request.user)
        for name in (languages.name(code) for code, edit in form.edits.items() if edit.was_merged):
            kept = _("%s: other passages had been changed in the meantime. Both changes are in the text.")
            self.message_user(request, kept % name, messages.WARNING)
        dropped = {code for code, edit in form.edits.items() if edit.action == DROP_COPY}
        copied = {code for code, saved in revisions.items() if saved and saved.is_working_copy} - dropped
        for name in map(languages.name, sorted(copied)):
            self.message_user(request, _("%s: saved as a working copy. Readers do not see it yet.") % name)
        for name in map(languages.name, sorted(dropped)):
            done = _("%s: the working copy is discarded. What was written in it stays in the history.")
            self.message_user(request, done % name)
            self.log_change(request, article, done % name)
        if Article.objects.deleted().filter(pk=article.pk).exists():
            deleted = _("This article is deleted. Your text is saved, but nobody can read it until it is restored.")
            self.message_user(request, deleted, messages.WARNING)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return super().response_add(_staying(request), obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return super().response_change(_staying(request), obj)


def _staying(request: HttpRequest) -> HttpRequest:
    """Return the request as if "save and continue editing" had been pressed, where another button was."""
    is_action = any(name.startswith(tuple(f"_{action}_" for action in ACTIONS)) for name in request.POST)
    if is_action or asked_answers(request.POST):
        request.POST = request.POST.copy()
        request.POST["_continue"] = "1"
    return request
