from articles.files.importing import import_folder
from articles.files.problems import ImportProblems
from articles.models import Article, ArticleImage, Revision, Tag

from .image_files import jpeg, png
from .people import person
from .test_files import FolderTestCase

ENGLISH = "---\ntitle: Harbour\npublished_at: 2026-01-31\n---\n\n![](harbour.jpg)\n"
FRENCH = "---\ntitle: Port\n---\n\nCorps.\n"


class ImportingInSomebodysNameTests(FolderTestCase):
    def setUp(self):
        super().setUp()
        self.author = person("author", "Author")
        self.write("a/index.en.md", ENGLISH)
        self.write("a/harbour.jpg", jpeg())
        import_folder(self.folder, by=self.author)
        self.article = Article.objects.get()

    def refusal(self, user) -> str:
        with self.assertRaises(ImportProblems) as caught:
            import_folder(self.folder, by=user)
        return str(caught.exception)

    def test_what_an_author_begins_is_the_authors_own(self):
        self.assertEqual((self.article.created_by, Revision.objects.get().created_by), (self.author, self.author))
        self.write("a/index.en.md", ENGLISH + "More.\n")
        self.assertIn("updated", dict(import_folder(self.folder, by=self.author)).values())

    def test_nobody_begins_an_article_without_the_right_to(self):
        self.write("b/index.en.md", "---\ntitle: B\n---\n\nB\n")
        self.assertIn("translator may not write this", self.refusal(person("translator", "Translator")))
        self.assertEqual(Article.objects.count(), 1)

    def test_only_who_may_write_and_publish_a_live_text_changes_it(self):
        self.write("a/index.en.md", ENGLISH + "More.\n")
        for name, roles in {"other": ["Author"], "translator": ["Translator"], "nobody": []}.items():
            self.assertIn(f"{name} may not write this", self.refusal(person(name, *roles)))
        self.assertEqual(Revision.objects.count(), 1)
        import_folder(self.folder, by=person("editor", "Editor"))
        self.assertEqual(Revision.objects.count(), 2)

    def test_a_translator_adds_a_draft_and_neither_dates_it_nor_changes_what_all_languages_share(self):
        translator = person("translator", "Translator")
        self.write("a/index.fr.md", FRENCH.replace("---\n\n", "published_at: 2026-01-31\n---\n\n"))
        self.assertIn("translator may not write this", self.refusal(translator))
        self.write("a/index.fr.md", FRENCH.replace("---\n\n", "source: https://example.org/\n---\n\n"))
        self.assertIn("translator may not write this", self.refusal(translator))
        self.write("a/index.fr.md", FRENCH.replace("---\n\n", "source_language: fr\n---\n\n"))
        self.refusal(translator)
        self.write("a/index.fr.md", FRENCH)
        import_folder(self.folder, by=translator)
        self.article.refresh_from_db()
        self.assertEqual((self.article.title_fr, self.article.live_languages()), ("Port", ["en"]))

    def test_a_translator_puts_no_other_picture_into_a_live_text(self):
        self.write("a/harbour.jpg", png())
        before = list(ArticleImage.objects.values())
        self.assertIn("translator may not write this", self.refusal(person("translator", "Translator")))
        self.assertEqual(list(ArticleImage.objects.values()), before)
        import_folder(self.folder, by=self.author)
        self.assertNotEqual(list(ArticleImage.objects.values()), before)

    def test_tags_are_made_by_those_who_may_add_tags_and_named_by_those_who_may_change_them(self):
        self.write("tags.yaml", "sea: {en: Sea}\n")
        self.assertIn("translator may not write this", self.refusal(person("translator", "Translator")))
        import_folder(self.folder, by=self.author)
        self.write("tags.yaml", "sea: {en: Sea, fr: Mer}\n")
        self.assertIn("author may not write this", self.refusal(self.author))
        self.assertIsNone(Tag.objects.get().name_fr)

    def test_a_folder_that_says_what_the_site_says_leaves_no_trace_of_a_stranger(self):
        Article.objects.update(imported={})
        Revision._base_manager.update(shared={})
        ArticleImage.objects.create(article=self.article, image=ArticleImage.objects.get().image, name="old.jpg")
        self.write("a/index.en.md", ENGLISH.replace("![](harbour.jpg)", "Words."))
        (self.folder / "a/harbour.jpg").unlink()
        Article.objects.update(body_en="Words.\n")
        Revision._base_manager.update(body="Words.\n")
        import_folder(self.folder, by=person("other", "Author"))
        self.article.refresh_from_db()
        self.assertEqual((self.article.imported, Revision.objects.count()), ({}, 1))
        self.assertEqual(ArticleImage.objects.count(), 2)

    def test_a_second_run_adds_no_revision_to_texts_from_before_revisions_kept_what_languages_share(self):
        Revision._base_manager.update(shared={})
        import_folder(self.folder)
        self.assertEqual(Revision.objects.count(), 1)
