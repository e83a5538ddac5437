"""The rules of a text: its slug is free and well formed, it is whole where it has a date, and its body renders."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from . import languages
from .markdown import BodyRefused, Rendered, render
from .markdown.limits import MAX_LENGTH as MAX_BODY_LENGTH
from .markdown.limits import Reason
from .models import Article, Revision
from .prepared import prepared
from .slugs import MAX_LENGTH, free, slugify
from .text import ArticleText

# Further away, some time zone has no such date.
YEARS = range(1000, 9000)


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
    holder = _holders.first(language, slug=slug, article=article.pk or 0)
    if holder or not _others_with.values(language, slug=slug, article=article.pk or 0):
        return holder
    once_live = Revision.objects.once_live_at(slug, language)
    return Article.objects.exclude(pk=article.pk).filter(revisions__in=once_live).first()


@prepared
def _holders(language: str, *, slug: str, article: int) -> QuerySet:
    """Return the other article with a slug."""
    return Article.objects.exclude(pk=article).filter(**{languages.column("slug", language): slug})


@prepared
def _others_with(language: str, *, slug: str, article: int) -> QuerySet:
    """Return the number of a revision of another article with a slug; mostly there is none, and no more to ask."""
    others = Revision.objects.exclude(article=article).order_by()
    return others.filter(language=language, slug=slug).values_list("pk")[:1]


def _whose(owner: Article, language: str, slug: str) -> str:
    """Return the words that refuse a slug, with a place for the title of the article whose it is."""
    if owner.deleted_at:
        return _("This address belongs to “%(title)s”, which is deleted but can be restored. Write another one.")
    if getattr(owner, languages.column("slug", language)) == slug:
        return _("This address is already used by “%(title)s”.")
    return _("Readers once found “%(title)s” at this address, so it stays with that article. Write another one.")


def refuse_too_long(text: ArticleText) -> None:
    """Raise ValidationError where a text is too long to be rendered, and too dear to be merged or kept."""
    long = [field for field in ("summary", "body") if len(getattr(text, field)) > MAX_BODY_LENGTH]
    if long:
        raise ValidationError(dict.fromkeys(long, BodyRefused(Reason.LONG).explanation))


def validate(article: Article, language: str, text: ArticleText, *, is_slug_free: bool = False) -> Rendered:
    """Return the rendering of a text that breaks no rule; `is_slug_free` where nobody need ask any more.

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
    elif text.slug and not is_slug_free and (owner := slug_owner(article, language, text.slug)):
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
