from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import lockouts
from accounts.models import Event

from .people import LOGIN, author, is_in, log_in, quick_passwords

LIMIT = 5


@contextmanager
def counting_work():
    """Give a list that says what an answer cost: how often a password was hashed, how many queries were asked."""
    work = []
    encode = MD5PasswordHasher.encode
    with (
        mock.patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=encode) as hashed,
        CaptureQueriesContext(connection) as queries,
    ):
        yield work
    work += [hashed.call_count, len(queries)]


@quick_passwords
class LockoutTests(TestCase):
    def setUp(self):
        # The first page of a new site makes its row.
        self.client.get(LOGIN)

    def test_who_fails_five_times_waits_and_the_right_password_opens_nothing_meanwhile(self):
        author()
        statuses = [log_in(self.client, password="wrong").status_code for _ in range(LIMIT)]
        self.assertEqual(statuses, [200] * (LIMIT - 1) + [429])
        refused = log_in(self.client)
        self.assertEqual(refused.status_code, 429)
        self.assertFalse(is_in(self.client))
        self.assertTrue(890 <= int(refused.headers["Retry-After"]) <= 900, refused.headers["Retry-After"])
        self.assertContains(refused, "Wait 15 minutes, then try again.", status_code=429)
        # Who waits and is asked for nothing meanwhile is not made to wait for longer by others who try.
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14, seconds=30))
        self.assertLessEqual(int(log_in(self.client).headers["Retry-After"]), 30)
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
        self.assertEqual(log_in(self.client).status_code, 302)
        self.assertTrue(is_in(self.client))
        self.assertFalse(AccessAttempt.objects.exists())

    def test_the_answer_is_in_the_visitor_s_language(self):
        for _ in range(LIMIT):
            answer = log_in(self.client, "nobody", headers={"Accept-Language": "fr"})
        self.assertContains(answer, "15 minutes", status_code=429)
        self.assertContains(answer, 'lang="fr"', status_code=429)

    def test_name_and_address_are_counted_together(self):
        author()
        author("bob")
        for number in range(LIMIT):
            # Another browser is the same visitor.
            log_in(self.client, password="wrong", headers={"User-Agent": f"Browser {number}"})
        self.assertEqual(log_in(self.client).status_code, 429)
        self.assertEqual(log_in(Client(), "bob").status_code, 302)
        self.assertEqual(log_in(Client(REMOTE_ADDR="192.0.2.7")).status_code, 302)
        # All of an IPv6 network of one customer is one visitor, and so is all that comes through a socket.
        for addresses in ([f"2001:db8::{number}" for number in range(1, LIMIT + 1)], [""] * LIMIT):
            statuses = [log_in(Client(REMOTE_ADDR=each), password="wrong").status_code for each in addresses]
            self.assertEqual(statuses[-1], 429, addresses)

    def test_one_password_cannot_be_tried_with_one_name_after_the_other(self):
        author()
        with mock.patch.object(lockouts, "LIMIT_OF_NETWORK", 7):
            statuses = [log_in(self.client, f"name-{number}").status_code for number in range(8)]
            self.assertEqual(statuses, [200] * 6 + [429] * 2)
            refused = log_in(self.client)
            self.assertEqual(refused.status_code, 429)
            self.assertGreater(int(refused.headers["Retry-After"]), 890)
            self.assertEqual(AccessAttempt.objects.count(), 7)
            self.assertEqual(log_in(Client(REMOTE_ADDR="192.0.2.7")).status_code, 302)
            # What comes through a socket comes from anybody.
            for number in range(8):
                log_in(Client(REMOTE_ADDR=""), f"name-{number}")
            self.assertEqual(log_in(Client(REMOTE_ADDR="")).status_code, 302)

    def test_neither_words_nor_work_tell_whether_there_is_such_an_account(self):
        author()
        author("gone", is_active=False)
        author("reader", is_staff=False)
        pages, work = {}, {}
        for name in ("anna", "nobody", "gone", "reader"):
            with counting_work() as work[name]:
                pages[name] = [log_in(self.client, name, "wrong") for _ in range(LIMIT + 1)]
        for name, answers in pages.items():
            plain = [answer.content.decode().replace(name, "NAME") for answer in answers]
            expected = [answer.content.decode().replace("anna", "NAME") for answer in pages["anna"]]
            self.assertEqual(list(map(strip_tokens, plain)), list(map(strip_tokens, expected)), name)
            self.assertEqual([a.status_code for a in answers], [a.status_code for a in pages["anna"]])
            self.assertEqual(work[name], work["anna"], name)

    def test_the_right_password_of_who_is_no_author_is_counted_like_a_wrong_one(self):
        author("reader", is_staff=False)
        self.assertEqual([log_in(self.client, "reader").status_code for _ in range(LIMIT)][-1], 429)

    def test_a_refused_form_of_an_article_keeps_its_text_and_none_of_it_stays_with_the_attempts(self):
        form = {"username": "nobody", "password": "wrong", "body_en": "Words that took an hour."}
        for _ in range(LIMIT + 1):
            answer = self.client.post("/admin/articles/article/login-again/", form)
        self.assertContains(answer, "Words that took an hour.", status_code=429)
        self.assertContains(answer, "Wait 15 minutes", status_code=429)
        self.assertIn("Retry-After", answer.headers)
        attempt = AccessAttempt.objects.get()
        self.assertEqual((attempt.get_data, attempt.post_data), ("", ""))

    def test_what_is_kept_of_attempts_goes_with_their_time(self):
        log_in(self.client, "nobody")
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
        log_in(self.client, "somebody")
        self.assertEqual([attempt.username for attempt in AccessAttempt.objects.all()], ["somebody"])

    def test_refused_logins_leave_the_pages_of_readers_alone(self):
        with CaptureQueriesContext(connection) as queries:
            for _ in range(LIMIT + 1):
                log_in(self.client, "nobody")
        writes = [query["sql"] for query in queries if not query["sql"].startswith("SELECT")]
        self.assertTrue(any("axes_accessattempt" in write for write in writes))
        self.assertFalse(any("blog_" in write or "articles_" in write for write in writes))
        self.assertEqual(Event.objects.get(kind=Event.Kind.LOCKED_OUT).times, 2)

    def test_a_login_whose_cookie_is_lost_is_answered_by_a_page_in_the_visitor_s_language(self):
        client = Client(enforce_csrf_checks=True)
        for language, name in (("en", "English"), ("fr", "French")):
            answer = client.post(LOGIN, {"username": "anna"}, headers={"Accept-Language": language})
            self.assertContains(answer, f'<html lang="{language}">', status_code=403, msg_prefix=name)
            self.assertContains(answer, 'href="/admin/"', status_code=403)
            self.assertNotContains(answer, "<style", status_code=403)
            self.assertNotIn("sessionid", answer.cookies)
        self.assertContains(client.post(LOGIN), "This form was not accepted", status_code=403)


def strip_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)
