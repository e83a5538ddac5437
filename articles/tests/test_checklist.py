from django.conf import settings
from django.test import TestCase, override_settings
from django.utils.translation import override

from articles import languages
from articles.checklist import remarks
from articles.files.importing import import_folder
from articles.markdown import BodyRefused, render
from articles.models import Article, Tag
from articles.text import ArticleText

from .examples import TOMORROW, change, live, make_article
from .hostile_texts import HOSTILE_TEXTS
from .image_files import MediaMixin, jpeg, store

CLEAN = """\
The beginning, with a [link](#part-one), a [note][1] and `[[ -f code ]]`.[^n]

## Part one

![A cat on a wall](image:cat)

### Deeper, then back

```python
print("%%")
```

```text
{{< figure >}} [gallery ids="1"]
```

## Part two

[This article](article:own), [its address](/en/articles/own/), [another](article:other#there), [a page](/en/archive),
[by path](/en/articles/other/#there), [former](/en/articles/once/), [a file](/feed.xml), [elsewhere](https://example.org/x),
[mail](mailto:a@example.org), [up](#), [whole](http://127.0.0.1:8000/en/articles/other/), 5%% of 20%% are 1%%.

[^n]: A note with “signs”.

[1]: https://example.org/
"""


class ChecklistTests(MediaMixin, TestCase):
    def setUp(self):
        super().setUp()
        other = make_article("other", en=live("Once"))
        change(other, "en", title="Other", slug="other")
        self.article = make_article("own", en={"title": "Own", "body": "B"})

    def told(self, body: str = "Words.", language: str = "en", **fields) -> dict[str, str]:
        """Return the sentence of each code about a text, without those that `fields` do not concern."""
        text = ArticleText(**{"title": "Own", "slug": "own", "summary": "What it is.", "body": body} | fields)
        found = remarks(self.article, language, text, render(text.body, language))
        return {remark.code: remark.sentence for remark in found}

    @override_settings(SITE_URL="http://127.0.0.1:8000")
    def test_a_text_without_a_fault_gets_no_remark(self):
        store(jpeg(), key="cat")
        self.assertEqual(self.told(CLEAN), {})

    def test_an_article_that_is_not_saved_yet_can_be_looked_at(self):
        text = ArticleText(title="T", body="[x](article:nobody) ![](a.png) [y](/en/articles/nothing/)")
        found = remarks(Article(), "en", text, render(text.body, "en"))
        self.assertEqual(
            [remark.code for remark in found],
            ["summary", "image:a.png", "lost:article:nobody", "lost:a.png", "lost:/en/articles/nothing/"],
        )

    def test_a_missing_summary_is_told_unless_the_beginning_is_marked_as_one(self):
        self.assertIn("There is no summary", self.told(summary="")["summary"])
        self.assertEqual(self.told("In short.\n\n<!-- more -->\n\nAt length.", summary=""), {})

    def test_a_title_too_long_for_search_results_is_told_with_both_numbers(self):
        self.assertEqual(self.told(title="x" * 60), {})
        sentence = self.told(title="x" * 61)["title"]
        self.assertIn("61 characters", sentence)
        self.assertIn("about 60", sentence)

    def test_a_tag_without_a_name_in_the_language_is_named(self):
        self.article.tags.add(Tag.objects.create(key="cooking", name_fr="Cuisine"))
        self.assertIn("cooking", self.told()["tag:cooking"].lower())
        self.assertEqual(self.told(language="fr"), {})

    def test_a_new_article_has_no_tags_of_nobody(self):
        Tag.objects.create(key="cooking", name_fr="Cuisine")
        self.article = Article(source_language="en")
        self.assertEqual(self.told(), {})

    def test_a_heading_that_skips_a_level_is_named_with_what_stands_above(self):
        told = self.told("## One\n\n#### Deep\n\n##### Deeper\n\n## Two\n\n### Three")
        self.assertEqual(list(told), ["heading:Deep"])
        self.assertIn("“Deep” skips a level: it has ####, and the one above it ##", told["heading:Deep"])

    def test_a_first_heading_below_the_second_level_is_named(self):
        told = self.told("### Deep *down*\n\nx")
        self.assertIn("“Deep down” skips a level: it has ###, and sections begin", told["heading:Deep down"])
        for body in ("# One\n\n## Two", "One\n===\n\nTwo\n---\n\n### Three", "## C#\n\n### D ###"):
            self.assertEqual(self.told(body), {}, body)

    def test_what_looks_like_a_heading_in_code_is_none(self):
        for body in (
            "```sh\n#### comment\n```",
            "- a\n\n    ```sh\n    #### comment\n    ```",
            "x\n\n~~~sh\n```\n#### a\n~~~",
        ):
            self.assertEqual(self.told(body), {}, body)

    def test_an_image_without_alternative_text_is_named(self):
        told = self.told(
            "![](https://example.org/a.png) ![ ](https://example.org/b.png) ![x](https://example.org/c.png)"
        )
        self.assertEqual(list(told), ["image:https://example.org/a.png", "image:https://example.org/b.png"])
        self.assertIn("https://example.org/a.png", told["image:https://example.org/a.png"])
        self.assertIn("image:https://example.org/d.png", self.told('<img src="https://example.org/d.png">'))

    def test_the_alternative_text_that_the_library_has_is_suggested(self):
        image = store(jpeg(), key="cat")
        type(image).objects.filter(pk=image.pk).update(alt_en="A cat", alt_fr="Un chat")
        self.assertIn("the library suggests “A cat”", self.told("![](image:cat)")["image:image:cat"])
        self.assertIn("“Un chat”", self.told("![](image:cat)", "fr")["image:image:cat"])

    def test_what_a_page_cannot_link_or_show_is_told(self):
        make_article("draft", en={"title": "Draft", "body": "B"})
        told = self.told("[x](article:none) [y](article:draft) ![a](image:none)")
        self.assertEqual(set(told), {"lost:article:none", "lost:article:draft", "lost:image:none"})

    def test_a_link_by_the_path_of_an_article_that_is_not_live_is_told(self):
        make_article("draft", en={"title": "Draft", "body": "B"}, fr=live("Visible"))
        make_article("later", en={"title": "Later", "body": "B", "published_at": TOMORROW})
        make_article("gone", en=live("Gone")).delete()
        paths = [
            "/en/articles/draft/",
            "/en/articles/later",
            "/en/articles/gone/#x",
            "../later/",
            "/en/articles/none.md",
        ]
        paths.append(f"{settings.SITE_URL}/en/articles/draft/")
        told = self.told(" ".join(f"[x]({path})" for path in paths))
        self.assertEqual(list(told), [f"lost:{path}" for path in paths])
        self.assertTrue(all("not live" in sentence for sentence in told.values()))
        self.assertEqual(self.told("[x](/fr/articles/visible/)"), {})

    def test_a_path_that_no_page_has_is_told(self):
        for path in ("/en/nothing/here/", "notes.md", "/fr/archive/"):
            self.assertIn("leads nowhere", self.told(f"[x]({path})")[f"lost:{path}"])
        self.assertEqual(self.told("[x](/fr/archives/) [y](/en/search/?q=x) [z](?page=2)"), {})

    def test_a_fragment_that_the_text_does_not_have_is_told(self):
        told = self.told("[x](#here) [y](#nowhere) [é](#été)\n\n## Here\n\n## Été {#été}")
        self.assertEqual(list(told), ["lost:#nowhere"])

    def test_code_that_names_no_language_is_told_by_its_first_line(self):
        told = self.told("```\nfirst\nsecond\n```\n\n```python\nx = 1\n```\n\n    indented\n\n> ~~~\n> quoted\n> ~~~")
        self.assertEqual(list(told), ["code:first", "code:indented", "code:quoted"])
        self.assertIn("“first”", told["code:first"])

    def test_every_way_to_name_a_language_counts(self):
        heads = ("text", "text {1,3}", '{.text title="x"}', "{ .text #a }", "c++", 'text title="x"', "no-such-language")
        for head in heads:
            self.assertEqual(self.told(f"``` {head}\nplain\n```"), {}, head)
        self.assertIn("code:plain", self.told('``` {#a title="x"}\nplain\n```'))
        self.assertIn("code:plain", self.told("- item\n\n  ```\n  plain\n  ```"))

    def test_marks_of_other_systems_are_told_where_readers_would_see_them(self):
        cases = {
            "Before %%an aside%% after": "comment",
            "%%\nlines\n%%": "comment",
            "See [[Other page|words]].": "wiki_link",
            "![[embedded.png]]": "wiki_link",
            '{{< figure src="a.png" >}}': "template_tag",
            "{{% notice %}}": "template_tag",
            "{% include x %}": "template_tag",
            '[gallery ids="1,2"]': "shortcode",
            "[embed]https://example.org/[/embed]": "shortcode",
        }
        for body, kind in cases.items():
            for language in languages.codes():
                self.assertIn(kind, self.told(body, language), body)
                self.assertEqual(self.told(f"`{body.splitlines()[0]}`", language), {}, body)
        self.assertIn("“[[Other page|words]]”", self.told("See [[Other page|words]].")["wiki_link"])

    def test_brackets_and_per_cent_signs_in_prose_are_no_marks(self):
        for body in (
            "From 5%% to 10%%.",
            "A matrix [[1, 2], [3, 4]], x[[1]]",
            r"\[\[As typed\]\]",
            "[sic] and […] [note]",
        ):
            self.assertEqual(self.told(body), {}, body)

    def test_remarks_speak_the_author_s_language_whatever_the_language_of_the_text(self):
        with override("fr"):
            french = self.told("```\nx\n```", language="en")
        self.assertNotEqual(french, {})
        self.assertEqual(list(french), list(self.told("```\nx\n```", language="en")))

    def test_words_quoted_from_the_text_are_kept_short(self):
        self.assertLess(len(self.told("```\n" + "x" * 500 + "\n```").popitem()[1]), 200)

    def test_a_text_made_to_do_harm_is_looked_at_like_any_other(self):
        texts = [*HOSTILE_TEXTS.values(), "[x](http://[bad) [y](//) [z](//[)", "{{<" * 20_000, "[a a=b " * 20_000]
        for body in texts:
            for language in languages.codes():
                try:
                    rendered = render(body, language)
                except BodyRefused:
                    continue
                remarks(self.article, language, ArticleText(title="T", body=body), rendered)


class ShippedArticlesTests(TestCase):
    def test_the_shipped_articles_have_no_fault_but_what_is_true_of_them(self):
        import_folder(settings.BASE_DIR / "articles" / "content")
        found = []
        for article in Article.objects.all():
            for language in languages.codes():
                text = article.text_in(language)
                for remark in remarks(article, language, text, render(text.body, language)):
                    found.append((article.key, language, remark.code))
        # Sixty-three characters, and a search result shows about sixty.
        self.assertEqual(found, [("api-rate-limiting", "fr", "title")])
