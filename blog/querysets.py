"""Which of the blog's pages readers can open, and which of them every page links to."""

from articles import languages
from articles.querysets import SluggedQuerySet


class PageQuerySet(SluggedQuerySet):
    """The one place that knows in which languages a page can be read."""

    def live(self, language: str | None = None) -> "PageQuerySet":
        """Return the pages that readers can open in a language, the active one by default.

        The database lets no page be shown without a title, a slug and a body.
        """
        return self.filter(**{languages.column("is_live", language or languages.active()): True})

    def linked(self, language: str | None = None) -> "PageQuerySet":
        """Return the live pages that every page links to, in their order, as narrow rows."""
        language = language or languages.active()
        columns = [languages.column(field, language) for field in ("title", "slug")]
        return self.live(language).exclude(navigation=self.model.Navigation.NONE).only("navigation", *columns)

    def without_bodies(self) -> "PageQuerySet":
        fields = ("slug", "is_live", "title", "description")
        columns = (languages.column(field, code) for field in fields for code in languages.codes())
        return self.only("key", "navigation", "position", *columns)
