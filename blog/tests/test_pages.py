from itertools import product

from django.db import IntegrityError, models, transaction
from django.test import TestCase

from articles import languages
from articles.markdown import RENDER_VERSION, BodyRefused
from articles.models import Article
from articles.tests.examples import live, make_article
from articles.tests.image_files import MediaMixin, jpeg, store
from blog import set_up
from blog.models import Page, PageRendering, PageRevision

from .examples import make_page, shown

BRACKETS = "[" * 200_000


class PageTests(TestCase):
    def test_it_is_live_in_a_language_only_when_shown_with_title_slug_and_body(self):
        for number, fields in enumerate(product((True, False), ("T", ""), ("s", None), ("B", ""))):
            is_live, title, slug, body = fields
            text = {"is_live": is_live, "title": title, "slug": slug and f"s{number}", "body": body}
            # A slug is made where there is a title.
            is_whole = bool(title and body)
            with self.subTest(text):
                if is_live and not is_whole:
                    with self.assertRaises(IntegrityError), transaction.atomic():
                        make_page(f"p{number}", fr=text)
                    continue
                page = make_page(f"p{number}", fr=text)
                self.assertEqual(page in Page.objects.live("fr"), is_live)
                self.assertEqual(page.live_languages(), ["fr"] if is_live else [])
                self.assertNotIn(page, Page.objects.live("en"))

    def test_key_and_slugs_are_made_from_the_titles(self):
        page = make_page(fr={"title": "L’équipe"}, en={"title": "Who we are"})
        self.assertEqual((page.key, page.slug_en, page.slug_fr), ("who-we-are", "who-we-are", "l-equipe"))
        again = make_page(fr={"title": "L’équipe"})
        self.assertEqual((again.key, again.slug_fr, again.slug_en), ("l-equipe", "l-equipe-2", None))

    def test_every_saved_text_is_kept_once(self):
        page = make_page("about", en=shown("About"))
        page.save()
        page.body_en = "New\r\nlines"
        page.title_fr = "À propos"
        page.save()
        page.refresh_from_db()
        self.assertEqual(page.body_en, "New\nlines")
        kept = [(r.language, r.title, r.body, r.is_live) for r in page.revisions.order_by("pk")]
        self.assertEqual(
            kept,
            [
                ("en", "About", "The body of About.", True),
                ("en", "About", "New\nlines", True),
                ("fr", "À propos", "", False),
            ],
        )

    def test_what_was_saved_is_never_changed_or_deleted(self):
        page = make_page("about", en=shown("About"))
        revision = page.revisions.get()
        for change in (revision.save, revision.delete, page.revisions.all().delete):
            self.assertRaises(TypeError, change)
        self.assertRaises(TypeError, page.revisions.update, title="Other")
        with self.assertRaises(models.ProtectedError):
            page.delete()

    def test_a_body_that_the_pipeline_refuses_saves_nothing(self):
        page = make_page("about", en=shown("About"))
        page.body_en = BRACKETS
        with self.assertRaises(BodyRefused):
            page.save()
        page.refresh_from_db()
        self.assertEqual((page.body_en, PageRevision.objects.count()), ("The body of About.", 1))


class PageDetailViewTests(TestCase):
    def test_it_shows_the_text_of_its_language_and_leads_to_the_other_one(self):
        body = "One *word*.\n\n## A\n\n## B\n\n## C\n\n<script>alert(1)</script>"
        make_page("about", en=shown("About", body=body, description="Who we are."), fr=shown("À propos"))
        response = self.client.get("/en/pages/about/")
        for text in (
            "<h1>About</h1>",
            "<em>word</em>",
            '<nav class="contents"',
            '<meta name="description" content="Who we are.">',
            '<a href="/fr/pages/a-propos/" lang="fr"',
        ):
            self.assertContains(response, text)
        self.assertNotContains(response, "<script")
        self.assertContains(self.client.get("/fr/pages/a-propos/"), "The body of À propos.")

    def test_without_a_description_its_first_words_describe_it(self):
        make_page("about", en=shown("About", body="We write about *harbours*."))
        self.assertContains(self.client.get("/en/pages/about/"), 'content="We write about harbours."')

    def test_links_to_articles_and_images_of_the_library_lead_where_they_should(self):
        make_article("summer", en=live("Summer"), fr=live("Été"))
        make_page("about", en=shown("About", body="[](article:summer) [x](article:nothing) ![Alt](image:nothing)"))
        response = self.client.get("/en/pages/about/")
        self.assertContains(response, '<a href="/en/articles/summer/">Summer</a> x Alt')
        Article.objects.get().delete()
        self.assertNotContains(self.client.get("/en/pages/about/"), "/en/articles/summer/")

    def test_the_colours_of_code_come_with_code_alone(self):
        make_page("a", en=shown("A", body="```python\nprint(1)\n```"))
        make_page("b", en=shown("B"))
        self.assertContains(self.client.get("/en/pages/a/"), "css/code.")
        self.assertNotContains(self.client.get("/en/pages/b/"), "css/code.")

    def test_what_is_not_shown_is_not_there_and_the_switch_says_so(self):
        make_page("about", en=shown("About"), fr=shown("À propos", is_live=False))
        for path in ("/fr/pages/a-propos/", "/fr/pages/about/", "/en/pages/a-propos/x/", "/en/pages/nothing/"):
            self.assertEqual(self.client.get(path).status_code, 404, path)
        response = self.client.get("/en/pages/about/")
        self.assertContains(response, "(not available)")
        self.assertNotContains(response, "/fr/pages/")

    def test_a_slug_that_changed_or_of_the_other_language_leads_on_for_good_and_is_asked_again(self):
        page = make_page("about", en=shown("About"), fr=shown("À propos"))
        page.slug_en = "about-us"
        page.save()
        for path, target in {
            "/en/pages/about/": "/en/pages/about-us/",
            "/fr/pages/about-us/": "/fr/pages/a-propos/",
            "/fr/pages/about/": "/fr/pages/a-propos/",
            "/en/pages/a-propos/?a=b": "/en/pages/about-us/?a=b",
        }.items():
            response = self.client.get(path)
            self.assertRedirects(response, target, 301, msg_prefix=path)
            self.assertEqual(response.headers["Cache-Control"], "no-cache")
        page.slug_en = "about"
        page.save()
        self.assertEqual(self.client.get("/en/pages/about/").status_code, 200)
        self.assertRedirects(self.client.get("/en/pages/about-us/"), "/en/pages/about/", 301)

    def test_a_live_slug_of_the_address_s_language_wins(self):
        make_page("a", en=shown("Contact"), fr=shown("Nous écrire"))
        make_page("b", en=shown("Other"), fr=shown("Contact"))
        self.assertContains(self.client.get("/fr/pages/contact/"), "The body of Contact.")
        self.assertContains(self.client.get("/en/pages/contact/"), "The body of Contact.")
        self.assertRedirects(self.client.get("/en/pages/nous-ecrire/"), "/en/pages/contact/", 301)


class ImagesOfPagesTests(MediaMixin, TestCase):
    def test_an_image_that_a_page_shows_cannot_be_deleted(self):
        image = store(jpeg(), key="harbour")
        page = make_page("about", fr={"title": "À propos", "body": "![](image:harbour)"})
        make_page("other", fr={"title": "Autre", "body": "![](image:harbour-2)"})
        self.assertEqual(image.shown_in(), [page])
        with self.assertRaises(models.ProtectedError):
            image.delete()
        page.body_fr = ""
        page.save()
        image.delete()

    def test_a_page_shows_an_image_of_the_library(self):
        store(jpeg(), key="harbour")
        make_page("about", en=shown("About", body="![The harbour](image:harbour)"))
        self.assertContains(self.client.get("/en/pages/about/"), "<picture>")


class RenderPagesTests(TestCase):
    def test_what_an_older_pipeline_rendered_is_rendered_again_and_no_text_is_touched(self):
        make_page("about", en=shown("About"), fr=shown("À propos"))
        PageRendering.objects.filter(language="en").update(version=0, html="old")
        self.assertEqual(set_up.render_pages(), "Pages: 1 bodies rendered.")
        rendering = PageRendering.objects.get(language="en")
        self.assertEqual((rendering.version, rendering.html), (RENDER_VERSION, "<p>The body of About.</p>"))
        self.assertEqual(PageRevision.objects.count(), 2)
        self.assertEqual(set_up.render_pages(), "Pages: up to date.")

    def test_a_body_that_is_refused_today_keeps_its_rendering_and_is_told(self):
        page = make_page("about", en=shown("About"))
        Page.objects.filter(pk=page.pk).update(**{languages.column("body", "en"): BRACKETS})
        PageRendering.objects.update(version=0)
        told = set_up.render_pages()
        self.assertIn("Pages: 0 bodies rendered.\nabout (en) keeps the rendering it has. ", told)
        self.assertEqual(PageRendering.objects.get().html, "<p>The body of About.</p>")
