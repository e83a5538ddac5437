"""One address followed to its page: the lines of code that a request for an article passes, in their order."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import models
from django.template.loader import get_template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

from ..page_store import PageStore
from .addresses import Address, address_named
from .source import ROOT, place_of, project_path

# Where a long line is best divided on a narrow screen.
DOT = '<span class="o">.</span>'


@dataclass(frozen=True)
class Step:
    """A file that the request comes to, what happens there, and the lines that do it, as HTML with their colours."""

    what: str | Promise
    place: str
    html: str


@cache
def article_page() -> Address:
    """Return the address that is followed."""
    return address_named("articles:article_detail")


@cache
def steps() -> list[Step]:
    """Follow a request for an article."""
    address = article_page()
    view = address.callback.view_class
    model, method = _query(view)
    queryset = model._default_manager._queryset_class
    return [
        _step(
            _("In front of Django, a store keeps each page until something changes. Django makes what it lacks."),
            place_of(PageStore.__module__),
            _class(PageStore, lambda node: getattr(node, "name", "") == PageStore.kept.__name__),
        ),
        _step(
            _("The project’s addresses put the language first and hand on to the application."),
            "config/urls.py",
            _lines("config/urls.py", ast.Starred, 'include("articles.urls")'),
        ),
        _step(
            _("The application’s addresses name the view. The words of the path are translated."),
            place_of(address.urlconf),
            _lines(place_of(address.urlconf), ast.Call, f'name="{address.name.rpartition(":")[2]}"'),
        ),
        _step(_("The view says which articles, and which template."), address.place, _class(view, _is_choice)),
        _step(
            _("The queryset knows what readers may see. Every page, feed and link asks it."),
            place_of(queryset.__module__),
            _class(queryset, lambda node: getattr(node, "name", "") == method),
        ),
        _step(_("The template fills the frame that all pages share."), *_template(address.template), "django"),
    ]


def _step(what: Promise, place: str, code: str, language: str = "python") -> Step:
    html = highlight(code, get_lexer_by_name(language), HtmlFormatter(nowrap=True)).replace(DOT, f"<wbr>{DOT}")
    return Step(what, place, "".join(f'<span class="line">{line}\n</span>' for line in html.splitlines()))


def _query(view: type) -> tuple[type[models.Model], str]:
    """Return the model that a view asks for, and the first method that it calls on its `objects`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(view.get_queryset)))
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Attribute(value=ast.Name(model), attr="objects"), attr=method):
                return getattr(inspect.getmodule(view.get_queryset), model), method
    raise LookupError(f"{view.__name__} asks no queryset.")


def _is_choice(node: ast.stmt) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name("template_name")]) | ast.FunctionDef("get_queryset"):
            return True
    return False


def _lines(place: str, kind: type[ast.expr], part: str) -> str:
    """Return the smallest expression of a kind in a file that has a part."""
    text = (ROOT / place).read_text()
    expressions = (_segment(text, node) for node in ast.walk(ast.parse(text)) if isinstance(node, kind))
    return min((expression for expression in expressions if part in expression), key=len)


def _class(owner: type, is_shown: Callable[[ast.stmt], bool]) -> str:
    """Return the head of a class and those of its statements that are shown, without docstrings."""
    text = inspect.getsource(owner)
    tree = ast.parse(text)
    shown = [node for node in tree.body[0].body if is_shown(node)]
    statements = "\n\n".join(textwrap.indent(_statement(text, node), " " * 4) for node in shown)
    return f"{text.partition(chr(10))[0]}\n{statements}"


def _statement(text: str, node: ast.stmt) -> str:
    lines = _segment(text, node).splitlines()
    if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
        docstring = node.body[0]
        del lines[docstring.lineno - node.lineno : docstring.end_lineno - node.lineno + 1]
    return "\n".join(lines)


def _segment(text: str, node: ast.expr | ast.stmt) -> str:
    return textwrap.dedent(ast.get_source_segment(text, node, padded=True))


def _template(name: str) -> tuple[str, str]:
    """Return the place of a template, and its tags that name other templates."""
    origin = Path(get_template(name).origin.name)
    return project_path(origin), "\n".join(dict.fromkeys(_links(origin.read_text())))


def _links(text: str) -> Iterator[str]:
    for tag, name in re.findall(r"""{%\s*(extends|include)\s+"([^"]+)""", text):
        yield f'{{% {tag} "{name}" %}}'
