"""Which of the blog's pages readers can open."""

from articles import languages
from articles.querysets import SluggedQuerySet


class PageQuerySet(SluggedQuerySet):
    """The one place that knows in which languages a page can be read."""

    def live(self, language: str | None = None) -> "PageQuerySet":
        """Return the pages that readers can open in a language, the active one by default."""
        language = language or languages.active()
        slug, is_live = (languages.column(field, language) for field in ("slug", "is_live"))
        return self.filter(**{is_live: True, f"{slug}__isnull": False})
