from itertools import pairwise

from django.test import tag

from articles.models import Author, Series, Tag
from articles.tests.examples import live, make_article
from blog.models import Page, Site

from .browser import BrowserTestCase
from .examples import make_page, shown
from .test_writing_in_browser import WIDE

HEADER = Page.Navigation.HEADER
NARROW = {"width": 390, "height": 800}


@tag("reader")
class PagesTests(BrowserTestCase):
    def test_an_editor_makes_a_page_in_both_languages_and_finds_it_in_the_navigation(self):
        page = self.page(locale="fr-FR", viewport=WIDE)
        self.log_in(page)
        page.goto("/admin/blog/page/add/")
        for code, title in (("en", "About"), ("fr", "À propos")):
            page.fill(f"#id_title_{code}", title)
            page.fill(f"#id_body_{code}", f"{title} …\n\n## One\n\n## Two\n\n## Three")
            page.check(f"#id_is_live_{code}")
        page.select_option("#id_navigation", HEADER)
        page.click("[name=_continue]")
        page.click("text=Voir sur le site (Français)")
        self.assertEqual(page.locator("h1").inner_text(), "À propos")
        self.assertEqual(page.locator(".site-navigation [aria-current]").inner_text(), "À propos")
        self.assertEqual(page.locator(".contents > ol > li").count(), 3)
        page.click(".language-switch a")
        self.assertEqual(page.locator("h1").inner_text(), "About")
        self.assertEqual(self.faults, [])

    def test_an_editor_changes_what_the_site_is_called_in_one_place(self):
        Site.current()
        page = self.page(locale="en-GB", viewport=WIDE)
        self.log_in(page)
        page.goto("/admin/")
        page.click("#content-main >> text=Site")
        page.fill("#id_name_fr", "L’Envers")
        page.fill("#id_author_fr", "Les Éditions")
        page.click("[name=_save]")
        page.goto("/fr/style/")
        self.assertEqual(page.locator(".site-name").inner_text(), "L’Envers")
        self.assertIn("© Les Éditions", page.locator(".site-footer").inner_text())
        self.assertEqual(self.faults, [])

    def test_languages_stand_side_by_side_on_a_wide_screen_and_stacked_on_a_narrow_one(self):
        about = make_page("about", en=shown("About"))
        for viewport, is_beside in ((WIDE, True), (NARROW, False)):
            page = self.page(viewport=viewport)
            self.log_in(page)
            for path, field in ((f"/admin/blog/page/{about.pk}/change/", "body"), ("/admin/blog/site/", "footer")):
                page.goto(path)
                english, french = (page.locator(f"#id_{field}_{code}").bounding_box() for code in ("en", "fr"))
                self.assertEqual(french["x"] >= english["x"] + english["width"], is_beside)
                self.assertEqual(french["y"] > english["y"] + english["height"], not is_beside)
                self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), viewport["width"])

    def test_the_header_holds_three_french_pages_on_a_telephone(self):
        for title in ("Contact et assistance", "Notre façon de travailler", "Conditions d’utilisation"):
            make_page("", HEADER, fr=shown(title))
        page = self.page(viewport=NARROW)
        page.goto("/fr/")
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), NARROW["width"])
        for place in (".site-navigation a", ".site-footer li a"):
            boxes = [link.bounding_box() for link in page.locator(place).all()]
            self.assertTrue(all(box["height"] >= 24 for box in boxes), place)
            for one, other in pairwise(boxes):
                is_beside = other["x"] >= one["x"] + one["width"]
                self.assertTrue(is_beside or other["y"] >= one["y"] + one["height"] - 1, place)

    def test_names_without_a_space_make_no_page_wider_than_a_telephone(self):
        Site.objects.filter(pk=Site.current().pk).update(name_en="S" * 100, author_en="P" * 100, footer_en="F" * 100)
        for navigation in (HEADER, Page.Navigation.FOOTER):
            make_page("", navigation, en=shown("M" * 200, slug=navigation))
        tag = Tag.objects.create(key="t", name_en="T" * 100, slug_en="t")
        series = Series.objects.create(key="s", title_en="R" * 200, description_en="D" * 200, slug_en="s")
        author = Author.objects.create(name="A" * 100, slug_en="a")
        for slug in ("one", "two"):
            article = make_article(slug, en=live("W" * 200, slug=slug))
            article.tags.add(tag)
            article.authors.add(author)
            series.articles.add(article)
        page = self.page(viewport=NARROW)
        lists = ("", "archive/", "tags/t/", "series/s/", "authors/a/", f"search/?q={'W' * 60}")
        for path in (*lists, "articles/one/", "articles/two/", f"pages/{HEADER}/"):
            page.goto(f"/en/{path}")
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), NARROW["width"], path)
