"""What responses go through that Django has no setting for: language, headers, compression, conditional requests."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag
from django.utils.http import http_date, parse_http_date_safe

from articles import languages
from blog.changes import last_changed_at
from blog.language_negotiation import preferred_language
from blog.misses import split_language

from .security_headers import HEADERS


class SecurityHeadersMiddleware:
    """Put the headers that protect readers on every response, and refuse TRACE, which would show a sender's headers.

    The first of all: also what a middleware answers by itself has them, such as a redirect to https.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_trace = request.method == "TRACE"
        response = HttpResponseNotAllowed(["GET", "HEAD"]) if is_trace else self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # Django's debug pages bring their style and script inside the page.
        if settings.DEBUG and response.status_code >= 400:
            del response.headers["Content-Security-Policy"]
        return response


class PageCompressionMiddleware(GZipMiddleware):
    """Compress pages, not files: an image is compressed already, and would lose its length and its strong ETag."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        is_file = response.streaming or response.headers.get("Content-Type", "").startswith("image/")
        return response if is_file else super().process_response(request, response)


# Anybody may keep a page, and asks each time whether it is still right (RFC 9111, section 5.2.2).
CACHE_PUBLICLY = "public, max-age=0, must-revalidate"


class ConditionalRequestMiddleware:
    """Give readers' documents an ETag and a Last-Modified, and answer 304 to who has them (RFC 9110, section 13).

    Django's own does so for GET alone and knows no date. A browser asks each time, so that it shows an edit at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        seconds = settings.SHARED_CACHE_SECONDS
        self.cache_publicly = CACHE_PUBLICLY + (f", s-maxage={seconds}" if seconds else "")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 400:
            # Caches may guess for how long a 404 holds (RFC 9111, section 4.2.2); an article may be there in a second.
            response.headers.setdefault("Cache-Control", "no-cache")
        if not _is_document_of_readers(request, response):
            return response
        response.headers.setdefault("Cache-Control", self.cache_publicly if _is_known_query(request) else "no-cache")
        # Said by a 304 as well, which is too short to be compressed (RFC 9110, section 15.4.5).
        patch_vary_headers(response, ["Accept-Encoding"])
        set_response_etag(response)
        if "Last-Modified" not in response.headers and (changed_at := last_changed_at()):
            response.headers["Last-Modified"] = http_date(changed_at.timestamp())
        modified_at = response.headers.get("Last-Modified")
        return get_conditional_response(
            request,
            etag=response.headers["ETag"],
            last_modified=modified_at and parse_http_date_safe(modified_at),
            response=response,
        )


def _is_document_of_readers(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method in ("GET", "HEAD")
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not request.path_info.startswith((settings.SESSION_COOKIE_PATH, settings.STATIC_URL))
        and "ETag" not in response.headers
        # What must not be kept needs no sign to be asked for again (RFC 9111, section 5.2.2.5).
        and "no-store" not in response.headers.get("Cache-Control", "")
    )


def _is_known_query(request: HttpRequest) -> bool:
    """Return whether the query is one of few: none, or the number of a page where the view has pages."""
    view = getattr(request.resolver_match.func, "view_class", None)
    known = {view.page_kwarg} if getattr(view, "paginate_by", None) else set()
    return known.issuperset(request.GET)


class CookiesOfAdminMiddleware:
    """Let a reader's page neither set nor take away a cookie, whatever cookies a visitor makes up.

    Django would replace a token that is none, and take away a session that is none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path_info.startswith(settings.SESSION_COOKIE_PATH):
            response.cookies.clear()
        return response


class LanguageMiddleware:
    """Activate the language of the address; where it names none, the one that the browser prefers.

    Django's LocaleMiddleware would read a cookie for that on every page, take q=0 for a wish, and lead to addresses
    that lead on. The cookie counts in the admin alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        of_address, _ = split_language(request.path_info)
        language = of_address or _chosen(request) or preferred_language(request.headers.get("Accept-Language", ""))
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        # A response that names its own languages is the same for every browser.
        if not of_address and not response.has_header("Content-Language"):
            patch_vary_headers(response, ["Accept-Language"])
        response.headers.setdefault("Content-Language", language)
        return response


def _chosen(request: HttpRequest) -> str | None:
    """Return the language that an author chose for the admin."""
    if not request.path_info.startswith(settings.LANGUAGE_COOKIE_PATH):
        return None
    choice = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    return choice if choice in languages.codes() else None
