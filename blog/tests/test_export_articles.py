"""A site exported into a folder: what is written, what is left alone, and what an import makes of it elsewhere."""

import io
import tempfile
from datetime import timedelta
from pathlib import Path

from django.core.management import CommandError, call_command
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from articles.files.importing import import_folder
from articles.files.problems import ImportProblems
from articles.files.target import TEMPORARY, Target
from articles.files.three_way import Side
from articles.models import Article, Author, Companion, Image, Redirect, Tag
from articles.models.image import ArticleImage
from articles.saving import save_language
from articles.tests.examples import TOMORROW, change, live, make_article
from articles.tests.image_files import MediaMixin, png, store
from articles.text import ArticleText
from blog.files import parts
from blog.models import Page, Site

from .generated_sites import empty


class ExportTestCase(MediaMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory())) / "site"
        self.tag = Tag.objects.create(key="python", name_en="Python", name_fr="Python")
        self.article = make_article("a", en=live("One"), fr=live("Un"))
        self.article.tags.add(self.tag)

    def export(self, *options: str) -> str:
        out = io.StringIO()
        call_command("export_articles", str(self.folder), *options, stdout=out)
        return out.getvalue()

    def bring_in(self):
        outcomes = import_folder(self.folder, parts=parts())
        return [f"{path.relative_to(self.folder)}: {outcome}" for path, outcome in outcomes]

    def names(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.text(name)
        self.assertIn(old, text)
        (self.folder / name).write_text(text.replace(old, new))


class WrittenTests(ExportTestCase):
    def test_a_second_export_writes_nothing_and_a_third_only_what_changed(self):
        self.export()
        times = {name: (self.folder / name).stat().st_mtime_ns for name in self.names()}
        self.assertEqual(self.export(), "Articles: 1. Files changed: 0.\n")
        change(self.article, "fr", body="Autre.\n")
        self.assertIn("a/index.fr.md: updated\nArticles: 1. Files changed: 1.\n", self.export())
        changed = {name for name, time in times.items() if (self.folder / name).stat().st_mtime_ns != time}
        self.assertEqual(changed, {"a/index.fr.md"})

    def test_drafts_and_working_copies_are_written_when_asked_for_and_deleted_articles_never(self):
        make_article("draft", en={"title": "Draft", "body": "D"})
        make_article("later", fr=live("Plus tard", published_at=TOMORROW))
        make_article("gone", en=live("Gone")).delete()
        base, text = self.article.latest_revision("fr"), ArticleText("Neuf", "un", "", "N")
        save_language(self.article, "fr", text, based_on=base, as_working_copy=True)
        self.export()
        self.assertEqual(
            self.names(), ["a/index.en.md", "a/index.fr.md", "later/index.fr.md", "site.yaml", "tags.yaml"]
        )
        self.export("--drafts", "--working-copies")
        self.assertIn("Neuf", self.text("a/working_copy.fr.md"))
        self.assertIn("draft/index.en.md", self.names())
        self.assertNotIn("gone/index.en.md", self.names())
        # What was asked for is gone again without being asked for.
        self.export()
        self.assertEqual([name for name in self.names() if "draft" in name or "copy" in name], [])
        self.assertFalse((self.folder / "draft").exists())

    def test_a_selection_writes_what_its_articles_need_beside_what_is_there_and_removes_nothing(self):
        other = Tag.objects.create(key="other", name_en="Other")
        second = make_article("b", en=live("Two"))
        second.tags.add(other)
        store(png(), "Nobody.png")
        self.export("--article", "a")
        self.assertEqual(self.names(), ["a/index.en.md", "a/index.fr.md", "tags.yaml"])
        self.assertNotIn("other", self.text("tags.yaml"))
        change(self.article, "en", title="One more")
        self.export("--tag", "other")
        self.assertEqual(self.text("tags.yaml"), "other:\n  en: Other\npython:\n  en: Python\n  fr: Python\n")
        self.assertIn("title: One\n", self.text("a/index.en.md"))
        for kind in ("article", "tag", "language"):
            with self.assertRaisesMessage(CommandError, f"The site has no {kind} “xx”."):
                self.export(f"--{kind}", "xx")

    def test_a_translation_alone_names_no_original_and_comes_in_elsewhere_with_the_companions_that_are_there(self):
        Companion.objects.create(article=self.article, companion=make_article("b", en=live("Two")))
        self.export("--language", "fr", "--state", "live")
        self.assertEqual(self.names(), ["a/index.fr.md", "tags.yaml"])
        self.assertNotIn("source_language", self.text("a/index.fr.md"))
        empty()
        self.assertIn("a/index.fr.md: companion b left out: there is no such article", self.bring_in())
        self.assertEqual(Article.objects.get().source_language, "fr")
        # Who writes by hand has mistyped.
        self.edit("a/index.fr.md", "version:", "original:")
        empty()
        with self.assertRaises(ImportProblems):
            self.bring_in()

    def test_many_articles_take_no_more_queries_than_one(self):
        def count() -> int:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                self.export()
            return len(queries)

        self.export()
        one = count()
        for number in range(8):
            article = make_article(f"b{number}", en=live(f"B{number}"), fr=live(f"B{number}"))
            article.authors.add(Author.objects.get_or_create(name="A")[0])
            Companion.objects.create(article=article, companion=self.article)
            article.tags.add(self.tag)
        self.assertEqual(count(), one)


class LeftAloneTests(ExportTestCase):
    def test_what_is_gone_is_removed_and_what_no_export_wrote_stays_and_is_named(self):
        ArticleImage.objects.create(article=self.article, image=store(png(), "a.png"), name="a.png")
        change(self.article, "en", body="![A](a.png)\n")
        make_article("b", en=live("Two"))
        self.export()
        (self.folder / ".git").mkdir()
        (self.folder / ".git" / "HEAD").write_text("ref")
        (self.folder / "README.md").write_text("Mine.")
        (self.folder / "a" / "notes.txt").write_text("Mine.")
        (self.folder / "new").mkdir()
        (self.folder / "new" / "index.en.md").write_text("---\ntitle: New\n---\n\nNot imported yet.\n")
        Article.objects.all().delete()
        said = self.export()
        self.assertEqual(
            self.names(),
            [
                ".git/HEAD",
                "README.md",
                "_images/a.png",
                "_images/images.yaml",
                "a/notes.txt",
                "new/index.en.md",
                "site.yaml",
                "tags.yaml",
            ],
        )
        self.assertIn("a/a.png: removed", said)
        self.assertIn("a/notes.txt: left as it is: no file of the site’s", said)
        self.assertIn("new/index.en.md: left as it is: written by hand, and not imported", said)
        ArticleImage.objects.all().delete()
        Image.objects.all().delete()
        self.export()
        self.assertFalse((self.folder / "_images").exists())

    def test_a_text_that_was_edited_and_not_imported_is_neither_overwritten_nor_removed(self):
        self.export()
        self.edit("a/index.en.md", "The body of One.", "Words that the site never had.")
        change(self.article, "en", summary="New on the site.")
        self.assertIn("a/index.en.md: left as it is: edited here, and not imported; delete it", self.export())
        for old, new in [("tags: [python]", "tags: [other]"), ("published_at: 2", "published_at: 1")]:
            name = "a/index.en.md"
            before = self.text(name)
            self.edit(name, "Words that the site never had.", "The body of One.")
            self.edit(name, old, new)
            self.assertIn("left as it is: edited here", self.export())
            (self.folder / name).write_text(before)
        self.article.delete()
        self.export()
        self.assertIn("never had", self.text("a/index.en.md"))
        self.article.restore()
        self.edit("a/index.en.md", "Words that the site never had.", "The body of One.")
        self.export()
        self.assertIn("New on the site.", self.text("a/index.en.md"))

    def test_a_folder_of_something_else_is_refused_and_a_link_is_not_followed(self):
        self.folder.mkdir()
        (self.folder / "thesis.doc").write_text("Mine.")
        with self.assertRaisesMessage(CommandError, "is not empty and holds no articles"):
            self.export()
        self.assertEqual(self.names(), ["thesis.doc"])
        (self.folder / "thesis.doc").unlink()
        (self.folder / ".gitignore").write_text("x")
        elsewhere = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (self.folder / "tags.yaml").write_text("")
        (self.folder / "a").symlink_to(elsewhere)
        with self.assertRaisesMessage(CommandError, "is a link"):
            self.export()
        self.assertEqual(list(elsewhere.iterdir()), [])

    def test_two_exports_do_not_write_one_folder_and_the_second_takes_nothing_from_the_first(self):
        self.export()
        target = Target(self.folder, lambda name, outcome: None)
        with target.opened():
            (self.folder / TEMPORARY).write_text("half of a file")
            with self.assertRaisesMessage(CommandError, "Another export is writing"):
                self.export()
            self.assertTrue((self.folder / TEMPORARY).exists())
        self.assertFalse((self.folder / TEMPORARY).exists())


class BackTests(ExportTestCase):
    def test_an_author_edits_the_folder_and_both_sides_keep_what_they_have(self):
        self.export()
        self.edit("a/index.en.md", "The body of One.", "Another body.")
        self.assertIn("a/index.en.md: updated", self.bring_in())
        self.assertIn("a/index.en.md: updated", self.export())
        change(self.article, "fr", body="Depuis l’admin.")
        self.assertIn("a/index.fr.md: kept: changed on the site since", self.bring_in())
        self.edit("a/index.fr.md", "The body of Un.", "Dans le dossier.")
        with self.assertRaisesMessage(ImportProblems, "changed here and on the site since"):
            self.bring_in()

    def test_images_come_back_with_their_bytes_their_keys_and_their_words(self):
        beside, library = store(png(), "a.png", key="beside", alt_fr="Une image"), store(png() + b"1", "L (1).png")
        ArticleImage.objects.create(article=self.article, image=beside, name="a.png")
        change(self.article, "en", body=f"![A](a.png) ![L](image:{library.key}) ![Missing](never.png)\n")
        self.export()
        self.assertEqual((self.folder / "a" / "a.png").read_bytes(), png())
        self.assertEqual((self.folder / "_images" / f"{library.key}.png").read_bytes(), png() + b"1")
        rows = Image.objects.order_by("key").values_list("key", "digest", "file_name", "alt_fr")
        before = list(rows.all())
        empty()
        self.bring_in()
        self.assertEqual(list(rows.all()), before)
        Image.objects.filter(key=library.key).update(key="other")
        self.assertIn(f"has this image under the key other, not {library.key}", "".join(self.bring_in()))
        # A picture that is missing in a text that somebody has changed is a mistake.
        self.edit("a/index.en.md", "Missing", "Not there")
        with self.assertRaisesMessage(ImportProblems, "there is no such image beside the text"):
            self.bring_in()

    def test_what_the_site_says_of_itself_is_kept_unless_it_ships_with_it(self):
        site = Site.current()
        site.name_en, site.footer_fr, site.shows_lag = "My site", "", False
        site.save()
        self.export()
        Site.objects.all().delete()
        fresh = Site.current()
        fresh.tagline_en = "Mine."
        fresh.save()
        self.assertIn("site.yaml: tagline (en) kept: the site says otherwise", self.bring_in())
        fresh.refresh_from_db()
        self.assertEqual((fresh.name_en, fresh.footer_fr, fresh.tagline_en), ("My site", "", "Mine."))
        self.assertFalse(fresh.shows_lag)

    def test_a_page_is_updated_kept_or_told_to_be_in_conflict_like_an_article(self):
        page = Page(key="about", title_en="About", body_en="Old.\n", is_live_en=True)
        page.save()
        self.export()
        name = "_pages/about/index.en.md"
        self.edit(name, "Old.", "From the folder.")
        self.edit(name, "slug: about\n", "")
        self.assertIn(f"{name}: updated", self.bring_in())
        page.refresh_from_db()
        self.assertEqual((page.body_en, page.revisions.count()), ("From the folder.\n", 2))
        self.export()
        page.body_en = "From the site.\n"
        page.save()
        self.assertIn(f"{name}: kept: changed on the site since", self.bring_in())
        self.edit(name, "From the folder.", "From both.")
        with self.assertRaisesMessage(ImportProblems, "changed here and on the site since"):
            self.bring_in()
        self.assertIn("left as it is: edited here", self.export())
        import_folder(self.folder, parts=parts(Side.FOLDER))
        page.refresh_from_db()
        self.assertEqual(page.body_en, "From both.\n")

    def test_what_is_wrong_beside_the_articles_is_told_with_its_line_and_nothing_comes_in(self):
        self.export()
        secret = self.folder.parent / "secret.png"
        secret.write_bytes(png())
        (self.folder / "_images").mkdir()
        (self.folder / "_images" / "link.png").symlink_to(secret)
        (self.folder / "_images" / "images.yaml").write_text(
            "a: {file: ../secret.png}\nb: {file: _images/no.png}\nC: {file: _images/no.png}\nd: []\n"
        )
        (self.folder / "_pages" / "p").mkdir(parents=True)
        (self.folder / "_pages" / "p" / "index.en.md").write_text("---\ntitle: P\nis_live: maybe\n---\n")
        (self.folder / "site.yaml").write_text("name: {xx: X}\ncolour: red\n")
        (self.folder / "redirects.yaml").write_text("/a/: [b]\n")
        with self.assertRaises(ImportProblems) as caught:
            self.bring_in()
        told = {f"{problem.path.name}:{problem.line}" for problem in caught.exception.problems}
        images = {f"images.yaml:{line}" for line in (1, 3, 4)} | {"no.png:1"}
        self.assertEqual(told, images | {"index.en.md:3", "site.yaml:1", "site.yaml:2", "redirects.yaml:1"})
        (self.folder / "_images" / "images.yaml").unlink()
        with self.assertRaisesMessage(ImportProblems, "link.png:1: a symbolic link"):
            self.bring_in()
        self.assertFalse(Image.objects.exists() or Page.objects.exists())

    def test_old_addresses_lead_on_wherever_the_folder_goes(self):
        change(self.article, "en", slug="moved")
        Redirect.objects.create(old_path="/2020/one/", article=self.article, language="en")
        Redirect.objects.create(old_path="/tag/py", new_path="/en/tags/python/")
        self.tag.slug_en = "py"
        self.tag.save()
        self.export()
        self.assertIn("aliases: [/2020/one/, /en/articles/one/]", self.text("a/index.en.md"))
        self.assertEqual(self.text("redirects.yaml"), "/en/tags/python/: /en/tags/py/\n/tag/py: /en/tags/python/\n")
        empty()
        self.bring_in()
        for old, new in [
            ("/2020/one/", "moved/"),
            ("/en/articles/one/", "moved/"),
            ("/en/tags/python/", "py/"),
        ]:
            self.assertIn(new, self.client.get(old).headers["Location"])
        self.assertEqual([line for line in self.bring_in() if "kept" in line or "created" in line], [])

    def test_a_date_to_come_and_the_wish_for_no_translation_survive(self):
        article = make_article("b", fr=live("Deux", published_at=TOMORROW + timedelta(days=300)))
        article.translations.filter(language="en").update(is_wanted=False)
        self.export()
        self.assertIn("no_translation: [en]", self.text("b/index.fr.md"))
        empty()
        self.bring_in()
        self.assertFalse(Article.objects.get(key="b").translations.get(language="en").is_wanted)
        self.assertEqual(self.export(), "Articles: 2. Files changed: 0.\n")
