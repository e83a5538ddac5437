"""What the form of an article shows of each language beside its fields: its state, and the buttons that fit."""

from django.http import HttpRequest

from articles import languages
from articles.checklist import copy_remarks, standing_remarks
from articles.forms import ArticleForm, seen
from articles.models import Article
from articles.permissions import may_publish, may_write
from articles.reading_time import word_count
from articles.remark import Remark

from .live_preview import preview_address


def publication(request: HttpRequest, form: ArticleForm, article: Article | None, language: str) -> dict:
    """Return state, dates, working copy, buttons and the checklist of one language, for the template."""
    State = Article.State  # noqa: N806, a class
    state = article.state_in(language) if article else State.MISSING
    copy = article.working_copy(language) if article else None
    may = may_publish(request.user, form.instance, language)
    first = getattr(article, languages.column("first_published_at", language)) if article else None
    return {
        "code": language,
        "name": languages.name(language),
        "name_in_sentence": languages.name_in_sentence(language),
        "preview": preview_address(article, language),
        "state": state,
        "date": getattr(article, languages.column("published_at", language)) if article else None,
        "copy": copy,
        "is_read_only": bool(article) and not may_write(request.user, article, language),
        "can_publish": may and state != State.LIVE,
        "can_unpublish": may and state in {State.LIVE, State.SCHEDULED},
        "can_publish_copy": may and copy,
        "can_drop_copy": copy and may_write(request.user, article, language),
        "copy_fits": may and state in {State.LIVE, State.SCHEDULED} and not copy,
        "first_published_at": first if may and state == State.DRAFT else None,
        "length": _length(article, language) if article and not copy and not form.is_bound else None,
        "remarks": _remarks(form, article, language) if may else [],
    }


def _length(article: Article, language: str) -> dict[str, int] | None:
    """Return how long the text that stands is: its words, and the minutes that reading them takes."""
    rendering = article.rendering_in(language)
    return rendering and {"words": word_count(rendering.text), "minutes": rendering.reading_minutes}


def _remarks(form: ArticleForm, article: Article | None, language: str) -> list[Remark]:
    """Return what there is to remark on the text in the form; the form carries that its author has seen it."""
    if form.is_bound:
        return form.remarks.get(language, [])
    text = article and article.in_work(language)
    if not text or not text.body:
        return []
    found = (copy_remarks if text.is_working_copy else standing_remarks)(article, language)
    form.initial[f"seen_{language}"] = seen(found)
    return found
