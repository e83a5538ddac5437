"""The languages of the site, read from the settings, and the column that holds a field in one of them."""

from functools import cache

from django.conf import settings
from django.utils.translation import get_language_info, pgettext
from modeltranslation.utils import build_localized_fieldname, get_language


def codes() -> list[str]:
    """Return the language codes, in the order of `LANGUAGES`."""
    return [code for code, _ in settings.LANGUAGES]


def active() -> str:
    """Return the active language where it is one of the site's, its default language otherwise.

    Django activates none at all while it writes the admin's log.
    """
    return get_language()


def name(language: str) -> str:
    """Return a language's name for itself, like Français."""
    return dict(settings.LANGUAGES)[language]


def name_in_sentence(language: str) -> str:
    """Return a language's name in the active one, as it stands inside a sentence: French, or anglais."""
    name = get_language_info(language)["name_translated"]
    # The translation is "small" where a sentence writes the names of languages without a capital.
    return name.lower() if pgettext("first letter of the names of languages", "capital") == "small" else name


@cache
def column(field: str, language: str) -> str:
    """Return the model field that holds a translated field in one language, like title_fr.

    Expressions must name it: modeltranslation rewrites plain filters to the active language, but not
    `Lower("title")`, `order_by(F("title"))` and their like.
    """
    return build_localized_fieldname(field, language)
