from io import StringIO
from unittest import mock

from django.core.management import call_command
from django.test import TestCase

from articles import progress
from articles.markdown import RENDER_VERSION, BodyRefused
from articles.markdown.limits import Reason
from articles.models import Article, Rendering, Revision
from articles.rerendering import render_again

from .examples import live, make_article


class RenderArticlesTests(TestCase):
    def setUp(self):
        self.article = make_article("a", en=live("A", body="*x*"), fr=live("B"))
        self.draft = make_article("d", en={"title": "Draft", "body": "`d`"})

    def run_command(self, **options) -> str:
        out = StringIO()
        call_command("render_articles", stdout=out, stderr=out, **options)
        return out.getvalue()

    def spoil(self, **filters):
        Rendering.objects.filter(**filters).update(html="old", version=RENDER_VERSION - 1)

    def test_it_renders_every_language_again_drafts_included(self):
        self.spoil()
        self.assertEqual(self.run_command(), "Renderings: 3 made.\n")
        self.assertEqual(Rendering.objects.get(article=self.article, language="en").html, "<p><em>x</em></p>")
        self.assertEqual(Rendering.objects.filter(version=RENDER_VERSION).count(), 3)

    def test_it_can_leave_out_what_is_of_today_s_making(self):
        self.spoil(language="fr")
        self.assertEqual(self.run_command(stale=True), "Renderings: 1 made.\n")
        self.assertEqual(self.run_command(stale=True), "Renderings: up to date.\n")

    def test_it_makes_a_rendering_that_is_missing(self):
        Rendering.objects.all().delete()
        self.run_command(stale=True)
        self.assertEqual(self.client.get("/en/articles/a/").status_code, 200)

    def test_it_changes_no_text_and_no_date_and_adds_no_revision(self):
        before = (list(Article.objects.values()), Revision.objects.count())
        self.run_command()
        self.assertEqual((list(Article.objects.values()), Revision.objects.count()), before)

    def test_what_is_refused_keeps_its_rendering_and_is_named(self):
        self.spoil(article=self.article)
        Article.objects.filter(pk=self.article.pk).update(body_en="> " * 50)
        said = self.run_command()
        self.assertIn("a (en) keeps the rendering it has. Line 1:", said)
        self.assertIn("Renderings: 2 made.", said)
        self.assertEqual(Rendering.objects.get(article=self.article, language="en").html, "old")

    def test_a_refusal_stands_on_a_line_of_its_own_where_progress_is_drawn(self):
        Article.objects.filter(pk=self.article.pk).update(body_en="> " * 50)
        terminal = StringIO()
        terminal.isatty = lambda: True
        with mock.patch("sys.stderr", terminal), mock.patch.object(progress, "EVERY", 0):
            call_command("render_articles", stdout=terminal, stderr=terminal, no_color=True)
        self.assertIn("Renderings: 1 of 3 (33 %)", terminal.getvalue())
        self.assertRegex(terminal.getvalue(), r"(\n|\x1b\[K)a \(en\) keeps")

    def test_what_is_saved_while_it_renders_is_not_undone(self):
        from articles import rerendering

        real = rerendering.render
        bodies = []

        def render_and_be_overtaken(body, language):
            if not bodies:
                Article.objects.filter(pk=self.article.pk).update(body_en="*newer*")
            bodies.append(body)
            return real(body, language)

        with mock.patch.object(rerendering, "render", render_and_be_overtaken):
            self.assertIsNone(render_again(self.article.pk, "en"))
        self.assertEqual(bodies, ["*x*", "*newer*"])
        self.assertIn("newer", Rendering.objects.get(article=self.article, language="en").html)

    def test_a_refusal_names_its_reason_and_line(self):
        Article.objects.filter(pk=self.article.pk).update(body_en="fine\n\n" + "> " * 50)
        refusal = render_again(self.article.pk, "en")
        self.assertIsInstance(refusal, BodyRefused)
        self.assertEqual((refusal.reason, refusal.line), (Reason.DEEP, 3))
