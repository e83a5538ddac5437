"""What every page of the frame may show: the site's own texts, asked for only where a template names them."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import Page, Site


def site(request: HttpRequest) -> dict[str, SimpleLazyObject]:
    """Give `site`, the one Site, and `linked_pages`, the pages that every page links to: `header` and `footer`.

    The admin's frame asks for `this_site`: its login page has Django's own `site`, which knows the host alone.
    """
    current = SimpleLazyObject(Site.current)
    return {
        "site": current,
        "this_site": current,
        "linked_pages": SimpleLazyObject(Page.objects.by_navigation),
    }
