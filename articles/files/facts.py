"""What an article's languages share, brought in: each fact by a three-way comparison of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from articles.models import Article, Translation
from articles.permissions import may_write_all
from articles.saving import note_shared_facts
from articles.shared_facts import FACTS
from articles.shared_facts import fact as shared_fact

from . import three_way
from .bases import SEEN_FACTS, SEEN_FACTS_AT, facts_exported_from
from .native import NO_TRANSLATION, SHARED_KEYS, SHOWS_LAG, ArticleFolder
from .problems import ImportProblems, require
from .setting_facts import set_facts
from .subjects import Outcome
from .three_way import Verdict
from .wishes import NOTE, Wishes

UNORDERED = {"authors", "tags", NO_TRANSLATION}


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
    found = _verdicts(article, source, different, wishes, is_new) if different else {}
    taken = [fact for fact, verdict in found.items() if verdict.takes]
    for fact in taken:
        require(wishes.allow(may_write_all, article), source.stated_in[fact].problem(fact, ""), wishes.by)
    set_facts(article, taken, source, wishes, is_new=is_new)
    if not is_new:
        for fact, verdict in found.items():
            yield source.stated_in[fact].path, f"{fact} {three_way.in_words(verdict)}"
        if taken:
            note_shared_facts(article, by=wishes.by, note=NOTE)
    if Verdict.KEEP_ANYWAY not in found.values() and wishes.allow(may_write_all, article):
        _remember(article, source, is_new)


def _verdicts(
    article: Article, source: ArticleFolder, different: dict[str, tuple[Any, Any]], wishes: Wishes, is_new: bool
) -> dict[str, Verdict]:
    exported = None if is_new else facts_exported_from(article, source)
    before = FactsBefore(exported, article.imported.get(SEEN_FACTS))
    found = {fact: _verdict(before, fact, *values, wishes) for fact, values in different.items()}
    conflicts = [
        source.stated_in[fact].problem(fact, three_way.CONFLICT, _diff(before, fact, *different[fact]))
        for fact, verdict in found.items()
        if verdict is Verdict.CONFLICT
    ]
    if conflicts:
        raise ImportProblems(conflicts)
    return found


def _remember(article: Article, source: ArticleFolder, is_new: bool) -> None:
    """Note what the folder says, for the next import."""
    facts = {fact: in_order(fact, value) for fact, value in source.shared.items()}
    if facts != article.imported.get(SEEN_FACTS):
        last = None if is_new else article.revisions.order_by("-pk").values_list("pk", flat=True).first()
        article.imported |= {SEEN_FACTS: facts} | ({SEEN_FACTS_AT: last} if last else {})


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
