"""What readers get of a body."""

from django.db import models

from articles.markdown import Rendered
from articles.reading_time import reading_minutes


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

    @classmethod
    def of(cls, article: models.Model, language: str, rendered: Rendered, **keys: int | None) -> "Rendering":
        """Return what readers get of a body, not saved yet; `keys` are the columns that say which row it is."""
        return cls(
            article=article,
            language=language,
            reading_minutes=reading_minutes(rendered.text, language),
            contents=rendered.contents,
            excerpt=rendered.excerpt,
            text=rendered.text,
            html=rendered.html,
            **keys,
        )

    @property
    def has_code(self) -> bool:
        """True where a block of code needs the colours that belong to it."""
        return 'class="highlight"' in self.html
