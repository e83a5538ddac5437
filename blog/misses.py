"""Where an address leads that is no page's own: its language or last slash is missing, or a word is another language's.

One step leads to the final address, because the page's own view is asked before: where it would lead on, the reader is
led there at once, and where it knows nothing, nowhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch, resolve, reverse
from django.utils.translation import override

import articles.misses
from articles import languages
from articles.redirects import redirect_to

from .language_negotiation import preferred_language, served_by

# The name of the pattern in config/urls.py that takes whatever no other one knows.
UNKNOWN = "unknown_address"

# A language tag as first segment: fr, FR, fr-ca, or fr_CA as locales are written.
FIRST_SEGMENT = re.compile(r"/([a-z]{2,3}(?:[-_][a-z0-9]{1,8})*)(?:/|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    """What the view tells of a page that an address may mean."""

    language: str
    path: str
    slug: str | None
    response: HttpResponse

    @property
    def is_there(self) -> bool:
        return self.response.status_code < 300

    @property
    def final_path(self) -> str | None:
        """Where the page is, or the view leads; None where it answers with an error."""
        if self.response.status_code >= 400:
            return None
        return self.response.headers.get("Location", self.path).partition("?")[0]


def split_language(path: str) -> tuple[str | None, str]:
    """Return the language that a path begins with, None where it is none of the site's, and the rest.

    "/fr-CA/articles/x/" gives "fr" and "articles/x/".
    """
    match = FIRST_SEGMENT.match(path)
    language = match and served_by(match[1].lower().replace("_", "-"))
    return (language, path[match.end() :]) if language else (None, path.removeprefix("/"))


def answer(request: HttpRequest) -> HttpResponse:
    """Return a redirect to the page that an address means, or what its view says of it where it is not there.

    The redirect is permanent, unless the browser's wish decided between languages. Raise Http404 where no view knows
    anything.
    """
    answers = _best(list(_answers(request)))
    if not answers:
        raise Http404
    language = preferred_language(request.headers.get("Accept-Language", ""), [each.language for each in answers])
    chosen = next(each for each in answers if each.language == language)
    if chosen.final_path is None:
        return chosen.response
    return redirect_to(request, chosen.final_path, is_permanent=len(answers) == 1)


def _best(answers: list[Answer]) -> list[Answer]:
    """Return those that are equally right: pages, else redirects, from a slug's own language first, else errors."""
    if there := [each for each in answers if each.is_there]:
        return there
    moved = [each for each in answers if each.final_path]
    if len(moved) > 1:
        own = articles.misses.slug_languages(moved[0].slug)
        moved = [each for each in moved if each.language in own] or moved
    return moved or answers


def _answers(request: HttpRequest) -> Iterator[Answer]:
    """Ask for the page in the address's language, where it names one, else in each language that knows its words."""
    language, words = split_language(request.path_info)
    for spoken in sorted(languages.codes(), key=lambda code: code != language):
        if match := _resolved(words, spoken):
            if found := _asked(request, match, language or spoken):
                yield found
            if language:
                return


def _resolved(words: str, language: str) -> ResolverMatch | None:
    """Return the view of a path below a language, whose words it knows, with or without the last slash."""
    with override(language):
        for path in (f"/{language}/{words}", f"/{language}/{words}/"):
            match = resolve(path)
            if match.url_name != UNKNOWN:
                return match
    return None


def _asked(request: HttpRequest, match: ResolverMatch, language: str) -> Answer | None:
    with override(language):
        path = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
        try:
            response = match.func(request, *match.args, **match.kwargs)
        except Http404:
            return None
    return Answer(language, path, match.kwargs.get("slug"), response)
