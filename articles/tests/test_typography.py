import time

from django.test import SimpleTestCase

from articles.markdown.typography import LANGUAGES, typeset

# What an author types, and what a reader gets.
FRENCH = [
    # ; : ! ? with a space in the source, without one, with a wrong one.
    ("Vraiment ?", "Vraiment\u202f?"),
    ("Vraiment?", "Vraiment\u202f?"),
    ("Vraiment\u00a0?", "Vraiment\u202f?"),
    ("Vraiment\u202f?", "Vraiment\u202f?"),
    ("Vraiment   ? Oui !", "Vraiment\u202f? Oui\u202f!"),
    ("Viens ; va ; reste.", "Viens\u202f; va\u202f; reste."),
    ("Viens; va.", "Viens\u202f; va."),
    ("Une chose : la forme.", "Une chose\u00a0: la forme."),
    ("Une chose: la forme.", "Une chose\u00a0: la forme."),
    ("Une chose\u202f: la forme.", "Une chose\u00a0: la forme."),
    ('Le signe ":" ou "?"', "Le signe «\u202f:\u202f» ou «\u202f?\u202f»"),
    ("Quoi ?! Non !!!", "Quoi\u202f?! Non\u202f!!!"),
    ("Quoi?! Non!!!", "Quoi\u202f?! Non\u202f!!!"),
    ("Quoi... ?", "Quoi…\u202f?"),
    ("(Vraiment ?) Et toi (oui!)?", "(Vraiment\u202f?) Et toi (oui\u202f!)\u202f?"),
    ("En 2024?", "En 2024\u202f?"),
    ("Django 5.2 : le guide", "Django 5.2\u00a0: le guide"),
    # The same signs where they are no punctuation.
    ("Qui?Non", "Qui?Non"),
    ("À 12:30, en 16:9.", "À 12:30, en 16:9."),
    ("std::vector et a:b", "std::vector et a:b"),
    ("localhost:8000", "localhost:8000"),
    ("a != b, !important", "a != b, !important"),
    ("Bien :) ou mal ;-) mais :-/", "Bien :) ou mal ;-) mais :-/"),
    ("(pour rire ;))", "(pour rire ;))"),
    ("Le style { color: red; }", "Le style { color: red; }"),
    ('La balise <a title="x">', 'La balise <a title="x">'),
    ("Le signe &nbsp; ici", "Le signe &nbsp; ici"),
    # Addresses, paths, file names.
    ("Voir https://example.org/a?b=c;d : voilà", "Voir https://example.org/a?b=c;d\u00a0: voilà"),
    ("Sur https://example.org/?", "Sur https://example.org/\u202f?"),
    ("À nom@example.org !", "À nom@example.org\u202f!"),
    ("Dans C:\\Users\\moi et ~/d-1-2", "Dans C:\\Users\\moi et ~/d-1-2"),
    ("Ouvrez l'index.html!", "Ouvrez l’index.html\u202f!"),
    ("Le fichier pages-1e.txt", "Le fichier pages-1e.txt"),
    # Guillemets and apostrophes.
    ('"Bonjour"', "«\u202fBonjour\u202f»"),
    ('Il dit "oui", puis "non".', "Il dit «\u202foui\u202f», puis «\u202fnon\u202f»."),
    ("«Bonjour»", "«\u202fBonjour\u202f»"),
    ("« Bonjour »", "«\u202fBonjour\u202f»"),
    ("«\u00a0Bonjour\u00a0»", "«\u202fBonjour\u202f»"),
    ("«\u202fBonjour\u202f»", "«\u202fBonjour\u202f»"),
    ('"Il a dit "oui" hier"', "«\u202fIl a dit “oui” hier\u202f»"),
    ('« Il a dit "oui" »', "«\u202fIl a dit “oui”\u202f»"),
    ("\"Il a dit 'oui'\"", "«\u202fIl a dit “oui”\u202f»"),
    ('"Il lit "Le "Cid" annoté" ici"', "«\u202fIl lit “Le ‘Cid’ annoté” ici\u202f»"),
    ('Il dit : "Vraiment ?"', "Il dit\u00a0: «\u202fVraiment\u202f?\u202f»"),
    ("Il dit :« oui ».", "Il dit\u00a0:«\u202foui\u202f»."),
    ('("oui")', "(«\u202foui\u202f»)"),
    ("“oui”", "“oui”"),
    ("l'art d'aujourd'hui", "l’art d’aujourd’hui"),
    ("l'\"art\" et l'«art»", "l’«\u202fart\u202f» et l’«\u202fart\u202f»"),
    ("presqu'île, p'tit, not' maître", "presqu’île, p’tit, not’ maître"),
    ('un écran de 12"', 'un écran de 12"'),
    ('"Premier alinéa sans fin', "«\u202fPremier alinéa sans fin"),
    # Numbers.
    ("12 000", "12\u202f000"),
    ("12 000 000 habitants", "12\u202f000\u202f000 habitants"),
    ("12\u00a0000,50", "12\u202f000,50"),
    ("50 % ou 50%", "50\u202f% ou 50\u202f%"),
    ("3 ‰", "3\u202f‰"),
    ("%20 et 5%d", "%20 et 5%d"),
    ("01 23 45 67 89", "01 23 45 67 89"),
    ("0 800 123 456", "0 800 123 456"),
    ("+1 555 123 4567", "+1 555 123 4567"),
    ("en 2024 350 personnes", "en 2024 350 personnes"),
    ("5 km, 5km, 3,5 kg", "5\u00a0km, 5\u00a0km, 3,5\u00a0kg"),
    ("128 Go et 10 ms à 20 °C", "128\u00a0Go et 10\u00a0ms à 20\u00a0°C"),
    ("12 000 km", "12\u202f000\u00a0km"),
    ("5 €, 5€, 50€/mois, 10 $", "5\u00a0€, 5\u00a0€, 50\u00a0€/mois, 10\u00a0$"),
    ("90 km/h", "90\u00a0km/h"),
    ("10 Gb/s, 60 fps, 64 bits, 5Mbit/s", "10\u00a0Gb/s, 60\u00a0fps, 64\u00a0bits, 5\u00a0Mbit/s"),
    ("10 h 30 et 10h30", "10\u00a0h\u00a030 et 10h30"),
    ("les 3 l'ont dit", "les 3 l’ont dit"),
    ("12 millions et 3 milliards", "12\u00a0millions et 3\u00a0milliards"),
    ("3G, 4K, 2h", "3G, 4K, 2h"),
    ("n° 5, n°5, N° 12", "n°\u00a05, n°\u00a05, N°\u00a012"),
    (
        "Chap. 2, p. 12, pp. 12-14, art. 3, t. II, § 4",
        "Chap.\u00a02, p.\u00a012, pp.\u00a012-14, art.\u00a03, t.\u00a0II, §\u00a04",
    ),
    ("M. Dupont et Mme Martin", "M.\u00a0Dupont et Mme\u00a0Martin"),
    ("le Dr Knock, MM. A et B", "le Dr\u00a0Knock, MM.\u00a0A et B"),
    ("Mme de Staël, M. d'Ormesson", "Mme\u00a0de Staël, M.\u00a0d’Ormesson"),
    ("le 24 novembre 2026", "le 24\u00a0novembre 2026"),
    ("le 1er janvier", "le 1er\u00a0janvier"),
    ("Louis XIV, chapitre II", "Louis\u00a0XIV, chapitre\u00a0II"),
    # Ordinals.
    ("la 2ème, la 1ère, le 3ième", "la 2e, la 1re, le 3e"),
    ("la 2nde, les 2èmes", "la 2de, les 2es"),
    ("le 10 000ème, le 1 000e", "le 10\u202f000e, le 1\u202f000e"),
    ("le XXème siècle", "le XXe\u00a0siècle"),
    ("le XIXe siècle", "le XIXe\u00a0siècle"),
    # Dashes and ellipses.
    ("Et puis... rien", "Et puis… rien"),
    ("[...] et (...)", "[…] et (…)"),
    ("f(...args), ../.. et 1...10", "f(...args), ../.. et 1...10"),
    ("mot - incise - suite", "mot –\u00a0incise\u00a0– suite"),
    ("mot -- incise -- suite", "mot –\u00a0incise\u00a0– suite"),
    ("mot – incise – suite", "mot –\u00a0incise\u00a0– suite"),
    ("mot — incise —, suite", "mot —\u00a0incise\u00a0—, suite"),
    ('la chaîne vide "" !', 'la chaîne vide ""\u202f!'),
    ("Un. Deux - trois. Quatre - cinq.", "Un. Deux –\u00a0trois. Quatre –\u00a0cinq."),
    ("5 - 3 = 2", "5 - 3 = 2"),
    ("porte-clé, 1939-1945, --option", "porte-clé, 1939-1945, --option"),
    ("— Oui, dit-il.", "—\u00a0Oui, dit-il."),
    ("-- Oui, dit-il.", "—\u00a0Oui, dit-il."),
]

ENGLISH = [
    # Double and single quotation marks.
    ('"Hello"', "“Hello”"),
    ('"Hello," she said. "Bye."', "“Hello,” she said. “Bye.”"),
    ("She said, \"He said 'go' twice.\"", "She said, “He said ‘go’ twice.”"),
    ("\"'Go,' he said.\"", "“‘Go,’ he said.”"),
    ("\"She said, 'Go.'\"", "“She said, ‘Go.’”"),
    ('"He said "go" twice"', "“He said ‘go’ twice”"),
    ("'He said \"go\" twice'", "‘He said “go” twice’"),
    ('"a \'b "c" d\' e"', "“a ‘b “c” d’ e”"),
    ('("word") and ["word"]', "(“word”) and [“word”]"),
    ('"...and then"', "“…and then”"),
    ('"Really?" "Yes!"', "“Really?” “Yes!”"),
    ('a non-"standard" way', "a non-“standard” way"),
    ('"either"/"or"', "“either”/“or”"),
    ('"Paragraph that goes on', "“Paragraph that goes on"),
    ("“typed” and ‘typed’", "“typed” and ‘typed’"),
    ("“typed 'inside' it”", "“typed ‘inside’ it”"),
    ('“typed "inside" it”', "“typed ‘inside’ it”"),
    ('the " key', 'the " key'),
    ('key="value"', 'key="value"'),
    # Apostrophes.
    ("don't, it's, we'll", "don’t, it’s, we’ll"),
    ("the dogs' bowls", "the dogs’ bowls"),
    ("James's and the Joneses'", "James’s and the Joneses’"),
    ("the '90s and 1990's", "the ’90s and 1990’s"),
    ("the class of '99", "the class of ’99"),
    ("'Tis the season, 'twas", "’Tis the season, ’twas"),
    ("get 'em 'til five", "get ’em ’til five"),
    ("rock 'n' roll, rock'n'roll", "rock ’n’ roll, rock’n’roll"),
    ("'ello", "’ello"),
    ("'the dogs' bowls'", "‘the dogs’ bowls’"),
    ('"the dogs\' bowls"', "“the dogs’ bowls”"),
    ("the word 'word' here", "the word ‘word’ here"),
    ("O'Neill's \"l'été\"", "O’Neill’s “l’été”"),
    ("'the dogs' names.'", "‘the dogs’ names.’"),
    ("'90s music'", "’90s music’"),
    # Primes.
    ("6' 2\" tall, 5'11\"", "6′\u00a02″ tall, 5′11″"),
    ('a 12" disc and a 7" one', 'a 12" disc and a 7" one'),
    ("a 6' pole", "a 6' pole"),
    # Dashes and ranges.
    ("a word---a word", "a word—a word"),
    ("a word --- a word", "a word—a word"),
    ("a word--a word", "a word—a word"),
    ("a word -- a word", "a word—a word"),
    ("a word - a word", "a word—a word"),
    ("a word — a word", "a word—a word"),
    ('a word — "a word"', "a word—“a word”"),
    ('"A word." — Someone', "“A word.” — Someone"),
    ("a word – a word", "a word – a word"),
    ('"I thought--"', "“I thought—”"),
    ("Monday - Friday", "Monday - Friday"),
    ("5 - 3 = 2", "5 - 3 = 2"),
    ("pages 10-20", "pages 10–20"),
    ("pages 10--20", "pages 10–20"),
    ("1990-2000 and 1914-18", "1990–2000 and 1914–18"),
    ("1990–2000", "1990–2000"),
    ("2026-11-24 and 2026-11", "2026-11-24 and 2026-11"),
    ("2001-02", "2001-02"),
    ("555-1234, 1-800-555-1234", "555-1234, 1-800-555-1234"),
    ("UTF-8, ISO 8859-1, F-16", "UTF-8, ISO 8859-1, F-16"),
    ("3.11-3.13, v1-2", "3.11-3.13, v1-2"),
    ("20-20, 24-7, 9-5", "20-20, 24-7, 9-5"),
    ("978-3-16-148410-0", "978-3-16-148410-0"),
    ("git --force (--all)", "git --force (--all)"),
    ("x--; y--, z--", "x--; y--, z--"),
    ("a well-known man-of-war", "a well-known man-of-war"),
    # Ellipses.
    ("Wait... what?", "Wait… what?"),
    ("Wait .... what?", "Wait .... what?"),
    ("f(...args), 1...10", "f(...args), 1...10"),
    # No-break spaces.
    ("5 km, 3.5 GB, 10 ms", "5\u00a0km, 3.5\u00a0GB, 10\u00a0ms"),
    ("at 10 p.m., 8 a.m.", "at 10\u00a0p.m., 8\u00a0a.m."),
    ("10 am, 60 fps, 64 bits", "10\u00a0am, 60\u00a0fps, 64\u00a0bits"),
    ("20 °C", "20\u00a0°C"),
    ("5 in the morning", "5 in the morning"),
    ("p. 5, pp. 5-7, No. 5, vol. 2", "p.\u00a05, pp.\u00a05–7, No.\u00a05, vol.\u00a02"),
    ("Mr. Smith, Dr. Who, Mrs. X", "Mr.\u00a0Smith, Dr.\u00a0Who, Mrs.\u00a0X"),
    # What stays.
    ("Really? Yes! One: two; three 50%", "Really? Yes! One: two; three 50%"),
    ("at 12:30 in 16:9", "at 12:30 in 16:9"),
    ("see https://example.org/it's-10-20?", "see https://example.org/it's-10-20?"),
    ("README.md's and https://example.org's", "README.md’s and https://example.org's"),
    ("mail o'neill@example.org", "mail o'neill@example.org"),
    ("open notes-1990-2000.txt", "open notes-1990-2000.txt"),
    ('<a title="x"> and {"a": "b"}', '<a title="x"> and {"a": "b"}'),
    ("fine :'( or :-)", "fine :'( or :-)"),
]

VECTORS = [("fr", *vector) for vector in FRENCH] + [("en", *vector) for vector in ENGLISH]

# Texts in which a careless rule looks far ahead from every sign.
HOSTILE = [
    '"',
    "'",
    "\n",
    ":",
    "1",
    "-",
    ".",
    "!",
    "«",
    "“",
    "{",
    "<a",
    "&a",
    "[",
    "\u202f",
    "~/",
    "a@",
    "://",
    '" ',
    "' ",
]
HOSTILE += [' "', '"a ', 'a" ', "'a ", "! ", " : ", "« ", "» ", " - ", "a--", "12-", "1 000 ", "XXe ", "a.", "a'"]
HOSTILE_TEXTS = [(sign * 100_000)[:100_000] for sign in HOSTILE] + ["a" + " " * 100_000 + "a"]


class TypesettingTests(SimpleTestCase):
    def test_each_sign_becomes_the_one_that_the_code_asks_for(self):
        for language, source, expected in VECTORS:
            with self.subTest(source, language=language):
                self.assertEqual(ascii(typeset(source, language)), ascii(expected))

    def test_what_is_set_already_stays_as_it_is(self):
        for language, source, _ in VECTORS:
            with self.subTest(source, language=language):
                once = typeset(source, language)
                self.assertEqual(ascii(typeset(once, language)), ascii(once))

    def test_a_region_has_the_rules_of_its_language(self):
        self.assertEqual(typeset('"a"', "en-GB"), "“a”")
        self.assertEqual(typeset("Oui ?", "fr-CA"), "Oui\u202f?")

    def test_a_language_without_rules_changes_nothing(self):
        for language in ("de", ""):
            self.assertEqual(typeset('"Ja" ... ?', language), '"Ja" ... ?')

    def test_a_line_break_of_the_source_gives_way_like_a_space(self):
        self.assertEqual(typeset("Oui\n! Non", "fr"), "Oui\u202f! Non")
        self.assertEqual(typeset("mot\n- incise -\nsuite", "fr"), "mot\n–\u00a0incise\u00a0–\nsuite")

    def test_time_grows_no_faster_than_the_text(self):
        for language in LANGUAGES:
            for text in HOSTILE_TEXTS:
                with self.subTest(text[:5], language=language):
                    start = time.process_time()
                    typeset(text, language)
                    self.assertLess(time.process_time() - start, 3)
