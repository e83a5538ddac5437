from django.test import SimpleTestCase

from articles.slugs import MAX_LENGTH, free, shortened, slugify

FRENCH = {
    "L’œuvre : cœur & sœur": "l-oeuvre-coeur-et-soeur",
    "L'aventure d'été": "l-aventure-d-ete",
    "Aujourd’hui, ça va ?": "aujourd-hui-ca-va",
    "100 % français": "100-pour-cent-francais",
    "Où est-il ? À Nîmes…": "ou-est-il-a-nimes",
    "Le C++ et le C#": "le-cpp-et-le-csharp",
    "« Guillemets »": "guillemets",
    "Ex æquo": "ex-aequo",
}
ENGLISH = {
    "Python Flask vs Django": "python-flask-vs-django",
    "Don’t repeat yourself": "dont-repeat-yourself",
    "R&D": "r-and-d",
    "The author's Ångström": "the-authors-angstrom",
    "Straße": "strasse",
    "a  --  b": "a-b",
    "日本語 and more": "and-more",
    "日本語": "",
}


class SlugTests(SimpleTestCase):
    def test_french_titles_follow_french_rules(self):
        for title, slug in FRENCH.items():
            with self.subTest(title):
                self.assertEqual(slugify(title, "fr"), slug)

    def test_english_titles_follow_english_rules(self):
        for title, slug in ENGLISH.items():
            with self.subTest(title):
                self.assertEqual(slugify(title, "en"), slug)

    def test_composed_and_decomposed_accents_give_the_same_slug(self):
        self.assertEqual(slugify("e\u0301te\u0301", "fr"), slugify("\u00e9t\u00e9", "fr"))

    def test_a_slug_is_its_own_slug(self):
        for slug in [*FRENCH.values(), *ENGLISH.values()]:
            self.assertEqual(slugify(slug, "fr"), slug)
            self.assertEqual(slugify(slug, "en"), slug)

    def test_a_long_title_is_cut_between_words(self):
        slug = slugify("word " * 100, "en")
        self.assertLessEqual(len(slug), MAX_LENGTH)
        self.assertTrue(slug.endswith("-word"))
        self.assertEqual(len(shortened("x" * 300, MAX_LENGTH)), MAX_LENGTH)

    def test_a_taken_slug_gets_the_first_free_number(self):
        self.assertEqual(free("a", {"a", "a-2"}.__contains__), "a-3")
        self.assertEqual(free("b", {"a"}.__contains__), "b")
        long = "x" * MAX_LENGTH
        self.assertEqual(len(free(long, {long}.__contains__)), MAX_LENGTH)
