"""Every link that readers find in a text, followed: those of this site always, those of others where that is wished."""

import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import unquote, urljoin, urlsplit

from django.db import transaction
from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import get_language, override

from articles import languages, link_findings
from articles.desk import UNWANTED
from articles.image_store import media_root
from articles.link_findings import Place, links_in
from articles.link_verdict import GOOD, Reason, Verdict, answered, dead, unsure
from articles.links import SCHEME, addresses, images
from articles.models import Article, Redirect, Rendering
from articles.outside_links import knowledge
from articles.outside_links.asking import MAX_REDIRECTS, PERMANENT, REDIRECTS, normal
from articles.progress import Progress, silent
from articles.references import Targets, image_name, losses, readable_in
from articles.turns import take_turns

from .models import Page
from .static_site.addresses import SITE, address_of, quoted
from .static_site.asking import Site

logger = logging.getLogger(__name__)

IDS = re.compile(r'\sid="([^"]*)"')
# A place that browsers find without an id, and the words that some of them look for.
TOP = {"", "top"}
WORDS = ":~:"

AT_MOST = 500
BATCH = 100


@dataclass(frozen=True)
class Answered:
    """What this site answers to an address; `ids` are None where it is no document of HTML."""

    verdict: Verdict
    ids: frozenset[str] | None = None


class OwnPages:
    """This site, asked for each of its pages once."""

    def __init__(self) -> None:
        self.site = Site()
        self.known: dict[str, Answered] = {}

    def verdict(self, address: str, fragment: str) -> Verdict:
        """Return what readers find at an address of this site, percent-decoded, and at a place on that page."""
        if address not in self.known:
            self.known[address] = self._answered(address)
        page, name = self.known[address], fragment.partition(WORDS)[0]
        if page.ids is None or name.lower() in TOP or not {name, unquote(name)}.isdisjoint(page.ids):
            return page.verdict
        return dead(Reason.NO_PLACE)

    def _answered(self, address: str) -> Answered:
        here, moved_to, is_permanent = address, "", True
        for _ in range(MAX_REDIRECTS + 1):
            try:
                # A page leaves its language active; what the command says is in its own.
                with override(get_language()):
                    answer = self.site.answer(here)
            except Exception:
                # A page that is broken is a finding, and no end of the check.
                logger.exception("%s cannot be made.", here)
                return Answered(unsure(Reason.ANSWERED, 500))
            status = int(answer.status[:3])
            if status not in REDIRECTS:
                is_page = status == 200 and answer.header("content-type").startswith("text/html")
                ids = frozenset(map(unescape, IDS.findall(answer.body.decode()))) if is_page else None
                return Answered(answered(status, moved_to), ids)
            is_permanent = is_permanent and status in PERMANENT
            here = address_of(answer.header("location"), here)
            if here is None:
                # To another site, or to the admin, where readers need not go.
                return Answered(GOOD)
            # A slash at the end is the site's matter.
            is_other = here.rstrip("/") != address.rstrip("/")
            moved_to = quoted(here) if is_permanent and is_other else moved_to
        return Answered(dead(Reason.LOOP))


@dataclass
class Check:
    """What a check found, by what has the link and by the address as its author wrote it."""

    found: dict[Place, dict[str, Verdict]] = field(default_factory=lambda: defaultdict(dict))
    # What has links, as an operator knows it.
    names: dict[Place, str] = field(default_factory=dict)
    links: int = 0
    # Addresses of other sites, and which links lead there.
    outside: dict[str, list[tuple[Place, str]]] = field(default_factory=lambda: defaultdict(list))
    unasked: int = 0
    own: OwnPages = field(default_factory=OwnPages)

    def note(self, place: Place, written: str, verdict: Verdict) -> None:
        if verdict.kind:
            self.found[place][written] = verdict

    def follow(self, place: Place, written: str, address: str, base: str) -> None:
        """Follow an address from the page at `base`; that of another site is only remembered."""
        try:
            parts = urlsplit(urljoin(f"{SITE.geturl()}{base}", address))
        except ValueError:
            return self.note(place, written, dead(Reason.MALFORMED))
        if parts.scheme not in ("http", "https"):
            return None
        if parts.netloc == SITE.netloc:
            path = address_of(f"{parts.path or '/'}?{parts.query}", base)
            return self.note(place, written, self.own.verdict(path, parts.fragment)) if path else None
        outside = normal(parts.geturl())
        if outside is None:
            return self.note(place, written, unsure(Reason.MALFORMED))
        return self.outside[outside].append((place, written))

    def follow_all(self, place: Place, rendering: Rendering, base: str, targets: Targets) -> None:
        """Follow each link of a text, and look for each of its images."""
        lost = losses(rendering, targets)
        for written in addresses(rendering.html):
            self.links += 1
            reference, _, fragment = written.partition("#")
            if reference in lost:
                self.note(place, written, dead(lost[reference]))
            elif written.startswith(SCHEME):
                article = targets.articles[reference.removeprefix(SCHEME)]
                path = article.get_absolute_url(readable_in(article, rendering.language))
                self.follow(place, written, f"{path}#{fragment}", base)
            else:
                self.follow(place, written, written, base)
        for written in images(rendering.html):
            self.links += 1
            name = image_name(written)
            image = targets.images.get((rendering.article_id, name))
            if name in lost:
                self.note(place, written, dead(lost[name]))
            elif image is None:
                self.follow(place, written, written, base)
            elif not all((media_root() / file).is_file() for file in image.stored_names()):
                self.note(place, written, dead(Reason.NO_FILE))


def check(*, is_external: bool = False, at_most: int = AT_MOST, progress: Progress = silent) -> Check:
    """Follow the links of all that is live, keep what is wrong with them for the admin, and return it.

    With `is_external` at most so many addresses of other sites are asked; what they answered in earlier checks counts
    in every check.
    """
    run = Check()
    for code in languages.codes():
        articles = Article.objects.published(code)
        for article in progress(f"Articles ({code})", _articles(articles, code, run), articles.count()):
            run.names[Place.of(article, code)] = f"article {article.key} ({code})"
        _pages(code, run)
    for redirect in Redirect.objects.exclude(new_path=""):
        place = Place.of(redirect)
        run.names[place] = f"redirect {redirect.old_path}"
        run.links += 1
        run.follow(place, redirect.new_path, redirect.new_path, "/")
    if is_external:
        knowledge.refresh(set(run.outside), at_most, progress)
    known = knowledge.known(run.outside)
    for address, links in run.outside.items():
        for place, written in links:
            run.note(place, written, known.get(address, GOOD))
    run.unasked = len(run.outside.keys() - known.keys())
    with transaction.atomic():
        take_turns()
        _forget_mended(run)
        link_findings.replace(run.found, run.links, run.unasked)
    return run


def _forget_mended(run: Check) -> None:
    """Forget the links that texts have lost since they were followed: to ask other sites can take an hour."""
    for code in languages.codes():
        for things in (Article.objects.published(code).defer(*UNWANTED), Page.objects.live(code).without_bodies()):
            found = {
                place.object_id: run.found.pop(place)
                for place in list(run.found)
                if (place.model, place.language) == (things.model._meta.label_lower, code)
            }
            for renderings in _rendered(things.filter(pk__in=found), code):
                for thing, rendering in renderings.items():
                    there = links_in(rendering.html, getattr(thing, "source", ""))
                    left = {written: verdict for written, verdict in found[thing.pk].items() if written in there}
                    run.found |= {Place.of(thing, code): left} if left else {}


def _articles(articles: QuerySet, language: str, run: Check) -> Iterator[Article]:
    """Check the texts of some articles in a language, and yield each one after it."""
    for renderings in _rendered(articles.defer(*UNWANTED), language):
        targets = Targets.of(renderings.values())
        for article, rendering in renderings.items():
            place, base = Place.of(article, language), article.get_absolute_url(language)
            run.follow_all(place, rendering, base, targets)
            if article.source and language == article.source_language:
                run.links += 1
                run.follow(place, article.source, article.source, base)
            yield article


def _pages(language: str, run: Check) -> None:
    for pages in _rendered(Page.objects.live(language).without_bodies(), language):
        renderings = {page: rendering.as_of_no_article() for page, rendering in pages.items()}
        targets = Targets.of(renderings.values())
        for page, rendering in renderings.items():
            place = Place.of(page, language)
            run.names[place] = f"page {page.key} ({language})"
            run.follow_all(place, rendering, page.get_absolute_url(language), targets)


def _rendered(things: QuerySet, language: str) -> Iterator[dict[Model, Model]]:
    """Yield things with their renderings in a language, many at a time.

    Not in one query for all: each page that is asked for meanwhile may end the connection to the database.
    """
    renderings = things.model._meta.get_field("renderings").related_model.objects.filter(language=language)
    keys = list(things.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        batch = things.filter(pk__in=keys[start : start + BATCH]).order_by("pk")
        rows = batch.prefetch_related(Prefetch("renderings", renderings.defer("contents", "text")))
        yield {thing: rendering for thing in rows for rendering in thing.renderings.all()}
