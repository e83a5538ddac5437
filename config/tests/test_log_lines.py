import logging
import sys
from unittest import TestCase

from config.log_lines import LineFormatter


def written(name: str, message: str, error: Exception | None = None) -> list[str]:
    found = None
    if error:
        try:
            raise error
        except Exception:
            found = sys.exc_info()
    record = logging.LogRecord(name, logging.ERROR, "file.py", 1, message, (), found)
    return LineFormatter("{levelname} {name}: {message}", style="{").format(record).split("\n")


class LineFormatterTests(TestCase):
    def test_no_words_of_a_visitor_begin_a_line_or_move_the_cursor(self):
        for line_end in ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1b[2J", "\x85", "\u2028", "\x00"):
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

    def test_what_is_refused_is_one_line(self):
        (line,) = written("django.security.TooManyFieldsSent", "Too many", ValueError("one"))
        self.assertEqual(line, "ERROR django.security.TooManyFieldsSent: Too many")
