"""The one way to write an article's text: forms, actions, imports and every later command call save_language."""

from dataclasses import asdict, replace

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from . import languages
from .markdown import RENDER_VERSION, BodyRefused, Rendered, render
from .models import Article, Rendering, Revision
from .reading_time import reading_minutes
from .search.index import index
from .slugs import MAX_LENGTH, free, slugify
from .text import ArticleText
from .turns import take_turns

# Further away, some time zone has no such date.
YEARS = range(1000, 9000)


class EditConflict(Exception):
    """The language was saved by somebody else since the writer opened it; nothing was written.

    `theirs` is the revision that stands, `mine` the refused text: both must be shown.
    """

    def __init__(self, theirs: Revision, mine: ArticleText) -> None:
        super().__init__(_("This text was changed by somebody else in the meantime."))
        self.theirs, self.mine = theirs, mine


@transaction.atomic
def save_language(
    article: Article,
    language: str,
    text: ArticleText,
    *,
    based_on: Revision | None,
    by: AbstractBaseUser | None = None,
    note: str = "",
    is_minor: bool = False,
) -> Revision | None:
    """Save one language of a saved article: its columns only, its rendering, search entry and revision, all or nothing.

    `based_on` is the revision that the writer started from, None where there was none. An empty slug is made from
    the title. Return the new revision, or None where the text is what stands already.

    Raise EditConflict where the language has a later revision and another text, and ValidationError, keyed by the
    names of the untranslated fields, where the text breaks a rule.
    """
    take_turns()
    current = Article.objects.get(pk=article.pk)
    text = with_slug(current, language, text)
    latest = current.latest_revision(language)
    revision = None
    if text != current.text_in(language):
        if latest and (based_on is None or based_on.pk != latest.pk):
            raise EditConflict(latest, text)
        rendered = validate(current, language, text)
        revision = _write(current, language, text, by, note, is_minor)
        save_rendering(current, language, rendered)
    # Only this language of the caller's article: it may hold other changes of its own.
    for field in _columns(language):
        setattr(article, field, getattr(current, field))
    return revision


def _columns(language: str) -> list[str]:
    fields = (*ArticleText.FIELDS, "updated_at", "first_published_at")
    return [languages.column(field, language) for field in fields]


def _write(
    article: Article, language: str, text: ArticleText, by: AbstractBaseUser | None, note: str, is_minor: bool
) -> Revision:
    now, before = timezone.now(), article.text_in(language)
    values = asdict(text)
    if not text.reads_like(before):
        values["updated_at"] = now
    if before.is_live_at(now) and not text.is_live_at(now):
        first = getattr(article, languages.column("first_published_at", language))
        values["first_published_at"] = first or before.published_at
    for field, value in values.items():
        setattr(article, languages.column(field, language), value)
    article.save(update_fields=[languages.column(field, language) for field in values])
    return Revision.objects.create(
        article=article,
        language=language,
        created_at=now,
        created_by=by,
        note=note,
        is_minor=is_minor,
        **asdict(text),
    )


def save_rendering(article: Article, language: str, rendered: Rendered) -> None:
    """Keep the rendering of a language beside the article, in the place of what was there, and what a search finds."""
    rendering = Rendering.objects.update_or_create(
        article=article,
        language=language,
        defaults={
            "version": RENDER_VERSION,
            "reading_minutes": reading_minutes(rendered.text, language),
            "contents": rendered.contents,
            "excerpt": rendered.excerpt,
            "text": rendered.text,
            "html": rendered.html,
        },
    )[0]
    index(article, rendering)


def with_slug(article: Article, language: str, text: ArticleText) -> ArticleText:
    """Return the text with a slug: its own, or a free one made from its title where it has none."""
    if text.slug or not text.title:
        return text
    slug = slugify(text.title, language)
    if not slug:
        return text
    slug = free(slug, lambda candidate: slug_owner(article, language, candidate) is not None)
    return replace(text, slug=slug)


def slug_owner(article: Article, language: str, slug: str) -> Article | None:
    """Return the other article, deleted ones included, that an address leads to or once led to."""
    others = Article.objects.exclude(pk=article.pk)
    holder = others.filter(**{languages.column("slug", language): slug}).first()
    return holder or others.filter(revisions__in=Revision.objects.once_live_at(slug, language)).first()


def _whose(owner: Article, language: str, slug: str) -> str:
    """Return the words that refuse a slug, with a place for the title of the article whose it is."""
    if owner.deleted_at:
        return _("This address belongs to “%(title)s”, which is deleted but can be restored. Write another one.")
    if getattr(owner, languages.column("slug", language)) == slug:
        return _("This address is already used by “%(title)s”.")
    return _("Readers once found “%(title)s” at this address, so it stays with that article. Write another one.")


def validate(article: Article, language: str, text: ArticleText) -> Rendered:
    """Return the rendering of a text that breaks no rule.

    Raise ValidationError otherwise, keyed by the names of the untranslated fields.
    """
    errors = {}
    if text.is_started and not text.title:
        errors["title"] = _("Write a title.")
    if text.published_at:
        if not text.body.strip():
            errors["body"] = _("A published or scheduled text needs a body.")
        if text.title and not text.slug:
            errors["slug"] = _("The title contains no letter or digit that an address can use: write a slug.")
    if text.slug and text.slug != slugify(text.slug, language):
        errors["slug"] = _("Write lower-case letters without accents, digits and single hyphens.")
    elif text.slug and (owner := slug_owner(article, language, text.slug)):
        errors["slug"] = _whose(owner, language, text.slug) % {"title": owner}
    for field in ("title", "slug"):
        if len(getattr(text, field) or "") > MAX_LENGTH:
            errors[field] = _("Write at most %(number)d characters.") % {"number": MAX_LENGTH}
    if text.published_at and text.published_at.year not in YEARS:
        errors["published_at"] = _("Write a date between the years %(first)d and %(last)d.") % {
            "first": YEARS[0],
            "last": YEARS[-1],
        }
    for field in ("title", "summary", "body"):
        if "\x00" in getattr(text, field):
            errors[field] = _("Null characters are not allowed.")
    if errors:
        raise ValidationError(errors)
    try:
        return render(text.body, language)
    except BodyRefused as refusal:
        raise ValidationError({"body": str(refusal)}) from None
