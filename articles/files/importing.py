"""A folder of articles brought into the database, all or nothing, through the one saving method.

It is a three-way comparison: of the folder, of the site, and of what the last import saw, which `Article.imported`
remembers. What changed in the folder alone is updated, what changed on the site alone is kept, and what changed in
both is a problem. What the site says of a tag, a series or an author is kept.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from articles import image_store, languages
from articles.images.encoding import Encoded
from articles.markdown import BodyRefused, render
from articles.models import Article, Companion, Image, Revision, Slugged
from articles.permissions import may_add, may_publish, may_write, may_write_all, written_languages
from articles.saving import note_shared_facts, save_language
from articles.search.rebuilding import index_articles
from articles.shared_facts import fact as fact_of
from articles.text import ArticleText
from articles.translating import following
from articles.turns import take_turns

from . import images, subjects
from .images import ImageReference
from .native import ArticleFolder, ContentFolder, LanguageFile, read_folder
from .parts import Part
from .problems import NOT_ALLOWED, ImportProblems, Problem, checked, require
from .subjects import Outcome

NOTE = "import_articles"
KEPT = "kept: changed on the site since"
# What a fact is before anybody states it; a part may be 0.
NOTHING = (None, "", [])
CONFLICT = "changed here and on the site since the last import"

Prepared = tuple[ImageReference, Image | Encoded]


def import_folder(
    folder: Path, by: AbstractBaseUser | None = None, *, parts: Sequence[Part] = (), is_dry: bool = False
) -> list[Outcome]:
    """Import a folder in the native format; return what became of each file, in order.

    What is written is written by somebody, within their permissions, or by the site itself. `parts` bring in what the
    folder holds beside articles. `is_dry` says what would happen, and writes nothing.

    Raise ImportProblems with every fault; then the database and the stored images are as before.
    """
    content = _all([partial(_read, folder), *(partial(part.read, folder) for part in parts)])[0]
    with image_store.workspace() as workspace:
        # Before the transaction, in which other writers wait.
        prepared = dict(_all(_preparations(content, workspace)))
        with transaction.atomic():
            take_turns()
            outcomes = _all(
                [
                    *(partial(part.save, by, is_dry) for part in parts if part.is_first),
                    *_steps(content, prepared, by),
                    *(partial(part.save, by, is_dry) for part in parts if not part.is_first),
                ]
            )
            transaction.set_rollback(is_dry)
            return outcomes


def _read(folder: Path) -> list[ContentFolder]:
    return [read_folder(folder)]


def _all(steps: Iterable[Callable[[], Iterable[Any]]]) -> list[Any]:
    """Take all steps and return what they give; a step that fails keeps no other from telling its own faults."""
    results, problems = [], []
    for step in steps:
        try:
            results += step() or []
        except ImportProblems as error:
            problems += error.problems
    if problems:
        raise ImportProblems(problems)
    return results


def _preparations(content: ContentFolder, workspace: Path) -> Iterator[Callable[[], Iterable[Prepared]]]:
    for source in content.articles:
        for reference in source.images.values():
            yield partial(_prepare_image, reference, workspace)


def _prepare_image(reference: ImageReference, workspace: Path) -> list[Prepared]:
    return [(reference, images.prepare(reference, workspace))]


def _steps(
    content: ContentFolder, prepared: dict[ImageReference, Image | Encoded], by: AbstractBaseUser | None
) -> Iterator[Callable[[], Iterable[Outcome]]]:
    for entry in content.subjects:
        yield partial(subjects.save, entry, by)
    # Companions may come later in the folder than the article that names them.
    for source in content.articles:
        yield partial(_make_article, source, by)
    # Before the texts, whose revisions keep what the languages share.
    for source in content.articles:
        yield partial(_save_facts, source, by)
    for source in content.articles:
        for file in source.files:
            yield partial(_save_file, source, file, by)
        yield partial(_follow_import, source, by)
        for reference in source.images.values():
            yield partial(_save_image, source, reference, prepared[reference], by)
        yield partial(_forget_images, source, by)


def _make_article(source: ArticleFolder, by: AbstractBaseUser | None) -> list[Outcome]:
    _article(source, by)
    return []


def _article(source: ArticleFolder, by: AbstractBaseUser | None) -> Article:
    """Return the article of a folder; a new one is made."""
    article = Article.objects.filter(key=source.key).first()
    if article is None:
        present = [file.language for file in source.files]
        default = settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in present else present[0]
        article = Article(key=source.key, source_language=source.shared.get("source_language", default), created_by=by)
        problem = Problem(source.files[0].path, 1, "")
        require(by is None or may_add(by), problem, by)
        checked(article, problem).save()
    return article


def _save_file(source: ArticleFolder, file: LanguageFile, by: AbstractBaseUser | None) -> Iterator[Outcome]:
    """Save one language; yield "created", "updated", "unchanged" or why it was left alone."""
    article = _article(source, by)
    if article.deleted_at:
        yield file.path, "left alone: the article was deleted on the site"
        return
    latest = article.latest_revision(file.language)
    seen = article.imported.get("revisions", {}).get(file.language)
    if latest and _says(latest, file.text):
        yield file.path, "unchanged"
    elif seen and _says(Revision.objects.get(pk=seen), file.text):
        yield file.path, KEPT
        return
    elif latest and not (seen and _says(Revision.objects.get(pk=seen), latest.content)):
        raise ImportProblems([file.problem("title", CONFLICT)])
    else:
        yield file.path, "updated" if latest else "created"
        text = file.text if file.text.slug or not latest else replace(file.text, slug=latest.slug)
        latest = _saved(article, file, text, latest, by)
        file.is_new = True
    if latest and latest.pk != seen and (by is None or may_write(by, article, file.language)):
        article.imported.setdefault("revisions", {})[file.language] = latest.pk
        article.save(update_fields=["imported"])


def _follow_import(source: ArticleFolder, by: AbstractBaseUser | None) -> list[Outcome]:
    """Let a translation answer what the folder says of it, else the original that came with it."""
    article, new = _article(source, by), {file.language for file in source.files if file.is_new}
    for language in sorted(new - {article.source_language}):
        if language in source.answered:
            following.follow_import(article, language, source.answered[language])
        elif article.source_language in new:
            following.follow_import(article, language)
    return []


def _save_image(
    source: ArticleFolder, reference: ImageReference, prepared: Image | Encoded, by: AbstractBaseUser | None
) -> list[Outcome]:
    article = _article(source, by)
    if article.deleted_at:
        return []
    if by and not (by.has_perm("articles.add_image") and written_languages(by, article)):
        raise reference.problem(NOT_ALLOWED % by)
    outcome = images.save(article, reference, prepared)
    if by and outcome == "updated" and not all(may_publish(by, article, code) for code in languages.codes()):
        # Another picture under the same name is what readers see, in whatever language.
        raise reference.problem(NOT_ALLOWED % by)
    return [(reference.path, outcome)]


def _forget_images(source: ArticleFolder, by: AbstractBaseUser | None) -> list[Outcome]:
    article = _article(source, by)
    if by is None or may_write_all(by, article):
        images.forget_unnamed(article, source.images)
    return []


def _says(revision: Revision, text: ArticleText) -> bool:
    """Return whether a file's text is that of a revision; a file without a slug leaves it to the site."""
    return revision.content == (text if text.slug else replace(text, slug=revision.slug))


def _saved(
    article: Article, file: LanguageFile, text: ArticleText, latest: Revision | None, by: AbstractBaseUser | None
) -> Revision | None:
    try:
        render(text.body, file.language)
        return save_language(article, file.language, text, based_on=latest, by=by, note=NOTE)
    except BodyRefused as refusal:
        line = file.lines["body"] + max(refusal.line - 1, 0)
        raise ImportProblems([Problem(file.path, line, refusal.explanation)]) from None
    except PermissionDenied:
        raise ImportProblems([file.problem("title", NOT_ALLOWED % by)]) from None
    except ValidationError as error:
        faults = error.message_dict.items()
        raise ImportProblems([file.problem(key, " ".join(messages)) for key, messages in faults]) from None


def _save_facts(source: ArticleFolder, by: AbstractBaseUser | None) -> Iterator[Outcome]:
    """Save what all languages share; yield what became of each fact that the site and the folder disagree on."""
    article = _article(source, by)
    if article.deleted_at:
        return
    seen, is_changed = article.imported.get("facts"), False
    for fact, value in source.shared.items():
        file = source.stated_in[fact]
        there, stated = fact_of(article, fact), _in_order(fact, value)
        if stated == there:
            continue
        if seen is not None and seen.get(fact) == stated:
            yield file.path, f"{fact} {KEPT}"
        elif there not in NOTHING and (seen or {}).get(fact) != there:
            raise ImportProblems([file.problem(fact, CONFLICT)])
        else:
            require(by is None or may_write_all(by, article), file.problem(fact, ""), by)
            _set_fact(article, fact, value, file, by)
            is_changed = True
            if seen is not None:
                yield file.path, f"{fact} updated"
    facts = {fact: _in_order(fact, value) for fact, value in source.shared.items()}
    if facts != seen and (by is None or may_write_all(by, article)):
        article.imported["facts"] = facts
        article.save(update_fields=["imported"])
    if is_changed:
        note_shared_facts(article, by=by, note=NOTE)


def _in_order(fact: str, value: Any) -> Any:
    """Return a fact as it can be compared: authors and tags have no order."""
    return sorted(set(value)) if fact in {"authors", "tags"} else value


def _set_fact(article: Article, fact: str, value: Any, file: LanguageFile, by: AbstractBaseUser | None) -> None:
    if fact in {"authors", "tags"}:
        getattr(article, fact).set([_subject(fact, key, file, by) for key in value])
        index_articles(Article.objects.filter(pk=article.pk))
    elif fact == "series":
        article.series = _subject(fact, value, file, by) if value else None
        article.save(update_fields=[fact])
    elif fact == "companions":
        _set_companions(article, value, file)
    else:
        former = getattr(article, fact)
        setattr(article, fact, value)
        checked(article, file.problem(fact, ""))
        article.save(update_fields=[fact])
        if fact == "source_language":
            following.swap(article, former)


def _subject(fact: str, key: str, file: LanguageFile, by: AbstractBaseUser | None) -> Slugged:
    return subjects.named(subjects.KINDS[fact], key, file.language, file.problem(fact, ""), by)


def _set_companions(article: Article, keys: list[str], file: LanguageFile) -> None:
    """Give an article its companions in order; a link that stays keeps its row, which an open form may name."""
    found = {companion.key: companion for companion in Article.objects.filter(key__in=keys).exclude(pk=article.pk)}
    if missing := [key for key in keys if key not in found]:
        reasons = [f"no other article has the key “{key}”" for key in missing]
        raise ImportProblems([file.problem("companions", reason) for reason in reasons])
    article.companion_links.exclude(companion__in=found.values()).delete()
    for position, key in enumerate(dict.fromkeys(keys), start=1):
        Companion.objects.update_or_create(article=article, companion=found[key], defaults={"position": position})
