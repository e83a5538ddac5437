import os
from unittest import mock

from articles.files.images import references
from articles.files.importing import import_folder
from articles.files.problems import ImportProblems
from articles.models import Article, ArticleImage, Image
from articles.saving import save_language
from articles.text import ArticleText

from .examples import change
from .image_files import jpeg, png
from .test_files import FolderTestCase

TEXT = "---\ntitle: T\n---\n\nWords.\n\n![The harbour](harbour.jpg)\n"


class ReferenceTests(FolderTestCase):
    def found(self, body: str) -> list[tuple[str, int]]:
        return [(reference.name, reference.line) for reference in references(self.folder, body, 1)]

    def test_files_beside_the_text_are_named_in_markdown_or_html(self):
        body = (
            '![A](a.jpg)\n![B [1]](<b c.jpg> "Title")\n\n> ![](d%20e.png "f.jpg") ![two](two.jpg)\n'
            '<figure><IMG alt="x" src="g.png"></figure>\n<img src=\'h.png\'>\n<img src=i.png>\n[![j](j.png)](k.html)\n'
        )
        names = [("a.jpg", 1), ("b c.jpg", 2), ("d e.png", 4), ("two.jpg", 4), ("g.png", 5), ("h.png", 6)]
        self.assertEqual(self.found(body), [*names, ("i.png", 7), ("j.png", 8)])

    def test_a_name_may_stand_in_a_definition_of_its_own(self):
        body = "![A][a] ![B]\n\n[a]: a.jpg 'Title'\n[B]: <b.PNG>\n"
        body += "[c]: https://example.org/c.jpg\n[d]: d.pdf\n[^e]: e.jpg\n"
        self.assertEqual(self.found(body), [("a.jpg", 3), ("b.PNG", 4)])

    def test_signs_of_addresses_and_of_html_are_decoded(self):
        self.assertEqual(
            self.found('![](%C3%A9t%C3%A9.jpg)\n<img src="a&amp;b.jpg">'), [("été.jpg", 1), ("a&b.jpg", 2)]
        )

    def test_a_name_may_hold_parentheses_and_say_that_it_is_here(self):
        body = "![](photo(1).jpg)\n![](scan%20(2).png 'Title')\n![](<scan (3).png>)\n(![](a.jpg))\n![](./b.jpg)\n"
        names = ["photo(1).jpg", "scan (2).png", "scan (3).png", "a.jpg", "b.jpg"]
        self.assertEqual(self.found(body), [(name, line) for line, name in enumerate(names, start=1)])

    def test_what_is_elsewhere_is_left_to_the_pages(self):
        for source in ("image:key", "https://example.org/a.jpg", "//example.org/a.jpg", "/media/a.jpg", "#a", "data:,"):
            self.assertEqual(self.found(f"![]({source})"), [], source)
        self.assertEqual(self.found("[a](a.jpg)"), [])

    def test_an_example_in_code_is_no_reference(self):
        for body in (
            "`![](a.jpg)`",
            "``![](a.jpg) ` ``",
            "```\n![](a.jpg)\n```\n",
            "~~~ md\n![](a.jpg)\n",
            "1. x\n\n    ```\n    ![](a.jpg)\n    ```\n",
            "<!-- ![](a.jpg) -->",
        ):
            self.assertEqual(self.found(body), [], body)
        self.assertEqual(self.found("`a`\n\n```\nx\n```\n![](b.jpg)\n```\n```\n"), [("b.jpg", 6)])
        self.assertEqual(self.found("A stray ` mark.\n\n![](b.jpg)\n\nAnother ` one."), [("b.jpg", 3)])


class ImportingImagesTests(FolderTestCase):
    def refused(self, text: str = TEXT) -> ImportProblems:
        """Return what is wrong with a folder of one text, of which nothing may be left."""
        self.write("a/index.en.md", text)
        with self.assertRaises(ImportProblems) as caught:
            import_folder(self.folder)
        self.assertEqual(self.stored_names(), [])
        self.assertFalse(Article.objects.exists() or Image.objects.exists())
        return caught.exception

    def test_an_image_beside_a_text_comes_with_it_under_its_name(self):
        self.write("a/index.en.md", TEXT)
        self.write("a/index.fr.md", TEXT.replace("The harbour", "Le port"))
        self.write("a/harbour.jpg", jpeg())
        self.write("a/nobody-names-me.jpg", jpeg(quality=50))
        self.assertEqual(import_folder(self.folder)[2], (self.folder / "a" / "harbour.jpg", "created"))
        beside = ArticleImage.objects.get()
        self.assertEqual((beside.name, beside.article), ("harbour.jpg", Article.objects.get()))
        self.assertEqual((beside.image.key, beside.image.file_name), ("harbour", "harbour.jpg"))
        self.assertEqual(self.stored_names(), sorted(beside.image.stored_names()))

    def test_a_second_run_changes_nothing_and_encodes_nothing(self):
        self.write("a/index.en.md", TEXT)
        self.write("a/harbour.jpg", jpeg())
        import_folder(self.folder)
        with mock.patch("articles.image_store.encode") as encode:
            self.assertEqual([outcome for _, outcome in import_folder(self.folder)], ["unchanged", "unchanged"])
        encode.assert_not_called()

    def test_a_changed_image_is_updated_and_the_library_keeps_the_former_one(self):
        self.write("a/index.en.md", TEXT)
        self.write("a/harbour.jpg", jpeg())
        import_folder(self.folder)
        self.write("a/harbour.jpg", png())
        self.assertEqual([outcome for _, outcome in import_folder(self.folder)], ["unchanged", "updated"])
        self.assertEqual(ArticleImage.objects.get().image.key, "harbour-2")
        self.assertEqual(Image.objects.count(), 2)

    def test_a_name_that_no_text_says_any_more_is_forgotten_and_the_image_stays(self):
        self.write("a/index.en.md", TEXT)
        self.write("a/harbour.jpg", jpeg())
        import_folder(self.folder)
        self.write("a/index.en.md", TEXT.replace("harbour.jpg", "boat.png"))
        self.write("a/boat.png", png())
        import_folder(self.folder)
        self.assertEqual([beside.name for beside in ArticleImage.objects.all()], ["boat.png"])
        self.assertEqual(Image.objects.count(), 2)

    def test_a_name_that_the_folder_or_the_site_still_says_is_kept(self):
        self.write("a/index.en.md", TEXT)
        self.write("a/harbour.jpg", jpeg())
        import_folder(self.folder)
        change(Article.objects.get(), "en", body="Without it.")
        self.assertEqual(import_folder(self.folder)[1][1], "unchanged")
        self.assertEqual(import_folder(self.folder)[1][1], "unchanged")
        change(Article.objects.get(), "en", body="![](harbour.jpg)")
        self.write("a/index.fr.md", TEXT.replace("harbour.jpg", "image:harbour"))
        (self.folder / "a/index.en.md").unlink()
        import_folder(self.folder)
        self.assertEqual([beside.name for beside in ArticleImage.objects.all()], ["harbour.jpg"])

    def test_a_name_that_a_working_copy_says_is_kept(self):
        self.write("a/index.en.md", TEXT)
        self.write("a/harbour.jpg", jpeg())
        import_folder(self.folder)
        article = Article.objects.get()
        text = ArticleText("T", "t", body="![](harbour.jpg)")
        save_language(article, "en", text, based_on=article.latest_revision("en"), as_working_copy=True)
        change(article, "en", body="Without it.")
        self.write("a/index.en.md", TEXT.replace("![The harbour](harbour.jpg)", ""))
        (self.folder / "a/harbour.jpg").unlink()
        article.imported["revisions"]["en"] = article.latest_revision("en").pk
        article.save(update_fields=["imported"])
        import_folder(self.folder)
        self.assertEqual([beside.name for beside in ArticleImage.objects.all()], ["harbour.jpg"])

    def test_one_file_beside_two_articles_is_one_image(self):
        for key in ("a", "b"):
            self.write(f"{key}/index.en.md", TEXT)
            self.write(f"{key}/harbour.jpg", jpeg())
        import_folder(self.folder)
        self.assertEqual((ArticleImage.objects.count(), Image.objects.count()), (2, 1))

    def test_a_missing_image_is_a_problem_on_the_line_that_names_it(self):
        reason = "a/index.en.md:7: “harbour.jpg”: there is no such image beside the text"
        self.assertEqual(str(self.refused()), f"{self.folder}/{reason}")

    def test_a_refused_image_is_a_problem_and_nothing_of_the_folder_is_imported(self):
        self.write("b/index.en.md", TEXT.replace("harbour", "sound"))
        self.write("b/sound.jpg", jpeg())
        self.write("a/harbour.jpg", "<svg/>")
        self.assertIn("a/index.en.md:7: “harbour.jpg”: SVG is not accepted", str(self.refused()))

    def test_a_fault_elsewhere_leaves_no_image_behind(self):
        self.write("a/harbour.jpg", jpeg())
        self.refused(TEXT.replace("title: T", "title: T\ncompanions: [nobody]"))

    def test_every_bad_image_is_told_at_once(self):
        self.write("a/empty.jpg", b"")
        error = self.refused(TEXT + "![](empty.jpg)\n![](gone.jpg)\n![](gone.jpg)\n")
        self.assertEqual([problem.line for problem in error.problems], [7, 8, 9])

    def test_only_a_file_beside_the_text_is_brought_in(self):
        secret = self.write("secret.jpg", jpeg())
        self.write("a/images/b.jpg", jpeg())
        self.write("a/index.en.md", TEXT)
        (self.folder / "a" / "link.jpg").symlink_to(secret)
        (self.folder / "a" / "folder.jpg").mkdir()
        os.mkfifo(self.folder / "a" / "pipe.jpg")
        for name, reason in {
            "../secret.jpg": "put the image beside the text",
            "..%2Fsecret.jpg": "put the image beside the text",
            "images/b.jpg": "put the image beside the text",
            "link.jpg": "a symbolic link that leads out of the folder",
            "folder.jpg": "there is no such image",
            "pipe.jpg": "there is no such image",
            "a%00.jpg": "put the image beside the text",
            "x" * 300 + ".jpg": "cannot be read: File name too long",
        }.items():
            with self.subTest(name):
                self.assertIn(reason, str(self.refused(TEXT.replace("harbour.jpg", name))))

    def test_a_large_file_is_not_read(self):
        self.write("a/harbour.jpg", jpeg())
        os.truncate(self.folder / "a" / "harbour.jpg", 10**10)
        with mock.patch("articles.files.images.read_bytes") as read:
            self.assertIn("larger than 20 MB", str(self.refused()))
        read.assert_not_called()
