"""Some hundreds of requests at random, as each role; `./run drill fuzz` sends twenty thousand."""

from django.conf import settings
from django.test import SimpleTestCase, TransactionTestCase

from articles.models import Article
from articles.publishing import unpublish
from articles.tests.forms import forms_on

from .fuzzed_site import fuzzed, make_site, served
from .hostile_requests import VARIES
from .privileges import Guard
from .routes import routes


class FuzzTests(TransactionTestCase):
    def test_no_request_at_random_makes_a_fault_or_crosses_a_role(self):
        people = make_site()
        with served() as server:
            for result in fuzzed(server, people, number=30, seed=10):
                with self.subTest(result.who, statuses=result.statuses):
                    self.assertEqual((result.faults, result.crossed), ([], []))
                    self.assertGreater(len(result.statuses), 2)

    def test_what_a_role_may_not_change_is_noticed(self):
        people = make_site()
        guards = {who: Guard(user) for who, user in people.items()}
        self.assertEqual({who: guard.broken() for who, guard in guards.items() if guard.broken()}, {})
        unpublish(Article.objects.get(key="live"), "fr")
        noticed = {who for who, guard in guards.items() if guard.broken()}
        self.assertEqual(noticed, {"nobody", "reader", "staff", "translator", "author"})
        settings_of_users = people["reader"]
        settings_of_users.is_superuser = True
        settings_of_users.save()
        self.assertTrue(any("User" in line for line in guards["editor"].broken()))


class RoutesTests(SimpleTestCase):
    def test_the_routes_are_those_of_every_application_in_every_language(self):
        found = routes()
        for route in ("/", "/fr/archives/{year}/", "/en/archive/{year}/", "/admin/articles/tag/{object_id}/change/"):
            self.assertIn(route, found)
        self.assertGreater(len(found), 150)
        self.assertIn(settings.STATIC_URL + "{file}", found)
        self.assertEqual(VARIES.findall("/a/{b}/{c}.md"), ["b", "c"])


class FormsTests(SimpleTestCase):
    def test_a_form_is_read_as_a_browser_sends_it(self):
        page = """<form action="/to/?x=1" method="post"><input name="a" value="1"><input type="checkbox" name="b">
        <input type="checkbox" name="c" checked><select name="d"><option value="1"><option value="2" selected></select>
        <textarea name="e">\nwords &amp; more</textarea><input type="file" name="f">
        <button name="_save">Save</button></form><form><input name="q"></form>"""
        first, second = forms_on(page, "/from/")
        self.assertEqual((first.method, first.action), ("POST", "/to/?x=1"))
        self.assertEqual(first.fields, [("a", "1"), ("c", "on"), ("d", "2"), ("e", "words & more")])
        self.assertEqual((first.files, first.buttons), (["f"], [("_save", "")]))
        self.assertEqual((second.method, second.action, second.names), ("GET", "/from/", {"q"}))
