"""The language switch of the header: this page in the other languages."""

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override

register = template.Library()


@register.inclusion_tag("_language_switch.html", takes_context=True)
def language_switch(context: template.Context, is_error: bool = False) -> dict:
    """List each other language with its name for itself and this page's address there.

    A page that is not translated like its path says where it stands in `alternates`: a path for each code, or None
    where it cannot be read. An error page leads to the home page.
    """
    others = [(code, name) for code, name in settings.LANGUAGES if code != get_language()]
    request = None if is_error else context.get("request")
    alternates = context.get("alternates") or {code: _translated_path(request, code) for code, _ in others}
    return {"languages": [{"code": code, "name": name, "url": alternates[code]} for code, name in others]}


def _translated_path(request: HttpRequest | None, code: str) -> str:
    if request is not None and request.resolver_match is not None:
        path = translate_url(request.path, code)
        if path != request.path:
            return path
    with override(code):
        return reverse("blog:home")
