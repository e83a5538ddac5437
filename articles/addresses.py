"""The path of a page in a language, whichever language is active."""

from functools import lru_cache

from django.urls import reverse
from django.utils.translation import override


# It follows from the code alone, and a page links to some thirty others.
@lru_cache(maxsize=4096)
def path_in(language: str, name: str, **kwargs: str | int) -> str:
    """Return the path of a named address with its arguments in a language."""
    with override(language):
        return reverse(name, kwargs=kwargs)
