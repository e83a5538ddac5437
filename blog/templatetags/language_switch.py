"""The language switch of the header: this page in the other languages."""

from django import template
from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override

register = template.Library()


@register.inclusion_tag("_language_switch.html", takes_context=True)
def language_switch(context: template.Context) -> dict:
    """List each other language with its name for itself and this page's address there.

    A page that is not translated like its path says where it stands in `alternates`: a path for each code, or None
    where it cannot be read. An error page leads to the home page.
    """
    return {"languages": [_entry(code, name, context) for code, name in settings.LANGUAGES if code != get_language()]}


def _entry(code: str, name: str, context: template.Context) -> dict:
    alternates = context.get("alternates")
    return {
        "code": code,
        "name": name,
        "url": alternates[code] if alternates else _translated_path(context.get("request"), code),
    }


def _translated_path(request, code: str) -> str:
    if request is not None and request.resolver_match is not None:
        path = translate_url(request.path, code)
        if path != request.path:
            return path
    with override(code):
        return reverse("blog:home")
