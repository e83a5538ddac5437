"""What is loaded before gunicorn makes its workers, and is theirs together."""

from unittest import mock

from django.template import Template, TemplateSyntaxError, engines
from django.test import TestCase
from django.urls import reverse
from django.utils.translation import override

from articles.tests.examples import live, make_article
from config import warm_up


class WarmUpTests(TestCase):
    def test_after_it_no_page_of_readers_reads_a_template_and_no_database_was_asked(self):
        for loader in engines["django"].engine.template_loaders:
            loader.reset()
        with self.assertNumQueries(0):
            warm_up.warm_up()
        names = ("blog:home", "articles:archive", "blog:search", "blog:structure")
        make_article("one", en=live("One", slug="one"))
        with override("en"):
            addresses = ["/en/articles/one/", *map(reverse, names), "/en/nowhere/"]
        with mock.patch.object(Template, "compile_nodelist", side_effect=AssertionError):
            for address in addresses:
                with self.subTest(address):
                    self.assertIn(self.client.get(address).status_code, (200, 404))

    def test_a_template_that_cannot_be_read_keeps_no_server_from_starting(self):
        with mock.patch.object(warm_up, "get_template", side_effect=TemplateSyntaxError) as asked:
            warm_up.warm_up()
        self.assertGreater(asked.call_count, 20)
