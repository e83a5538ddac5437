from django.test import tag

from articles.models import Article
from articles.tests.examples import change, live, make_article
from articles.translating.answering import answer_all

from .browser import BrowserTestCase
from .test_pages_in_browser import NARROW

FRENCH = """\
Le début de l'article, avec ses "guillemets" et sa ponctuation : voilà !

## L'été

- C'est le premier point de la liste
- Un autre point

Et c'est ici que tout finit, ou presque.

## Ailleurs

Rien de plus.
"""


@tag("reader")
class LagLineTests(BrowserTestCase):
    def test_a_reader_comes_to_the_passages_that_changed_as_they_are_typeset_and_prints_the_line(self):
        article = make_article("a", fr=live("Original", body=FRENCH), en=live("Translation", body="Words."))
        answer_all(article, "en")
        changed = FRENCH.replace("de la liste", "de cette liste").replace("ou presque", "enfin presque")
        change(Article.objects.get(), "fr", body=changed.replace("Rien", "Il n'y a rien"))
        page = self.page(viewport=NARROW)
        page.goto("/en/articles/translation/")
        line = page.locator(".lag-line")
        self.assertIn("This translation is behind its original in French: 3 passages", line.inner_text())
        page.emulate_media(media="print")
        self.assertTrue(line.is_visible())
        page.emulate_media(media="screen")
        line.locator("a").click()
        page.wait_for_url("**/fr/articles/original/**")
        # What the browser found is its target: not the heading that the address names as well.
        page.wait_for_selector("li:target")
        self.assertEqual(page.locator(":target").inner_text(), "C’est le premier point de cette liste")
        self.assertEqual(self.faults, [])
