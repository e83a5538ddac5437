"""The library of images, and the names that image files have beside an article's files."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import languages
from articles.images.names import extensions, file_name
from articles.querysets import ImageQuerySet
from articles.slugs import slugify

from .article import Article
from .illustrated import Illustrated
from .key import free_key, key_validator


class Image(models.Model):
    """An uploaded picture, once for each content. Its files are written and removed by image_store alone."""

    class Format(models.TextChoices):
        """The extension of the still picture for browsers that know neither AVIF nor WebP."""

        JPEG = "jpg", "JPEG"
        PNG = "png", "PNG"

    key = models.CharField(
        _("key"),
        max_length=100,
        unique=True,
        validators=[key_validator],
        help_text=_("How a text names the image, for good; made from the name of the file when left empty."),
    )
    # SHA-256 of the uploaded bytes, hexadecimal.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    file_name = models.CharField(_("name of the file"), max_length=255, editable=False)
    format = models.CharField(max_length=3, choices=Format.choices, editable=False)
    # In pixels, of the upright original.
    width = models.PositiveIntegerField(_("width"), editable=False)
    height = models.PositiveIntegerField(_("height"), editable=False)
    # Of the stored files, ascending.
    widths = models.JSONField(editable=False)
    is_animated = models.BooleanField(_("moves"), default=False, editable=False)
    alt = models.CharField(
        _("alternative text"),
        max_length=500,
        blank=True,
        help_text=_(
            "What the picture says, for readers who do not see it: the suggestion for each text that shows it."
        ),
    )
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("uploaded by"),
    )

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.key

    def save(self, *args, **kwargs) -> None:
        """Save with a key made from the name of the file where there is none yet."""
        if not self.key:
            stem = self.file_name.rpartition(".")[0] or self.file_name
            self.key = free_key(Image, slugify(stem, languages.active()))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        """Delete the row; `image_store.delete` takes the files as well.

        Raise ProtectedError, with whatever shows it, where a text names the image.
        """
        if shown_in := self.shown_in():
            raise models.ProtectedError("A text names this image.", set(shown_in))
        return super().delete(*args, **kwargs)

    def shown_in(self) -> list[Illustrated]:
        """Return what shows the image in the text of some language: articles, and other applications' texts."""
        return [thing for kind in Illustrated.kinds() for thing in kind.naming(self)]

    def extensions(self) -> list[str]:
        return extensions(self.format, self.is_animated)

    def stored_names(self) -> list[str]:
        """Return the names of all files that belong to the image."""
        return [file_name(self.digest, width, extension) for width in self.widths for extension in self.extensions()]

    def url(self, width: int, extension: str) -> str:
        """Return the address of one file: `width` is one of `widths`, `extension` one of `extensions()`."""
        return settings.MEDIA_URL + file_name(self.digest, width, extension)

    @property
    def thumbnail(self) -> str:
        """The address of a small still picture that every browser shows."""
        return self.url(self.widths[0], self.format)

    def markdown(self, language: str, alt: str | None = None) -> str:
        """Return the Markdown that shows the image, with an alternative text, or the suggested one of a language."""
        if alt is None:
            alt = getattr(self, languages.column("alt", language)) or ""
        for sign in "\\[]":
            alt = alt.replace(sign, "\\" + sign)
        return f"![{alt}](image:{self.key})"


class ArticleImage(models.Model):
    """An image file that lay beside an article's files, and the name by which the article's texts call it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="image_files")
    image = models.ForeignKey(Image, models.PROTECT, related_name="article_files")
    # As long as a file system allows.
    name = models.CharField(max_length=255)

    class Meta:
        verbose_name = _("image of an article")
        verbose_name_plural = _("images of articles")
        constraints = [models.UniqueConstraint(fields=["article", "name"], name="article_image_once")]

    def __str__(self) -> str:
        return f"{self.article}: {self.name}"
