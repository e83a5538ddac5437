"""The subjects of articles."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles import languages
from articles.querysets import TagQuerySet
from articles.slugs import free, shortened, slugify

from .key import key_validator


class Tag(models.Model):
    """A subject, named in each language; in a language without a name it is not shown."""

    key = models.CharField(
        _("key"),
        max_length=100,
        unique=True,
        validators=[key_validator],
        help_text=_("The same in all languages; article files name it."),
    )
    name = models.CharField(_("name"), max_length=100, blank=True)
    slug = models.SlugField(_("slug"), max_length=100, null=True, blank=True, db_index=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=[languages.column("slug", code)], name=languages.column("tag_unique_slug", code)
                )
                for code in languages.codes()
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.key

    def save(self, *args, **kwargs) -> None:
        """Save with a slug in every language that has a name and none yet."""
        for language in languages.codes():
            name, slug = (languages.column(field, language) for field in ("name", "slug"))
            if getattr(self, name) and not getattr(self, slug):
                # Room for the number that tells two tags of one name apart.
                words = shortened(slugify(getattr(self, name), language) or self.key, 90)
                taken = set(Tag.objects.exclude(pk=self.pk).values_list(slug, flat=True))
                setattr(self, slug, free(words, taken.__contains__))
        super().save(*args, **kwargs)
