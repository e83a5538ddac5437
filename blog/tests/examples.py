"""Pages for the tests, saved as the site saves them."""

from django.db import connection

from articles import languages
from blog.models import Page


def make_page(key: str = "", navigation: str = Page.Navigation.FOOTER, position: int = 1, **texts: dict) -> Page:
    """Return a saved page; each other keyword is a language code with some of the fields of its text."""
    columns = {
        languages.column(field, code): value for code, fields in texts.items() for field, value in fields.items()
    }
    return Page.objects.create(key=key, navigation=navigation, position=position, **columns)


def shown(title: str, **fields) -> dict:
    """Return the fields of a text that readers can open."""
    return {"title": title, "body": f"The body of {title}.", "is_live": True} | fields


def count_as_committed() -> None:
    """Let a `TestCase` go on as in another transaction; all that it writes is in one."""
    connection.run_on_commit.clear()
