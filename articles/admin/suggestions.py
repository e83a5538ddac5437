"""Fields with Django's suggestions that can be filled in without scripts as well."""

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin, AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import ForeignKey, ManyToManyField
from django.forms import ModelChoiceField, ModelMultipleChoiceField
from django.http import HttpRequest

# So many rows are quickly sent with a form, and more than anybody looks through.
MOST_CHOICES = 500


class ChoicesWithoutScripts:
    """Holds all choices where they are not too many, while Django's own holds those that are chosen."""

    def optgroups(self, name: str, value: list, attr: dict | None = None) -> list:
        if self.choices.queryset.count() > MOST_CHOICES:
            return super().optgroups(name, value, attr)
        return super(AutocompleteMixin, self).optgroups(name, value, attr)


class SuggestedOne(ChoicesWithoutScripts, AutocompleteSelect):
    pass


class SuggestedSeveral(ChoicesWithoutScripts, AutocompleteSelectMultiple):
    pass


class SuggestionsMixin(admin.ModelAdmin):
    """The part of a form that knows these fields: those of `autocomplete_fields`."""

    def formfield_for_foreignkey(self, field: ForeignKey, request: HttpRequest, **kwargs) -> ModelChoiceField:
        if field.name in self.autocomplete_fields:
            kwargs["widget"] = SuggestedOne(field, self.admin_site)
        return super().formfield_for_foreignkey(field, request, **kwargs)

    def formfield_for_manytomany(
        self, field: ManyToManyField, request: HttpRequest, **kwargs
    ) -> ModelMultipleChoiceField:
        if field.name in self.autocomplete_fields:
            kwargs["widget"] = SuggestedSeveral(field, self.admin_site)
        return super().formfield_for_manytomany(field, request, **kwargs)
