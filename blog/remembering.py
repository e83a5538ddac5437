"""What an export of the site asks for once for many of its pages; a visitor's request remembers nothing."""

from collections.abc import Callable, Hashable
from typing import TypeVar

from django.http import HttpRequest

# The key of a WSGI environment under which `static_site` hands over its memory; no header of a visitor has such a name.
MEMORY = "blog.memory"

Thing = TypeVar("Thing")


def remembered(request: HttpRequest, name: str, key: Hashable, make: Callable[[], Thing]) -> Thing:
    """Return what `make` makes; for an export again what it made the last time, where that was for the same key."""
    memory = request.META.get(MEMORY)
    if memory is None:
        return make()
    if name not in memory or memory[name][0] != key:
        memory[name] = key, make()
    return memory[name][1]
