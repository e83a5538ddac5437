"""The links in the head by which a feed reader finds the feeds of a page."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from articles import languages
from articles.markdown import typeset
from articles.models import Series, Slugged, Tag
from blog.feeds import atom, json_feed
from blog.feeds.feed import address_of

register = template.Library()

MEDIA_TYPES = {"feed": atom.MEDIA_TYPE, "feed_json": json_feed.MEDIA_TYPE}


@register.simple_tag(takes_context=True)
def feed_links(context: template.Context) -> SafeString:
    """Link the feeds of the active language and, on the page of a tag or a series, its own before them."""
    subject = context.get("subject")
    whose = [subject, None] if isinstance(subject, Tag | Series) else [None]
    links = [
        (MEDIA_TYPES[name], _title(context, each), address_of(name, each)) for each in whose for name in MEDIA_TYPES
    ]
    return format_html_join("\n  ", '<link rel="alternate" type="{}" title="{}" href="{}">', links)


def _title(context: template.Context, subject: Slugged | None) -> str:
    title = context["site"].name
    return typeset(f"{subject.heading} – {title}" if subject else title, languages.active())
