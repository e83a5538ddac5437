import re
from html import escape, unescape
from io import BytesIO
from unittest import TestCase

from PIL import Image

from articles.search_result import DESCRIPTION_LENGTH, TITLE_LENGTH, cut

from .examples import live, make_article
from .test_admin import AdminTestCase

VIEW = "/admin/articles/article/search-result/"
IMAGE = "/admin/articles/article/social-image/"


def shown(html: str) -> dict[str, str]:
    """Return the words of each part of a result."""
    found = re.findall(r'class="search-result-(place|title|description)">(.*?)</p>', html, re.DOTALL)
    return {name: unescape(words) for name, words in found}


class CutTests(TestCase):
    def test_what_fits_stays_and_what_does_not_is_cut_between_words(self):
        for words, limit, expected in (
            ("one two", 7, "one two"),
            ("one two", 6, "one\u00a0…"),
            ("one, two", 7, "one\u00a0…"),
            ("onetwothree", 6, "onet\u00a0…"),
            ("one two three", 9, "one two\u00a0…"),
        ):
            with self.subTest(words, limit=limit):
                self.assertEqual(cut(words, limit), expected)
                self.assertLessEqual(len(cut(words, limit)), limit)


class SearchResultTests(AdminTestCase):
    def result(self, html: str, language: str = "en") -> dict[str, str]:
        part = re.search(
            rf'<details class="search-result"[^>]*data-language="{language}">.*?</details>', html, re.DOTALL
        )
        return shown(part[0])

    def test_it_shows_what_the_page_says_of_itself(self):
        texts = {
            "summary": live("T's", summary="It's here"),
            "excerpt": live("U", body="Before...\n\n<!-- more -->\n\nAfter"),
            "beginning": live("V", body="word " * 40),
        }
        for key, text in texts.items():
            with self.subTest(key):
                article = make_article(key, en=text)
                page = self.client.get(article.get_absolute_url("en")).content.decode()
                result = self.result(self.client.get(f"/admin/articles/article/{article.pk}/change/").content.decode())
                self.assertIn(f"<title>{result['title']}</title>", unescape(page))
                self.assertIn(f'<meta name="description" content="{result["description"]}">', unescape(page))
                self.assertEqual(result["place"], f"127.0.0.1:8000 › en › articles › {article.slug_en}")

    def test_what_is_typed_is_shown_as_it_would_be_found(self):
        title, summary = "Un titre : " + "mot " * 20, "Résumé : " + "mot " * 60
        sent = {"language": "fr", "title": title, "summary": summary}
        html = self.client.post(VIEW, sent).content.decode()
        result = shown(html)
        self.assertEqual(result["place"].split(" › ")[1:], ["fr", "articles", "un-titre" + "-mot" * 20])
        self.assertTrue(result["title"].startswith("Un titre\u00a0: mot") and result["title"].endswith("mot\u00a0…"))
        self.assertLessEqual(len(result["title"]), TITLE_LENGTH)
        self.assertLessEqual(len(result["description"]), DESCRIPTION_LENGTH)
        self.assertIn(f"Title: {len(title.strip())} of about {TITLE_LENGTH} characters", html)
        self.assertEqual(html.count("cut off in search results"), 2)

    def test_without_a_summary_the_body_as_typed_describes_the_text(self):
        result = shown(
            self.client.post(VIEW, {"language": "en", "title": "T", "body": "*Typed* just now"}).content.decode()
        )
        self.assertEqual(result["description"], "Typed just now")
        for body in ("", "> " * 100 + "x"):
            self.assertContains(self.client.post(VIEW, {"language": "en", "body": body}), "No description")

    def test_any_words_are_shown_and_none_becomes_markup(self):
        for slug in ("<b>", "a/b", "Ü", "..", ""):
            with self.subTest(slug):
                answer = self.client.post(VIEW, {"language": "en", "title": "<b>", "summary": "<i>", "slug": slug})
                self.assertContains(answer, escape("<b> – Recto Verso"))
                self.assertNotContains(answer, "<b>")

    def test_an_unknown_language_or_article_is_not_found(self):
        for sent in ({}, {"language": "xx"}, {"language": "en", "article": "9999"}, {"language": "en", "article": "x"}):
            with self.subTest(sent):
                self.assertEqual(self.client.post(VIEW, sent).status_code, 404)
                self.assertEqual(self.client.get(IMAGE, sent).status_code, 404)
        self.assertEqual(self.client.get(VIEW).status_code, 405)

    def test_the_picture_is_drawn_for_the_words_given_and_kept_by_the_browser_alone(self):
        answers = [
            self.client.get(IMAGE, {"language": "en", "title": title, "site": "S"}) for title in ("A", "B" * 9000)
        ]
        for answer in answers:
            self.assertEqual(Image.open(BytesIO(answer.content)).size, (1200, 630))
            self.assertEqual(answer["Content-Type"], "image/png")
            self.assertIn("private", answer["Cache-Control"])
            self.assertNotIn("no-store", answer["Cache-Control"])
        self.assertNotEqual(answers[0].content, answers[1].content)

    def test_the_picture_of_the_form_is_that_of_readers(self):
        article = make_article("a", en=live("A & b"), fr=live("L'été"))
        for language in ("en", "fr"):
            with self.subTest(language):
                page = self.client.get(article.get_absolute_url(language)).content.decode()
                public = re.search(r'og:image" content="https?://[^/]+([^"]+)"', page)[1]
                form = self.client.get(f"/admin/articles/article/{article.pk}/change/").content.decode()
                private = re.search(rf'src="({IMAGE}\?language={language}[^"]+)"', form)[1].replace("&amp;", "&")
                self.assertEqual(self.client.get(private).content, self.client.get(public).content)
