import re
import threading
from unittest import mock

from django.core import mail
from django.test import Client, TestCase, override_settings

from accounts.models import Event

from .people import PASSWORD, author, is_in, log_in, quick_passwords, with_second_factor

ASK = "/admin/new-password/"
NEW = "eleven other words that nobody has put together"
with_mail = override_settings(EMAIL_HOST="mail.example.org", SITE_URL="https://blog.example.org")


def ask(email: str, **headers) -> None:
    """Ask for a link and wait for what is sent meanwhile."""
    answer = Client().post(ASK, {"email": email}, **headers)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{ASK}sent/")
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join(10)


@with_mail
@quick_passwords
class NewPasswordTests(TestCase):
    def setUp(self):
        self.user = author(email="anna@example.org")

    def test_a_mailed_link_sets_a_password_that_keeps_the_rules_and_ends_all_sessions(self):
        self.client.force_login(self.user)
        ask("anna@example.org")
        [message] = mail.outbox
        [link] = re.findall(r"https://blog\.example\.org(/admin/\S+)", message.body)
        client = Client()
        form = client.get(link, follow=True)
        path = form.redirect_chain[-1][0]
        self.assertContains(form, 'id="id_new_password1_helptext"', count=1)
        for bad in ("short", "anna@example.org", "password1234", "123456789012"):
            refused = client.post(path, {"new_password1": bad, "new_password2": bad})
            self.assertContains(refused, "errorlist", msg_prefix=bad)
        done = client.post(path, {"new_password1": NEW, "new_password2": NEW}, follow=True)
        self.assertContains(done, 'href="/admin/login/"')
        # Who has the mail has no more than the password.
        self.assertFalse(is_in(client) or is_in(self.client))
        self.assertEqual(log_in(Client(), password=PASSWORD).status_code, 200)
        self.assertEqual(log_in(Client(), password=NEW).status_code, 302)
        used = Client().get(link, follow=True)
        self.assertContains(used, "invalid")
        self.assertContains(used, f'href="{ASK}"')

    def test_it_does_not_take_the_place_of_the_second_factor(self):
        with_second_factor(self.user)
        ask("anna@example.org")
        [link] = re.findall(r"https://blog\.example\.org(/admin/\S+)", mail.outbox[0].body)
        path = self.client.get(link, follow=True).redirect_chain[-1][0]
        self.client.post(path, {"new_password1": NEW, "new_password2": NEW})
        self.assertEqual(log_in(self.client, password=NEW).status_code, 200)
        self.assertFalse(is_in(self.client))

    def test_nothing_of_a_mail_is_done_before_its_page_is_answered(self):
        with mock.patch("django.contrib.auth.forms.loader.render_to_string", return_value="") as rendered:
            self.client.post(ASK, {"email": "anna@example.org"})
            self.assertFalse(rendered.called)
            for thread in threading.enumerate():
                if thread.name == "mail":
                    thread.join(10)
            self.assertTrue(rendered.called)

    def test_no_cache_keeps_any_of_its_pages(self):
        for address in (ASK, f"{ASK}sent/", f"{ASK}set/", f"{ASK}MQ/set-password/"):
            self.assertIn("no-store", self.client.get(address).headers.get("Cache-Control", ""), address)

    def test_the_link_leads_to_the_site_whatever_host_was_asked(self):
        ask("anna@example.org", headers={"Host": "localhost", "X-Forwarded-Host": "evil.example"})
        self.assertIn("https://blog.example.org/admin/new-password/", mail.outbox[0].body)
        self.assertNotIn("localhost", mail.outbox[0].body)

    def test_nobody_learns_who_has_an_account_and_nobody_s_mailbox_is_filled(self):
        for email in ("nobody@example.org", "anna@example.org", "anna@example.org", "x@y\n.z"):
            Client().post(ASK, {"email": email})
        ask("anna@example.org")
        self.assertEqual([message.to for message in mail.outbox], [["anna@example.org"]])
        asked = Event.objects.filter(kind=Event.Kind.PASSWORD_RESET_ASKED)
        self.assertEqual(dict(asked.values_list("account", "times")), {"": 1, "anna": 3})

    def test_the_answer_does_not_wait_for_the_server_of_mails(self):
        may_send = threading.Event()
        with mock.patch("django.core.mail.EmailMultiAlternatives.send", side_effect=lambda: may_send.wait(10)) as send:
            answer = Client().post(ASK, {"email": "anna@example.org"})
            self.assertEqual(answer.status_code, 302)
            may_send.set()
            ask("nobody@example.org")
        self.assertEqual(send.call_count, 1)

    @override_settings(EMAIL_HOST="")
    def test_without_a_server_for_mail_there_is_no_such_page_and_no_link_to_it(self):
        for path in (ASK, f"{ASK}sent/", f"{ASK}MQ/set-password/", f"{ASK}set/"):
            self.assertEqual(self.client.get(path).status_code, 404, path)
        self.assertNotContains(self.client.get("/admin/login/"), ASK)

    def test_with_one_the_login_leads_there(self):
        self.assertContains(self.client.get("/admin/login/"), f'href="{ASK}"')
        self.assertContains(self.client.get(ASK), "<h1>")
