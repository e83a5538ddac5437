from django.test import SimpleTestCase

from blog.language_negotiation import MAX_LENGTH, preferred_language

HEADERS = {
    "": "en",
    "fr": "fr",
    "fr-CA": "fr",
    "fr-CA,fr;q=0.9,en;q=0.8": "fr",
    "FR-ca": "fr",
    "en-GB,fr;q=0.9": "en",
    "de,fr;q=0.5,en;q=0.4": "fr",
    "de": "en",
    "de, *;q=0.5": "en",
    "en;q=0.2, fr;q=0.9": "fr",
    "fr;q=1.000 , en ; q = 0.5": "fr",
    # q=0 is a refusal, not a weak wish.
    "en;q=0": "fr",
    "fr;q=0": "en",
    "en;q=0, fr;q=0": "en",
    "en;q=0, *": "fr",
    "*;q=0": "en",
    "fr, *;q=0": "fr",
    "en;q=0, de": "fr",
    # Refusing Canadian French refuses no other.
    "fr-CA;q=0, fr": "fr",
    "fr, fr-CA;q=0": "fr",
    # Among equals the header's order decides.
    "fr,en": "fr",
    "en,fr": "en",
    # What is malformed is passed over.
    "fr;q=2, en;q=0.1": "en",
    "fr;q=, en;q=0.1": "en",
    "fr;level=1, en;q=0.1": "en",
    ";;;,,,=": "en",
    "\x00fr": "en",
    "fr_FR, en;q=0.1": "en",
    "q=0.5": "en",
    "x" * 100_000: "en",
    "en;q=0.1, " + "de, " * MAX_LENGTH + "fr": "en",
}


class PreferredLanguageTests(SimpleTestCase):
    def test_each_header_gets_the_language_it_prefers(self):
        for header, language in HEADERS.items():
            with self.subTest(header[:80]):
                self.assertEqual(preferred_language(header), language)
