import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.test import SimpleTestCase

from articles.files.problems import ImportProblems
from articles.importers.dates import moment, zone_named
from articles.importers.front_matter import MAX_BYTES, parse_document, read_text


class DateTests(SimpleTestCase):
    def test_dates_are_read_as_people_and_systems_write_them(self):
        paris = ZoneInfo("Europe/Paris")
        for text, expected in (
            ("2020-01-02", datetime(2020, 1, 2, tzinfo=paris)),
            ("2020-1-2 8:30", datetime(2020, 1, 2, 8, 30, tzinfo=paris)),
            ("2020/01/02 08:30:15", datetime(2020, 1, 2, 8, 30, 15, tzinfo=paris)),
            ("2020-01-02T08:30:15.123456789Z", datetime(2020, 1, 2, 8, 30, 15, tzinfo=UTC)),
            ("2020-01-02 08:30:00 +0530", datetime(2020, 1, 2, 3, 0, tzinfo=UTC)),
            ("2020-01-02T08:30:00-08:00", datetime(2020, 1, 2, 16, 30, tzinfo=UTC)),
            ("2020-01-02 08:30 UTC", datetime(2020, 1, 2, 8, 30, tzinfo=UTC)),
            ("2020-01-02 08:30:00 +0100 CET", datetime(2020, 1, 2, 7, 30, tzinfo=UTC)),
            ("2020-01-02 1:30 PM", datetime(2020, 1, 2, 13, 30, tzinfo=paris)),
            ("Thu, 02 Jan 2020 08:30:00 +0000", datetime(2020, 1, 2, 8, 30, tzinfo=UTC)),
            ("2 January 2020", datetime(2020, 1, 2, tzinfo=paris)),
            ("Jan 2, 2020 08:30", datetime(2020, 1, 2, 8, 30, tzinfo=paris)),
            ("0001-01-01T00:00:00Z", None),
            ("", None),
        ):
            with self.subTest(text):
                self.assertEqual(moment(text, paris), expected)
        self.assertEqual(moment("2020-01-02T00:00:00+02:00").utcoffset(), timedelta(hours=2))
        for wrong in (
            "soon",
            "2020-02-30",
            "2020-13-01",
            "9999-12-31T23:59:59-12:00",
            "2020",
            "20200102",
            "2020-01-02 25:00",
        ):
            with self.subTest(wrong), self.assertRaises(ValueError):
                moment(wrong)
        self.assertEqual([zone_named("Mars/Base"), zone_named("../etc/passwd"), zone_named("")], [None] * 3)


class FrontMatterTests(SimpleTestCase):
    def test_the_three_notations_say_the_same(self):
        yaml = "---\ntitle: no\ndate: 2020-01-02 08:30:00\ndraft: true\nweight: 3\ntags: [a, b]\nmap: {x: 1}\n"
        yaml += "---\n\nBody.\n"
        toml = (
            '+++\ntitle = "no"\ndate = 2020-01-02 08:30:00\ndraft = true\nweight = 3\ntags = ["a", "b"]\n'
            "[map]\nx = 1\n+++\n\nBody.\n"
        )
        json = (
            '{\n"title": "no",\n"date": "2020-01-02 08:30:00",\n"draft": true,\n"weight": 3,\n"tags": ["a", "b"],\n'
            '"map": {"x": 1}\n}\n\nBody.\n'
        )
        for text, lines in ((yaml, [2, 3, 4, 5, 6, 7]), (toml, [2, 3, 4, 5, 6, 7]), (json, [2, 3, 4, 5, 6, 7])):
            with self.subTest(text[:3]):
                document = parse_document(Path("x.md"), text)
                values = {key: entry.value for key, entry in document.entries.items()}
                self.assertEqual(values["date"].replace("T", " "), "2020-01-02 08:30:00")
                del values["date"]
                expected = {"title": "no", "draft": "true", "weight": "3", "tags": ["a", "b"], "map": {"x": "1"}}
                self.assertEqual(values, expected)
                self.assertEqual([entry.line for entry in document.entries.values()], lines)
                self.assertTrue(document.entries["draft"].is_true())
                self.assertEqual(document.body, "Body.\n")
                self.assertEqual(text.split("\n")[document.first_line - 1], "Body.")

    def test_a_file_without_front_matter_is_all_body(self):
        for text in ("# Title\n", "{{< x >}}\n", "-- a\n", "\n---\n\na: b\n"):
            with self.subTest(text):
                document = parse_document(Path("x.md"), text)
                self.assertEqual((document.entries, document.body.strip()), ({}, text.strip()))

    def test_a_key_that_stands_twice_is_a_note_and_the_last_one_counts(self):
        document = parse_document(Path("x.md"), "---\na: 1\na: 2\n---\n")
        self.assertEqual(document.entries["a"].value, "2")
        self.assertEqual(
            [str(note) for note in document.notes], ["x.md:3: stands twice, the last one counts: the key “a”"]
        )

    def test_what_is_broken_names_its_line(self):
        deep = "---\na: " + "[" * 3000 + "\n---\n"
        for text, line in (
            ("---\na: [\n---\n", 3),
            ("---\n- a\n---\n", 2),
            ("---\na: &x [1]\nb: [*x, *x]\n---\n", 3),
            ("---\n? [a]\n: b\n---\n", 2),
            ("+++\na = 1\na = 2\n+++\n", 3),
            ('{"a": 1,\n"b": }\n', 2),
            ("+++\na = 1\n", 1),
            (deep, 2),
            ("+++\na = " + "[" * 3000 + "]" * 3000 + "\n+++\n", 2),
            ('{"a": ' + "[" * 200_000, 1),
        ):
            with self.subTest(text[:20]), self.assertRaises(ImportProblems) as caught:
                parse_document(Path("x.md"), text)
            self.assertEqual([problem.line for problem in caught.exception.problems], [line])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "x.md"
            for data, line in ((b"a\n\xe9\n", 2), (b"a\n\n\0", 3), (b"a" * (MAX_BYTES + 1), 1)):
                path.write_bytes(data)
                with self.assertRaises(ImportProblems) as caught:
                    read_text(path)
                self.assertEqual([problem.line for problem in caught.exception.problems], [line])
