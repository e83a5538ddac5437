"""A page that is not an article, in its languages."""

from dataclasses import asdict

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts import log
from accounts.models import Event
from articles import languages
from articles.link_findings import forget_mended
from articles.markdown import RENDER_VERSION, BodyRefused, Rendered, render
from articles.models import Illustrated, Slugged, free_key, key_validator, whole
from articles.slugs import slugify
from articles.turns import take_turns
from blog.page_text import PageText
from blog.querysets import PageQuerySet

from .page_rendering import PageRendering
from .page_revision import PageRevision


class Page(Slugged, Illustrated):
    """A page that is not an article, like About: written in Markdown in each language, linked from every page.

    It is never deleted: one that readers shall not see is not shown to them. `save` is the one way to write it.
    """

    SLUG_FROM = "title"

    class Navigation(models.TextChoices):
        NONE = "none", _("nowhere")
        HEADER = "header", _("in the header")
        FOOTER = "footer", _("in the footer")

    key = models.CharField(
        _("key"),
        max_length=100,
        unique=True,
        validators=[key_validator],
        help_text=_("Identifies the page for good, in all languages; made from the title when left empty."),
    )
    navigation = models.CharField(
        _("linked from every page"), max_length=10, choices=Navigation.choices, default=Navigation.FOOTER
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1, help_text=_("Lower numbers come first."))
    is_live = models.BooleanField(
        _("shown to readers"),
        default=False,
        help_text=_("A page is never deleted: take the tick away, and its address answers that there is no page."),
    )
    title = models.CharField(_("title"), max_length=200, blank=True)
    description = models.CharField(
        _("description"), max_length=300, blank=True, help_text=_("One sentence for search engines.")
    )
    body = models.TextField(_("body"), blank=True, help_text=_("Markdown. Sections start with ##."))

    objects = PageQuerySet.as_manager()

    class Meta(Slugged.Meta):
        ordering = ["position", "key"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            *Slugged.Meta.constraints,
            *(
                models.CheckConstraint(
                    condition=models.Q(**{languages.column("is_live", code): False}) | whole(code),
                    name=languages.column("page_whole_if_live", code),
                )
                for code in languages.codes()
            ),
        ]

    def __str__(self) -> str:
        names = map(self.name_in, (languages.active(), *languages.codes()))
        return next(filter(None, names), self.key)

    def addresses(self) -> dict[str, str | None]:
        """Return the path of the page in every language, None where readers cannot open it."""
        live = self.live_languages()
        return {code: self.get_absolute_url(code) if code in live else None for code in languages.codes()}

    def live_languages(self) -> list[str]:
        """Return the languages in which readers can open the page; `PageQuerySet.live` agrees with it."""
        return [code for code in languages.codes() if getattr(self, languages.column("is_live", code))]

    def text_in(self, language: str) -> PageText:
        return PageText(**{field: getattr(self, languages.column(field, language)) for field in PageText.FIELDS})

    def latest_revision(self, language: str) -> PageRevision | None:
        return self.revisions.filter(language=language).first() if self.pk else None

    def changed_languages(self) -> list[str]:
        """Return the languages whose text is not the one that was saved last."""
        return [code for code in languages.codes() if self.text_in(code) != self._saved_text(code)]

    def _saved_text(self, language: str) -> PageText:
        latest = self.latest_revision(language)
        return latest.content if latest else PageText()

    def clean(self) -> None:
        """Hold each changed text to the rules, its body to those of the pipeline; errors name the column."""
        super().clean()
        errors = {}
        for language in self.changed_languages():
            errors |= self._faults_in(language)
        if errors:
            raise ValidationError(errors)
        # The constraints come next, and a page that is shown has one.
        self.fill_slugs()
        if not any(map(self.name_in, languages.codes())):
            raise ValidationError(_("Write a title in at least one language."))

    def _faults_in(self, language: str) -> dict[str, str]:
        text, faults = self.text_in(language), {}
        if text.is_written and not text.title:
            faults[languages.column("title", language)] = _("Write a title.")
        if text.is_live and not text.body.strip():
            faults[languages.column("body", language)] = _("A page that is shown to readers needs a body.")
        try:
            render(text.body, language)
        except BodyRefused as refusal:
            faults[languages.column("body", language)] = str(refusal)
        return faults

    @transaction.atomic
    def save(self, *args, by: AbstractBaseUser | None = None, is_logged: bool = True, **kwargs) -> None:
        """Save the page whole; keep each changed text as a revision of its writer, and render its body.

        `is_logged` is False where the caller logs many pages as one event.
        Raise BodyRefused where a body is more than the pipeline takes.
        """
        take_turns()
        for language in languages.codes():
            for field, value in asdict(self.text_in(language)).items():
                setattr(self, languages.column(field, language), value)
        self.key = self.key or self._free_key()
        super().save(*args, **kwargs)
        for language in self.changed_languages():
            text, was_live = asdict(self.text_in(language)), self._saved_text(language).is_live
            PageRevision.objects.create(page=self, language=language, created_by=by, **text)
            forget_mended(self, language, self.render_in(language).html, is_live=text["is_live"])
            if is_logged and text["is_live"] != was_live:
                kind = Event.Kind.PUBLISHED if text["is_live"] else Event.Kind.UNPUBLISHED
                log.record(kind, by, text["title"], of=self, language=language)

    def _free_key(self) -> str:
        titles = ((self.name_in(code), code) for code in languages.codes())
        words = next((slugify(title, code) for title, code in titles if title), "")
        return free_key(Page, words)

    def render_in(self, language: str) -> Rendered:
        """Render the body in a language, keep that in the place of what was there and return it; raise BodyRefused."""
        rendered = render(self.text_in(language).body, language)
        PageRendering.objects.update_or_create(
            page=self,
            language=language,
            defaults={
                "version": RENDER_VERSION,
                "contents": rendered.contents,
                "text": rendered.text,
                "html": rendered.html,
            },
        )
        return rendered
