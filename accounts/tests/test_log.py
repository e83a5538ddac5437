from datetime import timedelta
from unittest import mock

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from accounts import event_lines, log
from accounts.admin import AreaFilter
from accounts.models import Event

LIST = "/admin/accounts/event/"
PASSWORD = "nine words that nobody has put together before"  # a long one
Kind = Event.Kind


def told() -> list[tuple]:
    """Return the log, oldest first."""
    return list(Event.objects.order_by("pk").values_list("kind", "account", "subject"))


class RecordTests(TestCase):
    def test_an_account_may_go_and_its_name_stays(self):
        user = get_user_model().objects.create_user("anna")
        log.record(Kind.PUBLISHED, user, "A title")
        user.delete()
        self.assertEqual(told(), [(Kind.PUBLISHED, "anna", "A title")])

    def test_addresses_are_forgotten_after_thirty_days(self):
        for days in (29, 31):
            at = timezone.now() - timedelta(days=days)
            Event.objects.create(kind=Kind.LOGGED_IN, account=str(days), address="2001:db8::1", at=at)
        log.record(Kind.LOGGED_IN, "anna", address="192.0.2.1")
        kept = set(Event.objects.exclude(address=None).values_list("account", flat=True))
        self.assertEqual((kept, log.DAYS_OF_ADDRESSES), ({"29", "anna"}, 30))

    def test_whatever_a_name_or_an_address_is_the_event_is_written(self):
        said = [("\0" * 999, "fe80::1"), ("é" * 999, ""), ("", None), ("🌿", "192.0.2.1")]
        for name, address in said:
            log.record(Kind.LOGIN_FAILED, name, name, address=address)
        addresses = list(Event.objects.order_by("pk").values_list("address", flat=True))
        self.assertEqual(addresses, ["fe80::1", None, None, "192.0.2.1"])

    def test_what_strangers_can_cause_is_counted_and_bounded(self):
        for _ in range(50):
            log.record(Kind.LOGIN_FAILED, "anna", address="192.0.2.1")
        self.assertEqual(list(Event.objects.values_list("times", flat=True)), [50])
        Event.objects.update(at=timezone.now() - timedelta(minutes=61))
        log.record(Kind.LOGIN_FAILED, "anna", address="192.0.2.1")
        self.assertEqual(Event.objects.count(), 2)
        log.record(Kind.PUBLISHED, "anna", "kept")
        with mock.patch.object(log, "KEPT_OF_STRANGERS", 20):
            for number in range(210):
                log.record(Kind.LOGIN_FAILED, "anna", address=f"2001:db8::{number:x}")
        # Let go of in steps of a hundred.
        self.assertLessEqual(Event.objects.filter(kind=Kind.LOGIN_FAILED).count(), 120)
        self.assertTrue(Event.objects.filter(kind=Kind.PUBLISHED).exists())


class LogInTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = get_user_model().objects.create_superuser("anna", password=PASSWORD)

    def log_in(self, name: str, password: str):
        data = {"username": name, "password": password, "next": "/admin/"}
        return self.client.post("/admin/login/", data, REMOTE_ADDR="192.0.2.7")

    def test_log_ins_and_log_outs_stand_in_it_with_the_address(self):
        Event.objects.all().delete()
        self.log_in("anna", PASSWORD)
        self.client.post("/admin/logout/", REMOTE_ADDR="192.0.2.7")
        self.assertEqual(told(), [(Kind.LOGGED_IN, "anna", ""), (Kind.LOGGED_OUT, "anna", "")])
        self.assertEqual(set(Event.objects.values_list("address", flat=True)), {"192.0.2.7"})

    def test_a_refused_name_is_kept_only_if_an_account_has_it(self):
        Event.objects.all().delete()
        for name in ("anna", "my secret, typed too early", "an\0na"):
            self.log_in(name, "wrong")
        self.assertEqual({account for _kind, account, _subject in told()}, {"anna", ""})
        self.assertNotIn("secret", str(list(Event.objects.values())))
        self.assertNotIn("wrong", str(list(Event.objects.values())))

    def test_a_lock_out_stands_in_it(self):
        for _ in range(7):
            self.log_in("anna", "wrong")
        locked_out = Event.objects.get(kind=Kind.LOCKED_OUT)
        self.assertEqual((locked_out.account, locked_out.address), ("anna", "192.0.2.7"))

    def test_every_new_password_stands_in_it_wherever_it_was_set(self):
        Event.objects.all().delete()
        self.user.set_password("another one of many words")
        self.user.save()
        self.assertEqual(told(), [(Kind.PASSWORD_CHANGED, "anna", "")])
        self.assertNotIn("many words", str(list(Event.objects.values())))


class AccountChangesTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.owner = get_user_model().objects.create_superuser("owner")
        cls.user = get_user_model().objects.create_user("anna")
        cls.editors = Group.objects.get(name="Editor")
        cls.path = f"/admin/auth/user/{cls.user.pk}/"

    def setUp(self):
        self.client.force_login(self.owner)
        Event.objects.all().delete()

    def change(self, **values):
        fields = {"username": "anna", "is_active": "on"}
        for prefix in ("", "initial-"):
            fields |= {f"{prefix}date_joined_0": "2026-01-01", f"{prefix}date_joined_1": "00:00:00"}
        response = self.client.post(self.path + "change/", fields | values)
        self.assertEqual(response.status_code, 302, getattr(response, "context", None) and response.context["errors"])

    def test_what_is_given_and_taken_stands_in_it_by_name(self):
        permission = Permission.objects.get(codename="view_event")
        self.change(
            groups=[self.editors.pk], user_permissions=[permission.pk], is_superuser="on", email="a@example.org"
        )
        self.change(email="a@example.org")
        kinds = [(Kind.ACCOUNT_CHANGED, {"fields": ["email"]})]
        rights = ["Editor", "accounts.view_event", "is_superuser"]
        kinds += [(Kind.PERMISSIONS_CHANGED, {"added": rights, "removed": []})]
        kinds += [(Kind.PERMISSIONS_CHANGED, {"added": [], "removed": rights})]
        about = {"of": "auth.user", "pk": self.user.pk}
        found = list(Event.objects.order_by("pk").values_list("kind", "details"))
        self.assertEqual(found, [(kind, about | details) for kind, details in kinds])
        self.assertEqual(set(Event.objects.values_list("account", "subject")), {("owner", "anna")})

    def test_accounts_and_groups_that_come_and_go_stand_in_it(self):
        password = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
        self.client.post("/admin/auth/user/add/", {"username": "new"} | password)
        self.client.post(self.path + "password/", password)
        self.client.post(self.path + "delete/", {"post": "yes"})
        permissions = [Permission.objects.get(codename="view_event").pk]
        self.client.post("/admin/auth/group/add/", {"name": "Readers", "permissions": permissions})
        group = Group.objects.get(name="Readers")
        self.client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "Writers", "permissions": permissions})
        many = {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"}
        self.client.post("/admin/auth/group/", many)
        expected = [
            (Kind.PASSWORD_CHANGED, "new", ""),
            (Kind.ACCOUNT_ADDED, "owner", "new"),
            (Kind.PASSWORD_CHANGED, "anna", ""),
            (Kind.ACCOUNT_CHANGED, "owner", "anna"),
            (Kind.ACCOUNT_DELETED, "owner", "anna"),
            (Kind.GROUP_ADDED, "owner", "Readers"),
            (Kind.PERMISSIONS_CHANGED, "owner", "Readers"),
            (Kind.GROUP_CHANGED, "owner", "Writers"),
            (Kind.GROUP_DELETED, "owner", "Writers"),
        ]
        self.assertEqual(told(), expected)


class ListTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = get_user_model().objects.create_user("editor", is_staff=True)
        cls.editor.groups.add(Group.objects.get(name="Editor"))
        about = {"of": "auth.group", "pk": 1, "added": ["is_staff", "Editor"]}
        log.record(Kind.PERMISSIONS_CHANGED, "anna", "<b>& co", details=about)
        log.record(Kind.SCHEDULED, "anna", "L’été", language="fr", details={"for": "2026-12-24T08:00:00+00:00"})
        # What another release may have written.
        for details in ({"of": "gone.model"}, {"of": 1}, {"for": "soon"}, {"count": "x"}, {"pk": None}, {"added": []}):
            log.record(Kind.IMPORTED, None, "folder", details=details)

    def test_editors_read_it_and_nobody_else_without_the_permission(self):
        self.assertEqual(self.client.get(LIST).status_code, 302)
        for name in ("Author", "Translator"):
            other = get_user_model().objects.create_user(name, is_staff=True)
            other.groups.add(Group.objects.get(name=name))
            self.client.force_login(other)
            self.assertEqual(self.client.get(LIST).status_code, 403)
            self.assertNotContains(self.client.get("/admin/"), LIST)
        self.client.force_login(self.editor)
        page = self.client.get(LIST)
        self.assertContains(page, '<span lang="fr">L’été</span>')
        self.assertContains(page, "&lt;b&gt;&amp; co")
        self.assertContains(page, "for Dec. 24, 2026")
        self.assertContains(page, "given: staff status, Editor")
        # An editor may not see groups, and needs no link to be refused.
        self.assertNotContains(page, "/admin/auth/group/1/")
        self.assertContains(self.client.get("/admin/"), LIST)

    def test_each_area_shows_its_own_and_every_kind_is_in_one(self):
        kinds = {kind for _label, kinds in AreaFilter.AREAS.values() for kind in kinds}
        self.assertEqual(kinds, set(Kind))
        self.client.force_login(self.editor)
        for area in (*AreaFilter.AREAS, "none"):
            self.assertEqual(self.client.get(LIST, {"area": area, "q": "anna"}).status_code, 200)
        self.assertNotContains(self.client.get(LIST, {"area": "accounts"}), "L’été")

    def test_nobody_adds_changes_or_deletes_an_event_in_the_admin(self):
        self.client.force_login(get_user_model().objects.create_superuser("owner"))
        event, before = Event.objects.first(), list(Event.objects.exclude(kind=Kind.LOGGED_IN).values())
        delete = {"action": "delete_selected", "_selected_action": [event.pk], "post": "yes"}
        for path in ("add/", f"{event.pk}/change/", f"{event.pk}/delete/"):
            self.assertEqual(self.client.post(LIST + path, {"subject": "other"}).status_code, 403, path)
        self.client.post(LIST, delete)
        self.assertEqual(list(Event.objects.exclude(kind=Kind.LOGGED_IN).values()), before)

    def test_many_events_take_as_many_queries_as_one(self):
        self.client.force_login(self.editor)
        self.client.get(LIST)
        with CaptureQueriesContext(connection) as few:
            self.client.get(LIST)
        about = {"of": "auth.group", "pk": 1}
        Event.objects.bulk_create(Event(kind=Kind.GROUP_ADDED, account="anna", details=about) for _ in range(90))
        with self.assertNumQueries(len(few)):
            self.client.get(LIST)

    def test_times_are_said(self):
        with override("en"):
            self.assertEqual(event_lines.what(Event(kind=Kind.LOGIN_FAILED, times=12)), "Log-in refused (12 times)")
        with override("fr"):
            self.assertEqual(event_lines.what(Event(kind=Kind.LOGIN_FAILED, times=12)), "Connexion refusée (12 fois)")
