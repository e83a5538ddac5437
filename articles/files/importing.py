"""A folder of articles brought into the database, all or nothing, through the one saving method.

A language changed in both places, the folder and the site, since the folder was last imported is a problem; a
language changed on the site alone is kept.
"""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from articles import languages
from articles.models import Article, Author, Companion, Tag
from articles.saving import save_language
from articles.text import ArticleText

from .native import ArticleFolder, LanguageFile, read_folder
from .problems import ImportProblems, Problem

# Marks the revisions that an import made: the last one is what the folder knew.
NOTE = "import_articles"


@transaction.atomic
def import_folder(folder: Path) -> list[tuple[Path, str]]:
    """Import a folder in the native format; return what became of each file, in order.

    Raise ImportProblems with every fault; then the database is as before.
    """
    content = read_folder(folder)
    problems: list[Problem] = []
    outcomes: list[tuple[Path, str]] = []
    for key, names in content.tags.items():
        _save_tag(key, names)
    articles = [(_saved_article(source), source) for source in content.articles]
    for article, source in articles:
        for file in source.files:
            try:
                outcomes.append((file.path, _save_file(article, file)))
            except ImportProblems as error:
                problems += error.problems
        if not article.deleted_at:
            problems += _relate(article, source)
    if problems:
        raise ImportProblems(problems)
    return outcomes


def _save_tag(key: str, names: dict[str, str]) -> Tag:
    """Make a tag or give it the names stated; names in other languages stay."""
    tag = Tag.objects.filter(key=key).first() or Tag(key=key)
    columns = {languages.column("name", language): name for language, name in names.items()}
    if tag.pk is None or any(getattr(tag, column) != name for column, name in columns.items()):
        for column, name in columns.items():
            setattr(tag, column, name)
        tag.save()
    return tag


def _saved_article(source: ArticleFolder) -> Article:
    """Return the article of a folder, made where it is new, with the facts that stand in its own columns."""
    article = Article.objects.filter(key=source.key).first()
    facts = {field: source.shared[field] for field in ("source", "source_language") if field in source.shared}
    if article is None:
        facts.setdefault("source_language", _default_source_language(source))
        return Article.objects.create(key=source.key, **facts)
    changed = [field for field, value in facts.items() if getattr(article, field) != value]
    if changed and not article.deleted_at:
        for field in changed:
            setattr(article, field, facts[field])
        article.save(update_fields=changed)
    return article


def _default_source_language(source: ArticleFolder) -> str:
    present = [file.language for file in source.files]
    return settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in present else present[0]


def _save_file(article: Article, file: LanguageFile) -> str:
    """Save one language; return "created", "updated", "unchanged" or why it was left alone."""
    if article.deleted_at:
        return "left alone: the article was deleted on the site"
    latest = article.latest_revision(file.language)
    text = file.text
    if latest and not text.slug:
        text = ArticleText(text.title, latest.slug, text.summary, text.body, text.published_at)
    if latest and latest.note != NOTE and text != latest.content:
        known = article.revisions.filter(language=file.language, note=NOTE).order_by("-pk").first()
        if known and text == known.content:
            return "kept: changed on the site since"
        raise ImportProblems([file.problem("title", "changed here and on the site since the last import")])
    try:
        revision = save_language(article, file.language, text, based_on=latest, note=NOTE)
    except ValidationError as error:
        faults = error.message_dict.items()
        raise ImportProblems([file.problem(key, " ".join(messages)) for key, messages in faults]) from None
    return "unchanged" if revision is None else "updated" if latest else "created"


def _relate(article: Article, source: ArticleFolder) -> Iterator[Problem]:
    """Set the authors, tags and companions that the folder states; yield what cannot be found."""
    if "authors" in source.shared:
        names = source.shared["authors"]
        article.authors.set([Author.objects.get_or_create(name=name)[0] for name in names])
    if "tags" in source.shared:
        stated_in = source.stated_in["tags"].language
        article.tags.set([_tag(key, stated_in) for key in source.shared["tags"]])
    if "companions" in source.shared:
        keys = source.shared["companions"]
        found = {companion.key: companion for companion in Article.objects.filter(key__in=keys)}
        found.pop(article.key, None)
        for key in keys:
            if key not in found:
                yield source.stated_in["companions"].problem("companions", f"no other article has the key “{key}”")
        wanted = [found[key] for key in keys if key in found]
        if [link.companion for link in article.companion_links.select_related("companion")] != wanted:
            article.companion_links.all().delete()
            for position, companion in enumerate(wanted, start=1):
                Companion.objects.create(article=article, companion=companion, position=position)


def _tag(key: str, language: str) -> Tag:
    """Return the tag of a key; one that nothing has named yet is called by its key in the language that says it."""
    return Tag.objects.filter(key=key).first() or _save_tag(key, {language: key})
