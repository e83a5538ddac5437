"""What the Content-Security-Policy stops in a real browser, on every page that the site has: nothing."""

import re
from collections.abc import Iterator
from importlib import import_module

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import tag
from django.urls import URLPattern, get_resolver
from playwright.sync_api import Error, Page

from articles.models import Article, PreviewLink, UnsavedText

from .browser import BrowserTestCase
from .whole_site import FolderMixin, make_site

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
MODEL = re.compile(r"admin/(\w+)/(\w+)/")
# What only leads on; the structure page, whose own tests open it and take their time; Django's own pages of history and
# deletion, which are alike for all models but these.
ELSEWHERE = re.compile(
    r"\(|.*(<path:object_id>/|^en/(articles|tags|series|authors)/|structure/)$"
    r"|admin/(?!articles/article/|blog/page/|auth/user/).*/(history|delete)/$"
)
# Chromium's words for a page that is not there, and for an answer without a page.
IS_MISSING, IS_EMPTY = "Failed to load resource", "ERR_HTTP_RESPONSE_CODE_FAILURE"
WORSE = {"error", "warning"}


def routes(patterns: list, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from routes(pattern.url_patterns, route)


@tag("reader", "author")
class PolicyTests(FolderMixin, BrowserTestCase):
    def setUp(self):
        super().setUp()
        # A browser test before this one emptied the database, and the groups of the roles went too.
        import_module("blog.migrations.0002_roles").make_groups(apps, connection.schema_editor())
        self.article: Article = make_site()

    def test_no_page_of_the_site_has_anything_that_the_policy_stops(self):
        page = self.page(locale="en-GB")
        page.goto("/admin/login/")
        self.log_in(page)
        page.context.on("console", lambda told: told.type in WORSE and self.faults.append(told.text))
        addresses = [route for route in routes(get_resolver().url_patterns) if not ELSEWHERE.match(route)]
        self.assertGreater(len(addresses), 80)
        for route in addresses:
            path = "/" + ARGUMENT.sub(lambda found, route=route: self.value(found[1], route), route)
            page = self.opened(page, path.replace("compare/", f"compare/?to={self.article.latest_revision('en').pk}"))
            with self.subTest(path):
                self.assertEqual([fault for fault in self.faults if IS_MISSING not in fault], [])
            self.faults.clear()
        # It would have been heard of.
        page.goto("/en/")
        page.evaluate("document.body.setAttribute('style', 'color: red')")
        self.assertIn("Content Security Policy", self.faults[0])

    def opened(self, page: Page, path: str) -> Page:
        """Open an address; return the page for the next one."""
        try:
            page.goto(path)
        except Error as error:
            if IS_EMPTY not in error.message:
                raise
            # What Chromium shows in place of a page comes late, and would be in the way of the next one.
            page.close()
            return page.context.new_page()
        return page

    def value(self, name: str, route: str) -> str:
        """Return what stands at a place of an address."""
        if name in ("object_id", "id"):
            named = MODEL.match(route)
            model = apps.get_model(*named.groups()) if named else Article
            return str(getattr(model._default_manager.first(), "pk", 1))
        if name == "slug":
            slugs = {"tags": "the-framework", "series": "parts", "authors": "a-writer", "pages": "about"}
            return slugs.get(route.split("/")[1], self.article.slug_en)
        published_at = self.article.published_at_en
        return {
            "pk": str(self.article.pk),
            "revision_pk": str(self.article.latest_revision("en").pk),
            "language": "fr",
            "form": str(UnsavedText.objects.get().form),
            "token": PreviewLink.objects.get().token,
            "year": f"{published_at:%Y}",
            "month": f"{published_at:%m}",
            "content_type_id": str(ContentType.objects.get_for_model(Article).pk),
            "name": min(self.files()),
        }.get(name, "1")
