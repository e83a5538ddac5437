"""The list of articles in the admin: its filters and its columns, one of each for every language."""

from collections.abc import Callable

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import languages
from articles.models import Article


class DeletedFilter(admin.SimpleListFilter):
    """Deleted articles are out of sight until they are asked for."""

    title = gettext_lazy("deleted")
    parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("Deleted articles"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.deleted() if self.value() == "yes" else queryset.kept()


class WorkingCopyFilter(admin.SimpleListFilter):
    """Articles with a text that waits to be published."""

    title = gettext_lazy("working copy")
    parameter_name = "working_copy"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(code, languages.name(code)) for code in languages.codes()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(working_copies__language=self.value()) if self.value() else queryset


def state_filter(language: str) -> type[admin.SimpleListFilter]:
    """Return a filter by the state in one language."""

    class StateFilter(admin.SimpleListFilter):
        title = format_lazy("{} ({})", gettext_lazy("state"), languages.name(language))
        parameter_name = f"state_{language}"

        def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
            return Article.State.choices

        def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
            return queryset.in_state(self.value(), language) if self.value() else queryset

    return StateFilter


def state_column(language: str) -> Callable[[Article], str]:
    """Return a column of the list: the state and the date in one language."""

    @admin.display(description=languages.name(language), ordering=languages.column("published_at", language))
    def column(article: Article) -> str:
        state = article.state_in(language)
        date = getattr(article, languages.column("published_at", language))
        day = date_format(timezone.localtime(date), "SHORT_DATE_FORMAT") if date else ""
        shown = format_html('<span class="state state-{}">{}</span> {}', state.value, state.label, day)
        # Prefetched: a list asks once for all its rows.
        if any(copy.language == language for copy in article.working_copies.all()):
            return format_html('{} <span class="state state-copy">{}</span>', shown, _("working copy"))
        return shown

    column.__name__ = f"state_{language}"
    return column


STATE_COLUMNS = [state_column(code) for code in languages.codes()]
