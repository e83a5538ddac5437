from datetime import UTC, datetime

from django.test import SimpleTestCase

from articles.text import ArticleText


class ArticleTextTests(SimpleTestCase):
    def test_what_a_browser_makes_of_a_text_is_the_same_text(self):
        date = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
        written = ArticleText("A  title ", "slug", "Two\nlines", "Body\n\n  end  \n", date)
        posted = ArticleText("A title", "slug", "Two\r\nlines", "Body\r\n\r\n  end  \r\n", date.replace(microsecond=0))
        self.assertEqual(written, posted)

    def test_nothing_and_empty_are_the_same(self):
        self.assertEqual(ArticleText(None, "", None, None), ArticleText())
        self.assertFalse(ArticleText(body=" \n").is_started)

    def test_white_space_in_a_body_is_kept(self):
        self.assertEqual(ArticleText(body="\n  code\n\n").body, "\n  code\n\n")

    def test_address_and_date_are_not_words(self):
        self.assertTrue(ArticleText("T", "a").reads_like(ArticleText("T", "b", published_at=datetime.now(UTC))))
        self.assertFalse(ArticleText("T").reads_like(ArticleText("T", summary="S")))
