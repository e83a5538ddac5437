import tempfile
from dataclasses import replace
from pathlib import Path

from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings
from django.utils.translation import override

from articles.files.importing import import_folder
from articles.files.problems import ImportProblems
from articles.models import Article, Author, Revision, Series, Tag, Translation
from articles.saving import save_language

from .examples import change
from .image_files import MediaMixin

ENGLISH = """---
title: Summer
slug: summer
published_at: 2026-01-31
summary: A short summary.
source_language: fr
source: https://example.org/source
authors: [Ada, Bob]
tags: [season, python]
---

## Section

Body.
"""
FRENCH = "---\ntitle: L'été\npublished_at: 2026-01-31 08:30\n---\n\nCorps.\n"


class FolderTestCase(MediaMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.enterContext(override("en"))
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, path: str, content: str | bytes) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def write_pair(self, key="summer"):
        self.write(f"{key}/index.en.md", ENGLISH)
        self.write(f"{key}/index.fr.md", FRENCH)
        self.write("tags.yaml", "season: {en: Season, fr: Saison}\n")

    def outcomes(self):
        return [outcome for _, outcome in import_folder(self.folder)]


class ImportTests(FolderTestCase):
    def test_a_folder_becomes_an_article_in_both_languages(self):
        self.write_pair()
        self.assertEqual(self.outcomes(), ["created", "created"])
        article = Article.objects.get(key="summer")
        self.assertEqual(article.body_en, "## Section\n\nBody.\n")
        self.assertEqual((article.slug_en, article.slug_fr), ("summer", "l-ete"))
        self.assertEqual((article.source_language, article.source), ("fr", "https://example.org/source"))
        self.assertEqual([str(author) for author in article.authors.all()], ["Ada", "Bob"])
        self.assertEqual(set(article.tags.values_list("name_fr", flat=True)), {"Saison", None})

    def test_languages_that_come_together_answer_each_other_and_an_original_that_comes_alone_is_not_answered(self):
        self.write_pair()
        self.outcomes()
        self.write("summer/index.fr.md", FRENCH.replace("Corps.", "Un corps.\n\nUn autre."))
        self.assertEqual(self.outcomes(), ["unchanged", "updated"])
        self.assertEqual(Translation.objects.get().blocks_behind, 2)
        self.write("summer/index.fr.md", FRENCH.replace("Corps.", "Tout.\n\nAutre."))
        self.write("summer/index.en.md", ENGLISH.replace("Body.", "All.\n\nOther."))
        article = Article.objects.get()
        base = article.latest_revision("en")
        save_language(article, "en", replace(base.content, summary="S"), based_on=base, as_working_copy=True)
        self.assertEqual(self.outcomes(), ["updated", "updated"])
        # Of the text that came; a working copy beside it answers nothing by that.
        self.assertEqual(Translation.objects.get().blocks_behind, 0)

    def test_a_tag_that_no_file_names_is_called_by_its_key_in_the_language_that_says_it(self):
        self.write_pair()
        self.outcomes()
        tag = Tag.objects.get(key="python")
        self.assertEqual((tag.name_en, tag.name_fr), ("python", None))

    @override_settings(TIME_ZONE="America/New_York")
    def test_a_bare_date_begins_at_midnight_in_the_site_s_time_zone(self):
        self.write_pair()
        self.outcomes()
        article = Article.objects.get()
        self.assertEqual(article.published_at_en.isoformat(), "2026-01-31T05:00:00+00:00")
        self.assertEqual(article.published_at_fr.isoformat(), "2026-01-31T13:30:00+00:00")

    def test_the_first_version_of_each_language_knows_what_they_share(self):
        self.write_pair()
        self.outcomes()
        known = [(revision.language, revision.shared["authors"]) for revision in Revision.objects.order_by("pk")]
        self.assertEqual(known, [("en", ["Ada", "Bob"]), ("fr", ["Ada", "Bob"])])

    def test_a_second_run_changes_nothing(self):
        self.write_pair()
        self.outcomes()
        before = Revision.objects.count(), Article.objects.get().updated_at_en
        self.assertEqual(self.outcomes(), ["unchanged", "unchanged"])
        self.assertEqual((Revision.objects.count(), Article.objects.get().updated_at_en), before)

    def test_a_changed_file_updates_its_language_alone(self):
        self.write_pair()
        self.outcomes()
        self.write("summer/index.fr.md", FRENCH.replace("Corps", "Nouveau corps"))
        self.assertEqual(self.outcomes(), ["unchanged", "updated"])

    def test_a_text_edited_on_the_site_is_kept_when_the_file_is_as_it_was(self):
        self.write_pair()
        self.outcomes()
        change(Article.objects.get(), "fr", body="Retouché sur le site")
        self.assertEqual(self.outcomes(), ["unchanged", "kept: changed on the site since"])
        self.assertEqual(Article.objects.get().body_fr, "Retouché sur le site")

    def test_a_text_edited_in_both_places_is_a_problem_and_nothing_is_overwritten(self):
        self.write_pair()
        self.outcomes()
        change(Article.objects.get(), "fr", body="Retouché sur le site")
        self.write("summer/index.fr.md", FRENCH.replace("Corps", "Retouché dans le fichier"))
        with self.assertRaisesMessage(ImportProblems, "changed here and on the site"):
            self.outcomes()
        self.assertEqual(Article.objects.get().body_fr, "Retouché sur le site")

    def test_a_text_that_was_taken_from_the_site_and_edited_there_again_is_kept(self):
        self.write_pair()
        self.outcomes()
        change(Article.objects.get(), "fr", body="Sur le site\n")
        self.write("summer/index.fr.md", FRENCH.replace("Corps.", "Sur le site"))
        self.assertEqual(self.outcomes(), ["unchanged", "unchanged"])
        change(Article.objects.get(), "fr", body="Encore sur le site\n")
        self.assertEqual(self.outcomes(), ["unchanged", "kept: changed on the site since"])

    def test_a_slug_that_the_file_leaves_to_the_site_is_no_conflict(self):
        self.write_pair()
        self.outcomes()
        change(Article.objects.get(), "fr", slug="autre", body="Sur le site\n")
        self.assertEqual(self.outcomes(), ["unchanged", "kept: changed on the site since"])

    def test_what_the_languages_share_is_kept_where_the_site_changed_it_and_updated_where_the_file_did(self):
        self.write_pair()
        self.outcomes()
        article = Article.objects.get()
        article.tags.add(Tag.objects.create(key="new", name_en="New"))
        article.source = "https://example.org/site"
        article.save(update_fields=["source"])
        Tag.objects.filter(key="season").update(name_fr="Période")
        self.write("summer/index.en.md", ENGLISH.replace("[Ada, Bob]", "[Eve]"))
        outcomes = set(self.outcomes())
        self.assertLessEqual({f"{fact} kept: changed on the site since" for fact in ("tags", "source")}, outcomes)
        self.assertLessEqual({"authors updated", "season (fr) kept: it has another name on the site"}, outcomes)
        article.refresh_from_db()
        self.assertEqual(article.source, "https://example.org/site")
        self.assertEqual(set(article.tags.values_list("key", flat=True)), {"season", "python", "new"})
        self.assertEqual([str(author) for author in article.authors.all()], ["Eve"])
        self.assertEqual(Tag.objects.get(key="season").name_fr, "Période")

    def test_what_the_languages_share_changed_in_both_places_is_a_problem(self):
        self.write_pair()
        self.outcomes()
        Article.objects.update(source="https://example.org/site")
        self.write("summer/index.en.md", ENGLISH.replace("https://example.org/source", "https://example.org/file"))
        with self.assertRaisesMessage(ImportProblems, "index.en.md:7: changed here and on the site"):
            self.outcomes()

    def test_an_article_deleted_on_the_site_stays_deleted(self):
        self.write_pair()
        self.outcomes()
        Article.objects.get().delete()
        self.write(
            "summer/index.en.md", ENGLISH.replace("[Ada, Bob]", "[Eve]").replace("source: https", "source: http")
        )
        self.assertIn("left alone", self.outcomes()[0])
        article = Article.objects.get()
        self.assertIsNotNone(article.deleted_at)
        self.assertEqual(article.source, "https://example.org/source")
        self.assertEqual(article.authors.count(), 2)

    def test_an_article_joins_a_series_at_a_place(self):
        self.write_part("part: 2")
        self.assertEqual(self.outcomes(), ["created"])
        article = Article.objects.get()
        self.assertEqual((article.series.key, article.part), ("limits", 2))
        self.assertEqual(self.outcomes(), ["unchanged"])

    def test_a_series_that_no_file_names_is_titled_by_its_key_in_the_language_that_says_it(self):
        self.write_part("part: 0")
        self.outcomes()
        series = Series.objects.get()
        self.assertEqual((series.title_en, series.title_fr, series.slug_en), ("limits", None, "limits"))
        self.assertEqual(Article.objects.get().part, 0)

    def test_a_place_and_a_series_changed_on_the_site_are_kept_and_changed_in_the_file_are_updated(self):
        self.write_part("part: 1")
        self.outcomes()
        Article.objects.update(part=5)
        self.assertEqual(self.outcomes(), ["part kept: changed on the site since", "unchanged"])
        self.write_part("part: 5", series="other")
        self.assertEqual(self.outcomes(), ["series updated", "unchanged"])
        self.assertEqual(Article.objects.get().series.key, "other")
        Article.objects.update(series=None)
        self.assertEqual(self.outcomes(), ["series kept: changed on the site since", "unchanged"])
        self.write_part("part:", series="")
        self.assertEqual(self.outcomes(), ["part updated", "unchanged"])

    def test_a_place_changed_in_both_is_a_problem_even_where_it_is_the_first(self):
        self.write_part("part: 1")
        self.outcomes()
        for site in (0, 7):
            Article.objects.update(part=site)
            self.write_part("part: 2")
            with self.assertRaisesMessage(ImportProblems, "index.en.md:4: changed here and on the site"):
                self.outcomes()

    def write_part(self, part: str, series: str = "limits"):
        self.write("a/index.en.md", f"---\ntitle: T\nseries: {series}\n{part}\n---\n\nBody.\n")

    def test_companions_keep_their_order_and_may_come_later_in_the_folder(self):
        self.write_pair("b")
        self.write("c/index.fr.md", FRENCH)
        self.write("a/index.fr.md", FRENCH.replace("---\n\n", "companions: [c, b]\n---\n\n"))
        self.outcomes()
        links = Article.objects.get(key="a").companion_links.all()
        self.assertEqual([link.companion.key for link in links], ["c", "b"])

    def test_windows_line_ends_and_a_byte_order_mark_are_read(self):
        self.write("a/index.fr.md", b"\xef\xbb\xbf" + FRENCH.replace("\n", "\r\n").encode())
        self.outcomes()
        self.assertEqual(Article.objects.get().body_fr, "Corps.\n")

    def test_words_that_yaml_takes_for_other_things_stay_words(self):
        self.write("a/index.en.md", "---\ntitle: No\nsummary: 2026-01-31\n---\nBody")
        self.outcomes()
        article = Article.objects.get()
        self.assertEqual((article.title_en, article.summary_en), ("No", "2026-01-31"))


class SubjectFileTests(FolderTestCase):
    """tags.yaml, series.yaml and authors.yaml beside the folders."""

    def setUp(self):
        super().setUp()
        self.write("a/index.en.md", "---\ntitle: T\nseries: limits\nauthors: [Ada]\ntags: [api]\n---\n\nBody.\n")

    def test_they_name_things_in_each_language_and_a_single_text_is_the_name(self):
        self.write("tags.yaml", "api: {en: API, fr: {name: Interfaces}}\n")
        self.write(
            "series.yaml",
            "limits:\n  en:\n    title: Limits\n    description: Five parts.\n  fr: Les limites\n",
        )
        self.write("authors.yaml", "Ada: {en: She writes., fr: {about: Elle écrit.}}\n")
        self.outcomes()
        tag, series, author = Tag.objects.get(), Series.objects.get(), Author.objects.get()
        self.assertEqual((tag.name_en, tag.name_fr, tag.slug_fr), ("API", "Interfaces", "interfaces"))
        self.assertEqual((series.title_en, series.description_en), ("Limits", "Five parts."))
        self.assertEqual((series.title_fr, series.slug_fr, series.description_fr), ("Les limites", "les-limites", None))
        self.assertEqual((author.about_en, author.about_fr), ("She writes.", "Elle écrit."))
        self.assertEqual(Article.objects.get().series, series)

    def test_what_the_site_says_is_kept_and_what_it_leaves_empty_is_filled(self):
        Series.objects.create(key="limits", title_en="On the site")
        self.write("series.yaml", "limits: {en: {title: In the file, description: Filled.}, fr: Titre}\n")
        outcomes = self.outcomes()
        self.assertIn("limits (en) kept: it has another title on the site", outcomes)
        self.assertEqual(len(outcomes), 2)
        series = Series.objects.get()
        self.assertEqual((series.title_en, series.description_en, series.title_fr), ("On the site", "Filled.", "Titre"))
        self.assertEqual(series.slug_en, "on-the-site")

    def test_what_the_file_leaves_empty_is_no_difference(self):
        self.write("tags.yaml", "api: {en: API, fr: }\n")
        self.assertEqual([self.outcomes(), self.outcomes()], [["created"], ["unchanged"]])

    def test_each_fault_is_named_with_file_line_and_reason(self):
        cases = {
            ("series.yaml", "# S\n\nlimits:\n  de: Grenzen\n", 4): "unknown language “de”",
            (
                "series.yaml",
                "limits:\n  en:\n    name: Limits\n",
                3,
            ): "unknown key “name”; the known ones are title, desc",
            ("series.yaml", "limits:\n  en:\n    title: [a]\n", 3): "write a plain text here",
            ("series.yaml", "limits: {en: [Limits]}\n", 1): "write “key: value” lines here",
            ("series.yaml", "a: {en: A}\nlimits: Limits\n", 2): "write “key: value” lines here",
            ("series.yaml", "a: {en: A}\nRate Limits: {en: A}\n", 2): "is no key",
            ("series.yaml", f"a: {{en: A}}\nb: {{en: {'b' * 201}}}\n", 2): "at most 200 characters",
            ("series.yaml", "a: {en: A}\na: {en: B}\n", 2): "stands twice",
            ("tags.yaml", f"a: {{en: A}}\nb: {{en: {'b' * 101}}}\n", 2): "at most 100 characters",
            ("authors.yaml", f"A: {{en: A}}\n{'b' * 101}: {{en: B}}\n", 2): "at most 100 characters",
            ("authors.yaml", "A: {en: [\n", 2): "broken YAML",
        }
        for (name, content, line), reason in cases.items():
            with self.subTest(reason, content=content[:40]):
                path = self.write(name, content)
                with self.assertRaises(ImportProblems) as caught:
                    import_folder(self.folder)
                found = [(p.path, p.line) for p in caught.exception.problems if reason in p.reason]
                self.assertEqual(found, [(path, line)], caught.exception)
                self.assertFalse(Series.objects.exists() or Tag.objects.exists() or Author.objects.exists())
                path.unlink()


class ProblemTests(FolderTestCase):
    """Every bad file is named with its line and reason, and nothing of the folder is imported."""

    cases = {
        "broken YAML": ("---\ntitle: [a\n---\n", 3, "broken YAML"),
        "no front matter": ("Just text\n", 1, "no front matter"),
        "front matter without end": ("---\ntitle: T\n", 1, "no front matter"),
        "unknown key": ("---\ntitle: T\nfoo: 1\n---\n", 3, "unknown key “foo”"),
        "repeated key": ("---\ntitle: T\ntitle: U\n---\n", 3, "stands twice"),
        "missing title": ("---\nslug: t\n---\nBody", 1, "missing title"),
        "empty title": ("---\nslug: t\ntitle:\n---\nBody", 3, "missing title"),
        "invalid date": ("---\ntitle: T\npublished_at: 2026-02-30\n---\nB", 3, "invalid date “2026-02-30”"),
        "date in words": ("---\ntitle: T\npublished_at: tomorrow\n---\nB", 3, "invalid date"),
        "dated without a body": ("---\ntitle: T\npublished_at: 2026-01-01\n---\n", 5, "needs a body"),
        "invalid slug": ("---\ntitle: T\nslug: Été\n---\nB", 3, "lower-case letters"),
        "not UTF-8": ("---\ntitle: T\n---\nété".encode("latin-1"), 4, "not UTF-8"),
        "list for a text": ("---\ntitle: [a, b]\n---\n", 2, "plain text"),
        "text for a list": ("---\ntitle: T\ntags: python\n---\n", 3, "write a list"),
        "bad tag": ("---\ntitle: T\ntags: [Rate limiting]\n---\n", 3, "is no key"),
        "bad series": ("---\ntitle: T\nseries: Rate limiting\n---\n", 3, "is no key"),
        "list for a series": ("---\ntitle: T\nseries: [a, b]\npart: 1\n---\n", 3, "plain text"),
        "part in words": ("---\ntitle: T\nseries: a\npart: two\n---\nB", 4, "invalid number 'two'"),
        "negative part": ("---\ntitle: T\nseries: a\npart: -1\n---\nB", 4, "invalid number"),
        "part beyond the last": ("---\ntitle: T\nseries: a\npart: 10000\n---\nB", 4, "from 0 to 9999"),
        "part of no series": ("---\ntitle: T\npart: 2\n---\nB", 3, "the key “series” is missing"),
        "part of an empty series": ("---\ntitle: T\npart: 2\nseries:\n---\nB", 3, "the key “series” is missing"),
        "unknown companion": (
            "---\ntitle: T\ncompanions: [nobody]\n---\nB",
            3,
            "has the key “nobody”",
        ),
        "itself as companion": ("---\ntitle: T\ncompanions: [bad]\n---\nB", 3, "no other article has the key “bad”"),
        "alias": ("---\ntitle: &a T\nslug: *a\n---\n", 3, "aliases are not allowed"),
        "source language without a file": ("---\ntitle: T\nsource_language: fr\n---\n", 3, "there is no index.fr.md"),
        "null character": ("---\ntitle: T\n---\na\x00b", 4, "Null characters"),
        "source that is no address": ("---\ntitle: T\nsource: javascript:alert(1)\n---\nB", 3, "valid URL"),
        "author without a name": ('---\ntitle: T\nauthors: [""]\n---\nB', 3, "cannot be blank"),
        "author with a long name": (f"---\ntitle: T\nauthors: [{'a' * 101}]\n---\nB", 3, "at most 100 characters"),
        "null character in a name": ('---\ntitle: T\nauthors: ["a\\0"]\n---\nB', 3, "null characters"),
        "date before time": ("---\ntitle: T\npublished_at: 0001-01-01\n---\nB", 3, "date"),
        "date after time": ("---\ntitle: T\npublished_at: 9999-12-31T23:59:59-05:00\n---\nB", 3, "invalid date"),
        "value below its key": ("---\ntitle: T\npublished_at:\n  soon\n---\nB", 4, "invalid date"),
        "body nested too deeply": (
            "---\ntitle: T\n---\n\nFine.\n\n" + "> " * 50,
            7,
            "nested too deeply",
        ),
        "deep nesting": ("---\ntitle: " + "[" * 5000 + "\n---\n", 2, "broken YAML"),
    }

    def test_each_fault_is_named_with_file_line_and_reason_and_nothing_is_imported(self):
        self.write_pair("good")
        for name, (content, line, reason) in self.cases.items():
            with self.subTest(name):
                path = self.write("bad/index.en.md", content)
                with self.assertRaises(ImportProblems) as caught:
                    import_folder(self.folder)
                found = [
                    (problem.path, problem.line) for problem in caught.exception.problems if reason in problem.reason
                ]
                self.assertEqual(found, [(path, line)], caught.exception)
                self.assertFalse(Article.objects.exists() or Tag.objects.exists() or Author.objects.exists())

    def test_a_slug_that_stands_twice_names_both_files(self):
        for key in ("a", "b"):
            self.write(f"{key}/index.en.md", "---\ntitle: T\nslug: same\n---\nB")
        with self.assertRaisesMessage(ImportProblems, "duplicate slug “same”, also in"):
            import_folder(self.folder)

    def test_a_slug_that_another_article_of_the_site_has_is_a_problem(self):
        self.write("a/index.en.md", "---\ntitle: T\nslug: same\n---\nB")
        import_folder(self.folder)
        (self.folder / "a").rename(self.folder / "b")
        with self.assertRaisesMessage(ImportProblems, "This address is already used by"):
            import_folder(self.folder)

    def test_shared_facts_that_disagree_are_a_problem(self):
        self.write("a/index.en.md", "---\ntitle: T\nsource: https://one.example\n---\nB")
        self.write("a/index.fr.md", "---\ntitle: T\nsource: https://two.example\n---\nB")
        with self.assertRaisesMessage(ImportProblems, "index.fr.md:3: “source” is shared by all languages"):
            import_folder(self.folder)

    def test_an_unknown_language_is_a_problem(self):
        self.write("a/index.en.md", "---\ntitle: T\n---\nB")
        self.write("a/index.de.md", "---\ntitle: T\n---\nB")
        with self.assertRaisesMessage(ImportProblems, "unknown language “de”"):
            import_folder(self.folder)

    def test_a_file_that_would_be_passed_over_is_a_problem(self):
        self.write("a/index.en.md", "---\ntitle: T\n---\nB")
        for name in ("a/index.md", "a/winter.en.md", "a/index.fr.markdown", "tags.yml", "series.yml", "authors.yml"):
            path = self.write(name, "---\ntitle: T\n---\nB")
            with self.subTest(name), self.assertRaisesMessage(ImportProblems, f"{path}:1: not read"):
                import_folder(self.folder)
            path.unlink()

    def test_lines_of_the_tags_are_counted_right(self):
        self.write_pair()
        self.write("tags.yaml", "# Tags\n\nseason:\n  en: Season\n  de: Jahreszeit\nBad Key: {en: Bad}\n")
        with self.assertRaises(ImportProblems) as caught:
            import_folder(self.folder)
        self.assertEqual([problem.line for problem in caught.exception.problems], [5, 6])

    def test_all_faults_are_told_at_once(self):
        self.write("a/index.en.md", "---\nfoo: 1\n---\nB")
        self.write("b/index.en.md", "no front matter")
        self.write("Bad Name/index.en.md", "---\ntitle: T\n---\nB")
        with self.assertRaises(ImportProblems) as caught:
            import_folder(self.folder)
        self.assertEqual(len(caught.exception.problems), 4)

    def test_a_folder_that_is_not_there_or_holds_nothing_is_a_problem(self):
        for folder in (self.folder, self.folder / "nothing"):
            with self.assertRaises(ImportProblems):
                import_folder(folder)


class ImportArticlesCommandTests(FolderTestCase):
    def run_command(self):
        from io import StringIO

        out, err = StringIO(), StringIO()
        try:
            call_command("import_articles", self.folder, stdout=out, stderr=err)
        except CommandError as error:
            return out.getvalue(), err.getvalue(), error
        return out.getvalue(), err.getvalue(), None

    def test_it_reports_each_file(self):
        self.write_pair()
        out, _, error = self.run_command()
        self.assertIsNone(error)
        self.assertIn("summer/index.fr.md: created", out)
        self.assertIn("Changes: 2.", out)
        again = self.run_command()[0]
        self.assertIn("summer/index.fr.md: unchanged", again)
        self.assertIn("Changes: 0.", again)

    def test_a_bad_folder_fails_with_all_reasons(self):
        self.write("a/index.en.md", "---\nfoo: 1\n---\nB")
        _, err, error = self.run_command()
        self.assertIn("index.en.md:2: unknown key “foo”", err)
        self.assertIn("Nothing was imported. Problems: 2.", str(error))
        self.assertNotEqual(error.returncode, 0)
