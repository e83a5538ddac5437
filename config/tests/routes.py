"""Every address that the site has, with values in the place of what varies."""

import re
from collections.abc import Iterator

from django.conf import settings
from django.urls import URLResolver, get_resolver
from django.utils.translation import override

from articles import languages

VARIABLE = re.compile(r"<(?:\w+:)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


def routes() -> list[str]:
    """Return every route in every language, such as /en/articles/{slug}/."""
    found = {settings.STATIC_URL + "{file}"}
    for code in languages.codes():
        with override(code):
            found.update(_routes(get_resolver().url_patterns, "/"))
    return sorted(found)


def _routes(patterns: list, before: str) -> Iterator[str]:
    for each in patterns:
        words = str(each.pattern)
        if hasattr(each.pattern, "_regex"):
            words = GROUP.sub(r"{\1}", words.removeprefix("^").removesuffix("$")).replace("\\", "")
        route = before + VARIABLE.sub(r"{\1}", words)
        if isinstance(each, URLResolver):
            yield from _routes(each.url_patterns, route)
        else:
            yield route
