import json
import os
import tempfile
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.test import SimpleTestCase, TestCase

from articles.files.problems import ImportProblems
from articles.importers import ghost
from articles.importers.post import Note, Post, Term
from articles.models import Article

PANTRY = Path(__file__).parent / "samples" / "ghost"

BREAD = """\
Good **bread**\u00a0: see [salt](/fr/sel/) and [me](/about/).

<https://vimeo.com/7>

![Loaf](/content/images/2023/01/lead.png "A loaf")

For members."""

# By slug: language, the slug that names the pair, and the old addresses.
PAIRS = {
    # One internal tag of their own.
    "bread": ("en", "bread", ["/bread/", "/en/bread/"]),
    "pain": ("fr", "bread", ["/fr/pain/", "/pain/"]),
    # An internal tag that is the other's slug.
    "salt": ("en", "salt", ["/salt/", "/en/salt/"]),
    "sel": ("fr", "salt", ["/fr/sel/", "/sel/"]),
    # An alternate link in the injected code.
    "pepper": ("en", "pepper", ["/pepper/", "/en/pepper/"]),
    "poivre": ("fr", "pepper", ["/fr/poivre/", "/poivre/"]),
    # The language at the end of the slug.
    "oil": ("en", "oil", ["/oil/", "/en/oil/"]),
    "oil-fr": ("fr", "oil", ["/fr/oil-fr/", "/oil-fr/"]),
    # One title.
    "podcast": ("en", "podcast", ["/podcast/", "/en/podcast/"]),
    "podcast-2": ("fr", "podcast", ["/fr/podcast-2/", "/podcast-2/"]),
    # Alone; #wide on two texts of one language pairs none.
    "alone": ("en", "alone", ["/alone/", "/en/alone/"]),
    "secret": ("en", "secret", []),
    "rough": ("en", "rough", []),
    "mailed": ("en", "mailed", []),
    "about": ("en", "about", ["/about/"]),
    "a-propos": ("fr", "about", ["/a-propos/"]),
}

NOTES = {
    ("left out: a table:", "snippets, 1 entries"),
    ("embedded, and a link now: iframe", "https://vimeo.com/7 in “bread”"),
    ("it was featured: no article is here", "in “bread”"),
    ("what follows the mark for members stands in the text for all", "in “bread”"),
    ("left out: code that is put into the page:", "codeinjection_head in “pain”"),
    ("left out: code that is put into the page:", "codeinjection_head in “pepper”"),
    ("the featured image stands at the top of the text:", "in “salt”"),
    ("left out: an internal tag:", "#wide in “oil”"),
    ("left out: an internal tag:", "#wide in “alone”"),
    ("a draft now: only some could read it:", "paid in “secret”"),
    ("a draft now: it was sent by e-mail alone:", "in “mailed”"),
    ("Ghost has not rendered it: its words are kept, without its cards", "in “rough”"),
    ("left out: a text in a language that this site does not have:", "de in “hallo”"),
    *(
        ("no text in another language is known to be its translation:", f"in “{slug}”")
        for slug in ("alone", "secret", "rough", "mailed")
    ),
}


def read_tables(tables: dict, folder: dict[str, str] | None = None, **holder: object) -> tuple[list[Post], list[Note]]:
    with tempfile.TemporaryDirectory() as path:
        for name, content in (folder or {}).items():
            Path(path, name).write_text(content)
        Path(path, "export.json").write_text(
            json.dumps(holder or {"db": [{"meta": {"exported_on": 1}, "data": tables}]})
        )
        return ghost.read(Path(path), "en")


class GhostTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        found, cls.notes = ghost.read(PANTRY, "en")
        cls.posts = {post.slug: post for post in found}

    def test_an_export_is_recognised_alone_and_in_its_folder(self):
        self.assertTrue(ghost.recognises(PANTRY))
        self.assertTrue(ghost.recognises(next(PANTRY.glob("*.json"))))
        self.assertFalse(ghost.recognises(PANTRY.parent / "wordpress"))

    def test_texts_are_paired_in_each_of_the_ways_that_people_use(self):
        found = {
            slug: (post.language, post.pair.partition("/")[2], post.addresses) for slug, post in self.posts.items()
        }
        self.assertEqual(found, PAIRS)

    def test_the_rendered_html_becomes_clean_markdown(self):
        self.assertEqual(self.posts["bread"].body, BREAD)
        image = '![A loaf of bread](/content/images/2023/01/lead.png "From *above*")'
        self.assertEqual(self.posts["salt"].body, f"{image}\n\nSalt")
        self.assertEqual(self.posts["rough"].body, "## Head\n\nWords & link")

    def test_what_each_field_says_is_kept(self):
        bread = self.posts["bread"]
        self.assertEqual(bread.published_at, datetime(2023, 1, 2, 9, 30, tzinfo=UTC))
        self.assertEqual(bread.authors, ["Ada L’Heureux", "Bob"])
        self.assertEqual(bread.tags, [Term("recipes", "Recipes", ("/tag/recipes/",))])
        self.assertEqual((bread.summary, self.posts["salt"].summary), ("All about bread.", "On salt."))
        self.assertEqual(self.posts["alone"].published_at.year, 2099)
        self.assertTrue(self.posts["about"].is_page)
        line = next(PANTRY.glob("*.json")).read_text().split("\n")[bread.line - 1]
        self.assertIn('"slug": "bread"', line)

    def test_what_only_some_could_read_is_a_draft(self):
        self.assertEqual([self.posts[slug].published_at for slug in ("secret", "mailed", "rough")], [None] * 3)

    def test_all_that_is_left_out_or_changed_is_noted(self):
        self.assertEqual({(note.text, note.about) for note in self.notes}, NOTES)

    def test_images_beside_the_export_are_found(self):
        self.assertTrue(self.posts["bread"].local_file("/content/images/2023/01/lead.png"))

    def test_routes_beside_the_export_say_the_addresses(self):
        routes = (
            "collections:\n  /:\n    permalink: /{year}/{slug}/\n    filter: 'tag:-hash-fr'\n"
            "  /journal/:\n    permalink: /journal/{primary_tag}/{slug}/\n    filter: tag:[hash-fr, hash-de]\n"
        )
        tables = {
            "posts": [
                {
                    "id": "1",
                    "slug": "a",
                    "title": "A",
                    "html": "",
                    "status": "published",
                    "published_at": 1600000000000,
                },
                {
                    "id": "2",
                    "slug": "b",
                    "title": "B",
                    "html": "",
                    "status": "published",
                    "published_at": 1600000000000,
                },
            ],
            "tags": [{"id": 1, "name": "#fr", "slug": "hash-fr"}, {"id": 2, "name": "Sea", "slug": "sea"}],
            "posts_tags": [{"post_id": "2", "tag_id": 1}, {"post_id": "2", "tag_id": 2}],
        }
        posts, _notes = read_tables(tables, {"routes.yaml": routes})
        self.assertEqual([post.addresses for post in posts], [["/2020/a/"], ["/journal/sea/b/"]])

    def test_exports_of_the_first_versions_are_read(self):
        tables = {
            "posts": [
                {
                    "id": 1, "slug": "old", "title": "Old", "markdown": "x", "html": "<p>x</p>", "page": 1,
                    "image": "/i.png",
                    "status": "published", "published_at": 1426078349156, "author_id": 3, "language": "en_US",
                }
            ],
            "users": [{"id": 3, "name": "Eve"}],
            "settings": [{"key": "defaultLang", "value": "fr_FR"}, {"key": "permalinks", "value": "/:year/:slug/"}],
        }  # fmt: skip
        posts, _notes = read_tables({}, data=tables, meta={"exported_on": 1, "version": "003"})
        self.assertEqual(
            [(post.body, post.is_page, post.authors, post.language, post.published_at.year) for post in posts],
            [("![](/i.png)\n\nx", True, ["Eve"], "fr", 2015)],
        )

    def test_what_is_no_export_or_broken_is_refused_with_its_line(self):
        for content, expected in (
            (b'{"exported_on": 1}', ":1: no export of Ghost"),
            (b'[\n"db", "data"]', ":1: no export of Ghost"),
            (b'{"db": [{"data": {"posts": 1}}]}', ":1: no export of Ghost"),
            (b'{"db":\n[,]}', ":2: broken JSON"),
            (b'{"db": "\n\xe9"}', ":2: not UTF-8"),
            (b'{"db":\n\n"\0"}', ":3: a null character"),
            (b"[" * 200_000, ":1: broken JSON: nested too deeply"),
            (b'{"db": ' + b"9" * 5000 + b"}", ":1: broken JSON: a number"),
        ):
            with self.subTest(expected), tempfile.TemporaryDirectory() as folder:
                path = Path(folder, "export.json")
                path.write_bytes(content)
                with self.assertRaises(ImportProblems) as raised:
                    ghost.read(path, "en")
                self.assertTrue(str(raised.exception).removeprefix(str(path)).startswith(expected), raised.exception)

    def test_a_file_of_a_gigabyte_is_refused_unread(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "export.json")
            with path.open("wb") as file:
                os.truncate(file.fileno(), 1 << 30)
            with self.assertRaisesRegex(ImportProblems, "larger than"):
                ghost.read(path, "en")

    def test_rows_of_other_types_than_ghost_writes_do_no_harm(self):
        tables = {
            "posts": [3, None, {"id": [], "slug": {}, "title": "T", "html": 5, "published_at": {},
                       "status": "published"}],
            "tags": "x", "posts_tags": [{"post_id": {}, "tag_id": None}], "settings": [{"key": None}], "users": None,
        }  # fmt: skip
        posts, notes = read_tables(tables)
        self.assertEqual([(post.title, post.body, post.published_at) for post in posts], [("T", "5", None)])
        self.assertIn(
            "a draft now: it is published, and has no date that could be read:", [note.text for note in notes]
        )


class ImportedGhostTests(TestCase):
    def test_an_export_is_imported_with_its_pairs_and_its_old_addresses_redirect(self):
        output = StringIO()
        call_command("import_articles", PANTRY, stdout=output, stderr=output)
        self.assertIn("taken for a blog of Ghost", output.getvalue())
        article = Article.objects.get(key="bread")
        self.assertEqual((article.title_en, article.title_fr), ("Bread", "Pain"))
        self.assertIn("![Loaf](", article.body_en)
        self.assertNotIn("/content/images/", article.body_en)
        for old, language in (("/bread/", "en"), ("/fr/pain/", "fr"), ("/pain/", "fr")):
            with self.subTest(old):
                answer = self.client.get(old, follow=True)
                self.assertEqual(answer.redirect_chain[-1], (article.get_absolute_url(language), 301))
                self.assertEqual(answer.status_code, 200)
