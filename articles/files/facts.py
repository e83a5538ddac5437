"""What an article's languages share, brought in: each fact by a three-way comparison of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from articles import languages
from articles.models import Article, Companion, Slugged, Translation
from articles.permissions import may_write_all
from articles.saving import note_shared_facts
from articles.search.rebuilding import index_articles
from articles.shared_facts import FACTS
from articles.shared_facts import fact as shared_fact
from articles.translating import answering, following

from . import subjects, three_way
from .bases import facts_exported_from
from .native import SHARED_KEYS, ArticleFolder, LanguageFile
from .problems import ImportProblems, Problem, require
from .subjects import Outcome
from .three_way import Verdict
from .wishes import NOTE, Wishes

UNORDERED = {"authors", "tags", "no_translation"}
# Columns of the article's own row.
FIELDS = {"source_language", "source", "series", "part", "shows_lag"}
SHOWS_LAG, NO_TRANSLATION = "shows_lag", "no_translation"


@dataclass(frozen=True)
class FactsBefore:
    """The facts that the folder was last known to say, as plain values.

    `exported` are those of the revision that it was exported from, which know not all of them; `imported` those that
    the last import saw.
    """

    exported: Mapping[str, Any] | None
    imported: Mapping[str, Any] | None

    def of(self, fact: str) -> Any:
        known = self.exported if self.exported is not None and fact in self.exported else self.imported
        return _plain(fact, (known or {}).get(fact))

    def knows(self, fact: str) -> bool:
        return self.imported is not None or (self.exported is not None and fact in self.exported)


def save_facts(article: Article, source: ArticleFolder, wishes: Wishes, *, is_new: bool) -> Iterator[Outcome]:
    """Save what all languages share; yield what became of each fact that the site and the folder disagree on.

    Raise ImportProblems with every fact that is in conflict.
    """
    yield from _leave_out_companions(source)
    different = _differences(article, source, is_new)
    if different:
        imported = article.imported.get("facts")
        before = FactsBefore(None if is_new else facts_exported_from(article, source), imported)
        taken: list[str] = []
        conflicts: list[Problem] = []
        for fact, (there, stated) in different.items():
            file, found = source.stated_in[fact], _verdict(before, fact, there, stated, wishes)
            if found is Verdict.CONFLICT:
                conflicts.append(file.problem(fact, three_way.CONFLICT, _diff(before, fact, there, stated)))
                continue
            if found.takes:
                require(wishes.allow(may_write_all, article), file.problem(fact, ""), wishes.by)
                taken.append(fact)
            if not is_new:
                yield file.path, f"{fact} {three_way.in_words(found)}"
        if conflicts:
            raise ImportProblems(conflicts)
        _set(article, taken, source, wishes, is_new=is_new)
        if taken and not is_new:
            note_shared_facts(article, by=wishes.by, note=NOTE)
    facts = {fact: in_order(fact, value) for fact, value in source.shared.items()}
    if facts != article.imported.get("facts") and wishes.allow(may_write_all, article):
        article.imported["facts"] = facts


def _leave_out_companions(source: ArticleFolder) -> Iterator[Outcome]:
    """Take away the companions that the site does not have, where the folder was exported: it may hold some alone."""
    keys = source.shared.get("companions", [])
    if keys and source.stated_in["companions"].version:
        there = set(Article.objects.filter(key__in=keys).values_list("key", flat=True))
        source.shared["companions"] = [key for key in keys if key in there]
        for key in keys:
            if key not in there:
                yield source.stated_in["companions"].path, f"companion {key} left out: there is no such article"


def _differences(article: Article, source: ArticleFolder, is_new: bool) -> dict[str, tuple[Any, Any]]:
    """Return what the site and the folder say where it is not the same, in the order of the front matter."""
    stated = {fact: in_order(fact, source.shared[fact]) for fact in SHARED_KEYS if fact in source.shared}
    # A new article has nothing yet but its original language, and needs no queries to say so.
    own = {"source_language": article.source_language}
    there = {fact: own.get(fact) if is_new else fact_of(article, fact) for fact in stated}
    return {
        fact: (there[fact], value) for fact, value in stated.items() if _plain(fact, value) != _plain(fact, there[fact])
    }


def _verdict(before: FactsBefore, fact: str, there: Any, stated: Any, wishes: Wishes) -> Verdict:
    # Without a base, what nobody has said on the site is no change of anybody's. An exported folder has one, which
    # knows nothing of the last two facts.
    is_base_known = before.knows(fact) or before.exported is None
    return three_way.verdict(
        is_same=False,
        is_folder_as_before=before.knows(fact) and before.of(fact) == _plain(fact, stated),
        is_site_as_before=is_base_known and before.of(fact) == _plain(fact, there),
        prefer=wishes.prefer,
    )


def _plain(fact: str, value: Any) -> Any:
    """Return a fact as it can be compared, None where it says nothing; a part may be 0."""
    return None if value in (None, "", []) or (fact == SHOWS_LAG and value is True) else value


def _diff(before: FactsBefore, fact: str, there: Any, stated: Any) -> str:
    base = _line(fact, before.of(fact)) if before.knows(fact) else None
    return three_way.diff(base, _line(fact, there), _line(fact, stated))


def _line(fact: str, value: Any) -> str:
    words = ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"{fact}: {words}".rstrip()


def fact_of(article: Article, fact: str) -> Any:
    """Return a fact of an article as files say it."""
    if fact == NO_TRANSLATION:
        rows = Translation.objects.filter(article=article, working_copy=None, is_wanted=False)
        return sorted(rows.values_list("language", flat=True))
    return shared_fact(article, fact) if fact in FACTS else getattr(article, fact)


def in_order(fact: str, value: Any) -> Any:
    """Return a fact as it can be compared: authors and tags have no order."""
    return sorted(set(value)) if fact in UNORDERED else value


def _set(article: Article, facts: list[str], source: ArticleFolder, wishes: Wishes, *, is_new: bool) -> None:
    """Give an article some facts that its folder says."""
    former, fields = article.source_language, []
    for fact in facts:
        value, file = source.shared[fact], source.stated_in[fact]
        if fact in {"authors", "tags"}:
            _set_subjects(article, fact, value, file, wishes, is_new=is_new)
        elif fact == "companions":
            _set_companions(article, value, file)
        elif fact == "series":
            article.series = _subject(fact, value, file, wishes) if value else None
        elif fact in FIELDS:
            setattr(article, fact, value)
        fields += [fact] if fact in FIELDS else []
    if fields:
        _check(article, fields, source)
        article.save(update_fields=fields)
    if article.source_language != former:
        following.swap(article, former)
    if NO_TRANSLATION in facts:
        for language in languages.codes():
            if language != article.source_language:
                answering.want(article, language, language not in source.shared[NO_TRANSLATION])


def _check(article: Article, fields: list[str], source: ArticleFolder) -> None:
    """Raise ImportProblems where the model's own rules forbid a value."""
    others = {field.name for field in Article._meta.fields} - set(fields)
    try:
        article.clean_fields(exclude=others | {"series"})
    except ValidationError as error:
        faults = {fact: f"“{article}”: {' '.join(messages)}" for fact, messages in error.message_dict.items()}
        raise ImportProblems(
            [source.stated_in[fact].problem(fact, reason) for fact, reason in faults.items()]
        ) from None


def _set_subjects(
    article: Article, fact: str, keys: list[str], file: LanguageFile, wishes: Wishes, *, is_new: bool
) -> None:
    found = [_subject(fact, key, file, wishes) for key in dict.fromkeys(keys)]
    if not is_new:
        getattr(article, fact).set(found)
        index_articles(Article.objects.filter(pk=article.pk))
        return
    # There is nothing to compare with, and nobody to tell of it alone: the texts come in a moment.
    field = Article._meta.get_field(fact)
    names = field.m2m_field_name(), field.m2m_reverse_field_name()
    through = field.remote_field.through
    through.objects.bulk_create(through(**dict(zip(names, (article, subject), strict=True))) for subject in found)


def _subject(fact: str, key: str, file: LanguageFile, wishes: Wishes) -> Slugged:
    if (fact, key) not in wishes.named:
        problem = file.problem(fact, "")
        wishes.named[fact, key] = subjects.named(subjects.KINDS[fact], key, file.language, problem, wishes.by)
    return wishes.named[fact, key]


def _set_companions(article: Article, keys: list[str], file: LanguageFile) -> None:
    """Give an article its companions in order; a link that stays keeps its row, which an open form may name."""
    found = {companion.key: companion for companion in Article.objects.filter(key__in=keys).exclude(pk=article.pk)}
    if missing := [key for key in keys if key not in found]:
        reasons = [f"no other article has the key “{key}”" for key in missing]
        raise ImportProblems([file.problem("companions", reason) for reason in reasons])
    article.companion_links.exclude(companion__in=found.values()).delete()
    for position, key in enumerate(dict.fromkeys(keys), start=1):
        Companion.objects.update_or_create(article=article, companion=found[key], defaults={"position": position})
