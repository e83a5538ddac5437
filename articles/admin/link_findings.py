"""What the check of links found, in the admin: on one page, on each article's form, and as a filter of their list."""

from collections.abc import Iterable
from itertools import groupby

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Min, Model, QuerySet, Value, When, Window
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import languages
from articles.desk import UNWANTED
from articles.link_findings import counted, findings, findings_of, having, things_of
from articles.link_verdict import Kind, Reason
from articles.models import Article, LinkCheck, LinkFinding

from .asked import AskedForm
from .incoming import form_url, title_of

PAGE_SIZE = 50
WORST_FIRST = Case(*(When(kind=kind, then=Value(place)) for place, kind in enumerate(Kind.values)), default=Value(9))
# All that one article has stands together, where its worst finding belongs.
WORST_TEXT_FIRST = Window(Min(WORST_FIRST), partition_by=["model", "object_id"])
IN_ORDER = (WORST_TEXT_FIRST, "model", "object_id", WORST_FIRST, "language", "pk")

# What the form of an article finds out itself each time that it is shown.
OF_THE_FORM = {Reason.NO_ARTICLE, Reason.NOT_LIVE, Reason.NO_IMAGE, Reason.INSECURE}


class LinkFilter(admin.SimpleListFilter):
    """Articles with links that the last check found wrong."""

    title = gettext_lazy("links")
    parameter_name = "links"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        words = _("%(language)s: %(state)s")
        return [
            (f"{code}-{kind}", words % {"language": languages.name(code), "state": kind.label})
            for code in languages.codes()
            for kind in Kind
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        language, __, kind = self.value().rpartition("-")
        return having(queryset, kind, language)


class FindingsForm(AskedForm):
    """Which findings the page shows."""

    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    kind = forms.ChoiceField(choices=[("", ""), *Kind.choices], required=False, widget=forms.HiddenInput)


class LinkFindingsMixin:
    """The part of the articles' admin that shows what the check of links found, to whoever may see articles."""

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.links_view)
        return [path("links/", view, name="articles_article_links"), *super().get_urls()]

    def links_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = FindingsForm(request.GET)
        if not form.is_valid():
            raise Http404
        context = self.admin_site.each_context(request) | self._link_findings(request, form)
        return TemplateResponse(request, "admin/articles/article/link_findings.html", context)

    def _link_findings(self, request: HttpRequest, form: FindingsForm) -> dict:
        asked, rows = form.cleaned_data, findings()
        if asked["language"]:
            rows = rows.filter(language=asked["language"])
        numbers = counted(rows)
        shown = rows.filter(kind=asked["kind"]) if asked["kind"] else rows
        page = Paginator(shown.order_by(*IN_ORDER), PAGE_SIZE).get_page(request.GET.get("page"))
        page.object_list = self._texts(request, list(page.object_list))
        return {
            "title": _("Links to look at"),
            "opts": self.opts,
            # A line needs the room.
            "is_nav_sidebar_enabled": False,
            "check": LinkCheck.objects.first(),
            "form": form,
            "page": page,
            "previous": page.has_previous() and form.query(page=page.number - 1),
            "next": page.has_next() and form.query(page=page.number + 1),
            "no_filter": form.query(language=""),
            "choices": _choices(form, numbers),
        }

    def _texts(self, request: HttpRequest, rows: list[LinkFinding]) -> list[dict]:
        """Return what the page shows: each text once, with its links; a deleted one has no form, and no title."""
        things = things_of(rows, _loaded)
        texts = []
        for (model, key), found in groupby(rows, lambda row: (row.model, row.object_id)):
            thing = things.get((model, key))
            title, language = title_of(thing) if thing else ("", "")
            url = form_url(self.admin_site, request, thing) if thing else ""
            kind = thing._meta.verbose_name if thing and not isinstance(thing, Article) else ""
            about = {"title": title, "title_language": language, "url": url, "kind": kind}
            texts.append(about | {"links": [_shown(row) for row in found]})
        return texts

    def render_change_form(self, request: HttpRequest, context: dict, obj: Article | None = None, **kwargs):
        found = findings_of(obj) if obj else []
        for language in context["publication"]:
            remarked = {remark.code for remark in language["remarks"]}
            mine = (row for row in found if row.language == language["code"] and row.reason not in OF_THE_FORM)
            language["links"] = [_shown(row) for row in mine if f"lost:{row.address}" not in remarked]
        return super().render_change_form(request, context, obj=obj, **kwargs)


def _shown(row: LinkFinding) -> dict:
    """Return what templates show of one finding; only an address of another site can be opened from the admin."""
    is_open = row.address.startswith(("http://", "https://"))
    return {
        "address": row.address,
        "url": row.address if is_open else "",
        "label": Kind(row.kind).label,
        "state": row.kind,
        "sentence": row.verdict.sentence,
        "target": row.target,
        "name": languages.name(row.language) if row.language in languages.codes() else "",
        "language": row.language,
        "found_at": row.found_at,
    }


def _loaded(model: type[Model], keys: Iterable[int]) -> QuerySet:
    rows = model._default_manager.filter(pk__in=keys)
    if model is Article:
        return rows.defer(*UNWANTED)
    return rows.without_bodies() if hasattr(rows, "without_bodies") else rows


def _choices(form: FindingsForm, numbers: dict[str, int]) -> list[dict]:
    """Return the links that show one kind of finding, each with how many there are."""
    choices = [("", _("all"), sum(numbers.values()))]
    choices += [(kind.value, kind.label, numbers.get(kind, 0)) for kind in Kind]
    asked = form.cleaned_data["kind"]
    return [
        {"label": label, "count": count, "query": form.query(kind=kind), "is_current": asked == kind}
        for kind, label, count in choices
    ]
