"""What readers get of a body."""

from django.db import models


class Rendering(models.Model):
    """A body as readers get it, made by `articles.markdown` when the text is saved; one per article and language."""

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="renderings")
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    reading_minutes = models.PositiveSmallIntegerField()
    contents = models.JSONField()
    excerpt = models.TextField(default="")
    text = models.TextField()
    html = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="rendering_once"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} [{self.language}]"

    @property
    def has_code(self) -> bool:
        """True where a block of code needs the colours that belong to it."""
        return 'class="highlight"' in self.html
