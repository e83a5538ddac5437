"""The list of articles in the admin: its filters and its columns, one of each for every language."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from articles import languages
from articles.desk import CHOSEN, UNWANTED, Task, last_change, unwanted_of
from articles.models import Article, Revision, Translation, WorkingCopy
from articles.permissions import may_delete, may_publish_some
from articles.translating import desk as translations

from .dating import DATING_ACTIONS
from .link_findings import LinkFilter


class DeskFilter(admin.SimpleListFilter):
    """What the author's desk shows the first lines of."""

    title = gettext_lazy("task")
    parameter_name = "desk"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return Task.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return CHOSEN[self.value()](queryset, request.user) if self.value() in CHOSEN else queryset


class DeletedFilter(admin.SimpleListFilter):
    """Deleted articles are out of sight until they are asked for."""

    title = gettext_lazy("deleted")
    parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("yes", _("Deleted articles"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.deleted() if self.value() == "yes" else queryset.kept()


class TranslationFilter(admin.SimpleListFilter):
    """Translations that are behind their original, and those that are not."""

    title = gettext_lazy("translation")
    parameter_name = "translation"
    states = (translations.State.BEHIND, translations.State.CURRENT)

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [
            (
                f"{code}-{state.word}",
                _("%(language)s: %(state)s") % {"language": languages.name(code), "state": state.label},
            )
            for code in languages.codes()
            for state in self.states
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        language, __, word = self.value().rpartition("-")
        states = [state for state in self.states if state.word == word]
        rows = translations.translations().filter(language=language, state__in=states)
        return queryset.filter(pk__in=rows.values("article"))


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


def with_states_and_changes(articles: QuerySet) -> QuerySet:
    """Return the rows of the list without their long texts; working copies and last changes are asked for at once."""
    copies = WorkingCopy.objects.select_related("revision__created_by")
    copies = copies.defer(*unwanted_of("revision__"))
    changes = Prefetch("revisions", Revision.objects.last_changes("article").for_history(), to_attr="last_changes")
    articles = with_translations(articles.defer(*UNWANTED))
    return articles.prefetch_related("tags", Prefetch("working_copies", copies), changes)


def with_translations(articles: QuerySet) -> QuerySet:
    """Return articles with what their columns of states say of translations, asked for at once."""
    return articles.prefetch_related(Prefetch("translations", translations.translations()))


def title_column(language: str) -> Callable[[Article], str]:
    """Return the column of the titles, in alphabetical order as readers of a language know it."""
    # Slugs are titles without accents and capitals, see SluggedQuerySet.in_alphabetical_order.
    slugs = [languages.column("slug", code) for code in sorted(languages.codes(), key=lambda code: code != language)]

    @admin.display(description=gettext_lazy("title"), ordering=Coalesce(*slugs))
    def column(article: Article) -> SafeString:
        return shown_title(article)

    column.__name__ = "shown_title"
    return column


def shown_title(article: Article) -> SafeString:
    title, language = article.shown_title()
    return format_html('<span lang="{}">{}</span>', language, title)


def state_column(language: str) -> Callable[[Article], str]:
    """Return a column of the list: state and date in one language, who has a text that waits, how far it is behind."""

    @admin.display(description=languages.name(language), ordering=languages.column("published_at", language))
    def column(article: Article) -> SafeString:
        state = article.state_in(language)
        date = getattr(article, languages.column("published_at", language))
        parts = [_label(languages.name(language), language)]
        parts += [format_html('<span class="state state-{}">{}</span>', state.value, state.label)]
        parts += [_moment(date, has_time=state == Article.State.SCHEDULED)] if date else []
        # Prefetched: a list asks once for all its rows.
        for copy in article.working_copies.all():
            if copy.language == language:
                waits = format_html('<span class="state state-copy">{}</span>', _("working copy"))
                parts += [waits, _name(copy.revision)]
        parts += [_lag(row) for row in article.translations.all() if row.language == language]
        return format_html_join(" ", "{}", ([part] for part in parts))

    column.__name__ = f"state_{language}"
    return column


def _lag(row: Translation) -> SafeString:
    """Return how far what stands in a language is behind its original, or that nobody waits for it."""
    if row.state == translations.State.UNWANTED:
        return format_html('<span class="state state-unwanted">{}</span>', translations.State.UNWANTED.label)
    if row.state != translations.State.BEHIND or not row.blocks_behind:
        return format_html("")
    passages = ngettext("%(number)s passage behind", "%(number)s passages behind", row.blocks_behind)
    return format_html('<span class="state state-behind">{}</span>', passages % {"number": row.blocks_behind})


@admin.display(description=gettext_lazy("last change"), ordering=last_change())
def changed(article: Article) -> SafeString:
    """Return when an article was last written, and by whom."""
    if not article.last_changes:
        return format_html("")
    change = article.last_changes[0]
    label = _label(_("Last change"), languages.active())
    return format_html("{} {} {}", label, _moment(change.created_at), _name(change))


def _label(words: str, language: str) -> SafeString:
    """Return what a cell holds, for narrow screens: there it stands below the others, without a head of its column."""
    return format_html('<span class="cell-label" lang="{}">{}</span>', language, words)


def _moment(date: datetime, has_time: bool = True) -> SafeString:
    """Return a date as short as a narrow column wants it; the catalogue holds the format, in Django's notation."""
    form = pgettext("date and time in a table", "N j, Y, P") if has_time else pgettext("date in a table", "N j, Y")
    return format_html('<time datetime="{}">{}</time>', date.isoformat(), date_format(timezone.localtime(date), form))


def _name(revision: Revision) -> SafeString:
    by = revision.created_by
    shown = by.get_full_name() or by.get_username() if by else ""
    return format_html('<span class="quiet person">{}</span>', shown)


STATE_COLUMNS = [state_column(code) for code in languages.codes()]
# As the address of the list names its columns; the first is number 1.
LAST_CHANGED_FIRST = f"o=-{2 + len(STATE_COLUMNS)}"


class ListMixin:
    """The part of the articles' admin that lists them."""

    list_display = [*STATE_COLUMNS, changed, "tag_names"]
    list_filter = [DeskFilter, *map(state_filter, languages.codes()), WorkingCopyFilter, TranslationFilter]
    list_filter += [LinkFilter, "source_language", "tags", "series", DeletedFilter]
    search_fields = ["key", *(languages.column("title", code) for code in languages.codes())]
    search_fields += [languages.column("body", code) for code in languages.codes()]
    list_per_page = 50

    def get_changelist_instance(self, request: HttpRequest):
        changelist = super().get_changelist_instance(request)
        changelist.result_list = with_states_and_changes(changelist.result_list)
        return changelist

    def get_list_display(self, request: HttpRequest) -> list:
        return [title_column(languages.active()), *self.list_display]

    @admin.display(description=gettext_lazy("tags"), empty_value="")
    def tag_names(self, article: Article) -> str:
        return ", ".join(map(str, article.tags.all()))

    def get_actions(self, request: HttpRequest) -> dict:
        actions = super().get_actions(request)
        if may_publish_some(request.user):
            for language in languages.codes():
                for action in DATING_ACTIONS[language]:
                    actions[action.__name__] = (action, action.__name__, action.short_description)
        if request.GET.get(DeletedFilter.parameter_name):
            actions.pop("delete_selected", None)
            if self.has_delete_permission(request):
                actions["restore"] = self.get_action("restore")
        return actions

    @admin.action(description=gettext_lazy("Restore the deleted articles"))
    def restore(self, request: HttpRequest, queryset: QuerySet) -> None:
        for article in queryset:
            if not may_delete(request.user, article):
                self.message_user(request, _("You may not restore “%s”.") % article, messages.ERROR)
                continue
            article.restore(by=request.user)
            self.log_change(request, article, _("Restored."))
            done = _("“%s” is restored. Each language that was live is live again.")
            self.message_user(request, done % article, messages.SUCCESS)
