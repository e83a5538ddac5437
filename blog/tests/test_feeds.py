import re
import uuid
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
from django.conf import settings
from django.test import TestCase, override_settings
from django.urls import reverse
from django.utils.translation import override

from articles import languages
from articles.models import Author, Series, Tag
from articles.tests.constructs import constructs
from articles.tests.examples import TOMORROW, YESTERDAY, change, live, make_article
from blog.feeds.feed import SIZE
from blog.models import Site

CODES = languages.codes()
ATOM = "{http://www.w3.org/2005/Atom}"
XML = "{http://www.w3.org/XML/1998/namespace}"
# RFC 3339, as RFC 4287, section 3.3, narrows it.
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


def elements(parent: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return parent.findall(f"{ATOM}{name}")


def text(parent: ElementTree.Element, name: str) -> str | None:
    return parent.findtext(f"{ATOM}{name}")


def is_absolute(address: str | None) -> bool:
    parts = urlsplit(address or "")
    return bool(parts.scheme and (parts.netloc or parts.path))


class FeedTestCase(TestCase):
    def atom(self, path: str) -> ElementTree.Element:
        response = self.client.get(path)
        self.assertEqual(response.status_code, 200, path)
        return ElementTree.fromstring(response.content)

    def items(self, path: str) -> list[dict]:
        return self.client.get(path).json()["items"]

    def assert_is_atom(self, root: ElementTree.Element) -> None:
        """What RFC 4287 demands with a MUST and a feed of this site can break."""
        self.assertEqual(root.tag, f"{ATOM}feed")
        self.assert_is_described(root)
        entries = elements(root, "entry")
        # 4.1.1
        self.assertTrue(elements(root, "author") or all(elements(entry, "author") for entry in entries))
        relations = [link.get("rel") for link in elements(root, "link")]
        self.assertEqual(relations.count("self"), 1)
        # 4.1.1 leaves one entry of an id in a feed.
        ids = [text(element, "id") for element in [root, *entries]]
        self.assertEqual(len(set(ids)), len(ids))
        for entry in entries:
            self.assert_is_described(entry)
            self.assertLessEqual(len(elements(entry, "published")), 1)
            self.assertLessEqual(len(elements(entry, "summary")), 1)
            self.assertEqual(len(elements(entry, "content")), 1)
            # 4.1.3.3: escaped HTML, without elements of its own.
            self.assertEqual(elements(entry, "content")[0].get("type"), "html")
            self.assertFalse(list(elements(entry, "content")[0]))
            self.assertIn("alternate", [link.get("rel") for link in elements(entry, "link")])

    def assert_is_described(self, element: ElementTree.Element) -> None:
        for name in ("id", "title", "updated"):
            self.assertEqual(len(elements(element, name)), 1, name)
            self.assertTrue(text(element, name), name)
        self.assertTrue(is_absolute(text(element, "id")))
        for date in elements(element, "updated") + elements(element, "published"):
            self.assertTrue(DATE.fullmatch(date.text), date.text)
        for link in elements(element, "link"):
            self.assertTrue(is_absolute(link.get("href")), link.get("href"))
        # 4.1.1: no two alternate links of one type and language.
        kinds = [(each.get("type"), each.get("hreflang")) for each in elements(element, "link") if is_alternate(each)]
        self.assertEqual(len(set(kinds)), len(kinds))
        # 3.2.1 and 4.2.2.1
        self.assertTrue(all(text(author, "name") for author in elements(element, "author")))
        self.assertTrue(all(category.get("term") for category in elements(element, "category")))

    def assert_is_json_feed(self, feed: dict) -> None:
        """What https://www.jsonfeed.org/version/1.1/ requires."""
        self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")
        self.assertTrue(feed["title"])
        ids = [item["id"] for item in feed["items"]]
        self.assertEqual(len(set(ids)), len(ids))
        for item in feed["items"]:
            self.assertIsInstance(item["id"], str)
            self.assertTrue("content_html" in item or "content_text" in item)
            for name in ("date_published", "date_modified"):
                self.assertTrue(DATE.fullmatch(item[name]), item[name])
        for whole in [feed, *feed["items"]]:
            for name in ("url", "home_page_url", "feed_url"):
                self.assertTrue(is_absolute(whole.get(name, "https://blog.example/")))
            for author in whole.get("authors", []):
                self.assertTrue(author.get("name") or author.get("url"))


def is_alternate(link: ElementTree.Element) -> bool:
    return link.get("rel") == "alternate"


def make_library() -> None:
    """Make articles in every state, with all that a body may hold, and a tag, a series and two authors."""
    body = "\n\n".join(source for source, _ in constructs().values())
    both = make_article(
        "both",
        en=live("“A & B” <c>", summary="All & more.", body=body),
        fr=live("Été : l'un", slug="ete", body=body),
    )
    tag = Tag.objects.create(key="code", name_en="Code & craft", name_fr="Le code")
    series = Series.objects.create(key="parts", title_en="Parts", title_fr="Parties", description_en="In parts.")
    both.tags.add(tag)
    both.authors.add(Author.objects.create(name="Ada"), Author.objects.create(name="Zoé"))
    both.series = series
    both.source = "https://example.org/source?a=1&b=2"
    both.save(update_fields=["series", "source"])
    make_article("english", en=live("Only here", published_at=YESTERDAY - timedelta(days=1))).tags.add(tag)
    make_article("french", fr=live("Seulement ici", published_at=YESTERDAY - timedelta(days=2)))
    make_article("draft", en={"title": "Draft", "body": "B"}).tags.add(tag)
    make_article("later", en={"title": "Later", "body": "B", "published_at": TOMORROW}).tags.add(tag)
    make_article("gone", en=live("Gone"), fr=live("Parti")).delete()


def paths(form: str) -> list[str]:
    """Return the address of every feed of the library in a format, xml or json."""
    found = [f"/feed.{form}", *(f"/{code}/feed.{form}" for code in CODES)]
    for subject in (Tag.objects.get(), Series.objects.get()):
        found += [f"{subject.get_absolute_url(code)}feed.{form}" for code in CODES]
    return found


class ValidityTests(FeedTestCase):
    def setUp(self):
        make_library()

    def test_every_atom_feed_is_what_the_standard_asks_for(self):
        for path in paths("xml"):
            with self.subTest(path):
                self.assert_is_atom(self.atom(path))

    def test_every_json_feed_is_what_the_standard_asks_for(self):
        for path in paths("json"):
            with self.subTest(path):
                response = self.client.get(path)
                self.assertEqual(response.headers["Content-Type"], "application/feed+json")
                self.assert_is_json_feed(response.json())

    def test_a_feed_reader_finds_no_fault_and_opens_each_entry_s_own_page(self):
        for path in paths("xml"):
            with self.subTest(path):
                response = self.client.get(path)
                parsed = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
                self.assertEqual(parsed.bozo, 0, parsed.get("bozo_exception"))
                self.assertEqual(parsed.version, "atom10")
                self.assertTrue(parsed.entries)
                for entry, item in zip(parsed.entries, self.items(path.replace(".xml", ".json")), strict=True):
                    self.assertEqual((entry.id, entry.link), (item["id"], item["url"]))

    def test_both_formats_say_the_same(self):
        for xml, json in zip(paths("xml"), paths("json"), strict=True):
            root, feed = self.atom(xml), self.client.get(json).json()
            self.assertEqual(text(root, "title"), feed["title"])
            for entry, item in zip(elements(root, "entry"), feed["items"], strict=True):
                for name, field in (("id", "id"), ("title", "title"), ("content", "content_html")):
                    self.assertEqual(text(entry, name), item[field])
                self.assertEqual(text(entry, "summary"), item.get("summary"))
                self.assertEqual(text(entry, "published"), item["date_published"])
                self.assertEqual(text(entry, "updated"), item["date_modified"])


class EmptyFeedTests(FeedTestCase):
    def test_a_language_without_articles_has_an_empty_feed_that_stays_the_same(self):
        make_article("a", fr=live("Seul"))
        response = self.client.get("/en/feed.xml")
        self.assert_is_atom(ElementTree.fromstring(response.content))
        self.assertEqual(feedparser.parse(response.content).entries, [])
        self.assertEqual(self.client.get("/en/feed.xml").content, response.content)
        feed = self.client.get("/en/feed.json").json()
        self.assert_is_json_feed(feed)
        self.assertEqual(feed["items"], [])


class ContentTests(FeedTestCase):
    def setUp(self):
        make_library()

    def test_an_entry_says_all_about_its_article(self):
        entry = elements(self.atom("/en/feed.xml"), "entry")[0]
        self.assertEqual(text(entry, "title"), "“A & B” <c>")
        self.assertEqual(text(entry, "summary"), "All & more.")
        self.assertEqual([text(author, "name") for author in elements(entry, "author")], ["Ada", "Zoé"])
        self.assertEqual(text(elements(entry, "author")[0], "uri"), f"{settings.SITE_URL}/en/authors/ada/")
        self.assertEqual([category.get("term") for category in elements(entry, "category")], ["Code & craft"])
        self.assertIn("<h2 id=", text(entry, "content"))
        via = [link.get("href") for link in elements(entry, "link") if link.get("rel") == "via"]
        self.assertEqual(via, ["https://example.org/source?a=1&b=2"])

    def test_an_entry_links_its_page_and_that_of_each_live_translation(self):
        both, english = elements(self.atom("/en/feed.xml"), "entry")
        english_url, french_url = f"{settings.SITE_URL}/en/articles/a-and-b-c/", f"{settings.SITE_URL}/fr/articles/ete/"
        links = [(each.get("hreflang"), each.get("href")) for each in elements(both, "link") if is_alternate(each)]
        self.assertEqual(links, [("en", english_url), ("fr", french_url), (None, english_url)])
        links = [(each.get("hreflang"), each.get("href")) for each in elements(english, "link")]
        self.assertEqual(links, [("en", f"{settings.SITE_URL}/en/articles/only-here/")])

    def test_names_speak_the_language_of_the_feed(self):
        french = elements(self.atom("/fr/feed.xml"), "entry")[0]
        self.assertEqual(text(french, "title"), "Été\u00a0: l’un")
        self.assertEqual([category.get("term") for category in elements(french, "category")], ["Le code"])
        with override("fr"):
            path = reverse("blog:series_feed", kwargs={"slug": "parties"})
        self.assertEqual(text(self.atom(path), "title"), "Parties – Recto Verso")

    def test_every_feed_and_every_entry_names_its_language(self):
        for code in CODES:
            root = self.atom(f"/{code}/feed.xml")
            self.assertEqual({each.get(f"{XML}lang") for each in [root, *elements(root, "entry")]}, {code})
            feed = self.client.get(f"/{code}/feed.json").json()
            self.assertEqual({each["language"] for each in [feed, *feed["items"]]}, {code})

    def test_the_feed_of_all_languages_holds_each_text_once_newest_first(self):
        entries = elements(self.atom("/feed.xml"), "entry")
        told = [(entry.get(f"{XML}lang"), text(entry, "title")) for entry in entries]
        self.assertEqual(sorted(told[:2]), [("en", "“A & B” <c>"), ("fr", "Été\u00a0: l’un")])
        self.assertEqual(told[2:], [("en", "Only here"), ("fr", "Seulement ici")])

    def test_the_feed_of_all_languages_is_the_same_for_every_browser(self):
        answers = [self.client.get("/feed.xml", HTTP_ACCEPT_LANGUAGE=code) for code in CODES]
        self.assertEqual(len({answer.content for answer in answers}), 1)
        self.assertEqual(answers[0].headers["Content-Language"], ", ".join(CODES))
        self.assertNotIn("Accept-Language", answers[0].headers.get("Vary", ""))

    def test_who_signs_nothing_is_the_publisher_or_the_site(self):
        self.assertEqual(text(self.atom("/en/feed.xml").find(f"{ATOM}author"), "name"), "Recto Verso")
        site = Site.current()
        site.author_en = "A house"
        site.save()
        self.assertEqual(text(self.atom("/en/feed.xml").find(f"{ATOM}author"), "name"), "A house")
        self.assertEqual(self.client.get("/en/feed.json").json()["authors"], [{"name": "A house"}])

    def test_a_control_character_in_a_title_does_not_break_the_feed(self):
        make_article("odd", en=live("A\x01B\x0b"))
        self.assert_is_atom(self.atom("/en/feed.xml"))

    @override_settings(SITE_URL="https://blog.example")
    def test_every_address_is_the_site_s_own_whatever_the_request_says(self):
        for path in [*paths("xml"), *paths("json")]:
            page = self.client.get(path, HTTP_HOST="localhost").content.decode()
            self.assertNotIn("localhost", page)
            self.assertNotIn("127.0.0.1", page)
            self.assertIn("https://blog.example/", page)

    def test_a_subject_s_feed_is_there_where_its_page_is(self):
        tag = Tag.objects.create(key="none", name_en="Nothing", name_fr="Rien")
        make_article("only", fr=live("Seul")).tags.add(tag)
        for form in ("xml", "json"):
            self.assertEqual(self.client.get(f"{tag.get_absolute_url('fr')}feed.{form}").status_code, 200)
            self.assertEqual(self.client.get(f"{tag.get_absolute_url('en')}feed.{form}").status_code, 404)
            self.assertEqual(self.client.get(f"/en/tags/unknown/feed.{form}").status_code, 404)

    def test_a_subject_s_feed_holds_its_articles_alone_the_newest_first(self):
        self.assertEqual([item["title"] for item in self.items("/en/tags/code-and-craft/feed.json")][1:], ["Only here"])
        self.assertEqual(len(self.items("/en/series/parts/feed.json")), 1)

    def test_a_feed_whose_slug_changed_leads_to_the_new_address(self):
        tag = Tag.objects.get()
        tag.slug_en = "craft"
        tag.save()
        for form in ("xml", "json"):
            response = self.client.get(f"/en/tags/code-and-craft/feed.{form}")
            self.assertRedirects(response, f"/en/tags/craft/feed.{form}", 301)

    def test_a_feed_at_the_slug_of_another_language_leads_to_that_of_its_own(self):
        with override("fr"):
            wrong, right = (reverse("blog:tag_feed", kwargs={"slug": slug}) for slug in ("code-and-craft", "le-code"))
        self.assertRedirects(self.client.get(wrong), right, 301)

    def test_a_feed_is_answered_to_head_without_a_cookie(self):
        for path in [*paths("xml"), *paths("json")]:
            response = self.client.head(path)
            self.assertEqual((response.status_code, response.content), (200, b""))
            self.assertFalse(response.cookies)
            self.assertNotIn("Cookie", response.headers.get("Vary", ""))


class IdentityTests(FeedTestCase):
    def setUp(self):
        self.article = make_article("a", en=live("Summer"))
        self.tag = Tag.objects.create(key="code", name_en="Code", name_fr="Code")
        self.article.tags.add(self.tag)

    def told(self, path: str) -> dict[str, tuple[str, str]]:
        """Return the dates of publication and change of each entry, and of the feed itself, by their ids."""
        root = self.atom(path)
        return {
            text(element, "id"): (text(element, "published"), text(element, "updated"))
            for element in [root, *elements(root, "entry")]
        }

    def test_ids_come_from_the_site_the_key_and_the_language(self):
        name = uuid.uuid5(Site.current().identity, "a/en")
        self.assertEqual(self.items("/en/feed.json")[0]["id"], f"urn:uuid:{name}")

    def test_no_two_feeds_have_one_id(self):
        paths = ["/feed.xml", "/en/feed.xml", "/fr/feed.xml", "/en/tags/code/feed.xml"]
        self.assertEqual(len({text(self.atom(path), "id") for path in paths}), len(paths))

    def test_a_new_address_title_or_host_changes_no_id(self):
        paths = ["/en/feed.xml", "/feed.xml"]
        before = [self.told(path) for path in paths]
        change(self.article, "en", slug="winter")
        self.assertEqual([self.told(path) for path in paths], before)
        change(self.article, "en", title="Winter")
        with override_settings(SITE_URL="https://elsewhere.example"):
            self.assertEqual([set(self.told(path)) for path in paths], [set(each) for each in before])
        tag_feed = set(self.told("/en/tags/code/feed.xml"))
        self.tag.name_en, self.tag.slug_en = "Craft", "craft"
        self.tag.save()
        self.assertEqual(set(self.told("/en/tags/craft/feed.xml")), tag_feed)

    def test_a_late_translation_does_not_announce_the_original_again(self):
        before = self.told("/en/feed.xml")
        change(self.article, "fr", **live("Été"))
        self.assertEqual(self.told("/en/feed.xml"), before)
        self.assertEqual(len(self.told("/feed.xml")), 3)

    def test_an_article_published_again_is_not_new(self):
        before = self.told("/en/feed.xml")
        change(self.article, "en", published_at=None)
        self.assertEqual(len(self.told("/en/feed.xml")), 1)
        change(self.article, "en", published_at=YESTERDAY + timedelta(hours=5))
        self.assertEqual(self.told("/en/feed.xml"), before)

    def test_new_words_are_a_change_and_a_publication_by_date_is_none_after_it(self):
        published = datetime(2026, 1, 5, tzinfo=UTC)
        change(self.article, "en", published_at=published)
        self.article.updated_at_en = published - timedelta(days=3)
        self.article.save(update_fields=["updated_at_en"])
        item = self.items("/en/feed.json")[0]
        self.assertEqual((item["date_published"], item["date_modified"]), ("2026-01-05T00:00:00+00:00",) * 2)
        change(self.article, "en", body="Other words.")
        item = self.items("/en/feed.json")[0]
        self.assertEqual(item["date_published"], "2026-01-05T00:00:00+00:00")
        self.assertEqual(item["date_modified"], self.article.updated_at_en.isoformat(timespec="seconds"))


class BoundTests(FeedTestCase):
    def test_a_feed_is_bounded(self):
        tag = Tag.objects.create(key="code", name_en="Code")
        for number in range(SIZE + 5):
            make_article(f"a{number}", en=live("T"), fr=live("T")).tags.add(tag)
        for path in ("/en/feed.json", "/feed.json", "/en/tags/code/feed.json"):
            self.assertEqual(len(self.items(path)), SIZE)


class DiscoveryTests(TestCase):
    def links(self, path: str) -> list[str]:
        return re.findall(r'<link rel="alternate" type="[^"]+" title="([^"]+)" href="([^"]+)">', self.page(path))

    def page(self, path: str) -> str:
        return self.client.get(path).content.decode()

    def test_every_page_links_the_feeds_of_its_language(self):
        make_article("a", en=live("Summer"))
        for path in ("/en/", "/en/articles/summer/", "/en/structure/", "/en/nothing/"):
            expected = [("Recto Verso", "/en/feed.xml"), ("Recto Verso", "/en/feed.json")]
            self.assertEqual(self.links(path), expected, path)
        self.assertIn('<a href="/fr/feed.xml">', self.page("/fr/"))

    def test_the_page_of_a_tag_or_a_series_links_its_own_first(self):
        article = make_article("a", en=live("Summer"))
        article.tags.add(Tag.objects.create(key="code", name_en="Code & craft"))
        article.authors.add(Author.objects.create(name="Ada"))
        title = "Code &amp; craft – Recto Verso"
        own = [(title, "/en/tags/code-and-craft/feed.xml"), (title, "/en/tags/code-and-craft/feed.json")]
        self.assertEqual(self.links("/en/tags/code-and-craft/")[:2], own)
        self.assertEqual(len(self.links("/en/tags/code-and-craft/")), 4)
        self.assertEqual(len(self.links("/en/authors/ada/")), 2)
