from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.auth import get_user_model
from django.test import TestCase
from django.utils import timezone

from accounts import log
from accounts.models import Event
from articles.files.importing import import_folder
from articles.models import Redirect, Series, Tag
from articles.publishing import publish_now, unpublish
from articles.tests.examples import TOMORROW, change, live, make_article
from blog.models import LastChange, Page

from .examples import make_page, shown

Kind = Event.Kind


class WhatReadersFindTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = get_user_model().objects.create_superuser("owner")
        cls.article = make_article("one", en={"title": "One", "body": "Words."}, fr={"title": "Un", "body": "Mots."})

    def setUp(self):
        Event.objects.all().delete()

    def told(self) -> list[tuple]:
        return list(Event.objects.order_by("pk").values_list("kind", "account", "subject", "language"))

    def test_each_step_of_a_text_stands_in_it_and_no_other_save(self):
        publish_now(self.article, "fr", by=self.owner)
        change(self.article, "fr", body="Autres mots.")
        change(self.article, "fr", published_at=timezone.now() - timedelta(days=9))
        unpublish(self.article, "fr", by=self.owner)
        change(self.article, "fr", published_at=TOMORROW)
        change(self.article, "fr", published_at=TOMORROW, body="Encore.")
        publish_now(self.article, "fr", by=self.owner)
        change(self.article, "fr", published_at=TOMORROW)
        change(self.article, "fr", published_at=None)
        steps = [
            (Kind.PUBLISHED, "owner"),
            (Kind.UNPUBLISHED, "owner"),
            (Kind.SCHEDULED, ""),
            (Kind.PUBLISHED, "owner"),
        ]
        steps += [(Kind.SCHEDULED, ""), (Kind.UNPUBLISHED, "")]
        self.assertEqual(self.told(), [(kind, by, "Un", "fr") for kind, by in steps])
        self.assertEqual(Event.objects.filter(kind=Kind.SCHEDULED).first().details["for"], TOMORROW.isoformat())

    def test_a_deletion_and_its_undoing_stand_in_it(self):
        self.client.force_login(self.owner)
        Event.objects.all().delete()
        other = make_article("two", en={"title": "Two"})
        path = "/admin/articles/article/"
        self.client.post(f"{path}{self.article.pk}/delete/", {"post": "yes"})
        self.client.post(f"{path}{self.article.pk}/restore/")
        many = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
        self.client.post(path, many)
        self.client.post(f"{path}?deleted=yes", {"action": "restore", "_selected_action": [other.pk]})
        kinds = [(Kind.DELETED, "One"), (Kind.UNDELETED, "One"), (Kind.DELETED, "Two"), (Kind.UNDELETED, "Two")]
        self.assertEqual(self.told(), [(kind, "owner", title, "") for kind, title in kinds])

    def test_deleted_tags_series_and_redirects_stand_in_it(self):
        self.client.force_login(self.owner)
        Event.objects.all().delete()
        things = [Tag.objects.create(key="tag", name_en="Tag"), Series.objects.create(key="series", title_en="Series")]
        things.append(Redirect.objects.create(old_path="/old/", new_path="/en/"))
        for thing in things:
            path = f"/admin/articles/{thing._meta.model_name}/"
            self.client.post(f"{path}{thing.pk}/delete/", {"post": "yes"})
        found = Event.objects.order_by("pk").values_list("kind", "account", "subject", "details__of")
        names = [("Tag", "articles.tag"), ("Series", "articles.series"), ("/old/", "articles.redirect")]
        self.assertEqual(list(found), [(Kind.DELETED, "owner", *name) for name in names])

    def test_a_page_that_is_shown_or_hidden_stands_in_it(self):
        page = make_page("about", en=shown("About"), fr={"title": "À propos", "body": "Mots."})
        page = Page.objects.get(pk=page.pk)
        page.body_en, page.is_live_fr = "Other words.", True
        page.save(by=self.owner)
        page.is_live_en = False
        page.save(by=self.owner)
        expected = [(Kind.PUBLISHED, "", "About", "en"), (Kind.PUBLISHED, "owner", "À propos", "fr")]
        self.assertEqual(self.told(), [*expected, (Kind.UNPUBLISHED, "owner", "About", "en")])

    def test_an_import_is_one_event_and_one_that_changes_nothing_is_none(self):
        with TemporaryDirectory() as name:
            folder = Path(name, "writings")
            for number in range(5):
                path = folder / f"article-{number}" / "index.en.md"
                path.parent.mkdir(parents=True)
                path.write_text(f"---\ntitle: Title {number}\nsummary: S\npublished_at: 2026-01-01\n---\n\nWords.\n")
            import_folder(folder, by=self.owner, is_dry=True)
            self.assertEqual(self.told(), [])
            import_folder(folder, by=self.owner)
            import_folder(folder, by=self.owner)
        self.assertEqual(self.told(), [(Kind.IMPORTED, "owner", "writings", "")])
        self.assertEqual(Event.objects.get().details, {"count": 5})

    def test_an_event_is_no_change_for_readers(self):
        make_article("live", en=live("Live"))
        before = list(LastChange.objects.values())
        log.record(Kind.LOGIN_FAILED, "owner", address="192.0.2.1")
        self.client.force_login(self.owner)
        self.assertEqual(list(LastChange.objects.values()), before)
