"""Django with the store of finished pages in front, as a WSGI server loads it (PEP 3333)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Only now can its models be loaded. Without these lines the site is the same, and slower: of the tests, none fails but
# those of the store in real servers, config/tests/test_page_store_*.py.
from blog.page_store import PageStore  # noqa: E402

from .content_type import PlainContentType  # noqa: E402
from .warm_up import warm_up  # noqa: E402

warm_up()

application = PageStore(PlainContentType(application))
