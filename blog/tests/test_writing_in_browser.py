from playwright.sync_api import expect

from articles.models import Article, Series, Tag
from articles.tests.examples import live, make_article

from .browser import BrowserTestCase

WIDE = {"width": 1440, "height": 1000}


class WritingTests(BrowserTestCase):
    def edit(self, page, article):
        page.goto(f"/admin/articles/article/{article.pk}/change/")

    def test_an_author_corrects_the_french_and_reads_it_at_once(self):
        article = make_article("a", en=live("Summer"), fr=live("Été"))
        reader = self.page()
        english = reader.request.get("/en/articles/summer/").body()
        page = self.page(locale="fr-FR", viewport=WIDE)
        self.log_in(page)
        page.goto("/admin/")
        page.click("text=Articles >> nth=-1")
        self.edit(page, article)
        page.fill("#id_body_fr", "Un corps tout neuf.\n\n## Une section")
        self.press(page, "[name=_save]")
        self.assertIn("a été modifié avec succès", page.locator(".messagelist").inner_text())
        reader.goto("/fr/articles/ete/")
        self.assertIn("Un corps tout neuf.", reader.locator(".article-body").inner_text())
        self.assertEqual(reader.request.get("/en/articles/summer/").body(), english)
        self.assertEqual(self.faults, [])

    def test_enter_in_a_field_saves_and_presses_no_button_of_publication(self):
        article = make_article("a", en=live("T"), fr={"title": "Brouillon", "body": "Corps", "summary": "S"})
        page = self.page(viewport=WIDE)
        self.log_in(page)
        self.edit(page, article)
        page.fill("#id_title_fr", "Brouillon changé")
        page.press("#id_title_fr", "Enter")
        page.wait_for_selector(".messagelist .success")
        article.refresh_from_db()
        self.assertEqual((article.title_fr, article.live_languages()), ("Brouillon changé", ["en"]))

    def test_slugs_are_proposed_by_the_rule_of_each_language_while_the_title_is_typed(self):
        page = self.page(viewport=WIDE)
        self.log_in(page)
        page.goto("/admin/articles/article/add/")
        page.type("#id_title_fr", "L’œuvre : cœur & sœur")
        expect(page.locator("#id_slug_fr")).to_have_value("l-oeuvre-coeur-et-soeur")
        self.assertEqual(page.locator("#id_slug_en").input_value(), "")
        page.fill("#id_slug_fr", "mon-adresse")
        page.type("#id_title_fr", " et plus")
        page.wait_for_timeout(600)
        self.assertEqual(page.locator("#id_slug_fr").input_value(), "mon-adresse")
        self.assertEqual(self.faults, [])

    def test_a_slug_that_stands_is_not_changed_by_a_new_title(self):
        article = make_article("a", en=live("Old title"))
        page = self.page(viewport=WIDE)
        self.log_in(page)
        self.edit(page, article)
        page.fill("#id_title_en", "New title")
        page.wait_for_timeout(600)
        self.assertEqual(page.locator("#id_slug_en").input_value(), "old-title")

    def test_languages_stand_side_by_side_on_a_wide_screen_and_stacked_on_a_narrow_one(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        for width, is_beside in ((1440, True), (390, False)):
            page = self.page(viewport={"width": width, "height": 900})
            self.log_in(page)
            self.edit(page, article)
            english, french = (page.locator(f"#id_body_{code}").bounding_box() for code in ("en", "fr"))
            self.assertEqual(french["x"] >= english["x"] + english["width"], is_beside)
            self.assertEqual(french["y"] > english["y"] + english["height"], not is_beside)
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), width)

    def test_without_scripts_an_article_can_be_written_and_published(self):
        tags = [Tag.objects.create(key=key, name_fr=key) for key in ("mer", "port", "vent")]
        series = Series.objects.create(key="s", title_fr="Feuilleton")
        page = self.page(java_script_enabled=False, viewport=WIDE)
        self.log_in(page)
        page.goto("/admin/articles/article/add/")
        page.select_option("#id_tags", [str(tag.pk) for tag in tags[:2]])
        page.select_option("#id_series", str(series.pk))
        page.fill("#id_title_fr", "L'été")
        page.fill("#id_body_fr", "Corps")
        page.fill("#id_summary_fr", "Résumé")
        self.press(page, "[name=_publish_now_fr]")
        article = Article.objects.get()
        self.assertEqual((article.live_languages(), article.series), (["fr"], series))
        self.assertEqual(set(article.tags.all()), set(tags[:2]))
        page.goto("/fr/articles/l-ete/")
        self.assertEqual(page.locator("h1").inner_text(), "L’été")

    def test_the_whole_admin_is_used_without_a_fault_and_in_the_author_s_language(self):
        article = make_article("a", en=live("T"), fr=live("T"))
        page = self.page(locale="en-GB", viewport=WIDE)
        self.log_in(page)
        page.goto("/admin/")
        page.click(".admin-language button")
        self.assertIn("Voir le site", page.content())
        page.goto("/admin/articles/article/")
        page.locator("input.action-select").check()
        page.select_option("[name=action]", "unpublish_en")
        page.click("button[name=index]")
        self.assertIn("Articles dépubliés en anglais", page.locator(".messagelist").inner_text())
        self.edit(page, article)
        self.press(page, "[name=_publish_again_en]")
        self.assertIn("en ligne", page.locator(".panes").inner_text())
        page.click("text=Historique")
        self.edit(page, article)
        page.click("text=Supprimer >> nth=-1")
        page.click("[type=submit] >> text=Oui >> nth=0")
        self.assertEqual(page.request.get("/fr/articles/t/").status, 410)
        page.goto("/admin/articles/tag/add/")
        self.assertEqual(self.faults, [])
