"""Writes of every kind, each as the site's own code writes, to a few articles and what is around them."""

from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from articles import languages
from articles.models import Article, Author, Companion, Series, Tag
from articles.publishing import publish_now, unpublish
from articles.tests.examples import YESTERDAY, change, live, make_article
from articles.translating.answering import answer_all
from blog.models import Page, Site

from .examples import make_page, shown

BODY = "The first passage is here.\n\nThe second passage is there.\n\nThe third one.\n\nThe fourth one."


class Writer:
    """Makes a small site, and then changes it: each kind of write is a method, named in KINDS.

    What a form of the admin would save is in one transaction, as there.
    """

    KINDS = (
        "title", "summary", "body", "publish", "unpublish", "schedule", "rename", "delete", "restore", "retag",
        "rename_tag", "series", "rename_series", "companions", "authors", "rename_author", "page", "hide_page", "site",
        "fall_behind", "answer", "link", "date", "new_article", "delete_tag",
    )  # fmt: skip

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0
        for number in range(11):
            moment = YESTERDAY - timedelta(days=20 * number)
            texts = {
                code: live(f"Article {number} {code}", body=BODY, published_at=moment)
                for code in languages.codes()[: 1 + (number % 4 > 0)]
            }
            make_article(f"article-{number}", **texts)
        self.tags = [Tag.objects.create(key=key, name_en=f"Tag {key}", name_fr=f"Sujet {key}") for key in ("a", "b")]
        Series.objects.create(key="s", title_en="Series", title_fr="Série")
        Author.objects.create(name="Ada Writer")
        make_page("about", en=shown("About"), fr=shown("À propos"))
        Site.current()
        for write in (self.retag, self.retag, self.series, self.series, self.authors, self.companions, self.link):
            write()

    def new(self, word: str) -> str:
        """Return words that the site never had."""
        self.count += 1
        return f"{word} {self.count}"

    def article(self, **conditions) -> Article:
        return self.random.choice(Article.objects.filter(**({"deleted_at": None} | conditions)).order_by("pk"))

    def language(self) -> str:
        return self.random.choice(languages.codes())

    def written(self) -> tuple[Article, str]:
        """Return an article with a language that it has a text in."""
        language = self.language()
        return self.article(**{f"{languages.column('title', language)}__gt": ""}), language

    def dated(self) -> tuple[Article, str]:
        language = self.language()
        return self.article(**{f"{languages.column('published_at', language)}__lte": timezone.now()}), language

    def title(self) -> None:
        change(*self.dated(), title=self.new("Title"))

    def summary(self) -> None:
        change(*self.dated(), summary=self.new("Summary") + ".")

    def body(self) -> None:
        change(*self.dated(), body=self.new("## Heading") + "\n\nText.")

    def publish(self) -> None:
        article, language = self.article(), self.language()
        if not getattr(article, languages.column("title", language)):
            change(article, language, title=self.new("Translation"), body=BODY)
        elif article.state_in(language) == Article.State.LIVE:
            unpublish(article, language)
        publish_now(article, language)

    def unpublish(self) -> None:
        unpublish(*self.dated())

    def schedule(self) -> None:
        change(*self.written(), published_at=timezone.now() + timedelta(hours=self.random.randint(1, 50)))

    def rename(self) -> None:
        change(*self.dated(), slug=self.new("slug").replace(" ", "-"))

    def date(self) -> None:
        change(*self.dated(), published_at=YESTERDAY - timedelta(days=self.random.randint(1, 400)))

    def delete(self) -> None:
        self.article().delete()

    def restore(self) -> None:
        if not Article.objects.deleted().exists():
            self.delete()
        Article.objects.deleted().order_by("pk").first().restore()

    @transaction.atomic
    def new_article(self) -> None:
        title = self.new("New")
        texts = {code: live(f"{title} {code}", published_at=timezone.now()) for code in languages.codes()}
        make_article(title.lower().replace(" ", "-"), **texts)

    def retag(self) -> None:
        for _ in range(3):
            article, tag = self.article(), self.random.choice(self.tags)
            (article.tags.remove if tag in article.tags.all() else article.tags.add)(tag)

    def rename_tag(self) -> None:
        tag = self.random.choice(Tag.objects.all())
        tag.name_en, tag.slug_en = self.new("Tag"), None
        tag.save()

    def delete_tag(self) -> None:
        tag = Tag.objects.create(key=self.new("k").replace(" ", ""), name_en=self.new("Short"), name_fr="Bref")
        self.article().tags.add(tag)
        tag.delete()

    @transaction.atomic
    def series(self) -> None:
        article = self.article()
        article.series, article.part = Series.objects.get(), self.random.randint(1, 9)
        article.save(update_fields=["series", "part"])

    def rename_series(self) -> None:
        series = Series.objects.get()
        series.title_fr, series.description_en = self.new("Série"), self.new("Description")
        series.save()

    @transaction.atomic
    def companions(self) -> None:
        article = self.article()
        article.companion_links.all().delete()
        other = self.random.choice(Article.objects.kept().exclude(pk=article.pk))
        Companion.objects.create(article=article, companion=other)

    def authors(self) -> None:
        article, author = self.article(), Author.objects.get()
        (article.authors.remove if author in article.authors.all() else article.authors.add)(author)

    def rename_author(self) -> None:
        author = Author.objects.get()
        author.name, author.about_fr = self.new("Author"), self.new("Vie")
        author.save()

    def page(self) -> None:
        page = Page.objects.get()
        page.title_en, page.body_fr, page.is_live_en = self.new("Page"), self.new("Texte"), True
        page.slug_en = self.random.choice([None, page.slug_en])
        page.save()

    def hide_page(self) -> None:
        page = Page.objects.get()
        page.is_live_en = not page.is_live_en
        page.save()

    @transaction.atomic
    def site(self) -> None:
        site = Site.current()
        site.name_en, site.footer_fr = self.new("Site"), self.new("Pied")
        site.save()

    def fall_behind(self) -> None:
        both = {f"{languages.column('published_at', code)}__lte": timezone.now() for code in languages.codes()}
        article = self.article(**both)
        passages = "\n\n".join(self.new("A passage of the original with words in it") for _ in range(6))
        change(article, article.source_language, body=passages)
        self.behind = article

    def answer(self) -> None:
        self.fall_behind()
        language = next(code for code in languages.codes() if code != self.behind.source_language)
        answer_all(self.behind, language)

    def link(self) -> None:
        article, language = self.dated()
        change(article, language, body=f"[](article:{self.article().key}) and [there](article:{self.article().key})")


def kinds_in_order(random: Random, rounds: int) -> list[str]:
    """Return every kind of write, each as often as there are rounds, in random order."""
    return random.sample(Writer.KINDS * rounds, len(Writer.KINDS) * rounds)
