"""Tags, series and authors in the admin: their texts and addresses in each language, and the parts of a series."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.fields import TranslationField

from accounts.logged_admin import LoggedDeletionsMixin
from articles import languages
from articles.formsets import PartFormSet
from articles.models import Article, Author, Series, Slugged, Tag, free_key
from articles.saving import note_shared_facts
from articles.search.rebuilding import index_articles
from articles.slugs import slugify
from articles.translated_forms import ChangesForm, TranslatedAdmin, language_fieldsets, site_links
from articles.turns import take_turns

from .changelist import STATE_COLUMNS, with_translations


class KeyedForm(ChangesForm):
    """A tag or a series: it has a name in some language, and its key is made from that when left empty."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if "key" in self.fields:
            self.fields["key"].required = False
            self.fields["key"].help_text = _("The same in all languages; made from the name when left empty.")

    def clean(self) -> dict:
        cleaned = super().clean()
        names = {
            code: self.cleaned_data.get(languages.column(self._meta.model.SLUG_FROM, code))
            for code in languages.codes()
        }
        language = next((code for code, name in names.items() if name), None)
        if language is None:
            raise ValidationError(_("Write a name in at least one language."))
        if "key" in self.fields and not cleaned.get("key") and "key" not in self.errors:
            cleaned["key"] = free_key(self._meta.model, slugify(names[language], language))
        return cleaned


class PartInline(admin.TabularInline):
    """The parts of a series in their order; an article joins on its own form."""

    model = Article
    formset = PartFormSet
    readonly_fields = ["title_link", *STATE_COLUMNS]
    fields = ["title_link", *STATE_COLUMNS, "part"]
    can_delete = False
    view_on_site = False
    verbose_name_plural = gettext_lazy("parts, in their order; an article joins on its own form")

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        long = [languages.column(field, code) for field in ("summary", "body") for code in languages.codes()]
        parts = super().get_queryset(request).kept().in_order_of_parts().defer(*long)
        return with_translations(parts.prefetch_related("working_copies"))

    @admin.display(description=gettext_lazy("title"))
    def title_link(self, article: Article) -> SafeString:
        title, language = article.shown_title()
        url = reverse("admin:articles_article_change", args=[article.pk])
        return format_html('<a href="{}" lang="{}">{}</a>', url, language, title)

    def has_add_permission(self, request: HttpRequest, series: Slugged | None = None) -> bool:
        return False


class SubjectAdmin(LoggedDeletionsMixin, TranslatedAdmin):
    """What has a page that lists articles. Its articles stay when it is deleted."""

    # What all languages share, and what each has of its own.
    shared = ["key"]
    texts: list[str]
    formfield_overrides = {models.TextField: {"widget": AdminTextareaWidget({"rows": 3})}}
    # Each language has a link of its own, where the page exists.
    view_on_site = False
    delete_confirmation_template = "admin/articles/subject/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/articles/subject/delete_selected_confirmation.html"

    def get_fieldsets(self, request: HttpRequest, subject: Slugged | None = None) -> list:
        return [(None, {"fields": self.shared}), *language_fieldsets(self.texts)]

    def get_readonly_fields(self, request: HttpRequest, subject: Slugged | None = None) -> list[str]:
        return ["key"] if subject and "key" in self.shared else []

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        name = db_field.translated_field.name if isinstance(db_field, TranslationField) else None
        if name == "slug":
            # A slug may hold less than Django's rule says, and the model refuses the rest in the same words.
            field.error_messages["invalid"] = _("Write lower-case letters without accents, digits and single hyphens.")
            field.help_text = _("The words of the address; made from the name when left empty. Former ones lead here.")
        elif name == self.model.SLUG_FROM:
            field.help_text = _(
                "While this is empty, readers of this language find no page, and articles do not mention it."
            )
        return field

    def render_change_form(self, request: HttpRequest, context: dict, obj: Slugged | None = None, **kwargs):
        context["site_links"] = site_links(_addresses(obj)) if obj else []
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def get_deleted_objects(self, subjects, request: HttpRequest) -> tuple:
        """Name the subjects alone, each with how many articles stay without it."""
        lines = [
            _("%(name)s (articles: %(count)d)") % {"name": subject, "count": subject.articles.kept().count()}
            for subject in subjects
        ]
        return lines, {self.opts.verbose_name_plural: len(lines)}, set(), []


def _addresses(subject: Slugged) -> dict[str, str | None]:
    """Return the path of a subject's page in every language, None where it has none now."""
    found = type(subject).objects.with_languages().get(pk=subject.pk)
    has_page = {code: getattr(found, f"has_page_{code}") for code in languages.codes()}
    return {code: found.get_absolute_url(code) if has_page[code] else None for code in languages.codes()}


@admin.register(Tag)
class TagAdmin(SubjectAdmin):
    form = KeyedForm
    list_display = ["key", *(languages.column("name", code) for code in languages.codes())]
    search_fields = list_display
    texts = ["name", "slug"]

    def save_model(self, request: HttpRequest, tag: Tag, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, tag, form, change)
        names = {languages.column("name", code) for code in languages.codes()}
        # A search finds articles by the names of their tags.
        if change and names & set(form.changed_data):
            index_articles(tag.articles.all())

    def delete_model(self, request: HttpRequest, tag: Tag) -> None:
        self.delete_queryset(request, Tag.objects.filter(pk=tag.pk))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, tags: models.QuerySet) -> None:
        # Before anything is written: who writes first and waits then can make two wait for each other.
        take_turns()
        tagged = list(Article.objects.filter(tags__in=tags).values_list("pk", flat=True))
        super().delete_queryset(request, tags)
        index_articles(Article.objects.filter(pk__in=tagged))


@admin.register(Series)
class SeriesAdmin(SubjectAdmin):
    form = KeyedForm
    list_display = ["key", *(languages.column("title", code) for code in languages.codes())]
    search_fields = list_display
    texts = ["title", "slug", "description"]

    def get_inlines(self, request: HttpRequest, series: Series | None = None) -> list:
        return [PartInline] if series else []

    def save_formset(self, request: HttpRequest, form: forms.ModelForm, formset: PartFormSet, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for article, _fields in formset.changed_objects:
            note_shared_facts(article, by=request.user)


@admin.register(Author)
class AuthorAdmin(SubjectAdmin):
    form = ChangesForm
    list_display = ["name", "user"]
    search_fields = ["name"]
    shared = ["name", "user"]
    texts = ["slug", "about"]
