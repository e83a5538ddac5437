"""Make the database of the Wagtail site, with as many articles as the first argument says."""

import json
import os
import sys
from datetime import date, timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.serving.wagtail_site.settings"

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from bench.serving.prose import PARAGRAPHS, sections  # noqa: E402
from bench.serving.wagtail_site.models import ArticleIndexPage, ArticlePage, Author  # noqa: E402


def body(number: int) -> str:
    blocks = []
    for heading, paragraphs in sections(number, PARAGRAPHS):
        blocks.append({"type": "heading", "value": heading})
        blocks.append({"type": "paragraph", "value": "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)})
    return json.dumps(blocks)


def article(number: int) -> ArticlePage:
    return ArticlePage(
        title=f"Article {number} with a word",
        slug=f"article-{number}",
        date=date(2026, 6, 1) - timedelta(days=number),
        intro=f"What article {number} says in a sentence or two.",
        body=body(number),
    )


@transaction.atomic
def fill(size: int) -> None:
    home = Page.get_first_root_node().get_children().get()
    index = home.add_child(instance=ArticleIndexPage(title="Articles", slug="articles", show_in_menus=True))
    Site.objects.update(root_page=home, site_name="Wagtail")
    author = Author.objects.create(name="Author")
    for number in range(size):
        page = index.add_child(instance=article(number))
        page.authors = [author]
        page.tags.add(*(f"Tag {(number + step) % 20}" for step in range(3)))
        page.save()


# The migrations are made where this copy of the project is, and go with it.
call_command("makemigrations", "wagtail_site", verbosity=0)
call_command("migrate", verbosity=0)
call_command("collectstatic", interactive=False, verbosity=0)
fill(int(sys.argv[1]))
