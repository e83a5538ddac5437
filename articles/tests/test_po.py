"""A translation as a PO file, and back."""

import random
import shutil
import subprocess
import tempfile
from pathlib import Path
from unittest import skipUnless

import polib
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase
from django.utils.translation import override

from articles.blocks import blocks as cut
from articles.files.po import po_file, read_po
from articles.files.problems import FileRefused
from articles.files.returning import po_of
from articles.models import Article
from articles.text import ArticleText
from articles.translating import answering, kept
from articles.translating.source import source_blocks
from articles.translating.units import State, units, written_into

from .examples import change, make_article
from .test_translation_files import BODY_EN, BODY_FR, FilesTestCase, some_text

HEADER = {"X-Article": "a", "X-Source-Language": "en", "X-Version": "1-a", "X-Original": "2-b"}


def english(body: str, title: str = "Title") -> ArticleText:
    return ArticleText(title, None, "Sum.", body)


def french(body: str) -> ArticleText:
    return ArticleText("Titre", None, "Mot.", body)


def states(before: str, after: str, translation: str) -> list[tuple]:
    found = units(source_blocks(english(before)), source_blocks(english(after)), french(translation))
    return [(unit.state, unit.source, unit.translation) for unit in found if unit.field == "body"]


class UnitTests(SimpleTestCase):
    def test_each_passage_stands_beside_what_answers_it(self):
        after = "First words here.\n\nNew.\n\nSecond words there.\n\n## Third\n"
        found = units(source_blocks(english(BODY_EN)), source_blocks(english(after, "Other")), french(BODY_FR))
        self.assertEqual(
            [(unit.state, unit.source, unit.answered, unit.translation) for unit in found],
            [
                (State.CHANGED, "Other", "Title", "Titre"),
                (State.ANSWERED, "Sum.", "", "Mot."),
                (State.ANSWERED, "First words here.", "", "Premiers mots ici."),
                (State.OPEN, "New.", "", ""),
                (State.CHANGED, "Second words there.", "Second words here.", "Deuxièmes mots ici."),
                (State.ANSWERED, "## Third", "", "## Troisième"),
                (State.REMOVED, "Fourth words here.", "", "Quatrièmes mots ici."),
            ],
        )

    def test_a_unit_holds_several_blocks_where_one_side_has_more(self):
        split = states("One two three four.\n\n## H\n", "One two three four.\n\n## H\n", "Un deux.\n\nTrois.\n\n## T\n")
        self.assertEqual(split[0], (State.ANSWERED, "One two three four.", "Un deux.\n\nTrois."))
        merged = states("One two.\n\nThree.\n\n## H\n", "One two.\n\nThree.\n\n## H\n", "Un deux trois.\n\n## T\n")
        self.assertEqual(merged[0], (State.ANSWERED, "One two.\n\nThree.", "Un deux trois."))
        # They stay together where one of them changes.
        changed = states(
            "One two.\n\nThree.\n\n## H\n", "One two.\n\nThree four.\n\n## H\n", "Un deux trois.\n\n## T\n"
        )
        self.assertEqual(changed[0], (State.CHANGED, "One two.\n\nThree four.", "Un deux trois."))

    def test_every_block_of_both_texts_is_in_one_unit_at_most_and_a_file_that_says_nothing_new_changes_no_byte(self):
        chance = random.Random(5)
        for _number in range(150):
            before, after, text = (english(some_text(chance, 60)) for _ in range(3))
            found = units(source_blocks(before), source_blocks(after), text)
            places = [place for unit in found for place in unit.places]
            self.assertEqual(sorted(places), list(range(len(source_blocks(after)))))
            passages = [at for unit in found for at in unit.passages]
            self.assertEqual(len(passages), len(set(passages)))
            self.assertLessEqual(set(passages), set(range(len(cut(text.body)))))
            entries = self.read(po_file(found, source_blocks(after), "fr", HEADER)).entries(source_blocks(after), text)
            pieces = [entry.written for entry in entries if entry.field == "body"]
            self.assertEqual(written_into(text.body, pieces), text.body)

    def read(self, file):
        with override("en"):
            return read_po(file)


class FileTests(SimpleTestCase):
    def po(self, before=BODY_EN, after=BODY_EN, translation=BODY_FR):
        source = source_blocks(english(after))
        return po_file(units(source_blocks(english(before)), source, french(translation)), source, "fr", HEADER)

    def test_what_moved_on_is_fuzzy_what_is_new_is_empty_what_is_gone_is_obsolete(self):
        after = BODY_EN.replace("Second", "2nd").replace("First words here.", "Brand new one.\n\n```\ncode\n```")
        po = polib.pofile(self.po(BODY_EN + "\nGone for good, all of it.\n", after, BODY_FR + "\nParti.\n"))
        found = {entry.msgid: entry for entry in po}
        self.assertEqual(found["2nd words here."].flags, ["fuzzy"])
        self.assertEqual(found["2nd words here."].previous_msgid, "Second words here.")
        self.assertEqual((found["```\ncode\n```"].msgstr, found["```\ncode\n```"].flags), ("", []))
        self.assertIn("Copy", found["```\ncode\n```"].comment)
        self.assertTrue(found["Gone for good, all of it."].obsolete)
        self.assertEqual([found["Title"].msgctxt, found["Sum."].msgctxt], ["title", "summary"])
        self.assertEqual(po.metadata["Language"], "fr")
        self.assertLessEqual(HEADER.items(), po.metadata.items())

    def test_equal_passages_have_a_context_each(self):
        po = polib.pofile(self.po("Same.\n\nSame.\n", "Same.\n\nSame.\n", "Pareil.\n\nIdem.\n"))
        self.assertEqual([(entry.msgctxt, entry.msgstr) for entry in po][2:], [(None, "Pareil."), ("2", "Idem.")])

    @skipUnless(shutil.which("msgfmt"), "GNU gettext is not installed.")
    def test_gettext_takes_it_without_a_word(self):
        chance = random.Random(3)
        bodies = [some_text(chance, 300).replace("\x07", "") for _ in range(6)]
        files = [self.po(), self.po(BODY_EN, "## Other\n\n" + BODY_EN.replace("First", "1st"), BODY_FR)]
        files += [self.po(*bodies[:3]), self.po(*bodies[3:])]
        for file in files:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "a.po"
                path.write_text(file, encoding="utf-8", newline="\n")
                done = subprocess.run(
                    ["msgfmt", "--check", "--output-file=/dev/null", path], capture_output=True, text=True
                )
                self.assertEqual((done.returncode, done.stderr), (0, ""), file)

    def test_a_broken_file_is_refused_with_its_line(self):
        lines = self.po().split("\n")
        at = next(number for number, line in enumerate(lines) if line.startswith('msgstr "Premiers'))
        broken = "\n".join([*lines[:at], 'msgstr "Premiers "mots" ici."', *lines[at + 1 :]])
        for file, words in [(broken, f"Line {at + 1}: "), ("/etc/passwd", "no PO file"), ("", "does not say which")]:
            with override("en"), self.assertRaisesMessage(FileRefused, words):
                read_po(file)

    def test_what_would_take_long_to_read_is_refused_at_once(self):
        for long in ("#. x\n" * 400_000, '#: en:1\nmsgid "x"\nmsgstr ""\n' + '"y"\n' * 400_000):
            with override("en"), self.assertRaisesMessage(FileRefused, "far longer"):
                read_po(f"{self.po()}\n{long}")
        many = "".join(f'#: en:1\nmsgid "{n}"\nmsgstr "{n}"\n\n' for n in range(20_000))
        self.assertEqual(len(read_po(f"{self.po()}\n{many}").po), 20_000 + len(read_po(self.po()).po))

    def test_units_that_name_nothing_are_refused_with_their_line(self):
        source, text = source_blocks(english(BODY_EN)), french(BODY_FR)
        for old, new, words in [
            ("#: en:1 fr:1\n", "", "references"),
            ("en:1 fr:1", "en:9 fr:1", "not what the original said"),
            ("en:1 fr:1", "en:2 fr:1", "not what the original said"),
            ("en:1 fr:1", "en:1 fr:77", "not what the original said"),
            ("en:1 fr:1", "en:1 fr:2", "two units name the same passage"),
        ]:
            with self.subTest(new), override("en"), self.assertRaisesRegex(FileRefused, f"^Line [0-9]+: .*{words}"):
                read_po(self.po().replace(old, new)).entries(source, text)


class RoundTests(FilesTestCase):
    def po(self):
        return polib.pofile(self.client.get(f"{self.path}?download=po").content.decode())

    def send(self, po):
        return self.upload(str(po), "a.fr.po")

    def unit(self, po, words):
        return next(entry for entry in po if words in entry.msgid)

    def setUp(self):
        super().setUp()
        body = BODY_EN.replace("Second", "2nd").replace("## Third", "New words.\n\n## 3rd heading")
        change(self.article, "en", body=body)

    def test_a_file_that_comes_back_as_it_was_changes_nothing(self):
        behind = self.behind()
        self.assertContains(self.send(self.po()), "The text is the one that is here already.")
        self.assertEqual(self.behind(), behind)

    def test_what_is_translated_and_not_fuzzy_is_in_its_place_and_answers_its_passage(self):
        po = self.po()
        po.metadata["Language"] = "fr_FR"
        for words, translation in [("2nd", "2es mots ici."), ("New", "Mots nouveaux."), ("3rd", "## 3e titre")]:
            self.unit(po, words).msgstr = translation
        self.unit(po, "2nd").flags.remove("fuzzy")
        self.assertContains(self.send(po), "Saved as a working copy.")
        body = BODY_FR.replace("Deuxièmes", "2es").replace("## Troisième", "Mots nouveaux.\n\n## 3e titre")
        self.assertEqual(Article.objects.get().working_copy("fr").body, body)
        self.assertEqual(self.behind(), ["## 3rd heading"])

    def test_what_moved_on_since_stays_open_and_what_others_wrote_is_kept(self):
        po = self.po()
        for words, translation in [("2nd", "2es mots ici."), ("New", "Mots nouveaux.")]:
            self.unit(po, words).msgstr = translation
        self.unit(po, "2nd").flags.clear()
        change(self.article, "en", body=self.article.body_en.replace("2nd", "Very second").replace("New", "Newer"))
        change(self.article, "fr", body=BODY_FR.replace("Premiers", "1ers"))
        self.assertContains(self.send(po), "Both changes are in the text")
        found = kept.comparison(Article.objects.get(), "fr").changes
        befores = [change.before and change.before.text for change in found]
        self.assertEqual(befores, ["2nd words here.", "New words.", "## Third"])
        self.assertIn("1ers mots ici.\n\n2es mots", Article.objects.get().working_copy("fr").body)

    def test_a_draft_answers_what_the_file_says_and_no_more(self):
        article = make_article("draft", en={"title": "Draft", "body": "One a.\n\nTwo b.\n\nThree c.\n"})
        path = f"/admin/articles/article/{article.pk}/files/fr/"
        po = polib.pofile(po_of(article, "fr"))
        self.unit(po, "Draft").msgstr, self.unit(po, "Three").msgstr = "Brouillon", "Trois c."
        self.client.post(path, {"file": SimpleUploadedFile("d.po", str(po).encode()), "answers": "listed"})
        article.refresh_from_db()
        self.assertEqual((article.title_fr, article.body_fr), ("Brouillon", "Trois c.\n"))
        behind = [change.block.text for change in kept.comparison(article, "fr").changes]
        self.assertEqual(behind, ["One a.", "Two b."])

    def test_what_is_left_out_says_so_and_is_wanted_again_where_it_is_translated(self):
        key = next(each.key for each in kept.comparison(self.article, "fr").changes if "New" in each.block.text)
        answering.answer(self.article, "fr", {key}, is_left_out=True)
        po = self.po()
        unit = self.unit(po, "New")
        self.assertEqual(unit.msgstr, "")
        self.assertIn("Left out of this language", unit.comment)
        self.send(po)
        self.assertEqual(len(kept.comparison(Article.objects.get(), "fr").left_out), 1)
        unit.msgstr = "Nouveau."
        self.send(po)
        self.assertEqual(len(kept.comparison(Article.objects.get(), "fr").left_out), 0)
        self.assertNotIn("New words.", self.behind())

    def test_files_of_something_else_are_refused_in_a_sentence(self):
        po = self.po()
        for key, value, words in [
            ("X-Article", "other", "This file is of the article “other”"),
            ("Language", "de", "from “en” to “de”"),
            ("X-Original", "1-abc", "was made from another article"),
            ("X-Version", "x", "was made from another article"),
            ("X-Article", "", "does not say which article"),
        ]:
            with self.subTest(key):
                kept, po.metadata[key] = po.metadata[key], value
                self.assertContains(self.send(po), words)
                po.metadata[key] = kept
        self.assertContains(self.upload(str(po).encode("utf-8").replace("è".encode(), b"\xe8"), "a.po"), "not UTF-8")
        self.assertIsNone(Article.objects.get().working_copy("fr"))
