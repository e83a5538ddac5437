"""What the check of links found: kept until the next check, or until the text has the link no more."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import NamedTuple

from django.apps import apps
from django.db import transaction
from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone

from .link_verdict import Verdict
from .links import addresses, images
from .models import Article, LinkCheck, LinkFinding, Redirect
from .prepared import prepared
from .turns import take_turns


class Place(NamedTuple):
    """What has links: the label of its model, its primary key, and the language of its text, "" for none."""

    model: str
    object_id: int
    language: str

    @classmethod
    def of(cls, thing: Model, language: str = "") -> "Place":
        return cls(thing._meta.label_lower, thing.pk, language)


@transaction.atomic
def replace(found: dict[Place, dict[str, Verdict]], links: int, unasked: int) -> None:
    """Keep what a whole check found, each finding by the address that its author wrote, and forget what it did not."""
    take_turns()
    known = {(_place(row), row.address): row.found_at for row in LinkFinding.objects.iterator()}
    now = timezone.now()
    LinkFinding.objects.all().delete()
    LinkFinding.objects.bulk_create(
        LinkFinding(
            **place._asdict(),
            address=address,
            found_at=known.get((place, address), now),
            **asdict(verdict),
        )
        for place, verdicts in found.items()
        for address, verdict in verdicts.items()
    )
    LinkCheck.objects.update_or_create(pk=1, defaults={"made_at": now, "links": links, "unasked": unasked})


def forget_mended(thing: Model, language: str, html: str, other: Iterable[str] = (), *, is_live: bool) -> None:
    """Forget what was found of links that readers find no more in a text, saved with this rendering."""
    place = Place.of(thing, language)
    rows = _addresses.values(language, model=place.model, object_id=place.object_id, code=language)
    if rows:
        there = links_in(html, *other) if is_live else set()
        LinkFinding.objects.filter(pk__in=[pk for pk, address in rows if address not in there]).delete()


def links_in(html: str, *other: str) -> set[str]:
    """Return what the links and the images of a text name, as it stands there, and other links that it has."""
    return {*addresses(html), *images(html), *other}


@prepared
def _addresses(language: str, *, model: str, object_id: int, code: str) -> QuerySet:
    rows = LinkFinding.objects.filter(model=model, object_id=object_id, language=code)
    return rows.order_by().values_list("pk", "address")


def findings() -> QuerySet[LinkFinding]:
    """Return what was found, but for deleted articles, which have no readers, and redirects that lead elsewhere now."""
    kept = Article.objects.kept().filter(pk=OuterRef("object_id"))
    leading_there = Redirect.objects.filter(pk=OuterRef("object_id"), new_path=OuterRef("address"))
    article, redirect = Article._meta.label_lower, Redirect._meta.label_lower
    return LinkFinding.objects.filter(
        ~Q(model__in=[article, redirect]) | Q(Exists(kept), model=article) | Q(Exists(leading_there), model=redirect)
    )


def findings_of(article: Article) -> list[LinkFinding]:
    """Return what was found in an article, in each of its languages."""
    return list(LinkFinding.objects.filter(model=article._meta.label_lower, object_id=article.pk))


def having(articles: QuerySet, kind: str, language: str) -> QuerySet:
    """Return the articles with a finding of a kind in a language."""
    found = LinkFinding.objects.filter(model=Article._meta.label_lower, kind=kind, language=language)
    return articles.filter(pk__in=found.values("object_id"))


def counted(rows: QuerySet[LinkFinding]) -> dict[str, int]:
    """Return how many findings there are of each kind; a kind without any is missing."""
    return dict(rows.order_by().values_list("kind").annotate(number=Count("pk")))


def things_of(rows: Iterable[LinkFinding], load: Callable[[type[Model], set[int]], Iterable[Model]]) -> dict:
    """Return what has the links of some findings, by the label of its model and its key; `load` fetches rows."""
    keys: dict[str, set[int]] = {}
    for row in rows:
        keys.setdefault(row.model, set()).add(row.object_id)
    return {(label, thing.pk): thing for label, pks in keys.items() for thing in load(apps.get_model(label), pks)}


def _place(row: LinkFinding) -> Place:
    return Place(row.model, row.object_id, row.language)
