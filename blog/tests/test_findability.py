"""One rule for all outputs: what is live in a language is found there, and nothing else is found anywhere."""

import json
import re
from datetime import timedelta
from itertools import product
from xml.etree import ElementTree

from django.conf import settings
from django.test import TestCase
from django.utils import timezone

from articles import languages
from articles.models import Article, Author, PreviewLink, Series, Tag
from articles.tests.examples import make_article
from blog.models import Page

from .crawler import Document, crawl, fetch, site_path

CODES = [code for code, _ in settings.LANGUAGES]
State = Article.State
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}

# Each text is known by a word that stands nowhere else, in its title, its summary and its body.
WORD = re.compile(r"zq[a-z]+qz")


def word(*parts: str) -> str:
    return f"zq{''.join(parts)}qz"


def text_in(state: str, own: str) -> dict:
    """Return the fields of a text in a state; each names itself by a word of its own."""
    now = timezone.now()
    dates = {State.LIVE: now - timedelta(days=40), State.SCHEDULED: now + timedelta(days=40)}
    fields = {"title": f"Title {own}", "slug": own, "summary": f"Summary {own}.", "body": f"Body {own}.\n\n## {own}"}
    return fields | {"published_at": dates.get(state)}


def make_articles() -> dict[str, set[str]]:
    """Make an article in each combination of states, kept and deleted; return the words that are live, by language.

    Each has a tag, a series and an author of its own, so that every kind of list holds exactly one of them, and one
    of each kind is on all of them.
    """
    live: dict[str, set[str]] = {code: set() for code in CODES}
    common = _subjects("common")
    for *states, is_deleted in product(*[State.values] * len(CODES), [False, True]):
        if set(states) == {State.MISSING}:
            continue
        name = "".join(state[0] for state in states) + ("x" if is_deleted else "k")
        texts = {
            code: text_in(state, word(name, code))
            for code, state in zip(CODES, states, strict=True)
            if state != State.MISSING
        }
        article = make_article(name, **texts)
        tag, series, author = _subjects(name)
        article.tags.add(tag, common[0])
        article.authors.add(author, common[2])
        # Whoever has its address reads everything; nothing leads there.
        PreviewLink.objects.create(article=article)
        article.series = series
        article.save(update_fields=["series"])
        if is_deleted:
            article.delete()
        for code, state in zip(CODES, states, strict=True):
            if state == State.LIVE and not is_deleted:
                live[code].add(word(name, code))
    return live


def _subjects(name: str) -> tuple[Tag, Series, Author]:
    names = {languages.column("name", code): f"{name}-{code}" for code in CODES}
    titles = {languages.column("title", code): f"{name}-{code}" for code in CODES}
    return (
        Tag.objects.create(key=name, **names),
        Series.objects.create(key=name, **titles),
        Author.objects.create(name=f"{name} author"),
    )


class FindabilityTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.live = make_articles()
        Page.objects.create(
            key="about", title_en="About", body_en="About us.", is_live_en=True, title_fr="À propos", body_fr="Nous."
        )
        cls.documents = crawl("/", *(f"/{code}/" for code in CODES))
        cls.pages = {path: document for path, document in cls.documents.items() if document.is_indexable_page}

    def words(self, documents: list[Document]) -> set[str]:
        return {found for document in documents for found in WORD.findall(document.text)}

    def of_kind(self, pattern: str) -> list[Document]:
        return [document for path, document in self.documents.items() if re.fullmatch(pattern, path)]

    # One rule

    def test_no_document_names_what_is_not_live(self):
        for document in self.documents.values():
            allowed = set().union(*self.live.values())
            self.assertLessEqual(self.words([document]), allowed, document.path)

    def test_every_kind_of_list_holds_all_that_is_live_in_its_language(self):
        kinds = {
            "home": r"/{code}/(\?page=\d+)?",
            "archive": r"/{code}/archives?/\d{{4}}/(\?page=\d+)?",
            "month": r"/{code}/archives?/\d{{4}}/\d\d/(\?page=\d+)?",
            "tags": r"/{code}/(tags|etiquettes)/(?!common)[^/]+/",
            "common tag": r"/{code}/(tags|etiquettes)/common[^/]+/(\?page=\d+)?",
            "series": r"/{code}/series/[^/]+/(\?page=\d+)?",
            "authors": r"/{code}/(authors|auteurs)/[^/]+/(\?page=\d+)?",
        }
        for code, (kind, pattern) in product(CODES, kinds.items()):
            with self.subTest(kind, language=code):
                documents = self.of_kind(pattern.format(code=code))
                self.assertTrue(documents)
                self.assertEqual({w for w in self.words(documents) if w.endswith(f"{code}qz")}, self.live[code])

    def test_an_article_has_its_page_and_its_markdown_where_it_is_live_and_nowhere_else(self):
        for code, article in product(CODES, Article.objects.all()):
            own = word(article.key, code)
            expected = own in self.live[code]
            for path in (f"/{code}/articles/{own}/", f"/{code}/articles/{own}.md"):
                self.assertEqual(fetch(path).status == 200, expected, path)

    def test_a_list_has_a_page_where_it_lists_something_and_nowhere_else(self):
        for code, model in product(CODES, (Tag, Series, Author)):
            for subject in model.objects.exclude(key="common") if model is not Author else model.objects.all():
                name = subject.name.removesuffix(" author") if model is Author else subject.key
                expected = name == "common" or word(name, code) in self.live[code]
                status = fetch(subject.get_absolute_url(code)).status
                self.assertEqual(status == 200, expected, subject.get_absolute_url(code))

    def test_a_feed_holds_what_is_live_in_its_language(self):
        for code in CODES:
            entries = ElementTree.fromstring(fetch(f"/{code}/feed.xml").text).findall("a:entry/a:title", ATOM)
            self.assertEqual(self.words_of(entry.text for entry in entries), self.live[code])
            items = json.loads(fetch(f"/{code}/feed.json").text)["items"]
            self.assertEqual(self.words_of(item["title"] for item in items), self.live[code])
        entries = ElementTree.fromstring(fetch("/feed.xml").text).findall("a:entry/a:title", ATOM)
        self.assertEqual(self.words_of(entry.text for entry in entries), set().union(*self.live.values()))

    def test_the_feed_of_a_tag_or_a_series_exists_where_its_page_does(self):
        for code, model in product(CODES, (Tag, Series)):
            for subject in model.objects.exclude(key="common"):
                expected = word(subject.key, code) in self.live[code]
                for name in ("feed.xml", "feed.json"):
                    document = fetch(subject.get_absolute_url(code) + name)
                    self.assertEqual(document.status == 200, expected, document.path)

    def test_a_search_finds_what_is_live_in_its_language(self):
        for code, search in product(CODES, ("search", "recherche")):
            for article in Article.objects.all():
                own = word(article.key, code)
                document = fetch(f"/{code}/{search}/?q={own}")
                if document.status == 200:
                    found = {path for path in document.links if "/articles/" in path}
                    expected = {f"/{code}/articles/{own}/"} if own in self.live[code] else set()
                    self.assertEqual(found, expected, document.path)

    def test_alternate_links_name_exactly_the_live_languages(self):
        for article in Article.objects.all():
            names = {code: word(article.key, code) for code in CODES}
            live = {code: f"/{code}/articles/{names[code]}/" for code in CODES if names[code] in self.live[code]}
            for path in live.values():
                told = dict(self.documents[path].hreflang)
                told.pop("x-default", None)
                self.assertEqual(told, live if len(live) > 1 else {}, path)

    def words_of(self, texts) -> set[str]:
        return {found for text in texts for found in WORD.findall(text or "")}

    # What a crawl walks through

    def test_no_link_leads_nowhere(self):
        for document in self.documents.values():
            expected = 302 if document.path == "/" else 200
            self.assertEqual(document.status, expected, document.path)

    def test_a_crawl_reaches_exactly_the_addresses_of_the_sitemap(self):
        root = ElementTree.fromstring(fetch("/sitemap.xml").text)
        told = {site_path(element.text) for element in root.findall("s:url/s:loc", SITEMAP)}
        self.assertEqual(told, set(self.pages))

    def test_every_page_says_its_own_address(self):
        for path, document in self.pages.items():
            self.assertEqual(document.canonical, path)

    def test_every_set_of_alternate_links_is_reciprocal_and_names_its_own_page(self):
        for path, document in self.pages.items():
            if document.hreflang:
                self.assertIn(path, document.hreflang.values())
            for code, other in document.hreflang.items():
                if code != "x-default":
                    self.assertEqual(self.documents[other].language, code)
                    self.assertEqual(self.documents[other].hreflang, document.hreflang, f"{path} and {other}")

    def test_the_sitemap_tells_the_same_alternates_as_the_pages(self):
        root = ElementTree.fromstring(fetch("/sitemap.xml").text)
        for url in root.findall("s:url", SITEMAP):
            path = site_path(url.find("s:loc", SITEMAP).text)
            links = url.findall("x:link", SITEMAP)
            told = {link.get("hreflang"): site_path(link.get("href")) for link in links}
            self.assertEqual(told, self.pages[path].hreflang, path)

    def test_every_page_with_a_counterpart_names_it(self):
        for path in (f"/{code}/" for code in CODES):
            self.assertEqual(set(self.pages[path].hreflang), {*CODES, "x-default"})

    def test_readers_documents_set_no_cookie(self):
        for path in self.documents:
            response = self.client.get(path)
            self.assertFalse(response.cookies, path)
            self.assertNotIn("Cookie", response.headers.get("Vary", ""), path)
