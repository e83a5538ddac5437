from unittest import TestCase

from articles.search.query import Query
from articles.search.words import MAX_WORD, forms, words

# What is typed, and the words that it must find, in the language of the row.
FINDS = {
    "fr": {
        "ete": "été étés l’été l'été d'été ETE L’ÉTÉ e\u0301te\u0301",
        "été": "ete l'ete étés",
        "coeur": "cœur cœurs Cœur coeurs",
        "cœur": "coeur cœurs",
        "cheval": "chevaux cheval",
        "chevaux": "cheval",
        "generaux": "général généraux",
        "renee": "Renée",
        "publié": "publier publiée publiées publié",
        "publie": "publié publie",
        "publiées": "publier",
        "activites": "activité activités",
        "première": "premier premieres",
        "aujourdhui": "aujourd’hui aujourd'hui",
        "aujourd'hui": "aujourdhui",
        "il": "qu'il s’il lorsqu’il puisqu'il quoiqu’il",
        "ai": "j'ai m’ai t'ai n'ai",
        "est": "c'est n’est",
        "a": "jusqu'à",
        "l'api": "API l’API",
        "ex aequo": "ex-æquo",
    },
    "en": {
        "rate limit": "rate limiting",
        "limiting": "limit limits limited",
        "author": "author's author’s authors'",
        "dont": "don't don’t",
        "resume": "résumé",
        "encyclopaedia": "encyclopædia",
        "naive cafe": "naïve cafés",
        "oreilly": "O’Reilly",
        "max length": "max_length",
        "strasse": "Straße",
        "ffi": "ﬃ",
        "日本語": "日本語",
    },
}
FINDS_NOT = {"fr": {"chevalier": "cheval", "ou": "os"}, "en": {"rat": "rate", "limbs": "limit"}}


def holds(text: str, query: str, language: str) -> bool:
    """Return whether a text holds all words of a query, the last one whole."""
    found = list(words(text, language))
    asked = [Query(f'"{word}"', language).terms[0] for word in query.split()]
    return all(any(term.is_at(position, found) for position in range(len(found))) for term in asked)


class WordsTests(TestCase):
    def test_a_word_finds_its_forms_with_and_without_accents_ligatures_and_elisions(self):
        for language, rows in FINDS.items():
            for query, texts in rows.items():
                for text in [texts] if " " in query else texts.split():
                    with self.subTest(query, text=text):
                        self.assertTrue(holds(text, query, language))

    def test_a_word_does_not_find_another(self):
        for language, rows in FINDS_NOT.items():
            for query, text in rows.items():
                self.assertFalse(holds(text, query, language), query)

    def test_a_language_without_rules_is_folded_alone(self):
        self.assertEqual([word.stem for word in words("L'Été œuvres", "xx")], ["lete", "oeuvres"])

    def test_places_are_those_of_the_words_without_what_is_elided(self):
        text = "« L’Été », dit-il, jusqu'à l'œuvre."
        found = [text[word.start : word.end] for word in words(text, "fr")]
        self.assertEqual(found, ["Été", "dit", "il", "à", "œuvre"])

    def test_forms_hold_letters_and_digits_alone_whatever_the_text(self):
        for text in ("a\x00b", "\ud800x", "½ ﷺ ① ﾞ", "😀 x\u0301\u0301", "a" * 10_000, "İI", "it's'"):
            for word in words(text, "fr"):
                for form in (word.folded, word.stem, word.plain_stem):
                    self.assertTrue(form.isalnum() and len(form) <= MAX_WORD, repr(text))


class QueryTests(TestCase):
    def stems(self, text: str) -> list[tuple[str, ...]]:
        return [term.stems for term in Query(text, "en").terms]

    def test_marks_of_any_kind_around_words_make_a_phrase(self):
        for text in ('"rate limiting" api', "“rate limiting” api", "«\u202frate limiting\u202f» api"):
            self.assertEqual(self.stems(text), [("rate", "limit"), ("api",)], text)

    def test_a_mark_alone_makes_none(self):
        for text in ('"rate limiting', 'rate limiting"', '" rate limiting', '"" rate "" limiting'):
            self.assertEqual(self.stems(text), [("rate",), ("limit",)], text)

    def test_the_last_word_may_go_on_unless_it_is_short_or_quoted(self):
        prefixes = {"django limiti": "limiti", "django go": "", 'django "limiti"': "", "Renée": "renee", "a b ": ""}
        for text, prefix in prefixes.items():
            self.assertEqual(Query(text, "en").terms[-1].prefix, prefix, text)

    def test_length_and_terms_are_bounded(self):
        query = Query(" ".join(f"word{number}" for number in range(10_000)), "en")
        self.assertEqual(len(query.terms), Query.MAX_TERMS)
        self.assertEqual(Query("x " * Query.MAX_LENGTH + "word", "en").terms, Query("x", "en").terms)

    def test_nothing_to_search_for_gives_no_terms(self):
        for text in ("", "   ", '"', '""', "* : - ( ) ^ + ' ’", "\x00", "😀", "\ud800", "–"):
            self.assertEqual(Query(text, "fr").terms, [], repr(text))


class FormsTests(TestCase):
    def test_the_forms_of_a_text_are_those_of_its_words(self):
        for language, finds in FINDS.items():
            text = " ".join([*finds, *finds.values(), "l' qu’ ’ a_b x²"])
            self.assertEqual(forms(text, language), [word[2:] for word in words(text, language)])
