"""What has a page of its own below a slug in each language: a tag, a series, an author, a page of the blog."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import languages
from articles.addresses import path_in
from articles.querysets import SluggedQuerySet
from articles.slugs import free, shortened, slugify
from articles.turns import take_turns

# Articles of one tag, series or author.
MANY = 300


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
    def save(self, *args, update_fields: Iterable[str] | None = None, **kwargs) -> None:
        """Save with a slug in each language that has a name, and in no other; remember the slugs that change.

        Slugs are written also where `update_fields` does not name them.
        """
        take_turns()
        before = type(self)._base_manager.filter(pk=self.pk).first()
        self.fill_slugs()
        if update_fields is not None:
            update_fields = {*update_fields, *(languages.column("slug", code) for code in languages.codes())}
        super().save(*args, update_fields=update_fields, **kwargs)
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
        return path_in(language, f"{self._meta.app_label}:{self._meta.model_name}_detail", slug=slug) if slug else ""

    def fill_slugs(self) -> None:
        """Make a slug in each language that has a name and none yet; what has no name has no address either."""
        for language in languages.codes():
            setattr(self, languages.column("slug", language), self._slug_for(language))

    def slug_in(self, language: str) -> str | None:
        return getattr(self, languages.column("slug", language))

    def name_in(self, language: str) -> str:
        """Return what the thing is called in a language; a name that is not translated is called so in all."""
        return getattr(self, languages.column(self.SLUG_FROM, language), getattr(self, self.SLUG_FROM)) or ""

    @cached_property
    def lists_many(self) -> bool:
        """Whether it lists so many articles that a walk through the newest ones soon meets a page of them."""
        return self.articles.order_by()[MANY - 1 : MANY].exists()

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
        """Refuse, each on its own field, the slugs that the database or the rule of former slugs would refuse."""
        faults = {languages.column("slug", code): self._fault_of_slug(code) for code in languages.codes()}
        if errors := {column: fault for column, fault in faults.items() if fault}:
            raise ValidationError(errors)

    def _fault_of_slug(self, language: str) -> str | None:
        slug, others = self.slug_in(language), self._others()
        if not slug:
            return None
        if slug != slugify(slug, language):
            return _("Write lower-case letters without accents, digits and single hyphens.")
        if owner := others.at_slug(slug, language).first():
            return _("This address is already used by “%(title)s”.") % {"title": owner}
        if owner := others.once_at_slug(slug, language).first():
            return _("This address once led to “%(name)s”, and leads there still.") % {"name": owner}
        return None

    def _slug_for(self, language: str) -> str | None:
        name, slug = self.name_in(language), self.slug_in(language)
        if not name:
            return None
        return slug or free(self.slug_of_name(language), lambda candidate: self._is_taken(candidate, language))

    def slug_of_name(self, language: str) -> str:
        """Return the slug that the name makes where no other thing has it."""
        # Room for the number that tells two things of one name apart.
        return shortened(slugify(self.name_in(language), language) or self._meta.model_name, 90)

    def _is_taken(self, slug: str, language: str) -> bool:
        others = self._others()
        return others.at_slug(slug, language).exists() or others.once_at_slug(slug, language).exists()

    def _others(self) -> models.QuerySet:
        return type(self).objects.exclude(pk=self.pk)
