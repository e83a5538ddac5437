"""What is worked out once for all readers, and holds until the site changes for them."""

from collections.abc import Callable, Hashable
from functools import lru_cache, update_wrapper

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

# So many results of each function.
MAX_KEPT = 64


class kept:  # noqa: N801, a decorator
    """Makes a function keep what it returns, for each of its arguments, as long as the version of the site stands.

    In a transaction nothing is kept: what it wrote, nobody else can see.
    """

    def __init__(self, function: Callable) -> None:
        update_wrapper(self, function)
        self.function = function
        self.known = lru_cache(maxsize=MAX_KEPT)(lambda version, *arguments: function(*arguments))

    def __call__(self, *arguments: Hashable) -> object:
        if connection.in_atomic_block:
            return self.function(*arguments)
        # Asked first: what is written meanwhile brings another version.
        version = import_string(settings.SITE_VERSION)()
        return self.known(version, *arguments)
