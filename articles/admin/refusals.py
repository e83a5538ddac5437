"""Answers to the scripts of the admin, as JSON: a refusal is one sentence in the author's language."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _


def refusal(error: str, status: int) -> JsonResponse:
    return JsonResponse({"error": error}, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Return whether a script asks, which cannot show a page (https://www.w3.org/TR/fetch-metadata/)."""
    # Looked for as text: Django's reader of this header fails at a charset that does not exist.
    is_named = "application/json" in request.headers.get("Accept", "")
    return is_named or request.headers.get("Sec-Fetch-Dest") == "empty"


def login_refusal(site: AdminSite, request: HttpRequest, error: str) -> JsonResponse | None:
    """Return what to answer to who may not use the admin: 401 where a new login helps, else 403 with the sentence."""
    if not request.user.is_authenticated:
        return refusal(_("Your login has expired."), status=401)
    return None if site.has_permission(request) else refusal(error, status=403)
