import time

from django.conf import settings
from django.test import SimpleTestCase, TestCase
from django.utils.translation import override

from articles.checklist import standing_remarks
from articles.files.importing import import_folder
from articles.markdown import render
from articles.models import Article, Tag
from articles.text import ArticleText
from articles.translating.answering import answer
from articles.translating.kept import comparison
from articles.translating.parity import parity_remarks, remarks_beside_source
from articles.translating.parity.inventory import Inventory
from articles.translating.parity.number_words import written_out
from articles.translating.parity.numbers import numbers

from .examples import change, live, make_article
from .test_admin import AdminTestCase

ENGLISH = """\
We moved 1,000.5 GB in 2024, at 5 p.m., with [a guide](https://example.org/guide) and `rsync 3`.[^one]

## First steps

One customer has a free plan, another pays for six hundred requests a minute, and both are happy.

```python
print("Hello")  # a greeting
```

### Details

![A cat](cat.png)

- Docker, Traefik, Go and Redis
- Django REST Framework
- 20% of the 20th century

> It was the best of times, it was the worst of times, and nobody knew which it was.

## The end

See [the other](article:other#here), [again](/en/articles/other/), [below](#details), [all](/en/archive/) and [up](/).

[^one]: It is a note with the number 7.
"""

FRENCH = """\
Nous avons déplacé 1 000,5 Go en 2024, à 17 h, avec [un guide](https://example.org/guide) et `rsync 4`.[^un]

## Premiers pas

Un client a une offre gratuite, un autre paie pour six cents requêtes par minute, et tous deux sont contents.

```python
print("Bonjour")  # un salut
```

### En détail

![Un chat](cat.png)

- Docker, Traefik, Go and Redis
- Django REST Framework
- 20 % du XXe siècle

> It was the best of times, it was the worst of times, and nobody knew which it was.

## La fin

Voir [l'autre](/fr/articles/autre/), [encore](article:other), [plus bas](#en-detail), [tout](/fr/archives/) et [ici](/).

[^un]: C'est une note avec le nombre 7.
"""

# What is changed in the French text, and of what is told then.
CHANGES = {
    "### En détail": [
        ("", {"headings": "the original has 3, this text 2"}),
        ("## En détail", {"headings": "“Details” with ###, this text “En détail” with ##"}),
        ("### En détail\n\n### De plus", {"headings": "the original has 3, this text 4"}),
        ("### Le détail", {}),
    ],
    '```python\nprint("Bonjour")  # un salut\n```': [
        ("", {"lacking:fence": "print("}),
        ('print("Bonjour")', {"lacking:fence": "print("}),
        ('```python\nprint("Bonjour")\nprint(1)\n```', {}),
        ('```sh\nls\n```\n\n```python\nprint("Bonjour")\n```', {"added:fence": "“ls”"}),
        ("~~~ python\nprint()\n~~~", {}),
    ],
    "![Un chat](cat.png)": [
        ("", {"lacking:image": "“cat.png”"}),
        ("![Un chat](chien.png)", {"lacking:image": "“cat.png”", "added:image": "“chien.png”"}),
        ("![Un chat](cat.png) ![Un chat](cat.png)", {"added:image": "“cat.png”"}),
        ("![Un chat](./cat-fr.png)", {}),
    ],
    "[^un]: C'est une note avec le nombre 7.": [
        ("Il y a le nombre 7.", {"notes": "the original has 1, this text 0"}),
        ("[^un]: Avec le nombre 7.\n\n[^deux]: Rien.", {"notes": "the original has 1, this text 2"}),
    ],
    "[un guide](https://example.org/guide)": [
        ("un guide", {"lacking:link": "“https://example.org/guide”"}),
        ("[un guide](https://example.org/autre)", {"lacking:link": "/guide”", "added:link": "/autre”"}),
        ("[un guide](https://example.org/guide/fr/)", {"lacking:link": "/guide”", "added:link": "/fr/”"}),
        ("<https://example.org/guide>", {}),
    ],
    "[l'autre](/fr/articles/autre/)": [
        ("l'autre", {"lacking:link": "“/en/articles/other/”"}),
        ("[l'autre](../autre/)", {}),
        (f"[l'autre]({settings.SITE_URL}/fr/articles/autre#la)", {}),
        ("[l'autre](/fr/articles/ancien/)", {}),
        (
            "[l'autre](/en/articles/other/)",
            {"elsewhere": "Write “/fr/articles/autre/”, which is in French, or “article:other”"},
        ),
        ('<a href="/en/articles/other/" hreflang="en">l’autre, en anglais</a>', {}),
        ("[l'autre](article:other), [l'original](/en/articles/own/)", {}),
        ("[l'autre](/fr/articles/ailleurs/)", {"lacking:link": "other", "added:link": "“/fr/articles/ailleurs/”"}),
    ],
    "[plus bas](#en-detail)": [("plus bas", {"lacking:link": "“#details”"})],
    "[tout](/fr/archives/)": [
        ("tout", {"lacking:link": "“/en/archive/”"}),
        ("[tout](/en/archive/)", {"elsewhere": "Write “/fr/archives/”: it is in French."}),
    ],
    "1 000,5 Go en 2024": [
        ("1 000,5 Go", {"lacking:number": "“2024”"}),
        ("1,000.5 Go en 2024", {"lacking:number": "“1000.5”", "added:number": "“1.000”, “5”"}),
        ("1\u202f000,5 Go en 2024", {}),
        ("1\u00a0000,5 Go en 2024, mille octets ou presque", {}),
        ("1 000,5 Go en 2024 et 2025", {"added:number": "“2025”"}),
        ("1 000,5 Go en 2024 `2025`, https://example.org/2025/", {"added:link": "2025"}),
    ],
    "six cents requêtes": [("600 requêtes", {"written": "“600”"})],
    "le nombre 7": [("le nombre sept", {"written": "“7”"})],
    "du XXe siècle": [
        ("du dernier siècle", {"lacking:number": "“20”"}),
        ("du 20e siècle", {}),
    ],
    "Un client a une offre gratuite, un autre paie pour six cents requêtes par minute, et tous deux sont contents.": [
        (
            "One customer has a free plan, another pays for six hundred requests a minute, and both are happy.",
            {"language": "A passage is still in English: “One customer has a free plan"},
        ),
        (
            "There are customers with a free plan, and others who pay for as much as they want in a minute.\n\n"
            "Nobody else is there, and that is why all of them must be happy with what they have.",
            {"language": "2 passages are still in English: “There are"},
        ),
        ("**Note** : « One customer has a free plan, and another pays for six hundred of them. »", {}),
        ('<p lang="en">One customer has a free plan, and another pays for six hundred of them.</p>', {}),
        ("Voir *The Mythical Man-Month and the Art of Being Late*, de qui l'on sait, et ce que l'on en dit.", {}),
        ("The Art of the Metaobject Protocol, by Kiczales and des Rivières and Bobrow", {}),
        ("```\nif this is not that then it is the other and there it is\n```", {"added:fence": "if this"}),
    ],
}

# Sides of the same number, and what each language makes of it.
NUMBERS = [
    ("1,000.5 and 12,000,000", "1 000,5 et 12 000 000", ["1000.5", "12000000"]),
    ("1 000 of 3.5", "1\u2009000 sur 3,5", ["1000", "3.5"]),
    ("version 3.11.2 or 3.7, UTF-8", "version 3.11.2 ou 3.7, UTF-8", ["3.11.2", "3.7", "8"]),
    ("from 10:30 to 5 p.m. and 11:00", "de 10 h 30 à 17 h et 11 h 00", ["10", "30", "17", "11"]),
    ("on November 05, 2026", "le 5 novembre 2026", ["5", "2026"]),
    ("50% of $20, 2xx", "50 % de 20 $, 2xx", ["50", "20", "2"]),
    ("a.b@example.org/1 http://localhost:8000 www.2.org", "rien", []),
]
WORDS = [
    (
        "twenty-five, six hundred, two thousand and five",
        "vingt-cinq, six cents, deux mille cinq",
        ["25", "600", "2005"],
    ),
    ("ninety-seven and seventy-one", "quatre-vingt-dix-sept et soixante et onze", ["97", "71"]),
    ("two, three, eighty", "deux, trois, quatre-vingts", ["2", "3", "80"]),
]


def kind(code: str) -> str:
    """Return what a remark is of: "headings", "lacking:link" …"""
    parts = code.split(":")[1:3]
    return ":".join(parts) if parts[0] in {"lacking", "added"} else parts[0]


class NumbersTests(SimpleTestCase):
    def test_a_number_in_figures_is_the_same_in_either_language(self):
        for english, french, expected in NUMBERS:
            for text, language in ((english, "en"), (french, "fr")):
                with self.subTest(text):
                    self.assertEqual(sorted(numbers(text, language)), sorted(expected))

    def test_a_number_in_words_is_read(self):
        for english, french, expected in WORDS:
            for text, language in ((english, "en"), (french, "fr")):
                with self.subTest(text):
                    self.assertEqual(sorted(written_out(text, language).elements()), sorted(expected))


class ParityTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        other = make_article("other", en=live("Other", slug="other"), fr=live("Ancien", slug="ancien"))
        change(other, "fr", title="Autre", slug="autre")
        make_article("elsewhere", fr=live("Ailleurs", slug="ailleurs"))
        cls.article = make_article("own", en=live("Own", slug="own", body=ENGLISH), fr={"title": "À moi"})

    def setUp(self):
        self.enterContext(override("en"))

    def told(self, source: str, source_language: str, translation: str, language: str) -> dict[str, str]:
        sides = [
            Inventory.of(ArticleText(title="T", body=body), render(body, code).html, code)
            for body, code in ((source, source_language), (translation, language))
        ]
        return {kind(remark.code): remark.sentence for remark in parity_remarks(self.article, *sides)}

    def test_nothing_is_told_of_a_translation_that_has_all(self):
        self.assertEqual(self.told(ENGLISH, "en", FRENCH, "fr"), {})
        self.assertEqual(self.told(FRENCH, "fr", ENGLISH, "en"), {})

    def test_what_differs_in_a_french_translation_is_told_and_nothing_else(self):
        for standing, changes in CHANGES.items():
            self.assertEqual(FRENCH.count(standing), 1, standing)
            for changed, expected in changes:
                with self.subTest(changed):
                    told = self.told(ENGLISH, "en", FRENCH.replace(standing, changed), "fr")
                    self.assertEqual(told.keys(), expected.keys(), told)
                    for name, words in expected.items():
                        self.assertIn(words, told[name])

    def test_what_a_french_original_has_is_told_of_its_english_translation(self):
        """The same the other way round: what is added in French is lacking in English."""
        turned = {"lacking": "added", "added": "lacking"}
        for standing, changes in CHANGES.items():
            for changed, expected in changes:
                if not {"language", "elsewhere"} & expected.keys():
                    with self.subTest(changed):
                        told = self.told(FRENCH.replace(standing, changed), "fr", ENGLISH, "en")
                        names = (name.partition(":") for name in expected)
                        self.assertEqual(set(told), {turned.get(one, one) + sign + of for one, sign, of in names}, told)
        english = ENGLISH.replace("One customer has a free plan,", "Un client a une offre gratuite, et pour lui")
        self.assertEqual(self.told(FRENCH, "fr", english, "en"), {})
        english = ENGLISH.replace("(/en/articles/other/)", "(/fr/articles/autre/)")
        self.assertIn("Write “/en/articles/other/”", self.told(FRENCH, "fr", english, "en")["elsewhere"])
        english = ENGLISH.replace(
            "\nOne customer",
            "\nUn client a une offre gratuite, et un autre paie pour tout ce qu'il veut.\n\nOne customer",
        )
        self.assertIn("still in French: “Un client", self.told(FRENCH, "fr", english, "en")["language"])

    def test_a_short_passage_is_left_in_its_language_where_the_original_has_it_word_for_word(self):
        for words in ("Two of them pass.", "Nothing beats good tools.", "Readers like short pages best."):
            told = self.told(words, "en", words, "fr")
            self.assertEqual(told.keys(), {"language"}, words)
        for words in (
            "Flask, Django, Go and Redis",
            "Traefik",
            "It is so",
            "# This is a title\n\n",
            "`a` of *The Best*",
        ):
            self.assertEqual(self.told(words, "en", words, "fr"), {}, words)

    def test_a_page_of_another_site_may_be_the_one_in_the_language_of_the_text(self):
        pairs = [
            ("https://en.wikipedia.org/wiki/Comma", "https://fr.wikipedia.org/wiki/Virgule"),
            ("https://developer.mozilla.org/en-US/docs/Web#a", "https://developer.mozilla.org/fr/docs/Web"),
            ("https://docs.djangoproject.com/en/5.2/", "https://docs.djangoproject.com/fr/5.2/"),
        ]
        for english, french in pairs:
            self.assertEqual(self.told(f"[Words]({english})", "en", f"[Mots]({french})", "fr"), {})
        self.assertEqual(
            self.told("[A](https://en.example.org/)", "en", "[A](https://fr.example.com/)", "fr").keys(),
            {"lacking:link", "added:link"},
        )

    def test_a_link_to_an_article_that_is_not_live_in_the_language_of_the_text_is_right(self):
        make_article("english", en=live("English", slug="english"))
        body = "[Mots](/en/articles/english/)"
        self.assertEqual(self.told(body, "en", body, "fr"), {})

    def test_a_subject_is_the_same_in_every_language_and_is_linked_where_it_has_a_page(self):
        cooking = Tag.objects.create(key="cooking", name_en="Cooking", name_fr="Cuisine")
        Article.objects.get(key="other").tags.add(cooking)
        travel = Tag.objects.create(key="travel", name_en="Travel", name_fr="Voyages")
        self.article.tags.add(travel)
        body = "[x](/en/tags/cooking/) [y](/en/tags/travel/?page=2)"
        self.assertEqual(self.told(body, "en", "[x](/fr/etiquettes/cuisine/) [y](/en/tags/travel/)", "fr"), {})
        told = self.told(body, "en", "[y](/en/tags/travel/) [x](/en/tags/cooking/?page=2)", "fr")
        self.assertEqual(list(told), ["elsewhere"])
        self.assertIn("Write “/fr/etiquettes/cuisine/?page=2”: it is in French.", told["elsewhere"])
        self.assertEqual(
            self.told(body, "en", "[x](/fr/etiquettes/cuisine/) [y](/fr/etiquettes/cuisine/)", "fr").keys(),
            {"lacking:link", "added:link"},
        )

    def test_many_differences_are_one_sentence_that_names_the_first(self):
        body = " ".join(f"[x](https://example.org/{name})" for name in "abcde")
        self.assertEqual(
            self.told(body, "en", "x", "fr")["lacking:link"],
            "5 links of the original are not in this text: “https://example.org/a”, “https://example.org/b”, "
            "“https://example.org/c” and 2 more.",
        )
        long = "https://example.org/a/very/long/path/with/many/parts/until/its/end/is/reached"
        told = self.told(f"[x]({long})", "en", "x", "fr")["lacking:link"]
        self.assertIn("“https://example.org/…ith/many/parts/until/its/end/is/reached”", told)

    def test_a_number_in_a_title_counts_and_a_summary_where_both_texts_have_one(self):
        article = make_article("ten", en={"title": "10 ways", "summary": "In 2024.", "body": "B"})
        told = [
            kind(remark.code)
            for text in (
                ArticleText(title="10 façons", body="B"),
                ArticleText(title="Des façons", body="B"),
                ArticleText(title="10 façons", summary="Récemment.", body="B"),
            )
            for remark in remarks_beside_source(article, "fr", text, "<p>B</p>")
        ]
        self.assertEqual(told, ["lacking:number", "lacking:number"])

    def test_the_checklist_tells_it_of_a_translation_alone_and_only_where_there_is_an_original(self):
        change(self.article, "fr", body="Rien.")
        self.assertIn("parity:headings", " ".join(remark.code for remark in standing_remarks(self.article, "fr")))
        self.assertNotIn("parity", " ".join(remark.code for remark in standing_remarks(self.article, "en")))
        self.article.source_language = "fr"
        self.assertIn("parity:headings", " ".join(remark.code for remark in standing_remarks(self.article, "en")))
        alone = Article.objects.get(pk=make_article("alone", fr=live("Seul")).pk)
        alone.source_language = "en"
        self.assertNotIn("parity", " ".join(remark.code for remark in standing_remarks(alone, "fr")))

    def test_what_a_translation_does_without_is_not_missed(self):
        part = "## More\n\n![](cat.png) 12 of [them](https://example.org/), and `code`.\n\n```sh\nls\n```\n"
        article = make_article("less", en=live("Less", body=f"The body.\n\n{part}"), fr=live("Moins", body="Le corps."))
        text, html = article.text_in("fr"), article.rendering_in("fr").html
        kinds = {"headings", "lacking:image", "lacking:number", "lacking:link", "lacking:fence"}
        self.assertEqual({kind(each.code) for each in remarks_beside_source(article, "fr", text, html)}, kinds)
        change(article, "en", body=f"The body.\n\n{part}\n13 more.")
        article = Article.objects.get(pk=article.pk)
        first = article.translations.get(language="fr")
        first.blocks = [block for block in first.blocks if block["field"] == "title" or block["text"] == "The body."]
        first.save()
        changes = comparison(article, "fr").changes
        answer(article, "fr", [change.key for change in changes if "13" not in change.after.text], is_left_out=True)
        found = remarks_beside_source(article, "fr", text, html)
        self.assertEqual([str(each) for each in found], ["A number of the original is not in this text: “13”."])

    def test_it_costs_the_same_queries_for_one_link_and_for_many(self):
        for number in (1, 8):
            body = "".join(
                f"[x](/en/articles/ancien/) [y](/fr/articles/ancien/?{n}) [z](/en/tags/{n}/) " for n in range(number)
            )
            sides = [Inventory.of(ArticleText(body=body), render(body, code).html, code) for code in ("en", "fr")]
            with self.assertNumQueries(4):
                parity_remarks(self.article, *sides)

    def test_remarks_speak_the_author_s_language(self):
        with override("fr"):
            french = self.told(ENGLISH, "en", "Rien.", "fr")
        english = self.told(ENGLISH, "en", "Rien.", "fr")
        self.assertEqual(list(french), list(english))

    def test_a_long_text_made_to_cost_much_is_compared_in_time(self):
        texts = [
            "".join(f'<a href="/en/articles/{number}/">x</a>' for number in range(8_000)),
            "".join(f'<a href="https://en.example.org/{number}/fr/">x</a>' for number in range(8_000)),
            *("1 000 " * 30_000, "1." * 90_000, "1,000" * 30_000, "“" * 60_000, "a:// " * 30_000, "a" * 190_000),
            *("two " * 40_000, "<h2>a</h2>" * 20_000, "<em>a</em>" * 20_000, "<li>the of and</li>" * 10_000),
            "<p>the of and to in is it that</p>" * 6_000,
        ]
        empty = Inventory("en")
        for html in texts:
            start = time.process_time()
            side = Inventory.of(ArticleText(title="T", body="```\n```\n" * 20_000), f"<div>{html}</div>", "fr")
            parity_remarks(self.article, empty, side)
            parity_remarks(self.article, side, side)
            self.assertLess(time.process_time() - start, 4, html[:40])


class PublishingTests(AdminTestCase):
    def test_a_first_publication_stops_once_and_is_compared_with_the_original_of_the_same_save(self):
        draft = {"summary": "S", "body": "B"}
        article = make_article("own", en={"title": "Own", **draft}, fr={"title": "À moi", **draft})
        fields = self.opened(self.url(article)) | {"body_en": "In 2024.", "body_fr": "En 2025."}
        response = self.save(self.url(article), fields, button="_publish_now_fr")
        self.assertContains(response, "A number of the original is not in this text: “2024”.")
        self.assertContains(response, "A number of this text is not in the original: “2025”.")
        self.assertEqual(Article.objects.published("fr").count(), 0)
        # The original changes with the same save: only its author can say that this answers it.
        self.assertContains(response, "1 passage of the original is not answered yet.")
        fields |= {"body_fr": "En 2024.", "answers_fr": "on"}
        self.assertRedirects(self.save(self.url(article), fields, button="_publish_now_fr"), self.url(article))
        self.assertEqual(Article.objects.published("fr").count(), 1)


class ShippedArticlesTests(TestCase):
    def test_nothing_is_told_of_the_shipped_articles_whichever_is_the_original(self):
        import_folder(settings.BASE_DIR / "articles" / "content")
        for article in Article.objects.all():
            for source, language in (("en", "fr"), ("fr", "en")):
                article.source_language = source
                text, html = article.text_in(language), article.rendering_in(language).html
                self.assertEqual(remarks_beside_source(article, language, text, html), [], (article.key, language))
                # In the place of the translation, each paragraph of the original but its code would be told.
                left = remarks_beside_source(
                    article, language, article.text_in(source), article.rendering_in(source).html
                )
                self.assertIn("language", [kind(remark.code) for remark in left])
