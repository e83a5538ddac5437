"""What every page of the frame may show: the site's own texts, asked for only where a template names them."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from .models import Site


def site(request: HttpRequest) -> dict[str, Site]:
    return {"site": SimpleLazyObject(Site.current)}
