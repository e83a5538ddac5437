"""What a feed says, whatever its format: which entries, their ids, dates, people and addresses."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import override

from articles import languages, references
from articles.addresses import path_in
from articles.markdown import typeset
from articles.models import Article, Author, Rendering, Slugged, Tag
from articles.prepared import prepared
from blog.models import Site

from .content import portable

SIZE = 20

# The date of what has not changed yet: RFC 4287 asks for one, and an empty feed must not look new each time.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """Who signs; `url` is the page with all that they wrote, "" where there is none."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Entry:
    """An article in one language. Addresses are absolute; titles, names and the summary are plain text, typeset."""

    id: str
    language: str
    url: str
    # The same article where else it can be read now, by language.
    translations: dict[str, str]
    title: str
    summary: str
    content: str
    published: datetime
    updated: datetime
    authors: list[Person]
    tags: list[str]
    source: str


@dataclass(frozen=True)
class Feed:
    """The newest entries of one language, or of all of them; `language` is that of the feed's own texts."""

    id: str
    language: str
    title: str
    subtitle: str
    author: str
    page_url: str
    atom_url: str
    json_url: str
    entries: list[Entry]

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=NEVER)


def feed_of(subject: Slugged | None = None) -> Feed:
    """Return the feed of the active language, or of what a tag or a series lists there."""
    language, site = languages.active(), Site.current()
    key = f"{subject._meta.model_name}/{subject.key}/{language}" if subject else language
    name = typeset(site.name, language)
    return Feed(
        id=_identifier(site, f"feed:{key}"),
        language=language,
        title=f"{typeset(subject.heading, language)} – {name}" if subject else name,
        subtitle=typeset(subject.introduction if subject else site.tagline, language),
        author=site.author or site.name,
        page_url=_absolute(subject.get_absolute_url() if subject else path_in(language, "blog:home")),
        atom_url=_absolute(address_of("feed", subject)),
        json_url=_absolute(address_of("feed_json", subject)),
        entries=_newest(site, [language], subject),
    )


def feed_of_all_languages() -> Feed:
    """Return the feed of every language, which speaks the site's default one itself."""
    with override(settings.LANGUAGE_CODE):
        site = Site.current()
        return Feed(
            id=_identifier(site, "feed:"),
            language=settings.LANGUAGE_CODE,
            title=typeset(site.name, settings.LANGUAGE_CODE),
            subtitle=typeset(site.tagline, settings.LANGUAGE_CODE),
            author=site.author or site.name,
            page_url=_absolute(reverse("language_redirect")),
            atom_url=_absolute(reverse("feed")),
            json_url=_absolute(reverse("feed_json")),
            entries=_newest(site, languages.codes()),
        )


def address_of(name: str, subject: Slugged | None = None) -> str:
    """Return the path of the `feed` or `feed_json` of the active language, or of a tag or a series there."""
    language = languages.active()
    if subject is None:
        return path_in(language, f"blog:{name}")
    return path_in(language, f"blog:{subject._meta.model_name}_{name}", slug=subject.slug_in(language))


def _newest(site: Site, codes: list[str], subject: Slugged | None = None) -> list[Entry]:
    """Return the newest texts in some languages, at the cost of a handful of queries and of what is shown."""
    keys = sorted({key for code in codes for key in _newest_keys(code, subject)})
    if not keys:
        return []
    language = languages.active()
    texts = [(each, code) for each in _articles(language, keys=keys) for code in each.live_languages() if code in codes]
    texts = sorted(texts, key=_place, reverse=True)[:SIZE]
    found = {(each.article_id, each.language): each for each in _renderings(language, articles=keys, codes=codes)}
    renderings = [found[article.pk, code] for article, code in texts]
    bodies = references.resolved_apart(renderings)
    authors, tags = (_by_article(of(language, articles=keys)) for of in (_authors_of, _tags_of))
    return [
        _entry(site, article, rendering, body, authors[article.pk], tags[article.pk])
        for (article, _), rendering, body in zip(texts, renderings, bodies, strict=True)
    ]


def _newest_keys(language: str, subject: Slugged | None) -> QuerySet:
    live = Article.objects.published(language).newest_first(language)
    return (live.listed_by(subject) if subject else live).values_list("pk", flat=True)[:SIZE]


@prepared
def _articles(language: str, *, keys: list[int]) -> QuerySet:
    return Article.objects.filter(pk__in=keys).for_page()


@prepared
def _renderings(language: str, *, articles: list[int], codes: list[str]) -> QuerySet:
    renderings = Rendering.objects.filter(article__id__in=articles, language__in=codes)
    return renderings.only("article", "language", "excerpt", "html")


@prepared
def _authors_of(language: str, *, articles: list[int]) -> QuerySet:
    return Author.objects.filter(articles__id__in=articles).annotate(article=F("articles__id"))


@prepared
def _tags_of(language: str, *, articles: list[int]) -> QuerySet:
    return Tag.objects.filter(articles__id__in=articles).annotate(article=F("articles__id"))


def _by_article(subjects: Iterable[Slugged]) -> dict[int, list[Slugged]]:
    found = defaultdict(list)
    for subject in subjects:
        found[subject.article].append(subject)
    return found


def _place(text: tuple[Article, str]) -> tuple[datetime, int]:
    """Return what `newest_first` sorts by."""
    article, language = text
    return getattr(article, languages.column("published_at", language)), article.pk


def _entry(
    site: Site, article: Article, rendering: Rendering, body: str, authors: list[Author], tags: list[Tag]
) -> Entry:
    language = rendering.language
    addresses = {code: _absolute(path) for code, path in article.addresses().items() if path}
    url = addresses.pop(language)
    text = {field: getattr(article, languages.column(field, language)) for field in ("title", "summary")}
    return Entry(
        id=_identifier(site, f"{article.key}/{language}"),
        language=language,
        url=url,
        translations=addresses,
        title=typeset(text["title"], language),
        summary=typeset(text["summary"], language) or rendering.excerpt,
        content=portable(body, url),
        published=article.first_published_in(language),
        updated=article.changed_in(language),
        authors=[Person(author.name, _absolute(author.get_absolute_url(language))) for author in authors],
        tags=sorted(typeset(name, language) for tag in tags if (name := tag.name_in(language))),
        source=article.source,
    )


def _identifier(site: Site, name: str) -> str:
    """Return the id of a thing for ever: neither its address nor its title is part of it (RFC 4287, section 4.2.6)."""
    return uuid.uuid5(site.identity, name).urn


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}" if path else ""
