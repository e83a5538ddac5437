"""What the search knows of a text."""

from django.db import models


class SearchEntry(models.Model):
    """One article in one language in the search's index, whose row bears the same number (see `articles.search`)."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="search_entries")
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="search_entry_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} [{self.language}]"
