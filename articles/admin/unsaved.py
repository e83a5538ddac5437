"""Unsaved texts in the admin: kept while they are typed, offered on the form again, discarded by their writer alone."""

import json
import uuid

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.validators import RegexValidator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_list_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles import languages, unsaved
from articles.markdown.limits import MAX_LENGTH, BodyRefused, Reason
from articles.models import Article, UnsavedText
from articles.permissions import may_write, written_languages

from .refusals import login_refusal, refusal

# As many as a page shows with their differences.
MAX_OFFERS = 5
MEDIA = forms.Media(css={"all": ["articles/differences.css", "articles/unsaved.css"]}, js=["articles/unsaved.js"])
HIGHEST_KEY = 2**63 - 1


class TypedTextForm(forms.Form):
    """What a page sends of one language while its author types."""

    form = forms.UUIDField()
    article = forms.IntegerField(required=False, min_value=1, max_value=HIGHEST_KEY)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    base = forms.IntegerField(required=False, min_value=1, max_value=HIGHEST_KEY)
    version = forms.CharField(validators=[RegexValidator(r"^[0-9a-f-]{36}:[0-9]{1,15}\Z")])
    follows = forms.CharField(required=False, max_length=60)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        too_long = {"max_length": BodyRefused(Reason.LONG).explanation}
        for name in unsaved.FIELDS:
            self.fields[f"typed_{name}"] = forms.CharField(
                required=False, strip=False, max_length=MAX_LENGTH, error_messages=too_long
            )

    def clean(self) -> dict:
        if any(f"typed_{name}" not in self.data for name in unsaved.FIELDS):
            raise forms.ValidationError(_("A part of the text is missing."))
        return super().clean()

    @property
    def error(self) -> str:
        found = " ".join(message for messages in self.errors.values() for message in messages)
        language = self.cleaned_data.get("language")
        return f"{languages.name(language)} – {found}" if language else found

    @property
    def typed(self) -> dict[str, str]:
        return {name: self.cleaned_data[f"typed_{name}"] for name in unsaved.FIELDS}


class UnsavedTextsMixin:
    """The part of the articles' admin that keeps what was typed and not saved. No text that was saved is touched."""

    discard_template = "admin/articles/article/unsaved_discard.html"

    def get_urls(self) -> list:
        discard = self.admin_site.admin_view(self.discard_unsaved)
        return [
            # Not led to the login: a script asks.
            path("unsaved/", self.keep_unsaved, name="articles_unsaved_keep"),
            path("unsaved/<uuid:form>/discard/", discard, name="articles_unsaved_discard"),
            *super().get_urls(),
        ]

    # While it is typed

    @method_decorator([never_cache, require_http_methods(["GET", "POST"])])
    def keep_unsaved(self, request: HttpRequest) -> JsonResponse:
        """Keep what is typed in one language and answer when; on GET, answer a token for forms.

        A login makes all older tokens void, also those on pages that stay open.
        """
        if refused := login_refusal(self.admin_site, request, _("You may not write this text.")):
            return refused
        if request.method == "GET":
            return JsonResponse({"csrf_token": get_token(request)})
        form = TypedTextForm(request.POST)
        if not form.is_valid():
            return refusal(form.error, status=400)
        article = None
        if key := form.cleaned_data["article"]:
            article = Article.objects.filter(pk=key).first()
            if article is None:
                return refusal(_("There is no such article."), status=404)
        return self._keep(request, form, article)

    def _keep(self, request: HttpRequest, form: TypedTextForm, article: Article | None) -> JsonResponse:
        sent = form.cleaned_data
        language = sent["language"]
        if not (may_write(request.user, article, language) if article else self.has_add_permission(request)):
            return refusal(_("You may not write this text."), status=403)
        base = article and article.revisions.filter(language=language, pk=sent["base"]).first()
        versions = {"version": sent["version"], "follows": sent["follows"]}
        try:
            row = unsaved.keep(
                request.user, sent["form"], language, form.typed, article=article, based_on=base, **versions
            )
        except unsaved.OtherWindow:
            return JsonResponse({"form": str(uuid.uuid4())}, status=409)
        if row is None:
            return JsonResponse({"kept_at": None})
        shown = date_format(timezone.localtime(row.kept_at), "TIME_FORMAT")
        return JsonResponse({"kept_at": row.kept_at.isoformat(), "time": shown})

    # On the form

    def render_change_form(self, request: HttpRequest, context: dict, obj: Article | None = None, **kwargs):
        form = context["adminform"].form
        number, rows = form_number(request), []
        if not form.is_bound and "unsaved" in request.GET:
            rows = unsaved.texts_of_form(request.user, number, obj)
            form.initial |= unsaved.initial(rows)
            if not rows:
                number = uuid.uuid4()
                messages.warning(request, _("This unsaved text is not there any more: it was saved or discarded."))
        # The texts of a form that was refused go on where they are kept.
        going_on = unsaved.texts_of_form(request.user, number, obj) if form.is_bound else rows
        versions = {row.language: row.fields.get("version", "") for row in going_on}
        context["form_id"] = str(number)
        context["unsaved_texts"] = rows
        context["unsaved_settings"] = _settings(request.user, obj, form.is_bound, versions)
        context["media"] += MEDIA
        if not form.is_bound:
            others = unsaved.other_forms(request.user, obj, but=number)
            context["unsaved_offers"] = [_offer(rows, obj) for rows in others[:MAX_OFFERS]]
            context["unsaved_offers_left"] = len(others[MAX_OFFERS:])
        if "unsaved" in request.GET:
            # Once it is saved, the text is no longer to be asked for.
            kwargs["form_url"] = _without_unsaved(request)
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def save_related(self, request: HttpRequest, form: forms.ModelForm, formsets: list, change: bool) -> None:
        # What this save writes, in its transaction: what was typed is either saved or unsaved.
        written = unsaved.texts_of_form(request.user, form_number(request), form.instance if change else None)
        super().save_related(request, form, formsets, change)
        UnsavedText.objects.filter(pk__in=[row.pk for row in written]).delete()

    # Discarding

    def discard_unsaved(self, request: HttpRequest, form: uuid.UUID) -> HttpResponse:
        """Show what was typed, and delete it when that is confirmed."""
        rows = get_list_or_404(UnsavedText.objects.select_related("article"), user=request.user, form=form)
        article = rows[0].article
        back = form_url(article)
        if request.method == "POST":
            UnsavedText.objects.filter(pk__in=[row.pk for row in rows]).delete()
            messages.success(request, _("The unsaved text is discarded."))
            return redirect(back)
        context = self.admin_site.each_context(request) | {
            "title": _("Discard the unsaved text?"),
            "opts": self.opts,
            "article": article,
            "back": back,
            "texts": [(row, languages.name(row.language), unsaved.shown_fields(row.fields)) for row in rows],
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.discard_template, context)


def form_url(article: Article | None) -> str:
    """Return the address of an article's form, or of the form for a new one."""
    if article is None:
        return reverse("admin:articles_article_add")
    return reverse("admin:articles_article_change", args=[article.pk])


def _without_unsaved(request: HttpRequest) -> str:
    query = request.GET.copy()
    del query["unsaved"]
    return f"{request.path}?{query.urlencode()}"


def form_number(request: HttpRequest) -> uuid.UUID:
    """Return the number of the form that is sent or asked for, or of a form that is opened now.

    Raise Http404 where the address names something else.
    """
    asked = request.GET.get("unsaved") if request.method == "GET" else None
    try:
        return uuid.UUID(asked or request.POST.get("form_id", ""))
    except ValueError:
        if asked:
            raise Http404 from None
        return uuid.uuid4()


def _settings(user: AbstractBaseUser, article: Article | None, is_bound: bool, versions: dict[str, str]) -> dict:
    """Return what the script has to know."""
    written = written_languages(user, article) if article else languages.codes()
    return {
        "article": article.pk if article else "",
        "window": str(uuid.uuid4()),
        "versions": json.dumps(versions),
        "languages": " ".join(written),
        "fields": " ".join(unsaved.FIELDS),
        # The texts of a form that was refused may be nowhere but in it.
        "is_bound": is_bound,
    }


def _offer(rows: list[UnsavedText], article: Article | None) -> dict:
    texts = [
        {
            "language": row.language,
            "name": languages.name(row.language),
            "title": row.fields["title"],
            "differences": unsaved.differences(row, unsaved.standing_text(article, row.language)),
        }
        for row in rows
    ]
    return {"form": rows[0].form, "kept_at": max(row.kept_at for row in rows), "texts": texts}
