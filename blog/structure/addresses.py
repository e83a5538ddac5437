"""The addresses that each urls.py holds, as the resolver knows them, with the view and the template each leads to."""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RegexPattern
from django.utils.translation import override

from articles import languages

from .source import place_of


@dataclass(frozen=True)
class Address:
    """A line of a urls.py, with its paths by language; "" is the language of a path that has none.

    What only leads on to another urls.py has no view, and that file as its place.
    """

    urlconf: str
    name: str
    paths: tuple[tuple[str, str], ...]
    view: str
    place: str
    template: str = ""
    callback: Callable | None = None


@cache
def addresses() -> tuple[Address, ...]:
    """Return every address of the site, in the order in which they are tried."""
    root = get_resolver()
    return tuple(_walk(root, [], "", root.urlconf_module.__name__))


def addresses_in(package: str) -> list[Address]:
    """Return the addresses that the urls.py of a package holds."""
    return [address for address in addresses() if address.urlconf == f"{package}.urls"]


def address_named(name: str) -> Address:
    """Return the address of a view by its name with its namespace, like articles:article_detail."""
    return next(address for address in addresses() if address.name == name)


def _walk(resolver: URLResolver, around: list, namespace: str, urlconf: str) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        patterns = [*around, entry.pattern]
        if isinstance(entry, URLPattern):
            yield _address(entry, patterns, namespace, urlconf)
        elif entry.app_name == "admin":
            # What is below is Django's, and the same in every project.
            yield Address(urlconf, "admin:index", _paths(patterns, "…"), "AdminSite", "django.contrib.admin")
        elif isinstance(entry.urlconf_name, ModuleType):
            module = entry.urlconf_name.__name__
            yield Address(urlconf, "", _paths(patterns, "…"), "", place_of(module))
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, patterns, inner, module)
        else:
            yield from _walk(entry, patterns, namespace, urlconf)


def _address(entry: URLPattern, patterns: list, namespace: str, urlconf: str) -> Address:
    view = _view(entry.callback)
    options = getattr(entry.callback, "view_initkwargs", {})
    template = options.get("template_name") or getattr(view, "template_name", None)
    return Address(
        urlconf=urlconf,
        name=f"{namespace}{entry.name}" if entry.name else "",
        paths=_paths(patterns),
        view=view.__name__,
        place=place_of(view.__module__),
        template=template if isinstance(template, str) else "",
        callback=entry.callback,
    )


def _view(callback: Callable) -> Callable:
    """Return what somebody wrote: the class of a view, or a function without its decorators."""
    callback = getattr(callback, "view_class", None) or inspect.unwrap(callback)
    return callback if hasattr(callback, "__name__") else type(callback)


def _paths(patterns: list, rest: str = "") -> tuple[tuple[str, str], ...]:
    if not any(isinstance(pattern, LocalePrefixPattern) for pattern in patterns):
        return (("", _path(patterns) + rest),)
    paths = []
    for code in languages.codes():
        with override(code):
            paths.append((code, _path(patterns) + rest))
    return tuple(paths)


def _path(patterns: list) -> str:
    """Return a path in the active language, with each part that varies in angle brackets: /en/tags/<slug>/."""
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", "".join(map(_route, patterns)))


def _route(pattern: object) -> str:
    if isinstance(pattern, LocalePrefixPattern):
        return pattern.language_prefix
    # A regular expression matches more than can be shown.
    return "…" if isinstance(pattern, RegexPattern) else str(pattern)
