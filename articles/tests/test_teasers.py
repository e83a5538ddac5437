"""Tests of teasers."""

from datetime import timedelta

from django.test import TestCase
from django.utils.translation import override

from articles.models import Article, Rendering, Tag

from .examples import YESTERDAY, live, make_article


class TeaserTests(TestCase):
    def test_all_that_it_shows_is_the_one_of_now(self):
        article = make_article("a", en=live("Summer"), fr=live("L'été"))
        tag = Tag.objects.create(name_en="Sun", name_fr="Soleil")
        article.tags.add(tag)
        articles, renderings = Article.objects.filter(pk=article.pk), Rendering.objects.filter(article=article)
        earlier = YESTERDAY - timedelta(days=40)
        for write, words in (
            (lambda: articles.update(title_en="Winter"), "Winter"),
            (lambda: articles.update(slug_en="cold"), "/en/articles/cold/"),
            (lambda: renderings.update(excerpt="As it began."), "As it began."),
            (lambda: articles.update(summary_en="All of it."), "All of it."),
            (lambda: renderings.update(reading_minutes=77), "77 minutes"),
            (lambda: articles.update(published_at_en=earlier), f'datetime="{earlier:%Y-%m-%d}'),
            (lambda: Tag.objects.filter(pk=tag.pk).update(name_en="Moon"), "Moon"),
            (lambda: Tag.objects.filter(pk=tag.pk).update(slug_en="moon"), "/en/tags/moon/"),
        ):
            self.assertNotIn(words, self.client.get("/en/").content.decode())
            write()
            self.assertIn(words, self.client.get("/en/").content.decode())
        with override("fr"):
            self.assertIn("Soleil", self.client.get("/fr/").content.decode())
