"""A form of an article whose token is void, mostly since its author logged in in another window: its text is not lost.

The view of `CSRF_FAILURE_VIEW`, https://docs.djangoproject.com/en/5.2/ref/settings/#csrf-failure-view.
"""

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from articles.models import Article

from .login_again import FORMS, LOGIN_AGAIN, bodies, carried
from .translating import TRANSLATE


@sensitive_post_parameters("password")
@never_cache
def void_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show a form that came from a page of this site once more, with a token that is good; refuse all others.

    Nothing is saved before its author has sent it again.
    """
    match = request.resolver_match
    if match is None or match.view_name not in {*FORMS, LOGIN_AGAIN, TRANSLATE} or not _comes_from_here(request):
        return csrf_failure(request, reason)
    articles = admin.site.get_model_admin(Article)
    if match.view_name == LOGIN_AGAIN or not admin.site.has_permission(request):
        if match.view_name == TRANSLATE:
            response = articles.ask_translator_to_log_in(request)
        else:
            response = articles.ask_to_log_in(request, match.kwargs.get("object_id") or request.GET.get("article", ""))
        response.status_code = 403
        return response
    context = admin.site.each_context(request) | {
        "title": _("Send your text again"),
        "opts": articles.opts,
        "carried": carried(request.POST),
        "texts": bodies(request.POST, match.kwargs.get("language", "")),
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/articles/article/send_again.html", context, status=403).render()


def _comes_from_here(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of this site sent a request."""
    here = f"{request.scheme}://{request.get_host()}"
    return request.headers.get("Origin") in {here, *settings.CSRF_TRUSTED_ORIGINS}
