"""The models of an application: their fields in plain words, which of them are translated, what they link to."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import NotRegistered, translator

from .source import PACKAGES, first_sentence, place_of

# A field is of the first of its class's ancestors that stands here.
KINDS = {
    models.ManyToManyField: _("links to any number of"),
    models.OneToOneField: _("link one to one to"),
    models.ForeignKey: _("link to one"),
    models.SlugField: _("words of an address"),
    models.URLField: _("web address"),
    models.CharField: _("line of text"),
    models.TextField: _("text of any length"),
    models.BooleanField: _("yes or no"),
    models.IntegerField: _("whole number"),
    models.DateTimeField: _("date and time"),
    models.UUIDField: _("identifier"),
    models.JSONField: _("structured data"),
    models.Field: _("data"),
}
CHOICE = _("one of a list")


@dataclass(frozen=True)
class Field:
    """A field; `label` is what authors see it called, "" where they never do."""

    name: str
    label: str | Promise
    kind: str | Promise
    is_translated: bool
    # The model that it links to, and the id of its heading where it is on the page.
    target: str
    target_id: str


@dataclass(frozen=True)
class Model:
    """A model; `label` is its name in the admin, "" where it is not named there."""

    id: str
    name: str
    label: str | Promise
    sentence: str
    module: str
    fields: tuple[Field, ...]


def models_of(application: str) -> list[Model]:
    """Return the models of an application in alphabetical order; a translated field is one, whatever its columns."""
    if not apps.is_installed(application):
        return []
    models_there = apps.get_app_config(application).get_models()
    return sorted(map(_model, models_there), key=lambda model: model.name)


def _model(model: type[models.Model]) -> Model:
    # Django writes the names of the fields where there is no docstring.
    docstring = "" if model.__doc__.startswith(f"{model.__name__}(") else model.__doc__
    return Model(
        id=_id(model),
        name=model.__name__,
        label=_said(model._meta.verbose_name),
        sentence=first_sentence(docstring),
        module=place_of(model.__module__),
        fields=tuple(_fields(model)),
    )


def _fields(model: type[models.Model]) -> Iterator[Field]:
    translated = _translated_fields(model)
    columns = {column.name for fields in translated.values() for column in fields}
    for field in [*model._meta.fields, *model._meta.many_to_many]:
        if field.auto_created or field.name in columns:
            continue
        target = field.related_model
        yield Field(
            name=field.name,
            label=_said(field.verbose_name),
            kind=CHOICE if field.choices else _kind(field),
            is_translated=field.name in translated,
            target=target.__name__ if target else "",
            target_id=_id(target) if target and target._meta.app_label in PACKAGES else "",
        )


def _translated_fields(model: type[models.Model]) -> dict[str, list]:
    """Return the columns of each translated field."""
    try:
        return translator.get_options_for_model(model).all_fields
    except NotRegistered:
        return {}


def _kind(field: models.Field) -> Promise:
    return next(KINDS[ancestor] for ancestor in type(field).__mro__ if ancestor in KINDS)


def _said(name: str | Promise) -> str | Promise:
    """Return a name that somebody wrote; what Django makes of a name in code is no word for readers."""
    return name if isinstance(name, Promise) else ""


def _id(model: type[models.Model]) -> str:
    return f"page_model_{model._meta.model_name}"
