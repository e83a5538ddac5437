"""An article in its languages."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import log
from accounts.models import Event
from articles import languages
from articles.addresses import path_in
from articles.prepared import prepared
from articles.querysets import ArticleQuerySet
from articles.text import ArticleText

from .author import Author
from .illustrated import IMAGE_NAME, Illustrated
from .key import key_validator
from .revision import Revision, WorkingCopy, standing_revision
from .series import Series
from .tag import Tag
from .whole import whole


class Article(Illustrated):
    """An article in one or more languages, none of them privileged. Its state in each follows from its date alone."""

    class State(models.TextChoices):
        MISSING = "missing", _("missing")
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        LIVE = "live", _("live")

    NEWS_AFTER = timedelta(days=1)

    # Columns after a long text are slow to reach, so the bodies come last.
    key = models.CharField(
        _("key"),
        max_length=100,
        unique=True,
        validators=[key_validator],
        help_text=_("Identifies the article for good, in all languages; made from the title when left empty."),
    )
    source_language = models.CharField(
        _("original language"), max_length=10, choices=settings.LANGUAGES, default=get_language
    )
    source = models.URLField(
        _("source address"), blank=True, help_text=_("The address of the text that this one is retold from, if any.")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    deleted_at = models.DateTimeField(_("deleted"), null=True, editable=False)
    # What the last import saw: shared facts, and the revision of each language.
    imported = models.JSONField(default=dict, editable=False)
    shows_lag = models.BooleanField(
        _("tell readers of changes in the original"),
        default=True,
        help_text=_(
            "On the page of a translation, one line says that more than two passages of the original have changed "
            "since, and leads to them."
        ),
    )
    published_at = models.DateTimeField(
        _("publication date"),
        null=True,
        blank=True,
        help_text=_("Leave empty for a draft; a future date schedules it."),
    )
    first_published_at = models.DateTimeField(null=True, editable=False)
    updated_at = models.DateTimeField(null=True, editable=False)
    slug = models.SlugField(
        _("slug"),
        max_length=200,
        null=True,
        blank=True,
        db_index=False,
        help_text=_("The words of the address; made from the title when left empty."),
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    authors = models.ManyToManyField(Author, blank=True, related_name="articles", verbose_name=_("authors"))
    tags = models.ManyToManyField(Tag, blank=True, related_name="articles", verbose_name=_("tags"))
    series = models.ForeignKey(
        Series, models.SET_NULL, null=True, blank=True, related_name="articles", verbose_name=_("series")
    )
    part = models.PositiveSmallIntegerField(
        _("place in the series"),
        null=True,
        blank=True,
        help_text=_("A number that puts the parts of a series in order; gaps do not matter."),
    )
    summary = models.TextField(
        _("summary"),
        blank=True,
        help_text=_("One to three sentences of plain text, shown wherever the article is listed."),
    )
    body = models.TextField(_("body"), blank=True, help_text=_("Markdown. Sections start with ##."))

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        permissions = [
            ("publish_article", "Can publish every article"),
            ("own_article", "Can write, publish and delete own articles"),
            ("translate_article", "Can write every language but the original, without publishing"),
        ]
        constraints = [
            *(
                models.UniqueConstraint(
                    fields=[languages.column("slug", code)], name=languages.column("article_unique_slug", code)
                )
                for code in languages.codes()
            ),
            *(
                models.CheckConstraint(
                    condition=~models.Q(**{languages.column("slug", code): ""}),
                    name=languages.column("article_filled_slug", code),
                )
                for code in languages.codes()
            ),
            *(
                models.CheckConstraint(
                    condition=models.Q(**{f"{languages.column('published_at', code)}__isnull": True}) | whole(code),
                    name=languages.column("article_whole_if_dated", code),
                )
                for code in languages.codes()
            ),
        ]
        indexes = [
            models.Index(
                # All that "published" asks: what is live is counted and passed over without a look at the rows.
                fields=[f"-{languages.column('published_at', code)}", "-id", "deleted_at"],
                condition=models.Q(deleted_at=None),
                name=languages.column("article_newest", code),
            )
            for code in languages.codes()
        ]

    def __str__(self) -> str:
        return self.shown_title()[0]

    def get_absolute_url(self, language: str | None = None) -> str:
        """Return the path of the page in a language, the active one by default; "" where it has no slug."""
        language = language or languages.active()
        slug = getattr(self, languages.column("slug", language))
        return path_in(language, "articles:article_detail", slug=slug) if slug else ""

    def addresses(self) -> dict[str, str | None]:
        """Return the path of the page in every language, None where it cannot be read now."""
        live = self.live_languages()
        return {code: self.get_absolute_url(code) if code in live else None for code in languages.codes()}

    @classmethod
    def as_it_stands(cls, pk: int) -> "Article":
        """Return an article as the database has it now; raise DoesNotExist where it has none."""
        if article := _articles.first(languages.active(), pk=pk):
            return article
        raise cls.DoesNotExist

    @classmethod
    def naming(cls, image: models.Model) -> models.QuerySet:
        """Return the articles that name an image in a text or a working copy, by its key or as a file of their own."""
        copies = WorkingCopy.objects.filter(revision__body__regex=cls.name_of(image))
        named = super().naming(image) | cls.objects.filter(pk__in=image.article_files.values("article"))
        return named | cls.objects.filter(pk__in=copies.values("article"))

    @classmethod
    def named_images(cls) -> set[tuple[int, str]]:
        copies = WorkingCopy.objects.filter(revision__body__contains="image:")
        copied = copies.values_list("article_id", "revision__body").iterator()
        named = {(pk, key) for pk, body in copied for key in IMAGE_NAME.findall(body)}
        beside = cls.objects.filter(image_files__isnull=False).order_by()
        return super().named_images() | named | set(beside.values_list("pk", "image_files__image__key"))

    def text_in(self, language: str) -> ArticleText:
        return ArticleText(*(getattr(self, languages.column(field, language)) for field in ArticleText.FIELDS))

    def rendering_in(self, language: str) -> "models.Model | None":
        """Return the stored rendering of a language; asked for several, prefetch `renderings`."""
        return next((rendering for rendering in self.renderings.all() if rendering.language == language), None)

    def state_in(self, language: str, at: datetime | None = None) -> "State":
        """Return the state in a language at a time, now by default; `ArticleQuerySet.published` agrees with it."""
        date = getattr(self, languages.column("published_at", language))
        if date is not None:
            return self.State.LIVE if date <= (at or timezone.now()) else self.State.SCHEDULED
        # No text is saved without a title.
        return self.State.DRAFT if getattr(self, languages.column("title", language)) else self.State.MISSING

    def live_languages(self) -> list[str]:
        """Return the languages in which readers can read the article now."""
        if self.deleted_at:
            return []
        # Without a look at the titles, which narrow rows lack.
        dated = [code for code in languages.codes() if getattr(self, languages.column("published_at", code))]
        return [code for code in dated if self.state_in(code) == self.State.LIVE]

    def shown_title(self) -> tuple[str, str]:
        """Return the title in the active language, else the source language, else any, and that language's code.

        An article without any title gives its key and "".
        """
        for language in (languages.active(), self.source_language, *languages.codes()):
            if title := getattr(self, languages.column("title", language), None):
                return title, language
        return self.key, ""

    @property
    def source_host(self) -> str:
        """The short name of where the source stands, like example.org."""
        return (urlsplit(self.source).hostname or "").removeprefix("www.")

    def updated_in(self, language: str) -> datetime | None:
        """Return when the words of a language last changed, None where that is no news to a reader.

        It is news from a day after readers could first read them: what is corrected on the first day belongs to the
        publication. An article imported with an old date could be read here from its import on.
        """
        published, updated = (
            getattr(self, languages.column(field, language)) for field in ("published_at", "updated_at")
        )
        if not (published and updated) or updated - published < self.NEWS_AFTER:
            return None
        arrived = _first_published.first(language, article=self.pk)
        return updated if arrived is None or updated - arrived.created_at >= self.NEWS_AFTER else None

    def first_published_in(self, language: str) -> datetime | None:
        """Return when a language was first published, however often it was taken back and published again."""
        first, published = (
            getattr(self, languages.column(field, language)) for field in ("first_published_at", "published_at")
        )
        return first or published

    def changed_in(self, language: str) -> datetime | None:
        """Return when readers last got other words in a language, None for a draft.

        Programs are told of every change; `updated_in` says what is news to people.
        """
        first, updated = self.first_published_in(language), getattr(self, languages.column("updated_at", language))
        return max(first, updated) if first and updated else first

    def latest_revision(self, language: str) -> Revision | None:
        """Return the revision whose text stands in a language."""
        if revision := standing_revision.first(language, article=self.pk):
            revision.article = self
        return revision

    def working_copy(self, language: str) -> Revision | None:
        """Return the text that waits to take the place of the one that stands, if there is any."""
        copy = self.working_copies.filter(language=language).select_related("revision").first()
        return copy and copy.revision

    def in_work(self, language: str) -> Revision | None:
        """Return the revision that a writer goes on from: the working copy, else what stands."""
        return self.working_copy(language) or self.latest_revision(language)

    @transaction.atomic
    def delete(self, *args, by: AbstractBaseUser | None = None, **kwargs) -> tuple[int, dict[str, int]]:
        """Take the article from the site; its row, revisions and slugs stay, and `restore` undoes it."""
        if self.deleted_at is None:
            self.deleted_at = timezone.now()
            self.save(update_fields=["deleted_at"])
            log.record(Event.Kind.DELETED, by, of=self)
        return 1, {self._meta.label: 1}

    @transaction.atomic
    def restore(self, by: AbstractBaseUser | None = None) -> None:
        if self.deleted_at is not None:
            self.deleted_at = None
            self.save(update_fields=["deleted_at"])
            log.record(Event.Kind.UNDELETED, by, of=self)


@prepared
def _articles(language: str, *, pk: int) -> models.QuerySet:
    return Article.objects.filter(pk=pk).order_by()


@prepared
def _first_published(language: str, *, article: int) -> models.QuerySet:
    published = Revision.objects.filter(article=article, published_at__isnull=False)
    return published.saved(language).only("created_at", "article").reverse()[:1]
