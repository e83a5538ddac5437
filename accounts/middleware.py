"""Who has given the password and not the second factor is nobody yet."""

from collections.abc import Callable

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from . import second_factor


class SecondFactorMiddleware:
    """Makes `request.user` anonymous in a session that lacks the second factor; `request.account` is whose it is.

    So every check of a permission, wherever it stands, counts the second factor in. Neither asks for the session
    before a view does: readers' pages never touch it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.account = request.user
        request.user = SimpleLazyObject(lambda: _recognised(request))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        """Lead who must set up a second factor there, whatever they open."""
        is_page_of_admin = request.method in ("GET", "HEAD") and request.resolver_match.app_name == "admin"
        if is_page_of_admin and second_factor.must_set_up(request):
            return redirect("accounts:second_factor")
        return None


def _recognised(request: HttpRequest) -> AbstractBaseUser | AnonymousUser:
    account = request.account
    if account.is_authenticated and not second_factor.is_shown(request.session, account):
        return AnonymousUser()
    return account
