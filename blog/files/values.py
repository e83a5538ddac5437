"""What the files of the site say, as values, and its rows held to their rules."""

from collections.abc import Callable
from dataclasses import replace

from django.core.exceptions import ValidationError

from articles import languages
from articles.files.front_matter import Value
from articles.files.problems import ImportProblems, Problem
from blog.models import Page, Site


def in_languages(value: Value) -> dict[str, str]:
    texts = value.mapping()
    for language in sorted(texts.keys() - set(languages.codes())):
        raise texts[language].problem(f"unknown language “{language}”")
    return {language: text.text() for language, text in texts.items()}


def cleaned(instance: Site | Page, place: Callable[[str], Problem]) -> None:
    """Hold a row to its model's rules; raise ImportProblems, each at the place of its column."""
    try:
        instance.full_clean()
    except ValidationError as error:
        faults = error.message_dict.items()
        problems = [replace(place(column), reason=" ".join(messages)) for column, messages in faults]
        raise ImportProblems(problems) from None
