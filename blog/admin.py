"""The author's side of the publication: the site's own texts, and its pages in all languages on one form."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.admin import ReadOnlyAdmin
from articles import languages
from articles.references import lost_in
from articles.translated_forms import ChangesForm, TranslatedAdmin, language_fieldsets, site_links

from .forms import PageForm, columns
from .models import Page, PageRevision, Site
from .page_text import PageText


@admin.register(Site)
class SiteAdmin(TranslatedAdmin):
    """One row: its list is its form."""

    form = ChangesForm

    def get_fieldsets(self, request: HttpRequest, site: Site | None = None) -> list:
        texts = language_fieldsets(["name", "tagline", "author", "footer"])
        return [*texts, (_("In all languages"), {"fields": ["shows_lag"]})]

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:blog_site_change", args=[Site.current().pk]))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Site | None = None) -> bool:
        return False


def title_column(language: str) -> Callable[[Page], str]:
    """Return a column of the list: the title in one language, and whether readers can open it there."""

    @admin.display(description=languages.name(language), ordering=languages.column("title", language))
    def column(page: Page) -> str:
        title = page.name_in(language)
        if not title:
            return ""
        state = ("live", _("shown")) if language in page.live_languages() else ("draft", _("hidden"))
        return format_html('<span lang="{}">{}</span> <span class="state state-{}">{}</span>', language, title, *state)

    column.__name__ = f"title_{language}"
    return column


@admin.register(Page)
class PageAdmin(TranslatedAdmin):
    form = PageForm
    list_display = ["key", *map(title_column, languages.codes()), "navigation", "position"]
    list_filter = ["navigation"]
    search_fields = ["key", *(languages.column(f, code) for f in ("title", "body") for code in languages.codes())]
    # Each language has a link of its own, where it is live.
    view_on_site = False
    shared = ["key", "navigation", "position"]

    SAVED_TEXTS = 20

    def get_changelist_instance(self, request: HttpRequest):
        changelist = super().get_changelist_instance(request)
        changelist.result_list = changelist.result_list.without_bodies()
        return changelist

    def get_fieldsets(self, request: HttpRequest, page: Page | None = None) -> list:
        may_save = self.has_change_permission(request, page) if page else self.has_add_permission(request)
        texts = language_fieldsets(PageText.FIELDS, has_base=may_save)
        return [*texts, (_("In all languages"), {"fields": self.shared})]

    def get_form(self, request: HttpRequest, page: Page | None = None, **kwargs) -> type[PageForm]:
        fields = [*self.shared, *(name for code in languages.codes() for name in columns(code))]
        return super().get_form(request, page, **kwargs | {"fields": fields})

    def get_readonly_fields(self, request: HttpRequest, page: Page | None = None) -> list[str]:
        return ["key"] if page else []

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        return False

    def render_change_form(self, request: HttpRequest, context: dict, obj: Page | None = None, **kwargs):
        conflicts = context["adminform"].form.conflicts
        context["conflicts"] = [(languages.name(code), theirs) for code, theirs in conflicts.items()]
        if obj:
            context["site_links"] = site_links(obj.addresses())
            context["saved_texts"] = obj.revisions.defer("body").select_related("created_by")[: self.SAVED_TEXTS]
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def save_model(self, request: HttpRequest, page: Page, form: PageForm, change: bool) -> None:
        page.save(by=request.user)
        for rendering in page.renderings.order_by("pk"):
            for sentence in lost_in(rendering.as_of_no_article()):
                self.message_user(request, f"{languages.name(rendering.language)} – {sentence}", messages.WARNING)


@admin.register(PageRevision)
class PageRevisionAdmin(ReadOnlyAdmin):
    """The saved texts of pages, to read: the form of a page leads here."""

    list_display = ["created_at", "language", "title", "created_by"]
    list_filter = ["language", "page"]
    list_select_related = ["created_by"]
    fields = ["page", "created_at", "created_by", "language", "title", "slug", "description", "is_live", "shown_body"]
    readonly_fields = fields

    class Media:
        css = {"all": ["articles/admin.css"]}

    @admin.display(description=gettext_lazy("body"))
    def shown_body(self, revision: PageRevision) -> SafeString:
        area = '<textarea class="article-body-source" readonly rows="28" lang="{}" aria-label="{}">\n{}</textarea>'
        return format_html(area, revision.language, _("body"), revision.body)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("blog.view_page") or request.user.has_perm("blog.change_page")
