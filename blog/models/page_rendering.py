"""What readers get of a page's body."""

from django.db import models, transaction

from articles.markdown import BodyRefused
from articles.models import Rendering
from articles.turns import take_turns


class PageRendering(models.Model):
    """The body of a page as readers get it, made when the text is saved; one per page and language."""

    page = models.ForeignKey("blog.Page", models.CASCADE, related_name="renderings")
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    contents = models.JSONField()
    text = models.TextField()
    html = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "language"], name="page_rendering_once")]

    def __str__(self) -> str:
        return f"{self.page.key} ({self.language})"

    @transaction.atomic
    def renew(self) -> BodyRefused | None:
        """Render the body again; return why where it is refused and keeps the rendering it has."""
        take_turns()
        self.page.refresh_from_db()
        try:
            self.page.render_in(self.language)
        except BodyRefused as refusal:
            return refusal
        return None

    def as_of_no_article(self) -> Rendering:
        """Return it as what `articles.references` resolves: a rendering that belongs to no article and is not saved."""
        return Rendering(language=self.language, contents=self.contents, text=self.text, html=self.html)
