"""A translation as a zip of plain files, and back."""

import io
import random
import re
import stat
import tempfile
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase, TestCase, override_settings
from django.utils.translation import override

from articles.files.answered import answered_file, read_answered
from articles.files.front_matter import parse_markdown
from articles.files.importing import import_folder
from articles.files.native import LANGUAGE_KEYS
from articles.files.pair import pair
from articles.files.parcels import MAX_BYTES, packed, unpacked
from articles.files.problems import FileRefused, ImportProblems
from articles.files.writing import language_file
from articles.models import Article, Revision, Translation
from articles.saving import save_language
from articles.text import ArticleText
from articles.translating import answering, kept
from articles.translating.brought_back import BroughtBack, all_of, as_listed
from articles.translating.source import BODY, SourceBlock, source_blocks
from articles.translating.staleness import Comparison, Kind, compared

from .examples import change, live, make_article
from .image_files import png
from .people import person
from .signs import SIGNS


def some_text(chance: random.Random, length: int = 12) -> str:
    return "".join(chance.choices(SIGNS, k=chance.randrange(length)))


def read_language(file: str) -> ArticleText:
    entries, body, _line = parse_markdown(Path("index.en.md"), file)
    return ArticleText(body=body, **{key: LANGUAGE_KEYS[key](value) for key, value in entries.items()})


class WritingTests(SimpleTestCase):
    def test_any_text_is_read_as_it_was_written(self):
        chance = random.Random(7)
        for _number in range(400):
            moment = datetime(chance.randrange(1000, 2100), 10, 25, chance.randrange(24), 30, 5, tzinfo=UTC)
            date = chance.choice([None, moment])
            text = ArticleText(*(some_text(chance) for _field in range(3)), some_text(chance, 60), date)
            file = language_file(text)
            self.assertEqual(read_language(file), text)
            self.assertEqual(language_file(read_language(file)), file)

    def test_front_matter_has_a_fixed_order_and_says_plainly_what_it_can(self):
        text = ArticleText("A title: plain", "a", "One.\nTwo.", "Body.", datetime(2026, 1, 31, tzinfo=UTC))
        shared = {"source_language": "en", "tags": ["one", "two"], "series": "", "part": 0}
        self.assertEqual(
            language_file(text, shared, version="4-abc"),
            "---\ntitle: 'A title: plain'\nslug: a\nsummary: |-\n  One.\n  Two.\n"
            "published_at: 2026-01-31 00:00:00+00:00\nversion: 4-abc\nsource_language: en\ntags: [one, two]\npart: 0\n"
            "---\n\nBody.",
        )


class AnsweredFileTests(SimpleTestCase):
    def test_any_answered_blocks_come_back_as_they_were(self):
        chance = random.Random(11)
        for _number in range(300):
            texts = [ArticleText(some_text(chance), None, some_text(chance), some_text(chance, 60)) for _ in range(3)]
            head = [block for block in source_blocks(texts[0]) if block.field != BODY]
            body = [block for text in texts for block in source_blocks(text) if block.field == BODY]
            chance.shuffle(body)
            blocks = [replace(block, is_left_out=chance.random() < 0.2) for block in head + body]
            file = answered_file(blocks, texts[0])
            self.assertEqual(read_answered(Path("answered.fr.md"), file), (blocks, False))

    def test_what_is_answered_as_it_stands_reads_as_the_original_to_the_byte(self):
        text = ArticleText("T", None, "S", "\nOne.\n\n\n\n```\na\n\nb\n```\n\n\n- x\n")
        entries, body, _line = parse_markdown(Path("a.md"), answered_file(source_blocks(text), text))
        self.assertEqual(body, text.body)
        self.assertEqual([entries["title"].text(), entries["summary"].text()], ["T", "S"])

    def test_an_edited_file_is_known(self):
        text = ArticleText("T", None, "", "One.\n\nTwo.\n")
        file = answered_file(source_blocks(text), text).replace("---\n\n", "left_out: [2]\n---\n\n")
        blocks, is_edited = read_answered(Path("answered.fr.md"), file)
        self.assertTrue(is_edited)
        self.assertEqual([block.is_left_out for block in blocks], [False, False, True])


def of(*texts: str) -> list[SourceBlock]:
    return [SourceBlock(BODY, text) for text in texts]


class BroughtBackTests(SimpleTestCase):
    def test_what_moved_on_again_is_open_against_what_came_back(self):
        old, then, now = of("One a b c.", "Two."), of("One a b d.", "Two."), of("One a b e.", "Two.")
        found = compared(all_of(then).joined(old, now), now)
        self.assertEqual([(change.before.text, change.after.text) for change in found], [("One a b d.", "One a b e.")])

    def test_what_was_answered_here_since_stays_answered(self):
        old, then, now = of("One a b c."), of("One a b c."), of("One a b e.")
        self.assertEqual(as_listed(old, then).joined(now, now), now)

    def test_what_is_listed_is_answered_and_nothing_else(self):
        old, then = of("One a b c.", "Two d e f."), of("One a b x.", "Two d e x.", "Three.")
        found = compared(as_listed([then[0], old[1]], then).joined(old, then), then)
        self.assertEqual([change.block.text for change in found], ["Two d e x.", "Three."])

    def test_a_block_that_is_gone_is_answered_where_the_list_knows_it_no_more(self):
        old, then = of("One.", "Two words here."), of("One.")
        self.assertEqual(as_listed(then, then).joined(old, then), then)
        self.assertEqual(BroughtBack(then, [0]).joined(old, then), old)


def edited(chance: random.Random, blocks: list[SourceBlock]) -> list[SourceBlock]:
    """Return blocks of which some are changed, moved, gone or new."""
    blocks = list(blocks)
    for _number in range(chance.randrange(4)):
        at = chance.randrange(len(blocks))
        words = blocks[at].text.split()
        words[chance.randrange(len(words))] = f"w{chance.randrange(300)}"
        block = chance.choice([*of(" ".join(words)), blocks.pop(at), *of(" ".join(chance.sample(WORDS, 12)))])
        blocks.insert(chance.choice([at, chance.randrange(len(blocks) + 1)]), block)
    return blocks[: chance.choice([len(blocks), max(len(blocks) - 1, 1)])]


WORDS = [f"w{number}" for number in range(300)]


class BroughtBackPropertyTests(SimpleTestCase):
    def test_nothing_answered_here_is_opened_and_what_came_back_is_open_only_where_it_moved_on_again(self):
        chance = random.Random(2)
        for _number in range(300):
            old = of(*(" ".join(chance.sample(WORDS, 12)) for _block in range(chance.randrange(1, 8))))
            then = edited(chance, old)
            now = edited(chance, then)
            comparison = Comparison(old, now)
            here = comparison.confirmed({each.key for each in comparison.all_changes if chance.random() < 0.4})
            after = self.open(all_of(then).joined(here, now), now)
            self.assertLessEqual(after, self.open(here, now))
            self.assertLessEqual(after, self.open(then, now))

    def test_each_block_is_answered_by_itself(self):
        chance = random.Random(4)
        for _number in range(300):
            old = of(*(" ".join(chance.sample(WORDS, 12)) for _block in range(chance.randrange(1, 8))))
            then = edited(chance, old)
            places = [place for place in range(len(then)) if chance.random() < 0.5]
            left = self.open(old, then) - {then[place].digest for place in places}
            self.assertEqual(self.open(BroughtBack(then, places).joined(old, then), then), left)

    def open(self, answered, source):
        return {each.after.digest for each in compared(answered, source) if each.kind in (Kind.ADDED, Kind.CHANGED)}


class ParcelTests(SimpleTestCase):
    def refused(self, name="a/index.fr.md", content=b"x", **about):
        parcel = io.BytesIO()
        entry = zipfile.ZipInfo(name)
        for key, value in about.items():
            setattr(entry, key, value)
        with zipfile.ZipFile(parcel, "w") as archive:
            archive.writestr(entry, content)
        with override("en"), self.assertRaises(FileRefused) as caught:
            unpacked(parcel.getvalue())
        return str(caught.exception)

    def test_what_was_packed_is_unpacked(self):
        files = {"READ ME.txt": "é", "a/index.fr.md": "x" * 10_000}
        self.assertEqual(unpacked(packed(files)), {name: text.encode() for name, text in files.items()})

    def test_hostile_zips_are_refused_in_a_sentence(self):
        for name in ("../index.fr.md", "/etc/index.fr.md", "a\\..\\b.md", "C:/index.fr.md"):
            self.assertIn("leads out of its folder", self.refused(name))
        self.assertIn("a link", self.refused(external_attr=(stat.S_IFLNK | 0o777) << 16))
        self.assertIn("damaged", self.refused(compress_type=zipfile.ZIP_LZMA))
        self.assertIn("at most 4 MB", self.refused(content=b"\0" * (MAX_BYTES + 1), compress_type=zipfile.ZIP_DEFLATED))
        many = packed({f"{number}.md": "" for number in range(3000)})
        for data, words in [
            (many, "3000 files"),
            (b"PK\x03\x04broken", "damaged"),
            (packed({"a": "b"})[:-9], "damaged"),
        ]:
            with override("en"), self.assertRaisesMessage(FileRefused, words):
                unpacked(data)


BODY_EN = "First words here.\n\nSecond words here.\n\n## Third\n\nFourth words here.\n"
BODY_FR = "Premiers mots ici.\n\nDeuxièmes mots ici.\n\n## Troisième\n\nQuatrièmes mots ici.\n"


class FilesTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor, cls.translator = person("editor", "Editor"), person("translator", "Translator")
        texts = {"en": live("Title", body=BODY_EN, summary="Sum."), "fr": live("Titre", body=BODY_FR, summary="Mot.")}
        cls.article = make_article("a", **texts)
        cls.path = f"/admin/articles/article/{cls.article.pk}/files/fr/"

    def setUp(self):
        self.client.force_login(self.translator)

    def upload(self, content, name="a.fr.zip", **sent):
        content = content if isinstance(content, bytes) else content.encode()
        data = {"file": SimpleUploadedFile(name, content), "answers": "listed"} | sent
        return self.client.post(self.path, data, follow=True)

    def files(self):
        return {
            name: text.decode()
            for name, text in unpacked(self.client.get(f"{self.path}?download=pair").content).items()
        }

    def behind(self):
        return [change.block.text for change in kept.comparison(Article.objects.get(), "fr").changes]


class PairTests(FilesTestCase):
    def test_a_pair_comes_back_unchanged_and_changes_nothing(self):
        change(self.article, "en", body=BODY_EN.replace("Second", "2nd"))
        rows, files = list(Translation.objects.values("blocks")), self.files()
        self.assertEqual(list(files), ["READ ME.txt", "a/index.en.md", "a/index.fr.md", "a/answered.fr.md"])
        self.assertIn("\n\n" + BODY_EN, files["a/answered.fr.md"])
        before = Revision.objects.count()
        self.assertContains(self.upload(packed(files)), "The text is the one that is here already.")
        self.assertEqual((Revision.objects.count(), list(Translation.objects.values("blocks"))), (before, rows))

    def test_the_zip_holds_the_pictures_beside_the_texts_as_they_were_uploaded_and_comes_back_with_them(self):
        media = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=media))
        with tempfile.TemporaryDirectory() as folder:
            for name, text in pair(self.article, "fr").items():
                path = Path(folder) / name.replace("a/", "b/")
                path.parent.mkdir(exist_ok=True)
                path.write_text(text.replace("slug: tit", "slug: b-tit") + "\n![A](photo.png)\n")
            (Path(folder) / "b" / "photo.png").write_bytes(png())
            import_folder(Path(folder))
        article = Article.objects.get(key="b")
        content = self.client.get(f"/admin/articles/article/{article.pk}/files/fr/?download=pair").content
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.assertEqual(archive.read("b/photo.png"), png())
        self.path = f"/admin/articles/article/{article.pk}/files/fr/"
        self.assertContains(self.upload(content), "The text is the one that is here already.")

    def test_a_live_text_goes_to_its_working_copy_and_answers_the_whole_original_when_told_so(self):
        change(self.article, "en", body=BODY_EN.replace("Second", "2nd"))
        self.assertEqual(self.behind(), ["2nd words here."])
        files = self.files()
        files["a/index.fr.md"] = files["a/index.fr.md"].replace("Deuxièmes", "2es")
        change(self.article, "en", body=BODY_EN.replace("Second", "2nd").replace("Fourth", "4th"))
        self.assertContains(self.upload(packed(files), answers="all", for_readers="1"), "Saved as a working copy.")
        article = Article.objects.get()
        self.assertEqual(article.body_fr, BODY_FR)
        self.assertEqual(article.working_copy("fr").body, BODY_FR.replace("Deuxièmes", "2es"))
        self.assertEqual(self.behind(), ["4th words here."])

    def test_who_may_publish_puts_it_before_readers_by_choice_alone(self):
        self.client.force_login(self.editor)
        file = self.files()["a/index.fr.md"].replace("Premiers", "1ers")
        self.upload(file, "index.fr (1).md", for_readers="1")
        self.assertIn("1ers", Article.objects.get().body_fr)
        self.assertIsNone(Article.objects.get().working_copy("fr"))

    def test_what_others_saved_since_is_kept_and_words_that_both_changed_are_asked_about(self):
        file = self.files()["a/index.fr.md"].replace("Premiers", "1ers")
        change(self.article, "fr", body=BODY_FR.replace("Quatrièmes", "4es"))
        self.assertContains(self.upload(file, "index.fr.md"), "Both changes are in the text")
        both = BODY_FR.replace("Quatrièmes", "4es").replace("Premiers", "1ers")
        self.assertEqual(Article.objects.get().working_copy("fr").body, both)
        response = self.upload(file.replace("1ers", "Tout premiers"), "index.fr.md")
        self.assertContains(response, "The file and the site changed the same words")
        self.assertEqual(Article.objects.get().working_copy("fr").body, both)
        mine = Revision.objects.get(kind=Revision.Kind.SET_ASIDE)
        self.assertIn("Tout premiers", mine.body)
        theirs = response.context["conflict"]["theirs"].pk
        name = response.context["conflict"]["places"][0]["field"]
        self.client.post(self.path, {"set_aside": mine.pk, "theirs": theirs, name: "mine"})
        self.assertEqual(Article.objects.get().working_copy("fr").body, both.replace("1ers", "Tout premiers"))

    def test_a_file_that_forgot_what_it_was_made_from_overwrites_nothing(self):
        file = re.sub(r"(?m)^version: .*\n", "", self.files()["a/index.fr.md"]).replace("Premiers", "1ers")
        self.assertContains(self.upload(file, "index.fr.md"), "The file and the site changed the same words")
        self.assertIsNone(Article.objects.get().working_copy("fr"))

    def test_a_working_copy_comes_back_into_its_place_and_is_published_by_choice(self):
        base = self.article.latest_revision("fr")
        begun = replace(base.content, body=BODY_FR.replace("Premiers", "1ers"))
        save_language(self.article, "fr", begun, based_on=base, as_working_copy=True)
        change(self.article, "en", body=BODY_EN.replace("Second", "2nd"))
        files = self.files()
        self.assertIn("1ers", files["a/index.fr.md"])
        files["a/index.fr.md"] = files["a/index.fr.md"].replace("Deuxièmes", "2es")
        self.upload(packed(files))
        self.assertIn("1ers mots ici.\n\n2es", Article.objects.get().working_copy("fr").body)
        self.client.force_login(self.editor)
        files["a/index.fr.md"] = files["a/index.fr.md"].replace("Quatrièmes", "4es")
        self.upload(packed(files), for_readers="1", answers="all")
        article = Article.objects.get()
        self.assertEqual(article.body_fr, "1ers mots ici.\n\n2es mots ici.\n\n## Troisième\n\n4es mots ici.\n")
        self.assertIsNone(article.working_copy("fr"))
        self.assertEqual(
            (self.behind(), Translation.objects.get(article=article, language="fr").blocks_behind), ([], 0)
        )

    def test_an_edited_list_says_what_is_answered(self):
        change(self.article, "en", body=BODY_EN.replace("Second", "2nd").replace("Fourth", "4th"))
        files = self.files()
        answered = files["a/answered.fr.md"].replace("Second", "2nd").replace("---\n\n", "left_out: [1]\n---\n\n")
        self.upload(packed(files | {"a/answered.fr.md": answered}))
        self.assertEqual(self.behind(), ["4th words here."])
        left_out = kept.comparison(Article.objects.get(), "fr").left_out
        self.assertEqual([block.text for block in left_out.values()], ["First words here."])

    def test_a_changed_original_is_left_aside_with_a_sentence(self):
        files = self.files()
        files["a/index.en.md"] = files["a/index.en.md"].replace("First", "1st")
        self.assertContains(self.upload(packed(files)), "The original in the zip was changed.")
        self.assertEqual(Article.objects.get().body_en, BODY_EN)

    def test_files_of_something_else_and_broken_ones_are_refused_in_a_sentence(self):
        files = self.files()
        french = files["a/index.fr.md"]
        other = make_article("other", en=live("Other"), fr=live("Autre"))
        foreign = pair(other, "fr")
        cases = [
            (packed(foreign), "a.zip", "This zip holds the article “other”"),
            (foreign["other/index.fr.md"], "index.fr.md", "was made from another article"),
            (files["a/index.en.md"], "index.en.md", "is the file of another language"),
            (files["a/answered.fr.md"], "answered.fr.md", "alone says nothing"),
            (packed({"a/index.en.md": ""}), "a.zip", "There is no index.fr.md in this zip."),
            (french.replace("title:", "a: [b]\n" * 9000 + "title:"), "index.fr.md", "far too long"),
            ("No front matter.", "index.fr.md", "index.fr.md, line 1"),
            (french.replace("title:", "title: ["), "index.fr.md", "broken YAML"),
            (french.encode().replace("è".encode(), b"\xe8"), "index.fr.md", "not UTF-8"),
            (french.replace("title: Titre", "title:"), "index.fr.md", "The translation has no title."),
            (french.replace("slug: titre", "slug: Not A Slug"), "index.fr.md", "Slug: Write lower-case letters"),
            (b"x" * (MAX_BYTES + 1), "index.fr.md", "at most 4 MB"),
        ]
        before = Revision.objects.count()
        for content, name, words in cases:
            with self.subTest(words):
                self.assertContains(self.upload(content, name), words)
        self.assertEqual(Revision.objects.count(), before)

    def test_addresses_that_name_nothing_are_not_found(self):
        for path in ("en/", "xx/", "fr/?download=exe"):
            self.assertEqual(self.client.get(self.path.removesuffix("fr/") + path).status_code, 404)
        self.assertEqual(self.client.post(self.path, {"set_aside": "x", "theirs": ""}).status_code, 404)

    def test_a_translation_that_nobody_began_is_begun_from_its_files(self):
        article = make_article("new", en=live("New", body="One.\n\nTwo.\n"))
        path = f"/admin/articles/article/{article.pk}/files/fr/"
        files = {
            name: text.decode() for name, text in unpacked(self.client.get(f"{path}?download=pair").content).items()
        }
        files["new/index.fr.md"] = files["new/index.fr.md"].replace("title: ''", "title: Neuf") + "Un.\n"
        self.client.post(path, {"file": SimpleUploadedFile("n.zip", packed(files)), "answers": "listed"})
        article.refresh_from_db()
        self.assertEqual((article.title_fr, article.body_fr), ("Neuf", "Un.\n"))

    def test_another_site_gets_the_text_and_what_it_answers_to_the_letter(self):
        change(self.article, "en", body=BODY_EN.replace("Second", "2nd"))
        comparison = kept.comparison(self.article, "fr")
        answering.answer(self.article, "fr", {comparison.changes[0].key}, is_left_out=True)
        change(self.article, "en", body=BODY_EN.replace("Second", "2nd").replace("Fourth", "4th"))
        blocks = Translation.objects.get(article=self.article, language="fr").blocks
        files = pair(Article.objects.get(), "fr")
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                path = Path(folder) / name.replace("a/", "b/")
                path.parent.mkdir(exist_ok=True)
                path.write_text(text.replace("slug: tit", "slug: b-tit"))
            import_folder(Path(folder))
        copy = Article.objects.get(key="b")
        self.assertEqual(
            (copy.body_fr, copy.text_in("fr").published_at), (BODY_FR, self.article.text_in("fr").published_at)
        )
        self.assertEqual(Translation.objects.get(article=copy, language="fr").blocks, blocks)
        self.assertTrue(any(block.get("left_out") for block in blocks))

    def test_a_folder_whose_answers_cannot_be_those_of_a_text_is_refused(self):
        files = pair(self.article, "fr")
        for name, text, words in [
            ("a/answered.de.md", files["a/answered.fr.md"], "no index.de.md whose answers"),
            ("a/answered.fr.md", files["a/answered.fr.md"].replace("list:", "left_out: [9]\nlist:"), "passage “9”"),
            ("a/answered.fr.md", "---\nlines: [7, 90]\n---\n\nOne.\n", "not the lengths"),
            ("a/answered.fr.md", '---\nlines: ["²"]\n---\n\nOne.\n', "not the lengths"),
            ("a/answered.fr.md", f'---\nlines: ["{"9" * 5000}"]\n---\n\nOne.\n', "not the lengths"),
            ("a/answered.fr.md", "---\nslug: a\n---\n\nOne.\n", "unknown key “slug”"),
        ]:
            with self.subTest(words), tempfile.TemporaryDirectory() as folder, override("en"):
                (Path(folder) / "a").mkdir()
                for each, content in (files | {name: text}).items():
                    (Path(folder) / each).write_text(content)
                with self.assertRaisesMessage(ImportProblems, words):
                    import_folder(Path(folder))
