"""A form that comes from somebody whose login has expired: the text is carried through a new login and kept."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from articles import languages, unsaved
from articles.models import Article, Revision, content_of
from articles.permissions import may_add, may_write
from articles.translated_forms import base_field

from .keys import key_in
from .unsaved import form_number, form_url

FORMS = {"admin:articles_article_add", "admin:articles_article_change"}
LOGIN_AGAIN = "admin:articles_article_login_again"
NOT_CARRIED = {"csrfmiddlewaretoken", "username", "password", "one_time_code"}


class LoginAgainMixin:
    """The part of the articles' admin that answers a form of somebody who is not logged in, instead of dropping it.

    Django's middleware has checked its token before.
    """

    login_again_template = "admin/articles/article/login_again.html"

    def get_urls(self) -> list:
        urls = super().get_urls()
        for url in urls:
            if f"admin:{url.name}" in FORMS:
                url.callback = self._carrying_text(url.callback)
        return [path("login-again/", self.login_again, name="articles_article_login_again"), *urls]

    def _carrying_text(self, view: Callable) -> Callable:
        @wraps(view)
        def view_or_login(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method == "POST" and not self.admin_site.has_permission(request):
                return self.ask_to_log_in(request, article=kwargs.get("object_id", ""))
            return view(request, *args, **kwargs)

        return view_or_login

    def ask_to_log_in(self, request: HttpRequest, article: str) -> HttpResponse:
        """Show a login that carries a form along; `article` is the key of its article, "" for a new one."""
        return self._login_page(request, self._login_form(request), _login_path(article)).render()

    @method_decorator([sensitive_post_parameters("password"), never_cache])
    def login_again(self, request: HttpRequest) -> HttpResponse:
        """Log somebody in, keep the texts that came with the form, and lead to the form that shows them."""
        if request.method != "POST":
            return redirect("admin:articles_article_changelist")
        key = request.GET.get("article", "")
        article = Article.objects.filter(pk=key_in(key)).first()
        form = self._login_form(request, request.POST)
        if form.is_valid() and not _may_keep(form.get_user(), request.POST, article):
            form.add_error(None, _("This account may not write this text. Your text is still here."))
        if not form.is_valid():
            return self._login_page(request, form, _login_path(key))
        login(request, form.get_user())
        number = form_number(request)
        if not _keep(form.get_user(), number, request.POST, article):
            return redirect(form_url(article))
        messages.warning(
            request,
            _(
                "You are logged in again. Your text is in the form and not saved yet. "
                "Only the texts came back: check tags, authors and the rest."
            ),
        )
        return redirect(f"{form_url(article)}?{urlencode({'unsaved': number})}")

    def _login_form(self, request: HttpRequest, data: QueryDict | None = None) -> AuthenticationForm:
        return (self.admin_site.login_form or AdminAuthenticationForm)(request, data=data)

    def _login_page(self, request: HttpRequest, form: AuthenticationForm, path: str) -> TemplateResponse:
        """Return a page with a login that sends all that came to a path."""
        context = self.admin_site.each_context(request) | {
            "title": _("Your login has expired"),
            "subtitle": None,
            "form": form,
            "carried": carried(request.POST),
            "texts": bodies(request.POST, request.resolver_match.kwargs.get("language", "")),
            "app_path": path,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, self.login_again_template, context, status=401)


def _login_path(article: str) -> str:
    return f"{reverse(LOGIN_AGAIN)}?{urlencode({'article': article})}"


def carried(data: QueryDict) -> list[tuple[str, str]]:
    """Return what was sent, but for tokens and what is for a login."""
    return [(name, value) for name, values in data.lists() if name not in NOT_CARRIED for value in values]


def bodies(data: QueryDict, language: str = "") -> list[tuple[str, str, str]]:
    """Return the bodies that were sent, each after its language and the name of that; or one passage in a language."""
    if language:
        return [(language, languages.name(language), data["words"])] if data.get("words") else []
    sent = [(code, languages.name(code), data.get(languages.column("body", code), "")) for code in languages.codes()]
    return [each for each in sent if each[2].strip()]


def _changed(data: QueryDict, article: Article | None) -> dict[str, tuple[dict[str, str], Revision | None]]:
    """Return what was typed in each language that is not as the form showed it, with what it started from."""
    found = {}
    for code in languages.codes():
        if languages.column("body", code) not in data:
            continue
        key = key_in(data.get(base_field(code), ""))
        base = article and article.revisions.filter(language=code, pk=key).first()
        start = content_of(base)
        # Who may not date a text sends no date.
        typed = dict.fromkeys(unsaved.FIELDS, "") | unsaved.date_as_typed(start.published_at)
        sent = {name: data.get(unsaved.name_on_form(name, code)) for name in unsaved.FIELDS}
        typed |= {name: value for name, value in sent.items() if value is not None}
        if not unsaved.says_the_same(typed, start):
            found[code] = (typed, base)
    return found


def _may_keep(user: AbstractBaseUser, data: QueryDict, article: Article | None) -> bool:
    if article is None:
        return may_add(user)
    return all(may_write(user, article, code) for code in _changed(data, article))


@transaction.atomic
def _keep(user: AbstractBaseUser, form: uuid.UUID, data: QueryDict, article: Article | None) -> bool:
    """Keep the texts that are not saved; return whether there are any."""
    kept = [
        unsaved.keep(user, form, code, typed, article=article, based_on=base)
        for code, (typed, base) in _changed(data, article).items()
    ]
    return any(kept)
