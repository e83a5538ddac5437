from datetime import timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.test import TestCase
from django.utils import timezone

from articles.admin import live_preview
from articles.markdown.limits import MAX_LENGTH
from articles.models import Article, Author, Series, Tag

from .examples import change, live, make_article
from .test_previews import keep_copy

JSON = {"Accept": "application/json"}


class LivePreviewTests(TestCase):
    def setUp(self):
        self.client.force_login(get_user_model().objects.create_superuser("editor"))

    def ask(self, article: Article | None, language: str = "en", status: int = 200, **typed) -> dict:
        """Ask as the script does; each keyword is a field of the language."""
        data = {"title_en": "", "title_fr": ""}
        data |= {f"{name}_{language}": value for name, value in ({"body": ""} | typed).items()}
        response = self.client.post(self.address(article, language), data, headers=JSON)
        self.assertEqual(response.status_code, status)
        return response.json()

    def address(self, article: Article | None, language: str) -> str:
        return f"/admin/articles/article/{article.pk if article else 'add'}/preview/{language}/"

    def test_the_page_is_what_readers_find_once_the_text_is_saved(self):
        tag = Tag.objects.create(key="t", name_en="Tag", name_fr="Étiquette")
        article = make_article("a", en=live("Title"), fr=live("Titre"))
        article.tags.add(tag)
        make_article("other", fr=live("Voisin"))
        body = "# No\n\nUn texte : [lien](article:other).[^1]\n\n```python\nx\n```\n\n[^1]: Note."
        page = self.ask(article, "fr", title="L'autre titre", slug="titre", body=body)["page"]
        change(article, "fr", title="L'autre titre", body=body)
        read = self.client.get("/fr/articles/titre/").content.decode()
        main = slice(read.index("<main"), read.index("</main>"))
        self.assertEqual(page[page.index("<main") : page.index("</main>")], read[main])
        self.assertEqual(
            page[page.index("<body") : page.index("<header")], read[read.index("<body") : read.index("<header")]
        )

    def test_nothing_is_saved(self):
        article = make_article("a", en=live("Title"))
        before = list(Article.objects.values()), article.revisions.count()
        self.ask(article, title="Other", body="Other", slug="other")
        self.ask(None, title="New", body="New")
        self.assertEqual((list(Article.objects.values()), article.revisions.count()), before)

    def test_a_new_article_has_a_preview_with_its_tags_authors_and_series(self):
        tag, author = Tag.objects.create(key="t", name_fr="Étiquette"), Author.objects.create(slug="ada", name="Ada")
        series = Series.objects.create(key="s", title_fr="Feuilleton")
        shared = {"tags": [tag.pk], "authors": [author.pk], "series": series.pk, "source": "https://example.org/x"}
        data = {"title_fr": "Été", "body_fr": "Corps"} | shared
        page = self.client.post(self.address(None, "fr"), data, headers=JSON).json()["page"]
        for words in ("Été", "Corps", "Étiquette", "Ada", "Feuilleton", "example.org"):
            self.assertIn(words, page)

    def test_a_fact_that_breaks_a_rule_is_shown_as_it_is_saved(self):
        article = make_article("a", en=live("Title"))
        Article.objects.filter(pk=article.pk).update(source="https://example.org/kept")
        typed = {"title_en": "T", "body_en": "B", "source": "nonsense", "part": "x", "tags": ["9", "y", "1" * 30]}
        typed |= {"slug_en": "Not A Slug!", "published_at_en_0": "31 February"}
        page = self.client.post(self.address(article, "en"), typed, headers=JSON).json()["page"]
        self.assertIn("example.org", page)

    def test_it_counts_words_and_minutes_and_names_what_leads_nowhere(self):
        answer = self.ask(None, body="word " * 456 + "[x](article:nobody)", title="T")
        self.assertEqual(answer["length"].strip(), "457 words · 2 minutes")
        self.assertEqual(len(answer["lost"]), 1)
        self.assertIn("nobody", answer["lost"][0])

    def test_a_body_that_cannot_be_rendered_names_its_line_in_the_author_s_language(self):
        body = "Fine.\n\n" + "> " * 30 + "deep"
        answer = self.ask(None, "en", status=422, body=body)
        self.assertEqual(answer["line"], 3)
        self.client.cookies["language"] = "fr"
        response = self.client.post(
            self.address(None, "en"), {"body_en": body}, headers=JSON | {"Accept-Language": "fr"}
        )
        self.assertIn("imbriqu", response.json()["error"])
        self.assertEqual(self.ask(None, "en", status=422, body="x" * (MAX_LENGTH + 1))["line"], 0)

    def test_the_button_opens_the_whole_page_without_a_script(self):
        article = make_article("a", en=live("Title"), fr=live("Titre"))
        response = self.client.post(self.address(article, "fr"), {"title_fr": "Tapé", "body_fr": "Corps"})
        self.assertContains(response, '<html lang="fr">')
        self.assertContains(response, "Tapé")
        self.assertContains(response, "L’aperçu n’enregistre rien")
        self.assertContains(response, f'href="{self.address(article, "en")}"')
        self.assertContains(response, "noindex")
        self.assertIn("no-store", response["Cache-Control"])
        refused = self.client.post(self.address(article, "fr"), {"title_fr": "T", "body_fr": "> " * 30 + "x"})
        self.assertEqual(refused.status_code, 422)
        self.assertContains(refused, "imbriqu", status_code=422)

    def test_by_its_address_it_shows_a_saved_text_in_any_state(self):
        article = make_article("a", en=live("Title"), fr={"title": "Brouillon", "body": "Corps"})
        keep_copy(article, "en", body="The copy")
        self.assertContains(self.client.get(self.address(article, "en")), "The copy")
        self.assertContains(self.client.get(self.address(article, "fr")), "Brouillon")
        tomorrow = timezone.now() + timedelta(days=1)
        change(article, "fr", published_at=tomorrow)
        self.assertContains(self.client.get(self.address(article, "fr")), "Brouillon")
        untranslated = make_article("b", en=live("Alone"))
        for address in (self.address(untranslated, "fr"), self.address(untranslated, "xx"), self.address(None, "en")):
            self.assertEqual(self.client.get(address).status_code, 404)
        self.assertEqual(self.client.get("/admin/articles/article/99999/preview/en/").status_code, 404)

    def test_what_authors_type_leaves_threads_for_readers(self):
        address = self.address(make_article("a", en=live("Title")), "en")
        with live_preview.RENDERING, live_preview.RENDERING, mock.patch.object(live_preview, "PATIENCE", 0.01):
            response = self.client.post(address, {"title_en": "T", "body_en": "B"}, headers=JSON)
            self.assertEqual((response.status_code, response.headers["Retry-After"]), (503, "1"))
            self.assertEqual(response.json(), {"error": "The site is busy. Try again in a moment."})
            with mock.patch.object(live_preview, "PATIENCE_FOR_PAGE", 0.01):
                page = self.client.post(address, {"title_en": "T", "body_en": "B"})
            self.assertContains(page, "The site is busy. Try again in a moment. Go back in your", status_code=503)
            self.assertEqual(page.headers["Retry-After"], "1")
        self.assertEqual(self.client.post(address, {"body_en": "B"}, headers=JSON).status_code, 200)

    def test_with_the_preview_closed_it_tells_the_length_alone(self):
        answer = self.client.post(self.address(None, "en"), {"body_en": "One two", "length_alone": "yes"}, headers=JSON)
        self.assertEqual((answer.json()["page"], answer.json()["length"].strip()), ("", "2 words · 1 minute"))

    def test_a_language_that_is_not_there_and_may_not_be_written_is_an_empty_page(self):
        article = make_article("a", en=live("Title"))
        response = self.client.post(self.address(article, "fr"), {"title_en": "x"}, headers=JSON)
        self.assertIn("<main", response.json()["page"])

    def test_a_language_that_is_not_sent_is_shown_as_it_is_saved(self):
        article = make_article("a", en=live("Title"))
        response = self.client.post(self.address(article, "en"), {"title_fr": "x"}, headers=JSON)
        self.assertIn("The body of Title.", response.json()["page"])
