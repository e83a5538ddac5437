"""What leads to an article, as the lines of a list for authors."""

from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import languages
from articles.incoming import Incoming, links_to_each
from articles.models import Article, Slugged


def incoming_lines(
    model_admin: admin.ModelAdmin, request: HttpRequest, articles: list[Article]
) -> dict[Article, list[dict]]:
    """Return what `_incoming.html` shows of each article: a line for each thing that leads to it."""
    found = links_to_each(articles)
    return {key: [_line(model_admin.admin_site, request, each) for each in found[key]] for key in articles}


def _line(site: admin.AdminSite, request: HttpRequest, incoming: Incoming) -> dict:
    thing = incoming.thing
    title, language = title_of(thing)
    ways = [languages.name(code) for code in incoming.languages]
    if incoming.has_as_companion:
        ways.append(_("as a companion"))
    return {
        "url": form_url(site, request, thing),
        "title": title,
        "language": language,
        "kind": thing._meta.verbose_name,
        "ways": ways,
    }


def title_of(thing: Model) -> tuple[str, str]:
    """Return what a thing is called, and the language of that, "" where it is not known."""
    if isinstance(thing, Article):
        return thing.shown_title()
    named = (code for code in (languages.active(), *languages.codes()) if isinstance(thing, Slugged))
    return str(thing), next((code for code in named if thing.name_in(code)), "")


def form_url(site: admin.AdminSite, request: HttpRequest, thing: Model) -> str:
    """Return the address of a thing's form; "" for who may not open it."""
    of_its_kind = site.get_model_admin(type(thing)) if site.is_registered(type(thing)) else None
    if of_its_kind is None or not of_its_kind.has_view_or_change_permission(request, thing):
        return ""
    return reverse(admin_urlname(thing._meta, "change"), args=[thing.pk])
