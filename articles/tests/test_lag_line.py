from dataclasses import replace
from urllib.parse import unquote

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article
from articles.saving import save_language
from articles.translating.answering import answer_all
from articles.translating.lag import FEW, lag_of

from .examples import TOMORROW, change, live, make_article
from .test_admin import AdminTestCase

BODY = """\
The first passage says what everything is about.

## First part

The second passage of this text goes on.

A third one stands below it.

## Second part

The last passage of all the words here.
"""
CHANGED = (
    BODY.replace("goes on.", "goes on and on.")
    .replace("one stands", "one has its place")
    .replace("all the words here", "all the words is here")
)


class LagLineTests(TestCase):
    def setUp(self):
        self.article = make_article("own", en=live("Own", body=BODY), fr=live("Sien", body="Un.\n\nDeux."))
        answer_all(self.article, "fr")

    def page(self, path: str) -> str:
        return self.client.get(path).content.decode()

    def move_on(self, body: str = CHANGED, language: str = "en") -> Article:
        article = Article.objects.get(pk=self.article.pk)
        change(article, language, body=body)
        return Article.objects.get(pk=self.article.pk)

    def test_a_translation_says_in_how_many_passages_its_original_changed_and_leads_to_them(self):
        self.move_on()
        page = self.page("/fr/articles/sien/")
        lag = lag_of(Article.objects.get(), "fr")
        self.assertEqual((lag.passages, lag.language), (3, "en"))
        self.assertIn(f'<a href="{lag.address.replace("&", "&amp;")}" hreflang="en">', page)
        address, _sign, texts = lag.address.partition(":~:")
        self.assertEqual(address, "/en/articles/own/#first-part")
        self.assertEqual(
            unquote(texts),
            "text=The second passage of this text goes on&text=A third one has its place below it.&"
            "text=The last passage of all the words is",
        )
        self.assertNotIn("lag-line", self.page("/en/articles/own/"))

    def test_it_works_from_either_language(self):
        article = make_article("fr", fr=live("Original", body=BODY), en=live("Translation", body="One."))
        answer_all(article, "en")
        change(article, "fr", body=CHANGED)
        page = self.page("/en/articles/translation/")
        self.assertIn("This translation is behind its original in French:", page)
        self.assertIn('<a href="/fr/articles/original/#first-part:~:text=The', page)
        self.assertIn(">3 passages</a>", page)

    def test_up_to_two_passages_the_page_is_the_same_to_the_byte(self):
        before = self.page("/fr/articles/sien/")
        for old, new in (("goes on", "goes on and on"), ("one stands", "one has its place")):
            self.move_on(Article.objects.get().body_en.replace(old, new))
            self.assertEqual(self.page("/fr/articles/sien/"), before)
        self.assertEqual(self.article.translations.get(language="fr").blocks_behind, FEW)
        self.move_on()
        self.assertNotEqual(self.page("/fr/articles/sien/"), before)
        answer_all(Article.objects.get(), "fr")
        self.assertEqual(self.page("/fr/articles/sien/"), before)

    def test_an_article_can_do_without_it_to_the_byte(self):
        before = self.page("/fr/articles/sien/")
        self.move_on()
        self.assertNotEqual(self.page("/fr/articles/sien/"), before)
        Article.objects.update(shows_lag=False)
        self.assertEqual(self.page("/fr/articles/sien/"), before)

    def test_readers_are_not_sent_to_an_original_that_they_cannot_read(self):
        self.move_on()
        for date in (None, TOMORROW):
            change(Article.objects.get(), "en", published_at=date)
            self.assertNotIn("lag-line", self.page("/fr/articles/sien/"))

    def test_what_waits_in_a_working_copy_is_no_matter_of_readers(self):
        copy = replace(self.article.text_in("en"), body=CHANGED)
        latest = self.article.latest_revision("en")
        save_language(self.article, "en", copy, based_on=latest, as_working_copy=True)
        self.assertNotIn("lag-line", self.page("/fr/articles/sien/"))

    def test_a_passage_before_the_first_heading_or_gone_leads_to_where_it_stood(self):
        cases = [
            (CHANGED.replace("The first passage says", "This first passage tells"), "/en/articles/own/#:~:text=This"),
            ("## First part\n\n## Second part\n", "/en/articles/own/"),
            ("The first passage says what everything is about.\n\n## First part\n\n## Second part", "/own/#first-part"),
        ]
        for body, expected in cases:
            article = self.move_on(body)
            self.assertIn(expected, lag_of(article, "fr").address)
            self.move_on(BODY)

    def test_marks_and_code_are_not_looked_for(self):
        code = "```\nsome lines of code here\n```"
        body = f"{BODY}\n{code}\n\n[One](/en/) *two* three\n\n- a *b* in four words or more\n"
        address = lag_of(self.move_on(body), "fr").address
        self.assertEqual(unquote(address.partition(":~:")[2]), "text=in four words or more")

    def test_of_a_list_the_item_that_changed_is_looked_for(self):
        items = "- the first of the items\n- the second of the items\n- the third of the items"
        article = make_article("list", en=live("List", body=f"{items}\n\n{BODY}"), fr=live("Liste"))
        answer_all(article, "fr")
        change(article, "en", body=f"{items.replace('third of the', 'third of these')}\n\n{CHANGED}")
        address = lag_of(Article.objects.get(key="list"), "fr").address
        self.assertIn("#:~:text=the third of these items&text=The second", unquote(address))

    def test_it_costs_one_query_in_a_translation_that_follows_and_none_in_the_original(self):
        costs = {}
        # The first request makes the site.
        self.page("/fr/articles/sien/")
        for is_shown in (False, True):
            Article.objects.update(shows_lag=is_shown)
            for path in ("/fr/articles/sien/", "/en/articles/own/"):
                with CaptureQueriesContext(connection) as queries:
                    self.client.get(path)
                costs[path, is_shown] = len(queries)
        self.assertEqual(costs["/fr/articles/sien/", True], costs["/fr/articles/sien/", False] + 1)
        self.assertEqual(costs["/en/articles/own/", True], costs["/en/articles/own/", False])
        article = self.move_on()
        with self.assertNumQueries(2):
            lag_of(article, "fr")

    def test_lists_and_the_markdown_stay_and_feeds_say_nothing_of_it(self):
        paths = ["/fr/", "/fr/archives/", "/fr/articles/sien.md"]
        before = [self.page(path) for path in paths]
        self.move_on()
        self.assertEqual([self.page(path) for path in paths], before)
        for path in ("/fr/feed.xml", "/fr/feed.json"):
            self.assertNotIn("passages", self.page(path))


class SwitchTests(AdminTestCase):
    def test_an_author_switches_it_off_for_an_article(self):
        article = make_article("own", en=live("Own"))
        fields = self.opened(self.url(article))
        self.assertEqual(fields.pop("shows_lag"), ["on"])
        self.assertRedirects(self.save(self.url(article), fields), reverse("admin:articles_article_changelist"))
        self.assertFalse(Article.objects.get().shows_lag)
