"""What has a page of its own below a slug in each language: a tag, a series, an author, a page of the blog."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from articles import languages
from articles.querysets import SluggedQuerySet
from articles.slugs import free, shortened, slugify


class FormerSlug(models.Model):
    """A slug that once led to a thing in one language: it leads there still, and to no other of its kind."""

    # The label of the thing's model, like articles.tag, and its primary key.
    model = models.CharField(max_length=100)
    object_id = models.PositiveBigIntegerField()
    language = models.CharField(max_length=10)
    slug = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "language", "slug"], name="former_slug_once")]

    def __str__(self) -> str:
        return f"{self.model} {self.slug} [{self.language}]"


class Slugged(models.Model):
    """The slug of a thing in each language: made from its name, remembered when it changes, never given away."""

    SLUG_FROM = "name"

    slug = models.SlugField(
        gettext_lazy("slug"),
        max_length=100,
        null=True,
        blank=True,
        db_index=False,
        help_text=gettext_lazy("The words of the address; made from the name when left empty."),
    )

    objects = SluggedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=[languages.column("slug", code)], name=languages.column("%(class)s_unique_slug", code)
            )
            for code in languages.codes()
        ]

    @transaction.atomic
    def save(self, *args, **kwargs) -> None:
        """Save with a slug in every language that has a name and none yet; remember the slugs that change."""
        before = type(self)._base_manager.filter(pk=self.pk).first()
        self.fill_slugs()
        super().save(*args, **kwargs)
        for language in languages.codes():
            former = before and before.slug_in(language)
            if former and former != self.slug_in(language):
                FormerSlug.objects.update_or_create(
                    model=self._meta.label_lower,
                    language=language,
                    slug=former,
                    defaults={"object_id": self.pk},
                )

    def get_absolute_url(self, language: str | None = None) -> str:
        """Return the path of the page in a language, the active one by default; "" where it has no slug."""
        language = language or languages.active()
        slug = self.slug_in(language)
        if not slug:
            return ""
        with override(language):
            return reverse(f"{self._meta.app_label}:{self._meta.model_name}_detail", kwargs={"slug": slug})

    def fill_slugs(self) -> None:
        """Make a slug in every language that has a name and none yet."""
        for language in languages.codes():
            if self.name_in(language) and not self.slug_in(language):
                # Room for the number that tells two things of one name apart.
                words = shortened(slugify(self.name_in(language), language) or self._meta.model_name, 90)
                slug = free(words, lambda slug, language=language: self._is_taken(slug, language))
                setattr(self, languages.column("slug", language), slug)

    def slug_in(self, language: str) -> str | None:
        return getattr(self, languages.column("slug", language))

    def name_in(self, language: str) -> str:
        """Return what the thing is called in a language; a name that is not translated is called so in all."""
        return getattr(self, languages.column(self.SLUG_FROM, language), getattr(self, self.SLUG_FROM)) or ""

    @property
    def heading(self) -> str:
        """The thing's name in the active language, as its page is headed."""
        return self.name_in(languages.active())

    @property
    def introduction(self) -> str:
        """The text that stands above what the thing lists; a thing that has none leaves it empty."""
        return ""

    @property
    def kind(self) -> str:
        """What sort of thing it is, in the active language."""
        return self._meta.verbose_name

    def clean(self) -> None:
        errors = {}
        for language in languages.codes():
            slug = self.slug_in(language)
            if slug and slug != slugify(slug, language):
                errors[languages.column("slug", language)] = _(
                    "Write lower-case letters without accents, digits and single hyphens."
                )
            elif slug and (owner := self._others().once_at_slug(slug, language).first()):
                errors[languages.column("slug", language)] = _(
                    "This address once led to “%(name)s”, and leads there still."
                ) % {"name": owner}
        if errors:
            raise ValidationError(errors)

    def _is_taken(self, slug: str, language: str) -> bool:
        others = self._others()
        return others.at_slug(slug, language).exists() or others.once_at_slug(slug, language).exists()

    def _others(self) -> models.QuerySet:
        return type(self).objects.exclude(pk=self.pk)
