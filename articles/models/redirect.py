"""Addresses of another system, or of an earlier time, and where they lead here."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from articles import languages
from articles.querysets import RedirectQuerySet

from .article import Article


class Redirect(models.Model):
    """An address that leads for good to an article in one language, or to a path of this site.

    It is asked only where the site itself has nothing at the address.
    """

    # As a browser asks for it, percent-decoded; with its query where that names the page, like /?p=12.
    old_path = models.CharField(
        _("old address"),
        max_length=500,
        unique=True,
        help_text=_("The path that readers may still know, like /2020/01/hello/."),
    )
    article = models.ForeignKey(
        Article, models.CASCADE, null=True, blank=True, related_name="redirects", verbose_name=_("article")
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    new_path = models.CharField(
        _("leads to"), max_length=500, blank=True, help_text=_("A path of this site, like /en/tags/django/.")
    )

    objects = RedirectQuerySet.as_manager()

    class Meta:
        ordering = ["old_path"]
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(article=None, new_path__startswith="/", language="")
                | models.Q(article__isnull=False, new_path="", language__gt=""),
                name="redirect_leads_to_one_place",
                violation_error_message=_("A redirect leads to an article or to a path."),
            ),
        ]

    def __str__(self) -> str:
        return self.old_path

    def clean(self) -> None:
        """Hold both paths to their form; what begins with two slashes would lead to another host."""
        faults = {}
        for field in ("old_path", "new_path"):
            path = getattr(self, field)
            if path and (not path.startswith("/") or path.startswith("//") or any(sign in path for sign in "\\\n\r\t")):
                faults[field] = _("Write a path that begins with one slash, like /2020/01/hello/.")
        if self.article_id is None and not self.new_path:
            # The constraint is not asked where a form has not all of its fields.
            faults["new_path"] = _("A redirect leads to an article or to a path.")
        if faults:
            raise ValidationError(faults)

    def target(self) -> str:
        """Return the path that it leads to; "" where the article has no address in any language."""
        if self.article is None:
            return self.new_path
        addresses = self.article.addresses()
        order = (self.language, self.article.source_language, *languages.codes())
        return next((addresses[code] for code in order if addresses.get(code)), "")
