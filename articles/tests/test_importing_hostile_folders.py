"""Folders that somebody else made, and not in good faith: each gets a clear error and leaves no trace."""

import os
import tracemalloc
import unicodedata
from unittest import mock

from articles.files.importing import import_folder
from articles.files.plain_files import MAX_TEXT, MAX_YAML
from articles.files.problems import ImportProblems, Problem
from articles.models import Article, Image, Tag

from .image_files import jpeg
from .test_files import FolderTestCase

TEXT = "---\ntitle: T\ntags: [new]\n---\n\nWords.\n"
GIGABYTE = 1_000_000_000


class HostileFolderTests(FolderTestCase):
    def setUp(self):
        super().setUp()
        # With a place outside of it that nobody else uses.
        self.folder = self.folder / "folder"
        self.write("good/index.en.md", TEXT)

    def refused(self) -> list[str]:
        """Return what is wrong with the folder, of which nothing may be left."""
        with self.assertRaises(ImportProblems) as caught:
            import_folder(self.folder)
        self.assertFalse(Article.objects.exists() or Tag.objects.exists() or Image.objects.exists())
        self.assertEqual(self.stored_names(), [])
        return [str(problem).removeprefix(f"{self.folder}/") for problem in caught.exception.problems]

    def assert_refused(self, *reasons: str):
        self.assertEqual(self.refused(), list(reasons))

    def test_a_link_out_of_the_folder_is_not_followed(self):
        secret = self.write("../secret.md", TEXT)
        reason = "a symbolic link that leads out of the folder is not followed"
        (self.folder / "a").mkdir()
        (self.folder / "a/index.en.md").symlink_to(secret)
        (self.folder / "b").symlink_to(self.folder.parent)
        (self.folder / "tags.yaml").symlink_to("/etc/passwd")
        self.assert_refused(f"a/index.en.md:1: {reason}", f"b:1: {reason}", f"tags.yaml:1: {reason}")

    def test_a_link_in_a_circle_or_to_nothing_is_told(self):
        (self.folder / "good/index.fr.md").symlink_to("index.fr.md")
        (self.folder / "tags.yaml").symlink_to("nowhere")
        self.assert_refused(
            "good/index.fr.md:1: a symbolic link that leads in a circle",
            "tags.yaml:1: cannot be read: No such file or directory",
        )

    def test_a_link_to_a_file_beside_it_is_a_file(self):
        (self.folder / "good/index.fr.md").symlink_to("index.en.md")
        self.assertEqual(self.outcomes(), ["created", "created"])

    def test_what_is_no_plain_file_is_not_waited_for(self):
        os.mkfifo(self.folder / "good/index.fr.md")
        os.mkfifo(self.folder / "tags.yaml")
        (self.folder / "a/index.en.md").mkdir(parents=True)
        self.assert_refused(
            "a/index.en.md:1: cannot be read: Is a directory",
            "good/index.fr.md:1: this is no plain file",
            "tags.yaml:1: this is no plain file",
        )

    def test_an_endless_file_is_not_read(self):
        for name in ("good/index.fr.md", "good/answered.en.md", "tags.yaml"):
            os.truncate(self.write(name, b""), GIGABYTE)
        tracemalloc.start()
        self.addCleanup(tracemalloc.stop)
        self.assertEqual(len(self.refused()), 3)
        self.assertLess(tracemalloc.get_traced_memory()[1], 10_000_000)

    def test_a_file_may_be_as_large_as_that_and_no_larger(self):
        for name, limit, told in (("good/index.fr.md", MAX_TEXT, "1 MB"), ("tags.yaml", MAX_YAML, "5 MB")):
            path = self.write(name, b"#" * limit)
            self.assertNotIn("larger", "".join(self.refused()) if name.endswith("md") else "")
            os.truncate(path, limit + 1)
            self.assert_refused(f"{name}:1: this file is larger than {told}")
            path.unlink()

    def test_yaml_that_unfolds_or_nests_without_end_is_refused(self):
        bomb = "a: &a [x, x, x]\n" + "".join(f"{new}: &{new} [*{old}, *{old}]\n" for old, new in ("ab", "bc", "cd"))
        for front, reason in {
            bomb: "aliases are not allowed",
            f"title: {'[' * 3_000}": "nested too deeply",
            f"title: {'[' * 30_000}": "nested too deeply",
            f"title: {'- ' * 3_000}": "broken YAML",
            "title: |\n" + "  word\n" * 10_000: "what stands above the text is far too long",
        }.items():
            self.write("good/index.en.md", f"---\n{front}\n---\n\nWords.\n")
            self.assertIn(reason, "".join(self.refused()))
        self.write("good/index.en.md", TEXT)
        self.write("tags.yaml", bomb)
        self.assertIn("aliases are not allowed", "".join(self.refused()))

    def test_what_is_no_text_is_refused_with_its_line(self):
        self.write("a/index.en.md", TEXT.encode() + b"\xff")
        self.write("b/index.en.md", TEXT + "\x00")
        self.write("c/index.en.md", TEXT.replace("title: T", 'title: "a\\0"'))
        told = {line.partition(": ")[0] for line in self.refused()}
        self.assertEqual(told, {"a/index.en.md:7", "c/index.en.md:2"})
        for key in "ac":
            (self.folder / key / "index.en.md").unlink()
            (self.folder / key).rmdir()
        self.assert_refused("b/index.en.md:6: Null characters are not allowed.")

    def test_names_that_are_one_on_another_system_are_refused(self):
        composed, apart = (unicodedata.normalize(form, "été.jpg") for form in ("NFC", "NFD"))
        for name in ("photo.jpg", "Photo.jpg", composed, apart):
            self.write(f"good/{name}", jpeg())
        self.write("boats/index.en.md", TEXT)
        self.write("Boats/index.en.md", TEXT)
        reason = ":1: on other systems this is the same name as"
        told = self.refused()
        self.assertIn(f"boats{reason} “Boats”", told)
        (self.folder / "Boats/index.en.md").unlink()
        (self.folder / "Boats").rmdir()
        self.assert_refused(f"good/photo.jpg{reason} “Photo.jpg”", f"good/{composed}{reason} “{apart}”")

    def test_a_name_that_no_terminal_should_show_is_told_in_plain_signs(self):
        for name in (b"evil\x1b[2J.md", b"not-utf-8-\xff.jpg", b"two\nlines.md"):
            (self.folder / os.fsdecode(b"good/" + name)).touch()
        reason = ":1: this name holds signs that no name should"
        self.assert_refused(
            *(f"good/{name}{reason}" for name in (r"evil\x1b[2J.md", r"not-utf-8-\udcff.jpg", r"two\nlines.md"))
        )

    def test_a_name_that_climbs_is_no_image_and_no_key(self):
        self.write("../secret.jpg", jpeg())
        self.write("good/index.en.md", TEXT + "\n![](../../secret.jpg)\n![](..)\n")
        self.write("..a/index.en.md", TEXT)
        told = self.refused()
        self.assertIn("put the image beside the text", told[0])
        self.assertIn("there is no such image beside the text", told[1])

    def test_a_key_that_no_article_can_have_is_a_problem(self):
        self.write(f"{'a' * 101}/index.en.md", TEXT)
        self.assert_refused(f"{'a' * 101}:1: a key has at most 100 characters")

    def test_a_file_that_changes_while_the_import_is_at_work_ends_it(self):
        with mock.patch("articles.files.importing.images.prepare") as prepare:
            prepare.side_effect = lambda *_: self.write("good/index.en.md", TEXT + "Other words.\n")
            self.write("good/index.en.md", TEXT + "![](a.jpg)\n")
            self.assert_refused("good/index.en.md:1: this was changed while the import was at work; begin again")

    def test_a_file_that_nobody_may_read_is_told(self):
        with mock.patch("os.open", side_effect=PermissionError(13, "Permission denied")):
            self.assert_refused("good/index.en.md:1: cannot be read: Permission denied")

    def test_problems_are_told_in_the_order_of_the_files(self):
        first, second = Problem(self.folder / "a", 2, "x"), Problem(self.folder / "a", 10, "x")
        self.assertEqual(ImportProblems([second, first, second]).problems, [first, second])
