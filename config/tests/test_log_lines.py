import json
import logging
import sys
from types import SimpleNamespace
from unittest import TestCase, mock

from django.test import RequestFactory
from django.urls import resolve

from config.log_lines import JsonFormatter, LineFormatter, formatter
from config.request_log import REQUEST_ID, current_id


def record_of(name: str, message: str, error: Exception | None = None) -> logging.LogRecord:
    found = None
    if error:
        try:
            raise error
        except Exception:
            found = sys.exc_info()
    return logging.LogRecord(name, logging.ERROR, "file.py", 1, message, (), found)


def written(name: str, message: str, error: Exception | None = None) -> list[str]:
    line = LineFormatter("{levelname} {name}: {message}", style="{")
    return line.format(record_of(name, message, error)).split("\n")


class LineFormatterTests(TestCase):
    def test_no_words_of_a_visitor_begin_a_line_or_move_the_cursor(self):
        for line_end in ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1b[2J", "\x85", "\u2028", "\x00", "\u202e"):
            (line,) = written("blog", f"Not found: {line_end}ERROR django: forged")
            self.assertTrue(line.isprintable())
            self.assertIn("forged", line)

    def test_words_in_any_language_stay_as_they_are(self):
        self.assertEqual(written("blog", "Été, \u202f日本"), ["ERROR blog: Été, \u202f日本"])

    def test_a_traceback_is_there_further_in_with_whatever_its_error_says(self):
        lines = written("django.request", "Internal Server Error", ValueError("one\nERROR django: forged"))
        self.assertIn("Traceback (most recent call last):", lines)
        self.assertEqual([line for line in lines[2:] if not line.startswith("  ")], [])
        self.assertIn("  ERROR django: forged", lines)
        lines = written("django.request", "Internal Server Error", ValueError("\x1b[2J\u202eforged"))
        self.assertTrue(all(line.isprintable() for line in lines))

    def test_what_is_refused_is_one_line(self):
        (line,) = written("django.security.TooManyFieldsSent", "Too many", ValueError("one"))
        self.assertEqual(line, "ERROR django.security.TooManyFieldsSent: Too many")

    def test_a_row_that_postgresql_quotes_is_left_out(self):
        error = ValueError("violates \"username\"\nLINE 1: … = 'ann'\nDETAIL:  Key (username)=(ann) already exists.")
        for kind in ("text", "json"):
            line = formatter(kind).format(record_of("blog", "Failed", error))
            self.assertIn("violates", line)
            self.assertNotIn("ann", line)

    def test_a_row_of_several_lines_is_left_out_whole(self):
        row = "Failing row contains (1, Ann\nhas an illness\n\nat home)."
        cause = ValueError(f'violates "title"\nDETAIL:  {row}\nHINT:  none')
        cause.diag = SimpleNamespace(message_detail=row)
        error = ValueError(str(cause))
        error.__cause__ = cause
        for kind in ("text", "json"):
            line = formatter(kind).format(record_of("blog", "Failed", error))
            self.assertIn("HINT:  none", line)
            for word in ("Ann", "illness", "home"):
                self.assertNotIn(word, line)

    def test_an_address_for_mail_is_left_out(self):
        refused = ValueError({"ann+blog@mail.example.org": (550, b"no such user")})
        for kind in ("text", "json"):
            line = formatter(kind).format(record_of("blog", "Failed for\nann@example.org", refused))
            self.assertIn("no such user", line)
            self.assertNotIn("example", line)
            self.assertTrue(kind == "text" or json.loads(line))


class JsonFormatterTests(TestCase):
    def read(self, record: logging.LogRecord) -> dict:
        line = JsonFormatter().format(record)
        # Whatever some program takes for the end of a line.
        self.assertEqual(len(line.splitlines()), 1)
        self.assertTrue(line.isprintable())
        return json.loads(line)

    def test_each_event_is_one_line_that_programs_read(self):
        words = 'Été "日本"\n\x1b[2J\u2028\x85 {}'
        line = self.read(record_of("blog", words, ValueError("one\nERROR django: forged")))
        self.assertEqual((line["level"], line["logger"], line["message"]), ("ERROR", "blog", words))
        self.assertRegex(line["time"], r"\A20\d\d-\d\d-\d\dT[\d:]{8}\.\d{3}\+00:00\Z")
        self.assertIn("ValueError: one\nERROR", line["traceback"])
        self.assertNotIn("request_id", line)
        self.assertNotIn("traceback", self.read(record_of("django.security.X", "Refused", ValueError("one"))))

    def test_a_line_names_its_request_wherever_it_is_written(self):
        before = current_id.set("of-the-thread")
        self.addCleanup(current_id.reset, before)
        record = record_of("blog", "Failed")
        self.assertEqual(self.read(record)["request_id"], "of-the-thread")
        # Django writes some when the request is over.
        record.request = RequestFactory().get("/en/", **{REQUEST_ID: "of-the-request"})
        self.assertEqual(self.read(record)["request_id"], "of-the-request")
        self.assertIn(" blog of-the-request: Failed", formatter("text").format(record))

    def test_what_django_says_of_a_request_hides_the_secret_part_of_its_path(self):
        for path, shown in (
            ("/en/preview/secret/", "/en/preview/…/"),
            ("/admin/new-password/MQ/secret-token/", "/admin/new-password/…/…/"),
            ("/en/articles/one/", "/en/articles/one/"),
        ):
            for match in (None, resolve(path)):
                record = record_of("django.request", "%s: %s")
                record.request = RequestFactory().get(path)
                record.request.resolver_match = match
                record.args = ("Internal Server Error", path)
                self.assertEqual(self.read(record)["message"], f"Internal Server Error: {shown}")

    def test_where_a_refused_sender_came_from_is_not_told(self):
        record = record_of("django.security.csrf", "Forbidden (%s): %s")
        record.args = ("Referer checking failed - https://a.example/?q=illness does not match.", "/admin/")
        self.assertEqual(self.read(record)["message"], "Forbidden (Referer checking failed): /admin/")

    def test_a_terminal_gets_lines_for_people_and_all_else_json(self):
        for is_terminal, kind in ((True, LineFormatter), (False, JsonFormatter)):
            with mock.patch("sys.stderr") as stderr:
                stderr.isatty.return_value = is_terminal
                self.assertIsInstance(formatter("auto"), kind)
        self.assertIsInstance(formatter("text"), LineFormatter)
        self.assertIsInstance(formatter("json"), JsonFormatter)
