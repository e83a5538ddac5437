"""Articles in the admin: the list, and the form with all languages side by side."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import languages
from articles.forms import ArticleForm
from articles.formsets import RowsFormSet
from articles.models import Article, Author, Companion
from articles.permissions import may_publish_some
from articles.references import lost_in
from articles.text import ArticleText
from articles.translated_forms import language_fieldsets, site_links
from articles.validation import with_slug

from .changelist import STATE_COLUMNS, DeletedFilter, state_filter
from .dating import DATING_ACTIONS
from .incoming import incoming_lines
from .previews import PreviewLinksMixin


class CompanionInline(admin.TabularInline):
    model = Companion
    formset = RowsFormSet
    fk_name = "article"
    autocomplete_fields = ["companion"]
    extra = 0


@admin.register(Article)
class ArticleAdmin(PreviewLinksMixin, admin.ModelAdmin):
    form = ArticleForm
    inlines = [CompanionInline]
    autocomplete_fields = ["authors", "tags", "series"]
    list_display = ["shown_title", *STATE_COLUMNS, "tag_names"]
    list_filter = [*map(state_filter, languages.codes()), "source_language", "tags", "series", DeletedFilter]
    search_fields = ["key", *(languages.column("title", code) for code in languages.codes())]
    search_fields += [languages.column("body", code) for code in languages.codes()]
    list_per_page = 50
    # Each language has a link of its own, where it is live.
    view_on_site = False

    class Media:
        css = {"all": ["articles/admin.css"]}
        js = ["articles/slug_proposal.js"]

    # The list

    def get_changelist_instance(self, request: HttpRequest):
        changelist = super().get_changelist_instance(request)
        long = [languages.column(field, code) for field in ("summary", "body") for code in languages.codes()]
        changelist.result_list = changelist.result_list.defer(*long).prefetch_related("tags")
        return changelist

    @admin.display(description=gettext_lazy("title"))
    def shown_title(self, article: Article) -> str:
        title, language = article.shown_title()
        return format_html('<span lang="{}">{}</span>', language, title)

    @admin.display(description=gettext_lazy("tags"))
    def tag_names(self, article: Article) -> str:
        return ", ".join(map(str, article.tags.all()))

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        if may_publish_some(request.user):
            for language in languages.codes():
                for action in DATING_ACTIONS[language]:
                    actions[action.__name__] = (action, action.__name__, action.short_description)
        if self.has_change_permission(request) and request.GET.get(DeletedFilter.parameter_name):
            actions["restore"] = self.get_action("restore")
            actions.pop("delete_selected", None)
        return actions

    @admin.action(description=gettext_lazy("Restore the deleted articles"))
    def restore(self, request: HttpRequest, queryset: QuerySet) -> None:
        for article in queryset:
            article.restore()
            self.log_change(request, article, _("Restored."))
        self.message_user(request, _("Restored. Each language that was live is live again."), messages.SUCCESS)

    def get_deleted_objects(self, articles: QuerySet, request: HttpRequest) -> tuple:
        """Name the articles, each with what leads to it: nothing else goes, since each deletion can be undone."""
        going = [{"article": article, "incoming": incoming_lines(self, request, article)} for article in articles]
        return going, {self.opts.verbose_name_plural: len(going)}, set(), []

    # The form

    def get_fieldsets(self, request: HttpRequest, article: Article | None = None) -> list:
        fields = ("title", "slug", "published_at", "summary", "body")
        texts = language_fieldsets(fields, has_base=self._may_save(request, article))
        return [*texts, (_("In all languages"), {"fields": ArticleForm.Meta.fields})]

    def _may_save(self, request: HttpRequest, article: Article | None) -> bool:
        return self.has_change_permission(request, article) if article else self.has_add_permission(request)

    def get_form(self, request: HttpRequest, article: Article | None = None, **kwargs) -> type[ArticleForm]:
        # The texts are the form's own fields, not the model's: they are saved one language at a time.
        return super().get_form(request, article, **kwargs | {"fields": ArticleForm.Meta.fields})

    def get_readonly_fields(self, request: HttpRequest, article: Article | None = None) -> list[str]:
        return ["key"] if article else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        author = Author.objects.filter(user=request.user)
        return {"authors": list(author)} | super().get_changeform_initial_data(request)

    def render_change_form(self, request: HttpRequest, context: dict, obj: Article | None = None, **kwargs):
        conflicts = context["adminform"].form.conflicts
        context["conflicts"] = [(languages.name(code), theirs) for code, theirs in conflicts.items()]
        context["site_links"] = site_links(obj.addresses()) if obj else []
        context["publication"] = [_publication(obj, code) for code in languages.codes()]
        context["lost_references"] = _lost_references(obj) if obj else []
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def save_model(self, request: HttpRequest, article: Article, form: ArticleForm, change: bool) -> None:
        if not change:
            article.save()
        elif changed := {"source_language", "source", "series", "part"} & set(form.changed_data):
            # A place is left with the series that it was in.
            article.save(update_fields=changed | {"part"} if "series" in changed else changed)
        form.save_texts(article, by=request.user)
        if Article.objects.deleted().filter(pk=article.pk).exists():
            deleted = _("This article is deleted. Your text is saved, but nobody can read it until it is restored.")
            self.message_user(request, deleted, messages.WARNING)

    def response_add(self, request: HttpRequest, obj: Article, post_url_continue: str | None = None) -> HttpResponse:
        return super().response_add(_staying(request), obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return super().response_change(_staying(request), obj)

    def response_post_save_add(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return super().response_post_save_add(self._told_of_lost_references(request, obj), obj)

    def response_post_save_change(self, request: HttpRequest, obj: Article) -> HttpResponse:
        return super().response_post_save_change(self._told_of_lost_references(request, obj), obj)

    def _told_of_lost_references(self, request: HttpRequest, article: Article) -> HttpRequest:
        """Tell the author who leaves the form what the form itself would show."""
        for name, sentences in _lost_references(article):
            self.message_user(request, f"{name} – {' '.join(sentences)}", messages.WARNING)
        return request

    def get_urls(self) -> list:
        own = [path("propose-slug/", self.admin_site.admin_view(self.propose_slug), name="articles_propose_slug")]
        return own + super().get_urls()

    def propose_slug(self, request: HttpRequest) -> JsonResponse:
        """Answer the slug that saving would make from a title, in a language, for an article or a new one."""
        if not (self.has_change_permission(request) or self.has_add_permission(request)):
            raise PermissionDenied
        language = request.GET.get("language")
        if language not in languages.codes():
            return JsonResponse({"error": _("Unknown language.")}, status=400)
        key = request.GET.get("article", "")
        article = Article(pk=int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None)
        title = request.GET.get("title", "")[:1000]
        return JsonResponse({"slug": with_slug(article, language, ArticleText(title=title)).slug or ""})


def _lost_references(article: Article) -> list[tuple[str, list[str]]]:
    """Return the name of each language with what its readers cannot follow or see; no language without any."""
    renderings = {rendering.language: rendering for rendering in article.renderings.all()}
    lost = [(languages.name(code), lost_in(renderings[code])) for code in languages.codes() if code in renderings]
    return [(name, sentences) for name, sentences in lost if sentences]


def _publication(article: Article | None, language: str) -> dict:
    """Return what the form shows of one language beside its fields: state, and the buttons that fit."""
    State = Article.State  # noqa: N806, a class
    state = article.state_in(language) if article else State.MISSING
    first = getattr(article, languages.column("first_published_at", language)) if article else None
    return {
        "code": language,
        "name": languages.name(language),
        "state": state,
        "can_publish": state != State.LIVE,
        "can_unpublish": state in {State.LIVE, State.SCHEDULED},
        "first_published_at": first if state == State.DRAFT else None,
    }


def _staying(request: HttpRequest) -> HttpRequest:
    """Return the request as if "save and continue editing" had been pressed, where a publication button was."""
    if any(name.startswith(("_publish_", "_unpublish_")) for name in request.POST):
        request.POST = request.POST.copy()
        request.POST["_continue"] = "1"
    return request
