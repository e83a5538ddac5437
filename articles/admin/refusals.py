"""Answers to the scripts of the admin, as JSON: a refusal is one sentence in the author's language."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _


def refusal(error: str, status: int) -> JsonResponse:
    return JsonResponse({"error": error}, status=status)


def wants_page(request: HttpRequest) -> bool:
    """Return whether a browser asks, and not a script that accepts JSON alone."""
    try:
        return request.accepts("text/html")
    except ValueError:
        # Django reads a parameter in a charset that does not exist (RFC 8187) no further.
        return True


def login_refusal(site: AdminSite, request: HttpRequest, error: str) -> JsonResponse | None:
    """Return what to answer to who may not use the admin: 401 where a new login helps, else 403 with the sentence."""
    if not request.user.is_authenticated:
        return refusal(_("Your login has expired."), status=401)
    return None if site.has_permission(request) else refusal(error, status=403)
