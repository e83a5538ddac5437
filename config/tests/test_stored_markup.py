"""Markup written into every field that somebody can fill in, and what readers and authors then see."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import quote
from xml.dom import minidom

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.test import TestCase

from articles import languages
from articles.models import Article, Author, Series, Tag
from articles.tests.examples import live, make_article
from blog.models import Page, Site
from blog.tests.crawler import crawl
from blog.tests.examples import make_page, shown

SCRIPT = "</script></title></textarea>'\"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:7 }}&lt;b&gt;"


class MarkupReader(HTMLParser):
    """Collects what could run."""

    def __init__(self):
        super().__init__()
        self.faults = []

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "script" and "src" not in said and said.get("type") != "application/ld+json":
            self.faults.append("script")
        if said.get("src") == "x":
            self.faults.append(tag)
        self.faults += [name for name in said if name.startswith("on")]
        for name in ("href", "src", "action", "formaction"):
            if (said.get(name) or "").strip().lower().startswith(("javascript:", "data:text")):
                self.faults.append(f"{name}={said[name]}")


class StoredMarkupTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        def in_all(**fields: str) -> dict:
            return {languages.column(name, code): words for name, words in fields.items() for code in languages.codes()}

        Site.current()
        Site.objects.update(**in_all(name=SCRIPT[:100], tagline=SCRIPT, author=SCRIPT[:100], footer=SCRIPT))
        tag = Tag.objects.create(key="tag", **in_all(name=SCRIPT[:90]), slug_en="tag", slug_fr="sujet")
        series = Series.objects.create(
            key="series", **in_all(title=SCRIPT[:90], description=SCRIPT), slug_en="series", slug_fr="suite"
        )
        author = Author.objects.create(name=SCRIPT[:100], slug_en="a", slug_fr="a", **in_all(about=SCRIPT))
        body = f"## {SCRIPT.replace('<', chr(92) + '<')}\n\n    {SCRIPT}\n\n`{SCRIPT}` words"
        texts = {"summary": SCRIPT, "body": body}
        cls.article = make_article(
            "one", en=live(SCRIPT[:90], slug="one", **texts), fr=live(SCRIPT[:90], slug="un", **texts)
        )
        Article.objects.update(series=series, part=1, source=f"https://example.org/{quote(SCRIPT)}"[:200])
        cls.article.tags.add(tag)
        cls.article.authors.add(author)
        page = {"body": body, "slug": "page"}
        make_page(
            "page", navigation=Page.Navigation.HEADER, en=shown(SCRIPT[:90], **page), fr=shown(SCRIPT[:90], **page)
        )

    def test_the_address_of_a_source_is_one_of_the_web(self):
        for address in ("javascript:alert(1)", "JAVASCRIPT://x.example/%0aalert(1)", "data:text/html,x", "//x.example"):
            self.article.source = address
            with self.subTest(address), self.assertRaisesMessage(ValidationError, "URL"):
                self.article.clean_fields()

    def assert_nothing_runs(self, path: str, text: str) -> None:
        reader = MarkupReader()
        reader.feed(text)
        self.assertEqual(reader.faults, [], path)
        self.assertNotIn("14", re.findall(r"add:7 }}|\b14&amp;lt;", text), path)

    def test_what_is_written_into_any_field_runs_on_no_page_of_readers(self):
        documents = crawl("/en/", "/fr/", "/sitemap.xml", "/en/search/?q=alert", "/fr/search/?q=script")
        self.assertGreater(len(documents), 25)
        for path, document in documents.items():
            self.assertLess(document.status, 500)
            if document.content_type == "text/html":
                self.assert_nothing_runs(path, document.text)
                for data in re.findall(r'<script type="application/ld\+json">(.*?)</script>', document.text, re.DOTALL):
                    json.loads(data)
            elif "xml" in document.content_type:
                minidom.parseString(document.text)
            elif "json" in document.content_type:
                json.loads(document.text)

    def test_what_is_written_into_any_field_runs_on_no_page_of_the_admin(self):
        self.client.force_login(get_user_model().objects.create_superuser("editor", first_name=SCRIPT[:90]))
        article = f"/admin/articles/article/{self.article.pk}/"
        pages = [article + end for end in ("change/", "history/", "delete/", "previews/", "translate/fr/", "files/fr/")]
        pages += [f"/admin/articles/{name}/" for name in ("article", "tag", "series", "author", "image", "redirect")]
        pages += [f"/admin/articles/{name}/1/change/" for name in ("tag", "series", "author")]
        pages += ["/admin/", "/admin/blog/page/", "/admin/blog/page/1/change/", "/admin/blog/site/1/change/"]
        pages += ["/admin/articles/article/translations/", f"/admin/articles/article/?q={SCRIPT}"]
        for path in pages:
            response = self.client.get(path, follow=True)
            self.assertLess(response.status_code, 500, path)
            self.assert_nothing_runs(path, response.content.decode())
