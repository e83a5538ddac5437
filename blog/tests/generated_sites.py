"""Sites that hypothesis thinks up: with every feature that a folder carries, and every sign that YAML trips over."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import strategies as st

from articles import image_store, languages
from articles.files import redirects
from articles.files.aliases import aliases_of
from articles.files.images import references
from articles.models import Article, Author, Companion, Image, Redirect, Series, Tag
from articles.models.image import ArticleImage
from articles.saving import save_language
from articles.shared_facts import facts
from articles.tests.image_files import gradient, saved
from articles.tests.signs import SIGNS
from articles.text import ArticleText
from articles.translating import answering, kept
from blog.models import Page, Site

PICTURES = [saved(gradient(16 + 8 * number, 16), "PNG") for number in range(3)]
NOW = datetime(2026, 5, 17, 8, 30, tzinfo=UTC)
LANGUAGES = ("en", "fr")

words = st.lists(st.sampled_from([*SIGNS, "[a](article:a0)"]), max_size=10).map("".join)
names = words.map(lambda text: " ".join(text.split())[:60])
paths = st.sampled_from(["/old/", "/2020/01/é/", "/?p=12", "/a b/", "/yes", "/index.html?x=#1", "/" + "long-" * 40])
slugs = st.sampled_from([None, None, "one", "two-words", "2026-01-31", "null", "0x1f", "1e3", "007"])


@st.composite
def texts(draw) -> dict:
    date = draw(st.sampled_from([None, NOW - timedelta(days=900), NOW + timedelta(days=90_000), NOW]))
    body = draw(words)
    if date and not body.strip():
        body += "Words."
    fields = {"title": draw(names.filter(bool)), "slug": draw(slugs), "summary": draw(words)}
    return fields | {"body": body, "published_at": date}


@dataclass
class Plan:
    """An article to make: its texts by language, in the order of saving, and what happens to it then."""

    texts: dict[str, dict]
    source: str = ""
    tags: set[int] = field(default_factory=set)
    series: int | None = None
    part: int | None = None
    companions: list[int] = field(default_factory=list)
    shows_lag: bool = True
    pictures: list[tuple[str, int]] = field(default_factory=list)
    later: list[str] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    copy: dict | None = None


@st.composite
def articles(draw) -> Plan:
    order = draw(st.sampled_from([("en",), ("fr",), ("en", "fr"), ("fr", "en")]))
    few, flag = st.sets(st.integers(0, 2), max_size=2), st.booleans()
    series = draw(st.sampled_from([None, 0, 1]))
    return Plan(
        {language: draw(texts()) for language in order},
        source=draw(st.sampled_from(["", "https://example.org/a?b=c#d"])),
        tags=draw(few),
        series=series,
        part=None if series is None else draw(st.sampled_from([None, 0, 3])),
        companions=draw(st.lists(st.integers(0, 2), max_size=2, unique=True)),
        shows_lag=draw(flag),
        pictures=draw(
            st.lists(st.tuples(st.sampled_from(["a.png", "É (1).PNG", "x y.png"]), st.integers(0, 2)), max_size=1)
        ),
        later=draw(
            st.lists(st.sampled_from(["slug", "source", "left_out", "copied", "unwanted", "deleted"]), max_size=3)
        ),
        aliases=draw(st.sets(paths, max_size=1)),
        copy=draw(st.none() | texts()),
    )


@st.composite
def sites(draw) -> dict:
    return {
        "articles": draw(st.lists(articles(), min_size=1, max_size=3)),
        "names": [draw(names.filter(bool)) for _ in range(6)],
        "page": draw(texts()),
        "texts": [draw(words) for _ in range(4)],
        "flag": draw(st.booleans()),
        "picture": draw(st.sampled_from([None, 0, 1, 2])),
        "redirects": draw(st.sets(paths, max_size=2)),
    }


def make(site: dict) -> None:
    """Make a site of a plan, as authors would; what a rule refuses is left out."""
    first, second, *others = site["names"]
    tags = [
        Tag.objects.create(key=f"t{place}", name_en=others[place], name_fr="" if place else first) for place in range(3)
    ]
    series = [
        Series.objects.create(key=f"s{place}", title_en=second, description_fr=site["texts"][1].strip())
        for place in (0, 1)
    ]
    author = Author.objects.create(name=first, about_en=site["texts"][0].strip())
    if site["flag"]:
        for thing in (tags[0], series[1], author):
            thing.slug_en = "another"
            thing.save()
    made = [_make_article(number, plan, author, tags, series) for number, plan in enumerate(site["articles"])]
    for article, plan in zip(made, site["articles"], strict=True):
        for position, number in enumerate(plan.companions):
            if number < len(made) and made[number] != article:
                Companion.objects.create(article=article, companion=made[number], position=position)
    for article, plan in zip(made, site["articles"], strict=True):
        for what in plan.later:
            _change(article, plan, what)
    _make_others(site)


def _make_article(number: int, plan: Plan, author: Author, tags: list[Tag], series: list[Series]) -> Article:
    article = Article.objects.create(
        key=f"a{number}",
        source_language=next(iter(plan.texts)),
        source=plan.source,
        series=None if plan.series is None else series[plan.series],
        part=plan.part,
        shows_lag=plan.shows_lag,
    )
    article.authors.set([author] if plan.shows_lag else [])
    article.tags.set([tags[place] for place in plan.tags])
    for language, fields in plan.texts.items():
        _save(article, language, fields | {"body": fields["body"] + _pictures(article, plan)})
    for path in plan.aliases:
        if not Redirect.objects.filter(old_path=path).exists():
            Redirect.objects.create(old_path=path, article=article, language=article.source_language)
    language = article.source_language
    if plan.copy and article.latest_revision(language) and article.text_in(language).published_at:
        _save(article, language, plan.copy, as_working_copy=True)
    return article


def _save(article: Article, language: str, fields: dict, **options) -> None:
    based_on = article.in_work(language) if options else article.latest_revision(language)
    for slug in (fields["slug"], None, f"{article.key}-free"):
        try:
            save_language(article, language, ArticleText(**fields | {"slug": slug}), based_on=based_on, **options)
            return
        except ValidationError as error:
            refused = error
    if "body" not in refused.message_dict and "title" not in refused.message_dict:
        raise refused


def _pictures(article: Article, plan: Plan) -> str:
    body = ""
    for name, number in plan.pictures:
        image = _picture(number, name)
        ArticleImage.objects.get_or_create(article=article, name=name, defaults={"image": image})
        body += f"\n\n![Picture](<{name}>)\n"
    return body


def _picture(number: int, name: str) -> Image:
    with image_store.workspace() as folder:
        return image_store.save(Image(file_name=name), image_store.prepare(PICTURES[number], folder))


def _change(article: Article, plan: Plan, what: str) -> None:
    article.refresh_from_db()
    language = article.source_language
    text = article.text_in(language)
    fields = {name: getattr(text, name) for name in text.FIELDS}
    other = next(code for code in LANGUAGES if code != language)
    if what == "slug" and text.slug:
        _save(article, language, fields | {"slug": f"{article.key}-moved"})
    elif what == "source" and text.title:
        _save(article, language, fields | {"body": f"Another beginning.\n\n{text.body}", "title": f"{text.title} 2"})
    elif what == "left_out" and article.text_in(other).title:
        if changes := kept.comparison(article, other).changes:
            answering.answer(article, other, {changes[0].key}, is_left_out=True)
    elif what == "copied" and article.text_in(other).published_at:
        text = article.text_in(other)
        _save(article, other, {"title": f"{text.title} 3", "slug": text.slug, "body": "New."}, as_working_copy=True)
        if changes := kept.comparison(article, other).changes:
            answering.answer(article, other, {changes[-1].key})
    elif what == "unwanted":
        answering.want(article, other, False)
    elif what == "deleted":
        article.delete()


def _make_others(site: dict) -> None:
    Site.objects.all().delete()
    name, tagline, author, footer = site["texts"]
    row = Site.current()
    row.name_en, row.tagline_fr = name.strip()[:90] or "Name", tagline.strip()[:90]
    row.author_en, row.footer_fr, row.shows_lag = author.strip()[:90], footer.strip(), site["flag"]
    row.save()
    fields = site["page"]
    page = Page(key="p", navigation="header" if site["flag"] else "none", position=7)
    page.title_fr, page.body_fr, page.description_fr = (
        fields["title"],
        fields["body"],
        " ".join(fields["summary"].split()),
    )
    page.is_live_fr = bool(fields["body"].strip())
    try:
        page.full_clean()
        page.save()
    except ValidationError:
        pass
    if site["picture"] is not None:
        image = _picture(site["picture"], "Library (1).png")
        image.alt_en = site["texts"][0].strip()
        image.save()
    for path in site["redirects"]:
        if not Redirect.objects.filter(old_path=path).exists():
            Redirect.objects.create(old_path=path, new_path="/en/tags/a/")


def told() -> dict:
    """Return what the site says in all that a folder carries."""
    kept_articles = Article.objects.kept().order_by("key")
    aliases = aliases_of(kept_articles)
    told = {
        article.key: facts(article)
        | {code: article.text_in(code) for code in LANGUAGES}
        | {f"aliases {code}": aliases.get((article.pk, code), []) for code in LANGUAGES}
        | {
            "shows_lag": article.shows_lag,
            "copies": {copy.language: copy.revision.content for copy in article.working_copies.order_by("language")},
            "images": _images(article),
            "translations": list(
                article.translations.filter(language__in=LANGUAGES)
                .exclude(language=article.source_language)
                .order_by("language", "working_copy")
                .values_list("language", "working_copy__language", "is_wanted", "blocks", "blocks_behind")
            ),
        }
        for article in kept_articles
        if any(article.text_in(code).title for code in LANGUAGES)
    }
    for model, left_out in [(Tag, ()), (Series, ()), (Author, ("user",)), (Image, ("created_at", "created_by"))]:
        told[model.__name__] = [_row(thing, left_out) for thing in model.objects.order_by("pk")]
        told[model.__name__].sort(key=str)
    told["pages"] = [_row(page, ()) for page in Page.objects.order_by("key")]
    told["site"] = _row(Site.current(), ("identity",))
    told["redirects"] = redirects.paths()
    return told


def _images(article: Article) -> list[tuple]:
    """Return the pictures beside an article that a text shows: where there is a name in code, it shows none."""
    bodies = [article.text_in(code).body for code in LANGUAGES]
    bodies += [copy.revision.body for copy in article.working_copies.all()]
    shown = {reference.name for body in bodies for reference in references(Path(), body, 1)}
    rows = article.image_files.filter(name__in=shown).values_list("name", "image__digest", "image__key")
    return sorted(rows)


def _row(thing, left_out: tuple[str, ...]) -> dict:
    columns = {column.attname for column in thing._meta.concrete_fields if column.name not in ("id", *left_out)}
    # Those without a language say what one of those with it says.
    columns -= {
        name.removesuffix(f"_{code}") for name in columns for code in languages.codes() if name.endswith(f"_{code}")
    }
    return {name: getattr(thing, name) or None for name in sorted(columns)}


def empty() -> None:
    """Take every row of both applications away, past all rules."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in ("articles", "blog"):
            model._base_manager.all()._raw_delete(connection.alias)
