"""What a text needs before readers may see it."""

from django.db import models

from articles import languages


def whole(language: str) -> models.Q:
    """Return the condition that a language has title, slug and body, for a constraint."""
    # NULL in a CHECK counts as passed, hence isnull beside each comparison.
    return models.Q(
        **{
            f"{languages.column(field, language)}__{lookup}": value
            for field in ("title", "slug", "body")
            for lookup, value in (("isnull", False), ("gt", ""))
        }
    )
