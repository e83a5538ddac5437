import re

from django.conf import settings
from django.test import TestCase

from articles.files.importing import import_folder
from articles.models import Article, Rendering
from articles.reading_time import word_count

ESSAY = "python-flask-vs-django"


class ShippedArticlesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        import_folder(settings.BASE_DIR / "articles" / "content")

    def test_both_articles_are_live_in_both_languages(self):
        for article in Article.objects.all():
            self.assertEqual(article.live_languages(), ["en", "fr"], article)
        self.assertEqual(Article.objects.count(), 2)

    def test_the_essay_takes_three_minutes_in_english_and_four_in_french(self):
        minutes = Rendering.objects.filter(article__key=ESSAY).values_list("language", "reading_minutes")
        self.assertEqual(dict(minutes), {"en": 3, "fr": 4})

    def test_the_essay_is_as_long_as_it_should_be(self):
        text = Rendering.objects.get(article__key=ESSAY, language="en").text
        self.assertTrue(650 <= word_count(text) <= 800)

    def test_the_essay_leads_to_its_companion_and_to_the_live_structure(self):
        for language in ("en", "fr"):
            page = self.client.get(f"/{language}/articles/{ESSAY}/").content.decode()
            companion = Article.objects.get(key="api-rate-limiting").get_absolute_url(language)
            self.assertIn(f'href="{companion}"', page)
            self.assertGreaterEqual(page.count(f'href="/{language}/structure/"'), 3)

    def test_the_companion_leads_to_this_site_s_own_limits_as_its_worked_example(self):
        for language in ("en", "fr"):
            page = self.client.get(f"/{language}/structure/")
            body = Rendering.objects.get(article__key="api-rate-limiting", language=language).html
            self.assertIn(f'href="/{language}/structure/#page_tree"', body)
            self.assertContains(page, 'id="page_tree"')
            for module in ("throttling.py", "counters.py", "compose.yaml"):
                self.assertIn(f"<code>{module}</code>", body)
                self.assertContains(page, f"<code>{module}</code>")

    def test_every_link_to_this_site_leads_to_a_page(self):
        for rendering in Rendering.objects.all():
            for path in re.findall(r'href="(/[^"]*)"', rendering.html):
                self.assertEqual(self.client.get(path).status_code, 200, path)

    def test_sources_hold_plain_spaces_and_straight_quotes(self):
        for article in Article.objects.all():
            for body in (article.body_en, article.body_fr, article.summary_en, article.summary_fr):
                self.assertNotRegex(body, "[\u00a0\u202f‘’“”«»]")

    def test_both_languages_show_the_same_code(self):
        bodies = Article.objects.get(key="api-rate-limiting")
        blocks = [re.findall(r"^```.*?^```", body, re.S | re.M) for body in (bodies.body_en, bodies.body_fr)]
        self.assertEqual(len(blocks[0]), len(blocks[1]))
        stripped = [
            [re.sub(r"\s*(//|#) .*", "", line) for block in side for line in block.splitlines()] for side in blocks
        ]
        self.assertEqual(stripped[0], stripped[1])
