"""What every page of the frame may show: the site's own texts, asked for only where a template names them."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import Page, Site


def site(request: HttpRequest) -> dict[str, SimpleLazyObject]:
    """Give `site`, the one Site, and `linked_pages`, the pages that every page links to: `header` and `footer`."""
    return {
        "site": SimpleLazyObject(Site.current),
        "linked_pages": SimpleLazyObject(Page.objects.by_navigation),
    }
