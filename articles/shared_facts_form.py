"""The part of an article's form that all languages share."""

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .models import Article, free_key
from .permissions import may_write_all
from .search.rebuilding import index_articles
from .slugs import slugify
from .translated_forms import refuse_to_overwrite

# Facts with one value, which the later of two authors would put in the place of the other's.
SINGLE_FACTS = ("source_language", "source", "series", "part", "shows_lag")


class SharedFactsForm(forms.ModelForm):
    """What all languages share. Each field carries its first value, so that only what the author changed is written."""

    # Who writes; ArticleAdmin says so.
    user: AbstractBaseUser

    class Meta:
        model = Article
        fields = ["key", "source_language", "source", "authors", "tags", "series", "part", "shows_lag"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.is_new = self.instance.pk is None
        if self.is_new:
            self.instance.created_by = self.user
        for field in self.fields.values():
            field.show_hidden_initial = True
        if "key" in self.fields:
            self.fields["key"].required = False
        if not may_write_all(self.user, self.instance):
            for field in self.fields.values():
                field.disabled = True

    def check_facts(self, article: Article, cleaned: dict, titles: dict[str, str]) -> None:
        """Hold the facts to their rules; `titles` are those of the texts once they are saved, by language.

        Complete those of a new article. Refuse to overwrite what `article`, the row as it stands, has got meanwhile, an
        original without a text, and a place in no series.
        """
        if self.is_new:
            self._complete(cleaned, titles)
        else:
            refuse_to_overwrite(self, article, [name for name in self.Meta.fields if name in SINGLE_FACTS])
            if any(titles.values()) and not titles.get(cleaned.get("source_language"), True):
                self.add_error("source_language", _("There is no text in this language."))
        self._check_part(cleaned)

    def _complete(self, cleaned: dict, titles: dict[str, str]) -> None:
        """Fill in what a new article need not be asked: its source language and its key."""
        if titles and cleaned.get("source_language") not in titles:
            cleaned["source_language"] = next(iter(titles))
        if titles and not cleaned.get("key") and "key" not in self.errors:
            language = cleaned["source_language"]
            key = slugify(titles[language], language)
            cleaned["key"] = free_key(Article, key, length=Article._meta.get_field("key").max_length - 4)

    def _check_part(self, cleaned: dict) -> None:
        """Refuse a place that the author gives in no series; one that is left from a series of before goes with it."""
        part = cleaned.get("part")
        if part is None or cleaned.get("series") or "series" in self.errors:
            return
        if part == self.initial.get("part"):
            cleaned["part"] = None
        else:
            self.add_error("part", _("A place needs a series: choose one, or leave the place empty."))

    @cached_property
    def changed_facts(self) -> list[str]:
        """Name the shared facts that this author changed."""
        # By super() Django would keep its own list under the name of the whole form's.
        return [name for name in forms.ModelForm.changed_data.func(self) if name in self.Meta.fields]

    def _save_m2m(self) -> None:
        """Add and remove what the author added and removed; what others did meanwhile stays."""
        for name in {"authors", "tags"} & set(self.changed_facts if not self.is_new else self.fields):
            hidden = self.fields[name].hidden_widget()
            before = set(hidden.value_from_datadict(self.data, self.files, self[name].html_initial_name) or [])
            after = {str(related.pk) for related in self.cleaned_data[name]}
            relation = getattr(self.instance, name)
            # What a new article's form proposes is not there before it is saved.
            relation.add(*(after if self.is_new else after - before))
            relation.remove(*(before - after))
        if self.is_new or "tags" in self.changed_facts:
            index_articles(Article.objects.filter(pk=self.instance.pk))
