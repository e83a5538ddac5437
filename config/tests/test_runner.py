import logging

from django.test import SimpleTestCase


class RunnerTests(SimpleTestCase):
    def test_between_the_dots_of_the_tests_stands_no_line_of_the_log(self):
        for name in ("", "django"):
            handlers = [type(handler) for handler in logging.getLogger(name).handlers]
            self.assertEqual(handlers, [logging.NullHandler], name)
        with self.assertLogs("django.security.csrf") as heard:
            logging.getLogger("django.security.csrf").warning("Heard all the same.")
        self.assertEqual(len(heard.output), 1)
