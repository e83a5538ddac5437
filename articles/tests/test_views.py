import re
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.test import TestCase

from articles.models import Article, Author, Companion, Tag

from .examples import TOMORROW, YESTERDAY, change, live, make_article


class ArticleDetailViewTests(TestCase):
    def test_an_article_is_read_at_its_own_address_in_each_language(self):
        make_article("a", en=live("Summer", body="English body"), fr=live("Été", body="Corps français"))
        self.assertContains(self.client.get("/en/articles/summer/"), "English body")
        response = self.client.get("/fr/articles/ete/")
        self.assertContains(response, "Corps français")
        self.assertContains(response, '<html lang="fr">')
        self.assertNotContains(response, "English body")

    def test_equal_slugs_in_two_languages_are_two_pages(self):
        make_article("a", en=live("Same", body="English body"), fr=live("Same", body="Corps français"))
        self.assertContains(self.client.get("/en/articles/same/"), "English body")
        self.assertContains(self.client.get("/fr/articles/same/"), "Corps français")

    def test_drafts_scheduled_texts_and_missing_translations_are_not_found(self):
        make_article("a", en={"title": "Draft"}, fr=live("Visible"))
        make_article("b", en={"title": "Later", "body": "B", "published_at": TOMORROW})
        for path in ("/en/articles/draft/", "/en/articles/later/", "/en/articles/visible/", "/fr/articles/draft/"):
            with self.subTest(path):
                self.assertEqual(self.client.get(path).status_code, 404)

    def test_the_page_shows_date_reading_time_author_tags_and_source_in_its_language(self):
        article = make_article("a", fr=live("T", published_at=datetime(2026, 3, 1, 12, tzinfo=UTC), body="mot " * 780))
        article.authors.add(Author.objects.create(name="Ada Écrivain"))
        article.tags.add(Tag.objects.create(key="t", name_en="Tag", name_fr="Étiquette"))
        article.source = "https://example.org/source"
        article.save(update_fields=["source"])
        response = self.client.get("/fr/articles/t/")
        for text in ("1er\u00a0mars 2026", "Temps de lecture ~4 minutes", "Ada Écrivain", "Étiquette", "D’après"):
            self.assertContains(response, text)
        self.assertContains(response, '<a href="https://example.org/source">example.org</a>', html=True)

    def test_the_language_line_speaks_the_language_it_leads_to(self):
        make_article("a", en=live("Summer"), fr=live("Été"))
        line = '<a href="/fr/articles/ete/" lang="fr" hreflang="fr">Existe aussi en français</a>'
        self.assertContains(self.client.get("/en/articles/summer/"), line, html=True)
        line = '<a href="/en/articles/summer/" lang="en" hreflang="en">Also available in English</a>'
        self.assertContains(self.client.get("/fr/articles/ete/"), line, html=True)

    def test_search_engines_are_told_where_each_language_is(self):
        make_article("a", en=live("Summer"), fr=live("Été"))
        page = self.client.get("/en/articles/summer/").content.decode()
        for code, path in (("en", "/en/articles/summer/"), ("fr", "/fr/articles/ete/")):
            self.assertInHTML(f'<link rel="alternate" hreflang="{code}" href="{settings.SITE_URL}{path}">', page)

    def test_a_translation_that_is_not_live_is_offered_nowhere(self):
        make_article("a", en={"title": "Later", "body": "B", "published_at": TOMORROW}, fr=live("Seul"))
        response = self.client.get("/fr/articles/seul/")
        self.assertNotContains(response, "/en/articles/")
        self.assertNotContains(response, 'hreflang="en"')
        self.assertContains(response, '<span lang="en">English</span> (non disponible)')

    def test_companions_are_teasers_in_their_order_where_they_are_live(self):
        article = make_article("a", en=live("Essay"), fr=live("Essai"))
        third = make_article("b", en=live("Third"))
        first = make_article("c", en=live("First"), fr={"title": "Brouillon"})
        second = make_article("d", en=live("Second", summary="Second summary"))
        for position, companion in ((3, third), (1, first), (2, second)):
            Companion.objects.create(article=article, companion=companion, position=position)
        page = self.client.get("/en/articles/essay/").content.decode()
        places = [page.index(f"/en/articles/{slug}/") for slug in ("first", "second", "third")]
        self.assertEqual(places, sorted(places))
        self.assertIn("Second summary", page)
        self.assertIn("Continue reading", page)
        french = self.client.get("/fr/articles/essai/")
        self.assertNotContains(french, "Brouillon")
        self.assertNotContains(french, "First")

    def test_the_newer_and_the_older_article_of_the_language_are_linked(self):
        for key, days in (("oldest", 4), ("older", 3), ("here", 2), ("newer", 1), ("newest", 0)):
            make_article(key, en=live(key.title(), published_at=YESTERDAY - timedelta(days=days)))
        response = self.client.get("/en/articles/here/")
        neighbours = response.content.decode().partition('class="pagination neighbours"')[2]
        links = re.findall('<a rel="([a-z]+)" href="([^"]+)"', neighbours)
        self.assertEqual(links, [("prev", "/en/articles/newer/"), ("next", "/en/articles/older/")])

    def test_an_article_alone_has_no_neighbours(self):
        make_article("a", en=live("T"))
        self.assertNotContains(self.client.get("/en/articles/t/"), "neighbours")

    def test_sections_are_listed_where_there_are_three_of_them_in_two_levels(self):
        three = "## One\n\n### Inside & out\n\n#### Deeper\n\n## Two\n\n## Three\n\nWords."
        make_article("a", en=live("Long", body=three))
        make_article("b", en=live("Short", body=three.partition("## Three")[0]))
        page = self.client.get("/en/articles/long/").content.decode()
        contents = page.partition('class="contents"')[2].partition("</nav>")[0]
        self.assertEqual(
            re.findall('<a href="#([^"]+)">([^<]+)</a>', contents),
            [("one", "One"), ("inside-and-out", "Inside &amp; out"), ("two", "Two"), ("three", "Three")],
        )
        self.assertNotContains(self.client.get("/en/articles/short/"), 'class="contents"')

    def test_the_colours_of_code_are_loaded_where_there_is_code(self):
        make_article("a", en=live("With", body="    code"))
        make_article("b", en=live("Without", body="`code` in a line"))
        self.assertContains(self.client.get("/en/articles/with/"), "css/code")
        self.assertNotContains(self.client.get("/en/articles/without/"), "css/code")

    def test_the_description_is_the_summary_or_else_the_beginning(self):
        make_article("a", en=live("With", summary="The summary."))
        make_article("b", en=live("Without", body="The beginning."))
        self.assertContains(self.client.get("/en/articles/with/"), '<meta name="description" content="The summary.">')
        self.assertContains(
            self.client.get("/en/articles/without/"), '<meta name="description" content="The beginning.">'
        )

    def test_a_later_change_is_dated(self):
        article = make_article("a", en=live("T"))
        self.assertNotContains(self.client.get("/en/articles/t/"), "Updated on")
        Article.objects.filter(pk=article.pk).update(updated_at_en=TOMORROW + timedelta(days=1))
        self.assertContains(self.client.get("/en/articles/t/"), "Updated on")

    def test_a_tag_without_a_name_in_the_language_is_not_shown(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        article.tags.add(Tag.objects.create(key="t", name_fr="Seulement"))
        self.assertNotContains(self.client.get("/en/articles/t/"), "Seulement")

    def test_a_changed_address_leads_to_the_new_one_for_good(self):
        article = make_article("a", en=live("T", slug="first"))
        change(article, "en", slug="second")
        change(article, "en", slug="third")
        for old in ("first", "second"):
            self.assertRedirects(
                self.client.get(f"/en/articles/{old}/"), "/en/articles/third/", 301, fetch_redirect_response=False
            )

    def test_a_changed_address_of_what_is_not_live_any_more_leads_nowhere(self):
        article = make_article("a", en=live("T", slug="first"))
        change(article, "en", slug="second", published_at=None)
        self.assertEqual(self.client.get("/en/articles/first/").status_code, 404)

    def test_a_deleted_article_that_was_live_is_gone_at_all_its_addresses(self):
        article = make_article("a", en=live("T", slug="first"), fr={"title": "Brouillon"})
        change(article, "en", slug="second")
        article.delete()
        for path in ("/en/articles/first/", "/en/articles/second/"):
            response = self.client.get(path)
            self.assertContains(response, "This article is gone", status_code=410)
        self.assertEqual(self.client.get("/fr/articles/brouillon/").status_code, 404)
        article.restore()
        self.assertEqual(self.client.get("/en/articles/second/").status_code, 200)

    def test_a_gone_article_says_so_in_the_language_of_its_address(self):
        make_article("a", fr=live("T")).delete()
        self.assertContains(self.client.get("/fr/articles/t/"), "Cet article a été retiré", status_code=410)
