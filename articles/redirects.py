"""Redirects to where a thing is now, which a browser asks for again each time."""

from urllib.parse import unquote

from django.http import HttpRequest, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.http.response import HttpResponseRedirectBase

from .models import Redirect


def redirect_to(request: HttpRequest, path: str, *, is_permanent: bool = True) -> HttpResponseRedirectBase:
    """Lead from the request's address to a path of this site, with the same query string.

    A browser keeps a permanent redirect for as long as it likes (RFC 9110, section 15.4.2): who renamed a thing there
    and back would lead it in a circle. "no-cache" makes it ask each time (RFC 9111, section 5.2.2.4).
    """
    query = request.META.get("QUERY_STRING", "")
    answer = HttpResponsePermanentRedirect if is_permanent else HttpResponseRedirect
    return answer(f"{path}?{query}" if query else path, headers={"Cache-Control": "no-cache"})


def from_old_address(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    """Return the redirect from an address that this site has nothing at, None where no author or import made one."""
    if request.method not in ("GET", "HEAD"):
        return None
    query = request.META.get("QUERY_STRING", "")
    redirect = Redirect.objects.meant_by(request.path_info, query)
    target = redirect and redirect.target()
    if not target:
        return None
    if "?" in redirect.old_path:
        # The query was the address; it means nothing here.
        return HttpResponsePermanentRedirect(target, headers={"Cache-Control": "no-cache"})
    if unquote(target) == request.path_info:
        # It leads to itself: there is nothing.
        return None
    return redirect_to(request, target)
