"""Which addresses a copy of the site must have, and at which old ones it leads on."""

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.urls import reverse

from articles import languages
from articles.addresses import path_in
from articles.models import Redirect, Revision
from articles.models.slugged import FormerSlug
from blog.feeds.views import FORMATS
from blog.listed_pages import PARTS, files, is_large

from .addresses import file_of

# Their files are named by it, and the live site has nothing there: that is what it says.
ERROR_PAGES = ["/404.html", *(f"/{code}/404.html" for code in languages.codes())]


def addresses() -> Iterator[str]:
    """Yield every address that has to be there; what else the pages link to is found on them."""
    parts = list(files())
    for part, number in parts:
        for place in PARTS[part](number):
            yield from place.paths.values()
    for name in FORMATS:
        yield reverse(name)
        yield from (path_in(code, f"blog:{name}") for code in languages.codes())
    yield reverse("robots")
    if settings.SECURITY_CONTACT:
        yield reverse("security_txt")
    yield reverse("sitemap")
    if is_large():
        yield from (reverse("sitemap_part", kwargs={"part": part, "number": number}) for part, number in parts)
    yield from ERROR_PAGES


def old_addresses() -> Iterator[str]:
    """Yield the addresses that may lead to another one today: former slugs, and those of other systems."""
    for code, slug in Revision.objects.once_live().order_by().values_list("language", "slug").distinct():
        if slug:
            yield path_in(code, "articles:article_detail", slug=slug)
            yield path_in(code, "articles:article_markdown", slug=slug)
    for former in FormerSlug.objects.order_by("pk"):
        yield from _former(former)
    yield from Redirect.objects.order_by("old_path").values_list("old_path", flat=True)


def _former(former: FormerSlug) -> Iterator[str]:
    app, model = former.model.split(".")
    yield path_in(former.language, f"{app}:{model}_detail", slug=former.slug)
    if model in ("tag", "series"):
        yield from (path_in(former.language, f"blog:{model}_{name}", slug=former.slug) for name in FORMATS)


def cut_off(places: Iterable[str]) -> set[str]:
    """Return what is left of the paths of pages when their ends are cut off, where no page is."""
    there = set(places)
    ends = {place.rsplit("/", 2)[0] + "/" for place in there if place.endswith("/")}
    # The folder of a list's further pages is of the copy alone.
    return {end for end in ends - there if file_of(end) and not end.endswith("/page/")}
