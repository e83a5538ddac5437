"""German's entries of the tables that docs/languages.md lists, as they would stand in the code."""

ENTRIES = {
    "LANGUAGES": "GERMAN",
    "SIGNS": """{
        "&": " und ", "%": " Prozent ", "@": " at ", "+": " plus ", "€": " Euro ", "ä": "ae", "ö": "oe", "ü": "ue",
    }""",
    "APOSTROPHE": '""',
    # Of the same study as the others.
    "WORDS_PER_MINUTE": "179",
    "ALGORITHMS": '"german"',
    "NAMES": """{
        "shift": "Umschalt", "control": "Strg", "caps-lock": "Feststell", "enter": "Eingabe", "delete": "Entf",
        "insert": "Einfg", "backspace": "Rück", "space": "Leer", "home": "Pos1", "end": "Ende", "page-up": "Bild auf",
        "page-down": "Bild ab", "print-screen": "Druck",
    }""",
    # "die", "was" and "des" mean something in English or French too.
    "FUNCTION_WORDS": '''frozenset(words("""
        der das den dem ein eine einen einem einer eines und oder aber denn weil dass wenn ob als wie ich du er sie es
        wir ihr ist sind waren wird werden wurde wurden hat haben hatte hatten kann können muss müssen soll sollen nicht
        kein keine mit von vom zu zum zur bei beim nach aus auf für über unter durch ohne gegen um bis auch nur noch
        schon sehr mehr diese dieser dieses jede jeder jedes sein seine ihre ihren man sich
    """))''',
    "NUMBER_WORDS": """{
        "null": 0, "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
        "zehn": 10, "elf": 11, "zwölf": 12, "zwanzig": 20, "dreißig": 30, "hundert": 100, "tausend": 1000,
    }""",
    "FIGURES": r"""Figures(
        re.compile(rf"(?<![\d.,])\d{{1,3}}(?:(?:\.|{SPACE})\d{{3}})+(?!\d)(?:,\d+)?|\d+(?:\.\d+)+|\d+(?:,\d+)?"),
        re.compile(rf"\.(?=\d{{3}}(?!\d))|{SPACE}"),
        ",",
        re.compile(rf"\b(?P<hour>\d{{1,2}})(?:[:.](?P<minutes>\d\d))?{SPACE}?Uhr\b"),
        _of_a_day,
    )""",
}
