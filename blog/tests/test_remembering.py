"""Tests of what an export asks for once."""

from django.test import RequestFactory, SimpleTestCase

from blog.remembering import MEMORY, remembered


class RememberingTests(SimpleTestCase):
    def asked(self, *keys: str, **environ) -> list[int]:
        request, numbers = RequestFactory().get("/", **environ), iter(range(9))
        return [remembered(request, "number", key, lambda: next(numbers)) for key in keys]

    def test_a_visitor_gets_it_made_anew_each_time(self):
        self.assertEqual(self.asked("en", "en"), [0, 1])
        # Nor can one ask for it by a header.
        self.assertEqual(self.asked("en", "en", HTTP_BLOG_MEMORY="x"), [0, 1])

    def test_an_export_gets_it_once_as_long_as_the_key_is_the_same(self):
        self.assertEqual(self.asked("en", "en", "fr", "fr", "en", **{MEMORY: {}}), [0, 0, 1, 1, 2])
