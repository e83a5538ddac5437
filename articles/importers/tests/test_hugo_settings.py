from datetime import UTC, datetime
from functools import partial
from unicodedata import normalize
from urllib.parse import quote

from articles.models import Article

from .importing import SAMPLES, ImporterTestCase

PICTURE = (SAMPLES / "hugo/static/img/static.png").read_bytes()


class SettingsTests(ImporterTestCase):
    def test_names_with_accents_are_found_as_one_sign_or_two(self):
        apart = partial(normalize, "NFD")
        head = "---\ntitle: {}\ndate: 2020-01-01\n---\n"
        title = '"« Été » : oui"'
        links = '![](/img/été.png) [a](/posts/forêt/) [b](forêt.md) [c]({{< ref "forêt" >}})'
        self.write(
            {
                "hugo.toml": 'defaultContentLanguage = "fr"\n',
                f"content/posts/{apart('été')}.fr.md": f"{head.format(title)}{links}\n\nL’été « nu » : oui !\n",
                "content/posts/été.en.md": head.format("Summer") + "Words\n",
                f"content/posts/{apart('forêt')}.fr.md": head.format("Forêt") + f"[d](/posts/{apart('été')}/)\n",
                f"static/img/{apart('été')}.png": PICTURE,
            }
        )
        self.assertEqual(self.bring(self.folder), [])
        summer = Article.objects.get(key="ete")
        self.assertEqual((summer.title_en, summer.title_fr, summer.slug_fr), ("Summer", "« Été » : oui", "ete"))
        self.assertEqual(
            summer.body_fr.splitlines(),
            ["![](ete.png) [a](article:foret) [b](article:foret) [c](article:foret)", "", "L’été « nu » : oui !"],
        )
        self.assertEqual(Article.objects.get(key="foret").body_fr, "[d](article:ete)\n")
        self.assert_leads_to(quote("/posts/été/"), "/fr/articles/ete/")

    def test_a_section_gives_its_texts_what_they_do_not_say(self):
        self.write(
            {
                "hugo.toml": '[[cascade]]\nparams = {author = "Ada"}\n[cascade.target]\npath = "/posts/**"\n',
                "content/posts/_index.md": "---\ncascade:\n  - draft: true\n    target: {path: /posts/old/**}\n---\n",
                "content/posts/old/_index.md": "---\ntitle: Old\ncascade: {tags: [old], showDate: false}\n---\n",
                "content/posts/old/a.md": "---\ntitle: A\ndate: 2020-01-01\n---\nA\n",
                "content/posts/b.md": "---\ntitle: B\ndate: 2020-01-01\nauthor: Bob\n---\nB\n",
            }
        )
        self.bring(self.folder)
        a, b = Article.objects.order_by("key")
        self.assertEqual((a.live_languages(), b.live_languages()), ([], ["en"]))
        self.assertEqual([tag.key for tag in a.tags.all()], ["old"])
        self.assertEqual([author.name for each in (a, b) for author in each.authors.all()], ["Ada", "Bob"])

    def test_the_settings_say_which_date_counts(self):
        self.write(
            {
                "hugo.yaml": "frontmatter: {date: [':filename', publishDate, ':default']}\n",
                "content/posts/2019-05-06-a.md": "---\ntitle: A\ndate: 2020-01-01\n---\nA\n",
                "content/posts/b.md": "---\ntitle: B\ndate: 2020-01-01\npublishDate: 2018-01-01\n---\nB\n",
                "content/posts/c.md": "---\ntitle: C\nlastmod: 2017-01-01\n---\nC\n",
            }
        )
        self.bring(self.folder)
        dates = Article.objects.order_by("key").values_list("published_at_en", flat=True)
        self.assertEqual(
            list(dates), [datetime(*day, tzinfo=UTC) for day in ((2019, 5, 6), (2018, 1, 1), (2017, 1, 1))]
        )

    def test_each_language_may_have_a_host_its_own_pictures_and_its_own_file_of_settings(self):
        head = "---\ntitle: {}\ndate: 2020-01-01\nauthors: [ada]\n---\n"
        self.write(
            {
                "config/_default/hugo.toml": 'baseURL = "https://old.example/"\ndefaultContentLanguage = "en"\n',
                "config/_default/languages.en.toml": 'languageName = "English"\n',
                "config/_default/languages.fr.toml": 'baseURL = "https://ancien.example/blogue/"\n',
                "config/_default/menus.fr.toml": '[[main]]\nname = "Articles"\n',
                "data/authors/ada.json": '{"name": "Ada Lovelace"}',
                "content/posts/a/index.en.md": head.format("A") + "![](photo.png)\n",
                "content/posts/a/index.fr.md": head.format("Un")
                + "![](photo.png) ![](shared.png) [B](https://old.example/posts/b/)\n\n"
                + '{{< alert "triangle-exclamation" >}}\nAttention !\n{{< /alert >}}\n',
                "content/posts/b.en.md": head.format("B") + "[A](https://ancien.example/blogue/posts/a/)\n",
                "content/posts/a/photo.en.png": PICTURE,
                "content/posts/a/photo.fr.png": PICTURE,
                "content/posts/a/shared.en.png": PICTURE,
            }
        )
        notes = self.noted(self.bring(self.folder), self.folder)
        self.assertEqual(notes, ["config/_default/menus.fr.toml:1: left out: the menus"])
        article = Article.objects.get(key="a")
        self.assertEqual([author.name for author in article.authors.all()], ["Ada Lovelace"])
        self.assertIn("![](photo.en.png)", article.body_en)
        self.assertIn("![](photo.fr.png) ![](shared.en.png) [B](article:b)", article.body_fr)
        self.assertIn("> [!WARNING]\n> Attention !", article.body_fr)
        self.assertIn("[A](/fr/articles/a/)", Article.objects.get(key="b").body_en)
        self.assert_leads_to("/blogue/posts/a/", "/fr/articles/a/")
        self.assert_leads_to("/posts/a/", "/en/articles/a/")
