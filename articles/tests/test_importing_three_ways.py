"""A folder that was exported comes back: what each side changed since, and what happens where both did."""

import gc
import re
from dataclasses import replace
from io import StringIO
from unittest import mock

from django.core.management import CommandError, call_command

from articles import progress
from articles.files.importing import import_folder
from articles.files.native import LanguageFile
from articles.files.problems import ImportProblems
from articles.files.stamps import version
from articles.files.three_way import Side
from articles.files.writing import language_file
from articles.markdown import BodyRefused
from articles.markdown.limits import Reason
from articles.models import Article, Image, Redirect, Revision, Series, Tag, Translation
from articles.saving import note_shared_facts, save_language
from articles.shared_facts import facts

from .examples import change, live, make_article
from .image_files import jpeg, png
from .test_files import FolderTestCase

KEPT = "kept: changed on the site since"
BOTH = "changed here and on the site since the last import or export"


class ExportedFolderTestCase(FolderTestCase):
    """An article that was written on the site, and its folder as an export writes it; nothing was ever imported."""

    def setUp(self):
        super().setUp()
        texts = {code: live("Title", slug="slug", body=f"First {code}.\n\nLast {code}.\n") for code in ("en", "fr")}
        self.article = make_article("a", **texts)
        self.article.tags.add(Tag.objects.create(key="sea", name_en="Sea"))
        note_shared_facts(self.article)
        self.export()

    def export(self):
        for code in ("en", "fr"):
            text = self.article.latest_revision(code).content
            shared = facts(self.article) if code == "en" else None
            self.write(f"a/index.{code}.md", language_file(text, shared, version=version(text, shared)))

    def edit(self, name: str, before: str, after: str):
        path = self.folder / "a" / name
        text = path.read_text()
        self.assertIn(before, text)
        path.write_text(text.replace(before, after))

    def outcomes(self, **wishes) -> list[str]:
        return [outcome for _path, outcome in import_folder(self.folder, **wishes)]

    def conflicts(self, **wishes) -> list[str]:
        with self.assertRaises(ImportProblems) as caught:
            import_folder(self.folder, **wishes)
        self.assertTrue(all(problem.reason == BOTH for problem in caught.exception.problems), caught.exception)
        return [problem.diff for problem in caught.exception.problems]

    def body(self, language: str) -> str:
        return getattr(Article.objects.get(key="a"), f"body_{language}")


class ThreeWaysTests(ExportedFolderTestCase):
    def test_what_nobody_changed_is_unchanged_and_makes_no_revision(self):
        before = Revision.objects.count()
        self.assertEqual(self.outcomes(), ["unchanged", "unchanged"])
        self.assertEqual(Revision.objects.count(), before)

    def test_the_side_that_changed_alone_is_right(self):
        self.edit("index.fr.md", "First", "Folder")
        change(self.article, "en", body="Site.\n")
        self.assertEqual(self.outcomes(), [KEPT, "updated"])
        self.assertEqual((self.body("en"), self.body("fr")), ("Site.\n", "Folder fr.\n\nLast fr.\n"))

    def test_a_date_is_a_change_as_well(self):
        change(self.article, "en", published_at=None)
        self.assertEqual(self.outcomes(), [KEPT, "unchanged"])
        self.assertIsNone(Article.objects.get().published_at_en)

    def test_a_file_that_is_edited_again_after_an_import_needs_no_new_export(self):
        for words in ("One", "Two"):
            self.edit("index.en.md", "Last en" if words == "One" else "One", words)
            self.assertEqual(self.outcomes(), ["updated", "unchanged"])
        change(self.article, "en", body="Site.\n")
        self.assertEqual(self.outcomes(), [KEPT, "unchanged"])
        self.edit("index.en.md", "Two", "Three")
        self.assertEqual(len(self.conflicts()), 1)

    def test_an_export_that_is_newer_than_the_last_import_counts(self):
        self.outcomes()
        change(self.article, "en", body="Site.\n")
        self.export()
        self.edit("index.en.md", "Site", "Folder")
        self.assertEqual(self.outcomes(), ["updated", "unchanged"])

    def test_all_conflicts_are_told_at_once_with_what_either_side_changed_and_nothing_is_written(self):
        for code in ("en", "fr"):
            self.edit(f"index.{code}.md", f"First {code}", "Folder")
            change(self.article, code, body=f"First {code}.\n\nSite.\n")
        before = Revision.objects.count()
        diffs = self.conflicts()
        self.assertEqual(len(diffs), 2)
        for line in ("--- before\n+++ on the site", "-Last en.\n+Site.", "+++ in the folder", "-First en.\n+Folder."):
            self.assertIn(line, diffs[0])
        self.assertEqual(Revision.objects.count(), before)

    def test_without_a_common_version_the_diff_is_of_the_two_sides(self):
        self.edit("index.en.md", "version: ", "version: x")
        self.edit("index.en.md", "First", "Folder")
        (diff,) = self.conflicts()
        self.assertTrue(diff.startswith("--- on the site\n+++ in the folder\n"), diff)

    def test_whoever_decides_has_the_side_that_wins(self):
        self.edit("index.en.md", "First", "Folder")
        self.edit("index.fr.md", "First", "Folder")
        change(self.article, "en", body="Site.\n")
        self.assertEqual(self.outcomes(prefer=Side.SITE), ["kept: conflict, the site wins", "updated"])
        self.assertEqual(self.body("en"), "Site.\n")
        self.assertEqual(self.outcomes(prefer=Side.FOLDER), ["updated: conflict, the folder wins", "unchanged"])
        self.assertEqual(self.body("en"), "Folder en.\n\nLast en.\n")
        self.assertEqual(self.outcomes(), ["unchanged", "unchanged"])
        # What the site alone changed is no conflict, whoever wins those.
        change(self.article, "en", body="Site.\n")
        self.assertEqual(self.outcomes(prefer=Side.FOLDER), [KEPT, "unchanged"])

    def test_what_languages_share_is_compared_fact_by_fact_with_the_exported_one(self):
        self.article.tags.clear()
        note_shared_facts(self.article)
        self.edit("index.en.md", "tags: [sea]", "tags: [sea]\nseries: limits")
        self.assertEqual(self.outcomes(), ["tags " + KEPT, "series updated", "unchanged", "unchanged"])
        article = Article.objects.get()
        self.assertEqual((article.tags.count(), article.series), (0, Series.objects.get(key="limits")))

    def test_facts_that_are_edited_again_after_an_import_need_no_new_export(self):
        for tags in ("[sea, wind]", "[sea]", "[wind]"):
            path = self.folder / "a/index.en.md"
            path.write_text(re.sub(r"^tags: .*", f"tags: {tags}", path.read_text(), flags=re.MULTILINE))
            self.assertEqual(self.outcomes(), ["tags updated", "unchanged", "unchanged"])
        self.article.tags.clear()
        self.assertEqual(self.outcomes()[0], "tags " + KEPT)

    def test_facts_that_both_changed_are_a_conflict_even_where_the_site_took_them_away(self):
        self.article.tags.clear()
        note_shared_facts(self.article)
        self.edit("index.en.md", "tags: [sea]", "tags: [sea, wind]")
        (diff,) = self.conflicts()
        for line in ("-tags: sea\n+tags:\n", "-tags: sea\n+tags: sea, wind\n"):
            self.assertIn(line, diff)
        self.assertFalse(Tag.objects.filter(key="wind").exists())
        self.assertIn("tags kept: conflict, the site wins", self.outcomes(prefer=Side.SITE))
        self.assertIn("tags updated: conflict, the folder wins", self.outcomes(prefer=Side.FOLDER))
        self.assertEqual(self.article.tags.count(), 2)


class FurtherFilesTests(ExportedFolderTestCase):
    def test_whether_readers_are_told_and_where_nobody_waits_is_brought_in(self):
        self.write("b/index.en.md", "---\ntitle: B\nshows_lag: false\nno_translation: [fr]\n---\n\nB\n")
        self.outcomes()
        article = Article.objects.get(key="b")
        self.assertFalse(article.shows_lag)
        self.assertFalse(Translation.objects.get(article=article, language="fr").is_wanted)
        self.write("b/index.en.md", "---\ntitle: B\nshows_lag: true\nno_translation: []\n---\n\nB\n")
        self.assertEqual(self.outcomes()[2:], ["shows_lag updated", "no_translation updated", "unchanged"])
        self.assertTrue(Translation.objects.get(article=article, language="fr").is_wanted)
        wrong = {"shows_lag: maybe": "write true or false", "no_translation: [de]": "unknown language"}
        for line, reason in wrong.items():
            self.write("b/index.en.md", f"---\ntitle: B\n{line}\n---\n\nB\n")
            with self.assertRaisesMessage(ImportProblems, f"b/index.en.md:3: {reason}"):
                self.outcomes()

    def test_a_working_copy_waits_as_it_did_and_is_compared_like_a_text(self):
        text = replace(self.article.latest_revision("fr").content, body="Copie.\n")
        self.write("a/working_copy.fr.md", language_file(text, version=version(text)))
        self.assertEqual(self.outcomes(), ["unchanged", "unchanged", "created"])
        self.assertEqual(self.body("fr"), "First fr.\n\nLast fr.\n")
        self.assertEqual(self.article.working_copy("fr").body, "Copie.\n")
        self.assertEqual(self.outcomes()[2], "unchanged")
        self.edit("working_copy.fr.md", "Copie", "Dossier")
        self.assertEqual(self.outcomes()[2], "updated")
        copy = self.article.working_copy("fr")
        save_language(self.article, "fr", replace(text, body="Site.\n"), based_on=copy, as_working_copy=True)
        self.assertEqual(self.outcomes()[2], KEPT)
        self.edit("working_copy.fr.md", "Dossier", "Conflit")
        self.assertEqual(len(self.conflicts()), 1)
        # Published since, it does not begin anew.
        copy = self.article.working_copy("fr")
        save_language(self.article, "fr", copy.content, based_on=copy)
        self.edit("working_copy.fr.md", "Conflit", "Dossier")
        self.assertEqual(self.outcomes()[1:], [KEPT, KEPT])
        self.assertIsNone(self.article.working_copy("fr"))

    def test_a_working_copy_that_says_what_stands_is_none(self):
        self.write("a/working_copy.fr.md", (self.folder / "a/index.fr.md").read_text())
        self.assertEqual([self.outcomes(), self.outcomes()], [["unchanged"] * 3] * 2)
        self.assertIsNone(self.article.working_copy("fr"))

    def test_a_working_copy_of_nothing_and_one_that_says_what_all_share_are_problems(self):
        self.write("b/index.en.md", "---\ntitle: B\n---\n\nB\n")
        self.write("b/working_copy.fr.md", "---\ntitle: B\n---\n\nB\n")
        self.write("b/working_copy.en.md", "---\ntitle: B\ntags: [sea]\n---\n\nB\n")
        with self.assertRaises(ImportProblems) as caught:
            self.outcomes()
        self.assertEqual(
            [problem.reason[:30] for problem in caught.exception.problems],
            [
                "unknown key “tags”; the known ",
                "there is no index.fr.md whose ",
            ],
        )

    def test_old_addresses_lead_to_the_article_in_their_language(self):
        self.edit("index.fr.md", "version", "aliases: [/2020/01/bonjour/, /?p=12]\nversion")
        same = ["unchanged", "unchanged"]
        created = ["alias /2020/01/bonjour/ created", "alias /?p=12 created"]
        self.assertEqual([self.outcomes(), self.outcomes()], [same + created, same])
        rows = Redirect.objects.values_list("old_path", "article__key", "language")
        self.assertEqual(list(rows), [("/2020/01/bonjour/", "a", "fr"), ("/?p=12", "a", "fr")])
        self.assertEqual(self.client.get("/2020/01/bonjour/").headers["Location"], "/fr/articles/slug/")

    def test_an_old_address_that_two_files_claim_is_a_problem(self):
        for key in "bc":
            self.write(f"{key}/index.en.md", "---\ntitle: T\naliases: [/old/]\n---\n\nB\n")
        with self.assertRaisesMessage(ImportProblems, "c/index.en.md:3: “/old/” is an old address of "):
            self.outcomes()

    def test_an_old_address_of_another_article_is_a_problem_and_one_of_the_site_itself_is_told(self):
        Redirect.objects.create(old_path="/taken/", article=self.article, language="en")
        self.write("b/index.en.md", "---\ntitle: T\naliases: [/taken/, /x y/, old]\n---\n\nB\n")
        with self.assertRaisesMessage(ImportProblems, "“/taken/” is an old address of the article “a” already"):
            self.outcomes()
        self.write("b/index.en.md", "---\ntitle: T\naliases: [old]\n---\n\nB\n")
        with self.assertRaisesMessage(ImportProblems, "b/index.en.md:3: “old” is no path"):
            self.outcomes()
        live_there = ["/en/articles/slug/", "/fr/", "/feed.xml"]
        self.write(
            "b/index.en.md", f"---\ntitle: T\naliases: [/en/articles/gone/, {', '.join(live_there)}]\n---\n\nB\n"
        )
        told = [f"alias {path} leads nowhere: the site has a page of its own there" for path in live_there]
        self.assertEqual(self.outcomes()[2:], ["created", *told])

    def test_a_former_address_of_the_article_itself_needs_no_redirect(self):
        change(self.article, "fr", slug="autre")
        self.edit("index.fr.md", "version", "aliases: [/fr/articles/slug/]\nversion")
        self.assertEqual(self.outcomes(), ["unchanged", KEPT])
        self.assertFalse(Redirect.objects.exists())


class DryRunTests(ExportedFolderTestCase):
    def state(self):
        rows = [list(model.objects.order_by("pk").values()) for model in (Article, Revision, Tag, Image, Redirect)]
        return rows, self.stored_names(), sorted(self.media.rglob("*"))

    def test_a_dry_run_says_what_the_import_will_say_and_leaves_no_trace(self):
        self.edit("index.en.md", "First", "![](new.jpg) First")
        self.edit("index.en.md", "tags: [sea]", "tags: [sea, new]")
        change(self.article, "fr", body="Site.\n")
        self.write("a/new.jpg", jpeg())
        self.write("b/index.en.md", "---\ntitle: B\naliases: [/b/]\n---\n\n![](b.png)\n")
        self.write("b/b.png", png())
        before = self.state()
        said = self.outcomes(is_dry=True)
        self.assertEqual(self.state(), before)
        self.assertEqual(said, self.outcomes())
        self.assertEqual(said, ["tags updated", "updated", KEPT, "created", "created", "created"])
        self.assertNotEqual(self.state(), before)

    def test_a_dry_run_finds_the_same_faults(self):
        self.write("b/index.en.md", "---\ntitle: B\n---\n\n![](b.png)\n")
        self.write("b/b.png", b"no image")
        with self.assertRaisesMessage(ImportProblems, "b/index.en.md:5: “b.png”"):
            self.outcomes(is_dry=True)
        make_article("c", en=live("C", slug="taken"))
        self.write("b/index.en.md", "---\ntitle: B\nslug: taken\n---\n\nB\n")
        with self.assertRaisesMessage(ImportProblems, "This address is already used by"):
            self.outcomes(is_dry=True)


class CommandTests(ExportedFolderTestCase):
    def told(self, *options: str) -> tuple[str, str]:
        out, err = StringIO(), StringIO()
        try:
            call_command("import_articles", self.folder, *options, stdout=out, stderr=err)
        except CommandError as error:
            return err.getvalue(), str(error)
        return out.getvalue(), err.getvalue()

    def test_it_sums_up_what_became_of_the_folder(self):
        change(self.article, "en", body="Site.\n")
        self.write("b/index.en.md", "---\ntitle: B\n---\n\nB\n")
        out, err = self.told("--dry-run")
        self.assertIn("Created 1, updated 0, unchanged 1, kept 1, conflicts 0. Changes: 1.\n", out)
        self.assertIn("This was a dry run: nothing was changed.", out)
        self.assertEqual((err, Article.objects.count()), ("", 1))

    def test_it_shows_conflicts_and_how_to_decide_them(self):
        self.edit("index.en.md", "First", "Folder\x1b[2J")
        change(self.article, "en", body="Site.\n")
        err, error = self.told()
        self.assertIn(f"a/index.en.md:2: {BOTH}\n    --- before\n    +++ on the site\n", err)
        self.assertIn(r"    +Folder\x1b[2J en.", err)
        self.assertIn("Problems: 1. Conflicts among them: 1; --prefer folder or --prefer site", error)
        self.assertIn("conflicts 1. Changes: 0.", self.told("--prefer", "site")[0])
        self.assertIn("conflicts 1. Changes: 1.", self.told("--prefer", "folder")[0])

    def test_progress_is_told_on_a_terminal_alone_and_leaves_its_line_empty(self):
        terminal = mock.Mock(wraps=StringIO(), isatty=lambda: True)
        with mock.patch.object(progress, "EVERY", 0):
            import_folder(self.folder, progress=progress.on(terminal))
        written = [call.args[0] for call in terminal.write.call_args_list]
        self.assertIn(f"{progress.CLEAR}Saving: 0 of 1 (0 %)", written)
        self.assertEqual(written[-1], progress.CLEAR)
        self.assertIs(progress.on(StringIO()), progress.silent)


class LongImportTests(FolderTestCase):
    def test_a_text_that_was_slow_once_gets_a_second_chance(self):
        self.write("a/index.en.md", "---\ntitle: T\n---\n\nB\n")
        slow = BodyRefused(Reason.SLOW)
        with mock.patch("articles.files.texts.render", side_effect=[slow, None]):
            self.assertEqual(self.outcomes(), ["created"])
        self.write("a/index.en.md", "---\ntitle: T\n---\n\nOther.\n")
        reason = self.assertRaisesMessage(ImportProblems, "a/index.en.md:5: Rendering takes too long")
        with mock.patch("articles.files.texts.render", side_effect=[slow, slow]), reason:
            self.outcomes()

    def test_no_more_than_a_few_articles_are_in_memory_at_a_time(self):
        for number in range(40):
            self.write(f"a-{number:02}/index.en.md", f"---\ntitle: T {number}\n---\n\nB\n")
        most = 0
        # What is there before, half a million objects, is not looked through each time.
        gc.freeze()
        self.addCleanup(gc.unfreeze)

        def count(*arguments, **options):
            nonlocal most
            most = max(most, sum(isinstance(each, LanguageFile) for each in gc.get_objects()))
            return save_language(*arguments, **options)

        with mock.patch("articles.files.texts.save_language", side_effect=count):
            import_folder(self.folder)
        self.assertLess(most, 20)
