"""The author's desk on the front page of the admin: its lists in the order that suits a person, each with its words."""

from django import template
from django.contrib.auth.models import AbstractBaseUser
from django.template import Context
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import languages
from articles.admin.changelist import LAST_CHANGED_FIRST
from articles.desk import DeskList, Line, Task, desk
from articles.models import Article
from articles.permissions import may_add, may_view, may_write_some, may_write_translations

register = template.Library()


HEADINGS = {"unsaved": gettext_lazy("Not saved yet"), **dict(Task.choices), "changes": gettext_lazy("Changed lately")}

TRANSLATING = (Task.UNTRANSLATED, Task.BEHIND)


@register.inclusion_tag("admin/articles/_translation_desk.html", takes_context=True)
def translation_desk(context: Context) -> dict:
    """Lead to the translation desk whoever may see it."""
    return {"may_view": may_view(context["request"].user)}


@register.inclusion_tag("admin/articles/_desk.html", takes_context=True, name="desk")
def desk_tag(context: Context) -> dict:
    """Show the desk of whoever looks at the page; nothing to whoever has nothing to do with articles."""
    user = context["request"].user
    found = desk(user)
    lists = [_list(name, found[name], user) for name in _order(user) if name in found]
    # An empty list is left out, unless its emptiness is worth a sentence.
    return {"lists": [each for each in lists if each["lines"] or each["empty"]], "may_add": found and may_add(user)}


def _order(user: AbstractBaseUser) -> list[str]:
    """Return the names of the lists in the order of the page: whoever begins nothing came to translate."""
    names = list(HEADINGS)
    return names if may_add(user) else sorted(names, key=lambda name: name not in TRANSLATING)


def _list(name: str, found: DeskList, user: AbstractBaseUser) -> dict:
    lines = [_line(name, line) for line in found.lines]
    if name == Task.DRAFTS:
        # Of one's own drafts, only what somebody else did is news.
        lines = [line | {"by": line["by"] if line["by"] != user else None} for line in lines]
    return {
        "name": name,
        "heading": HEADINGS[name],
        "lines": lines,
        "more": _more(name, found, user),
        "more_words": _("Translation desk") if name == Task.BEHIND else _("Show all"),
        "empty": _empty(name, user),
    }


def _empty(name: str, user: AbstractBaseUser) -> str:
    """Return what an empty list says, "" where it says nothing."""
    if name == Task.DRAFTS and may_add(user):
        return _("You have no drafts.")
    if name == Task.UNTRANSLATED and may_write_some(user):
        return _("Nothing that is live waits to be translated.")
    if name == Task.BEHIND and may_write_some(user):
        return _("No translation is behind its original.")
    return ""


def _more(name: str, found: DeskList, user: AbstractBaseUser) -> str:
    """Return the address of all that a list holds; "" where it shows all, or where no page shows it.

    The translation desk shows more than what is behind.
    """
    if name == Task.BEHIND:
        desk = reverse("admin:articles_article_translations")
        return desk if may_write_translations(user) else f"{desk}?mine=on"
    articles = reverse("admin:articles_article_changelist")
    if not found.has_more or name == "unsaved":
        return ""
    return f"{articles}?{LAST_CHANGED_FIRST}" if name == "changes" else f"{articles}?desk={name}"


def _line(name: str, line: Line) -> dict:
    """Return what the template shows of a line; `to_write` and `to_update` name a language."""
    title, language = line.shown_title
    is_of_all = name in (Task.DRAFTS, Task.UNTRANSLATED)
    codes = languages.codes() if is_of_all else [line.language]
    return {
        "title": title,
        "title_language": language,
        "address": _address(name, line),
        "states": [] if line.form else [_state(line.article, code) for code in codes],
        "languages": [(code, languages.name(code)) for code in line.languages],
        "at": line.at,
        "by": line.revision and line.revision.created_by,
        "note": line.revision.note if line.revision else "",
        "to_write": languages.name_in_sentence(line.language) if name == Task.UNTRANSLATED else "",
        "to_update": languages.name_in_sentence(line.language) if name == Task.BEHIND else "",
        "article": line.article,
        "language": line.language,
        "passages": line.passages,
        "words": line.words,
    }


def _address(name: str, line: Line) -> str:
    form = (
        reverse("admin:articles_article_change", args=[line.article.pk])
        if line.article
        else reverse("admin:articles_article_add")
    )
    if line.form:
        return f"{form}?unsaved={line.form}"
    if name in TRANSLATING:
        return f"{form}#id_{languages.column('title' if name == Task.UNTRANSLATED else 'body', line.language)}"
    return form


def _state(article: Article, language: str) -> dict:
    return {
        "language": language,
        "name": languages.name(language),
        "state": article.state_in(language),
        "has_copy": any(copy.language == language for copy in article.working_copies.all()),
    }
