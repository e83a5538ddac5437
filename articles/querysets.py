"""Which articles, tags and images a page may show. "Published" is defined here and nowhere else."""

from collections.abc import Iterable
from datetime import datetime
from unicodedata import normalize

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from . import languages


class SluggedQuerySet(models.QuerySet):
    """Things with a slug of their own in each language."""

    def at_slug(self, slug: str, language: str | None = None) -> "SluggedQuerySet":
        """Return what stands at a slug in a language, the active one by default."""
        return self.filter(**{languages.column("slug", language or languages.active()): slug})

    def in_alphabetical_order(self, language: str | None = None) -> "SluggedQuerySet":
        """Return them by their slugs, which are names without accents and capitals: É stands beside e."""
        return self.order_by(languages.column("slug", language or languages.active()))

    def once_at_slug(self, slug: str, language: str | None = None) -> "SluggedQuerySet":
        """Return what once stood at a slug and has another one now."""
        former = apps.get_model("articles", "FormerSlug").objects.filter(
            model=self.model._meta.label_lower, language=language or languages.active(), slug=slug
        )
        return self.filter(pk__in=former.values("object_id"))

    def meant_by(self, slug: str) -> "models.Model | None":
        """Return what a slug means that is nobody's in the active language: whose it once was, else in another one."""
        others = [code for code in languages.codes() if code != languages.active()]
        places = [self.once_at_slug(slug)]
        places += [find(slug, code) for find in (self.at_slug, self.once_at_slug) for code in others]
        return next(filter(None, (place.first() for place in places)), None)


class SubjectQuerySet(SluggedQuerySet):
    """Tags, series and authors: what lists articles. Each has a page in a language if it lists something there."""

    def with_articles(self, language: str | None = None, at: datetime | None = None) -> "SubjectQuerySet":
        """Return those that have a page in a language (the active one by default) at a time (now by default)."""
        return self.filter(self._has_page_in(language or languages.active(), at))

    def with_languages(self, at: datetime | None = None) -> "SubjectQuerySet":
        """Annotate each with whether it has a page, as has_page_en and its like for every language."""
        return self.annotate(
            **{
                f"has_page_{code}": models.ExpressionWrapper(self._has_page_in(code, at), models.BooleanField())
                for code in languages.codes()
            }
        )

    def _has_page_in(self, language: str, at: datetime | None = None) -> models.Q:
        relation = self.model._meta.get_field("articles")
        published = relation.related_model.objects.published(language, at)
        slug = languages.column("slug", language)
        listed = published.filter(**{relation.field.name: models.OuterRef("pk")})
        return models.Q(models.Exists(listed), **{f"{slug}__isnull": False})


class TagQuerySet(SubjectQuerySet):
    def named(self, language: str | None = None) -> "TagQuerySet":
        """Return the tags that have a name in a language, the active one by default, in alphabetical order."""
        language = language or languages.active()
        return self.filter(**{f"{languages.column('name', language)}__gt": ""}).in_alphabetical_order(language)


class ArticleQuerySet(models.QuerySet):
    """The one place that knows what "published" means. `Article.state_in` says the same of a loaded article."""

    def published(self, language: str | None = None, at: datetime | None = None) -> "ArticleQuerySet":
        """Return the articles live in a language (the active one by default) at a time (now by default)."""
        date = languages.column("published_at", language or languages.active())
        return self.kept().filter(**{f"{date}__lte": at or timezone.now()})

    def scheduled(self, language: str, at: datetime | None = None) -> "ArticleQuerySet":
        """Return the articles that go live in a language after a time (now by default)."""
        date = languages.column("published_at", language)
        return self.kept().filter(**{f"{date}__gt": at or timezone.now()})

    def dated_within(self, first: datetime, last: datetime, language: str | None = None) -> "ArticleQuerySet":
        """Return the articles live in a language since a moment of a period, whose last one is not to come."""
        date = languages.column("published_at", language or languages.active())
        return self.published(language, at=last).filter(**{f"{date}__gte": first})

    def in_state(self, state: str, language: str) -> "ArticleQuerySet":
        """Return the articles in one `Article.State` in a language now."""
        State = self.model.State  # noqa: N806, a class
        date, title = (languages.column(field, language) for field in ("published_at", "title"))
        if state == State.LIVE:
            return self.published(language)
        if state == State.SCHEDULED:
            return self.filter(**{f"{date}__gt": timezone.now()})
        if state == State.DRAFT:
            return self.filter(**{f"{date}__isnull": True, f"{title}__gt": ""})
        return self.exclude(**{f"{title}__gt": ""})

    def newest_first(self, language: str | None = None) -> "ArticleQuerySet":
        return self.order_by(f"-{languages.column('published_at', language or languages.active())}", "-pk")

    def in_order_of_parts(self, language: str | None = None) -> "ArticleQuerySet":
        """Return the parts of series in their order: by their places, those without one last, the older first."""
        date = languages.column("published_at", language or languages.active())
        return self.order_by(models.F("part").asc(nulls_last=True), date, "pk")

    def listed_by(self, subject: models.Model) -> "ArticleQuerySet":
        """Return the articles of a tag, an author or a series.

        Where these are many, that is a condition on each article in the order of the list: the newest of ten thousand
        are found without sorting them all. Few are sorted sooner than found on a walk through all others.
        """
        relation = subject._meta.get_field("articles").field
        if not relation.many_to_many or not subject.lists_many:
            return self.filter(**{relation.name: subject})
        return self.having(relation.name, subject.pk)

    def having(self, subjects: str, pk: int) -> "ArticleQuerySet":
        """Return the articles that have one of their "tags" or "authors", looked at one by one."""
        relation = self.model._meta.get_field(subjects)
        ends = {relation.m2m_field_name(): models.OuterRef("pk"), relation.m2m_reverse_field_name(): pk}
        return self.filter(models.Exists(relation.remote_field.through.objects.filter(**ends)))

    def companions_of(self, article: int) -> "ArticleQuerySet":
        """Return the articles shown at the foot of another one (its primary key), in the order that its author gave."""
        return self.filter(companion_of__article=article).order_by("companion_of__position", "companion_of__pk")

    def related_to(self, article: models.Model) -> "ArticleQuerySet":
        """Return the articles that share a tag with this one."""
        sharing = self.model.objects.filter(tags__in=article.tags.all()).exclude(pk=article.pk)
        return self.filter(pk__in=sharing.values("pk"))

    def newer_than(self, date: datetime, pk: int, language: str | None = None) -> "ArticleQuerySet":
        """Return the articles that `newest_first` puts before one of a date and a primary key, the nearest first."""
        return self._beside(date, pk, "gt", language).reverse()

    def older_than(self, date: datetime, pk: int, language: str | None = None) -> "ArticleQuerySet":
        """Return the articles that `newest_first` puts after one of a date and a primary key, the nearest first."""
        return self._beside(date, pk, "lt", language)

    def _beside(self, date: datetime, pk: int, side: str, language: str | None) -> "ArticleQuerySet":
        column = languages.column("published_at", language or languages.active())
        # The first condition is part of the second, but only it lets the index find the place.
        return self.filter(
            models.Q(**{f"{column}__{side}": date}) | models.Q(**{f"pk__{side}": pk}),
            **{f"{column}__{side}e": date},
        ).newest_first(language)

    def for_links(self, language: str | None = None) -> "ArticleQuerySet":
        """Return the rows of a link: title and address."""
        language = language or languages.active()
        return self.only(*(languages.column(field, language) for field in ("title", "slug")))

    def for_titles(self) -> "ArticleQuerySet":
        """Return the rows of what an article is called, whichever language has a title."""
        return self.only("key", "source_language", *(languages.column("title", code) for code in languages.codes()))

    def for_references(self) -> "ArticleQuerySet":
        """Return the rows of links from a text, which lead to whatever language is live."""
        fields = ("title", "slug", "published_at")
        return self.only(
            "key", "deleted_at", *(languages.column(f, code) for f in fields for code in languages.codes())
        )

    def for_listing(self, language: str | None = None) -> "ArticleQuerySet":
        """Return the narrow rows of a list: no body, but `reading_minutes` and `excerpt`; `teasers` adds the tags."""
        language = language or languages.active()
        columns = [languages.column(field, language) for field in ("title", "slug", "summary", "published_at")]
        return self.only(*columns).annotate(
            rendering_shown=models.FilteredRelation("renderings", condition=models.Q(renderings__language=language)),
            reading_minutes=models.F("rendering_shown__reading_minutes"),
            excerpt=models.F("rendering_shown__excerpt"),
        )

    def for_page(self) -> "ArticleQuerySet":
        """Return the rows of an article's page: all that readers see of it but the bodies, which are rendered."""
        fields = ("published_at", "first_published_at", "updated_at", "slug", "title", "summary")
        columns = [languages.column(field, code) for field in fields for code in languages.codes()]
        return self.only("key", "source_language", "source", "deleted_at", "shows_lag", "series", "part", *columns)

    def dates_of_any(self, querysets: Iterable["ArticleQuerySet"]) -> "ArticleQuerySet":
        """Return the narrow rows of the articles that are in any of some querysets: when each goes live, or went."""
        in_any = models.Q(*(models.Q(pk__in=each.values("pk")) for each in querysets), _connector=models.Q.OR)
        return self.filter(in_any).only(*(languages.column("published_at", code) for code in languages.codes()))

    def for_sitemap(self) -> "ArticleQuerySet":
        """Return narrow rows: where each article is, since when, and when it changed."""
        fields = ("slug", "published_at", "first_published_at", "updated_at")
        columns = [languages.column(field, code) for field in fields for code in languages.codes()]
        return self.only("source_language", "deleted_at", "series", *columns)

    def kept(self) -> "ArticleQuerySet":
        return self.filter(deleted_at=None)

    def deleted(self) -> "ArticleQuerySet":
        return self.exclude(deleted_at=None)

    def delete(self, by: AbstractBaseUser | None = None) -> tuple[int, dict[str, int]]:
        """Delete as `Article.delete` does, so that it can be undone; return what Django's own `delete` returns."""
        count = 0
        for article in self.kept():
            article.delete(by=by)
            count += 1
        return count, {self.model._meta.label: count}

    # Never on a manager, where one word would delete everything.
    delete.queryset_only = True


class AppendOnlyQuerySet(models.QuerySet):
    def update(self, **kwargs) -> int:
        raise TypeError("A revision is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A revision is never deleted.")

    delete.queryset_only = True


class RevisionQuerySet(AppendOnlyQuerySet):
    def saved(self, language: str) -> "RevisionQuerySet":
        """Return what took its place in a language, the one that stands first: no working copy, nothing set aside."""
        return self.filter(language=language, kind=self.model.Kind.SAVED).order_by("-pk")

    def for_history(self) -> "RevisionQuerySet":
        """Return the narrow rows of a list, the newest first, with who saved each: no words."""
        narrow = self.select_related("created_by").defer("summary", "body", "shared")
        return narrow.order_by("-pk")

    def standing(self) -> "RevisionQuerySet":
        """Return what stands of each article in each of its languages."""
        saved = self.filter(kind=self.model.Kind.SAVED).order_by()
        newest = saved.values("article", "language").annotate(newest=models.Max("pk"))
        return self.filter(pk__in=newest.values("newest"))

    def last_changes(self, *fields: str) -> "RevisionQuerySet":
        """Return the newest text for each value of some fields, like "article" and "language".

        Working copies are texts as well; what was set aside changed nothing.
        """
        later = self.model.objects.filter(
            pk__gt=models.OuterRef("pk"), **{name: models.OuterRef(name) for name in fields}
        )
        set_aside = models.Q(kind=self.model.Kind.SET_ASIDE)
        return self.filter(~set_aside, ~models.Exists(later.exclude(set_aside)))

    def once_live_at(self, slug: str, language: str | None = None) -> "RevisionQuerySet":
        """Return the revisions that readers could see at a slug, in one language or in any of the site's."""
        return self.once_live(language).filter(slug=slug)

    def once_live(self, language: str | None = None) -> "RevisionQuerySet":
        """Return the revisions that readers could see, in one language or in any of the site's."""
        codes = [language] if language else languages.codes()
        later = self.model.objects.filter(
            article=models.OuterRef("article"),
            language=models.OuterRef("language"),
            kind=self.model.Kind.SAVED,
            pk__gt=models.OuterRef("pk"),
        )
        replaced_at = models.Subquery(later.order_by("pk").values("created_at")[:1])
        until = Coalesce(replaced_at, "article__deleted_at", Now())
        # What was saved while the article was deleted, nobody could read.
        in_sight = models.Q(article__deleted_at=None) | models.Q(created_at__lte=models.F("article__deleted_at"))
        return self.filter(in_sight, kind=self.model.Kind.SAVED, language__in=codes, published_at__lte=until)


class RedirectQuerySet(models.QuerySet):
    def meant_by(self, path: str, query: str = "") -> models.Model | None:
        """Return the redirect of an address, percent-decoded, with or without its last slash; None where there is none.

        One that names the query goes before one that does not.
        """
        if "\x00" in path:
            return None
        bare = path.removesuffix("index.html").rstrip("/")
        paths = [path, f"{bare}/", bare, f"{bare}/index.html"]
        # é is one sign or two, as the system had it that made the old site.
        paths += [other for form in ("NFC", "NFD") for each in paths if (other := normalize(form, each)) != each]
        wanted = [f"{each}?{query}" for each in paths if query] + paths
        found = {redirect.old_path: redirect for redirect in self.filter(old_path__in=wanted)}
        return next((found[each] for each in wanted if each in found), None)


class ImageQuerySet(models.QuerySet):
    def beside(self, articles: list[int], names: list[str]) -> "ImageQuerySet":
        """Return the images that lay beside the files of some articles, with `article` and the `file` that it was."""
        files = {"article_files__article__pk__in": articles, "article_files__name__in": names}
        named = {"article": models.F("article_files__article_id"), "file": models.F("article_files__name")}
        return self.filter(**files).annotate(**named)
