"""The translation desk in the admin: what there is to translate, and what nobody waits for."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import languages
from articles.desk import UNWANTED, unwanted_of
from articles.models import Revision, Tag, Translation, WorkingCopy
from articles.permissions import may_write_translations
from articles.translating.answering import want
from articles.translating.desk import LONG, TO_DO, State, titled, totals, translations, worst_first, writable

from .asked import AskedForm
from .keys import key_in

PAGE_SIZE = 50
# The states as the address names them.
WORDS = [("", ""), *((state.word, state.label) for state in State)]


class DeskForm(AskedForm):
    """What the desk is asked for."""

    language = forms.ChoiceField(label=gettext_lazy("Into"), required=False)
    tag = forms.ModelChoiceField(Tag.objects.none(), label=gettext_lazy("Tag"), required=False)
    q = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False, widget=forms.SearchInput)
    mine = forms.BooleanField(label=gettext_lazy("Only what I may write"), required=False)
    state = forms.ChoiceField(choices=WORDS, required=False, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.GET)
        self.user = request.user
        self.fields["tag"].queryset = Tag.objects.named()
        self.fields["tag"].empty_label = _("every tag")
        if may_write_translations(self.user):
            del self.fields["mine"]

    def rows(self) -> QuerySet[Translation]:
        """Return what the fields leave of all translations, in every state."""
        rows, asked = translations(), self.cleaned_data
        if asked["language"]:
            rows = rows.filter(language=asked["language"])
        if asked["tag"]:
            rows = rows.filter(article__tags=asked["tag"])
        if asked["q"]:
            rows = titled(rows, asked["q"])
        return writable(rows, self.user) if asked.get("mine") else rows

    @cached_property
    def is_filtering(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "state")


class TranslationDeskMixin:
    """The page of the translation desk, for whoever may see articles."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.translations_view)
        return [path("translations/", view, name="articles_article_translations"), *super().get_urls()]

    def translations_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._answer_wanted(request)
        form = DeskForm(request)
        if not form.is_valid():
            raise Http404
        context = self.admin_site.each_context(request) | self._translation_desk(request, form)
        return TemplateResponse(request, "admin/articles/article/translation_desk.html", context)

    def _answer_wanted(self, request: HttpRequest) -> HttpResponse:
        """Note whether anybody waits for the translation that a button names, and show the same page again."""
        is_wanted = "want" in request.POST
        key = key_in(request.POST.get("want" if is_wanted else "drop", ""))
        row = get_object_or_404(translations().select_related("article"), pk=key)
        want(row.article, row.language, is_wanted, by=request.user)
        needless = _("“%(title)s” needs no translation into %(language)s.")
        done = _("“%(title)s” is wanted in %(language)s after all.") if is_wanted else needless
        done %= {"title": row.article, "language": languages.name_in_sentence(row.language)}
        self.log_change(request, row.article, done)
        self.message_user(request, done)
        return HttpResponseRedirect(request.get_full_path())

    def _translation_desk(self, request: HttpRequest, form: DeskForm) -> dict:
        rows, asked = form.rows(), form.cleaned_data["state"]
        counted = totals(rows)
        shown = [state for state in State if state.word == asked] or TO_DO
        paginator = Paginator(worst_first(rows.filter(state__in=shown)), PAGE_SIZE)
        paginator.count = sum(counted[state]["rows"] for state in shown)
        page = paginator.get_page(request.GET.get("page"))
        page.object_list = with_facts(page.object_list, request)
        return {
            "title": _("Translation desk"),
            "opts": self.opts,
            # A line needs the room.
            "is_nav_sidebar_enabled": False,
            "form": form,
            "page": page,
            "previous": page.has_previous() and form.query(page=page.number - 1),
            "next": page.has_next() and form.query(page=page.number + 1),
            "sum": _sum(counted),
            "no_filter": f"?state={asked}" if asked else "?",
            "choices": _choices(form, counted, asked),
            "may_write_some": any(row.may_write for row in page.object_list),
        }


def with_facts(rows: QuerySet[Translation], request: HttpRequest) -> list[Translation]:
    """Return rows with what their lines show; the number of queries does not grow with them.

    Each has the language and title of its original, `title` and `title_language`; `article_state`, that of the
    translation; `copy`, the revision that waits; `source_change` and `change`, the newest revision of the two; and
    whether its reader `may_write` it.
    """
    copies = WorkingCopy.objects.select_related("revision__created_by").defer(*unwanted_of("revision__"))
    rows = rows.select_related("article").defer(*LONG, *(f"article__{name}" for name in UNWANTED))
    rows = list(rows.prefetch_related(Prefetch("article__working_copies", copies)))
    articles = {row.article_id for row in rows}
    changes = Revision.objects.last_changes("article", "language").filter(article__in=articles).for_history()
    newest = {(change.article_id, change.language): change for change in changes}
    shown = Translation.objects.filter(pk__in=[row.pk for row in rows])
    mine = set(writable(shown, request.user).values_list("pk", flat=True))
    for row in rows:
        row.may_write = row.pk in mine
        _describe(row, newest)
    return rows


def _describe(row: Translation, newest: dict[tuple[int, str], Revision]) -> None:
    article, source = row.article, row.article.source_language
    row.title, row.title_language = getattr(article, languages.column("title", source)), source
    if not row.title:
        row.title, row.title_language = article.shown_title()
    row.state = State(row.state)
    row.source_name, row.name = languages.name(source), languages.name(row.language)
    row.article_state = article.state_in(row.language)
    row.copy = next((copy.revision for copy in article.working_copies.all() if copy.language == row.language), None)
    row.source_change, row.change = newest.get((row.article_id, source)), newest.get((row.article_id, row.language))
    row.field = f"id_{languages.column('body', row.language)}"


def _choices(form: DeskForm, counted: dict, asked: str) -> list[dict]:
    """Return the links that show one state, each with how many translations are in it."""
    to_do = sum(counted[state]["rows"] for state in TO_DO)
    choices = [{"label": _("to do"), "count": to_do, "query": form.query(state=""), "is_current": not asked}]
    choices += [
        {
            "label": state.label,
            "count": counted[state]["rows"],
            "query": form.query(state=state.word),
            "is_current": asked == state.word,
        }
        for state in State
    ]
    return choices


def _sum(counted: dict) -> str:
    """Return what there is to do in one sentence, "" where there is nothing."""
    parts = [_counted(state, counted[state]["rows"]) for state in TO_DO if counted[state]["rows"]]
    words = sum(counted[state]["words"] for state in TO_DO)
    if not parts:
        return ""
    number = number_format(_rounded(words), force_grouping=True)
    about = ngettext("about %(number)s word", "about %(number)s words", words) % {"number": number}
    if not words:
        about = _("no words left to write")
    return _("%(translations)s: %(words)s.") % {"translations": ", ".join(parts), "words": about}


def _counted(state: State, number: int) -> str:
    if state == State.MISSING:
        return ngettext("%d missing", "%d missing", number) % number
    if state == State.DRAFT:
        return ngettext("%d draft", "%d drafts", number) % number
    return ngettext("%d behind", "%d behind", number) % number


def _rounded(words: int) -> int:
    """Return a number of words with two figures that are not zero: more of them would pretend to be exact."""
    return round(words, 2 - len(str(words)))
