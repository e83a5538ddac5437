"""What of the database somebody may not change, to be looked at before and after."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model, QuerySet

from articles import languages
from articles.models import (
    Article,
    ArticleImage,
    Companion,
    Image,
    PreviewLink,
    Rendering,
    Revision,
    SearchEntry,
    Translation,
    UnsavedText,
    WorkingCopy,
)  # fmt: skip
from articles.permissions import may_delete, may_publish, may_write, may_write_all
from blog.models import PageRendering, PageRevision

# What requests leave behind without anybody's right.
BY_THE_WAY = {"Session", "LogEntry", "LastChange", "FormerSlug", "ContentType", "Event"}
# Everybody may begin a second factor.
OWN = ("otp_totp.TOTPDevice", "otp_static.StaticDevice")
# What comes of writing something else: an article, an image while writing, a page.
OF_LANGUAGES = (Revision, Rendering, WorkingCopy, SearchEntry)
OF_ARTICLES = (*OF_LANGUAGES, Article, ArticleImage, Companion, Translation, PreviewLink, UnsavedText)
OF_OTHERS = (Image, PageRevision, PageRendering)


class Guard:
    """All that somebody, or nobody (None), may not change; what it finds at first must be there at last."""

    def __init__(self, user=None) -> None:
        self.user = user
        self.closed = {article.pk: self._closed_columns(article) for article in Article._base_manager.all()}
        self.before = dict(self._found())

    def broken(self) -> list[str]:
        """Return what was changed all the same, each with what it is now."""
        return [f"{name}: {now}" for name, now in self._found() if self.before[name] != now]

    def _found(self) -> Iterable[tuple[str, Any]]:
        for model in filter(self._is_closed, apps.get_models(include_auto_created=True)):
            rows = model._base_manager.order_by("pk")
            if model is get_user_model() and self.user:
                # Who logs in and who changes the own password is written down.
                rows = rows.exclude(pk=self.user.pk)
            if model._meta.label in OWN and self.user:
                rows = rows.exclude(user=self.user.pk)
            yield model._meta.label, _values(rows)
        for pk, columns in self.closed.items():
            yield f"article {pk}", list(Article._base_manager.filter(pk=pk).values_list("pk", *sorted(columns)))
            for code in languages.codes():
                if languages.column("body", code) in columns and not self._may_write(pk, code):
                    for model in OF_LANGUAGES:
                        rows = model._base_manager.filter(article=pk, language=code).order_by("pk")
                        yield f"{model.__name__} of article {pk} ({code})", _values(rows)

    def _is_closed(self, model: type[Model]) -> bool:
        if model.__name__ in BY_THE_WAY or model._meta.app_label == "axes":
            return False
        if self.user is None or not self.user.is_staff:
            return True
        owner = next((other for other in apps.get_models() if model in _between(other)), model)
        if owner in OF_ARTICLES or owner in OF_OTHERS:
            return not self.user.get_all_permissions()
        return not any(
            self.user.has_perm(f"{owner._meta.app_label}.{verb}_{owner._meta.model_name}")
            for verb in ("add", "change", "delete")
        )

    def _may_write(self, pk: int, language: str) -> bool:
        return self.user is not None and may_write(self.user, Article._base_manager.get(pk=pk), language)

    def _closed_columns(self, article: Article) -> set[str]:
        names = {field.attname for field in Article._meta.concrete_fields if field.attname != "updated_at"}
        of_language = {code: {name for name in names if name.endswith(f"_{code}")} for code in languages.codes()}
        shared = names - {"deleted_at"} - set().union(*of_language.values())
        if self.user is None:
            return names
        closed = set() if may_write_all(self.user, article) else shared
        if not may_delete(self.user, article):
            closed.add("deleted_at")
        for code, columns in of_language.items():
            date = languages.column("published_at", code)
            if not may_write(self.user, article, code):
                closed |= columns
            elif not may_publish(self.user, article, code):
                closed |= columns if getattr(article, date) else {date}
        return closed


def _between(model: type[Model]) -> list[type[Model]]:
    return [field.remote_field.through for field in model._meta.many_to_many]


def _values(rows: QuerySet) -> list[tuple]:
    return list(rows.values_list(*(field.attname for field in rows.model._meta.concrete_fields)))
