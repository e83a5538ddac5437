"""One page in all its languages: its addresses, and which of them is for readers of no language of the site."""

from collections.abc import Mapping

from django.conf import settings


def with_default(paths: Mapping[str, str | None], original: str = settings.LANGUAGE_CODE) -> dict[str, str]:
    """Return the paths of a page that has several languages, by code, and "x-default"; none where there is no choice.

    The default is the original's path where it can be read, else the first.
    https://developers.google.com/search/docs/specialty/international/localized-versions
    """
    there = {code: path for code, path in paths.items() if path}
    if len(there) < 2:
        return {}
    return there | {"x-default": there.get(original) or next(iter(there.values()))}
