from datetime import timedelta
from io import StringIO
from unittest import mock

from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import Client, TestCase, override_settings
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from accounts.models import Event

from .people import PASSWORD, author, code_of, is_in, log_in, quick_passwords, with_second_factor

HOME, SET_UP, QR = "/admin/second-factor/", "/admin/second-factor/set-up/", "/admin/second-factor/qr.svg"
NEW_CODES, REMOVE = "/admin/second-factor/recovery-codes/", "/admin/second-factor/remove/"
required = override_settings(SECOND_FACTOR_REQUIRED=True)
Kind = Event.Kind


def told() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("kind", flat=True))


@quick_passwords
class LoginTests(TestCase):
    def setUp(self):
        self.user = author()

    def test_nobody_is_asked_for_a_code_before_somebody_has_a_second_factor(self):
        self.assertNotContains(self.client.get("/admin/login/"), "one_time_code")
        with_second_factor(author("bob"))
        self.assertContains(self.client.get("/admin/login/"), 'autocomplete="one-time-code"')
        self.assertEqual(log_in(self.client).status_code, 302)
        self.assertTrue(is_in(self.client))

    def test_the_password_alone_opens_nothing_and_one_answer_fits_all_that_is_wrong(self):
        device, codes = with_second_factor(self.user)
        wrong = f"{(int(code_of(device)) + 1) % 1_000_000:06}"
        answers = [
            log_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), name, password, code)
            for number, (name, password, code) in enumerate(
                [
                    ("anna", PASSWORD, ""),
                    ("anna", PASSWORD, wrong),
                    ("anna", PASSWORD, "abcd-efgh"),
                    ("anna", PASSWORD, "１２３４５６"),
                    ("anna", "wrong", code_of(device)),
                    ("nobody", PASSWORD, wrong),
                ]
            )
        ]
        for answer in answers:
            self.assertContains(answer, "Name, password or code is not right")
            self.assertNotIn("sessionid", answer.cookies)
        self.assertEqual(StaticToken.objects.count(), len(codes))
        self.assertIn(Kind.SECOND_FACTOR_FAILED, told())

    def test_a_code_lets_in_and_is_good_once(self):
        device, codes = with_second_factor(self.user)
        code = code_of(device)
        self.assertEqual(log_in(self.client, code=f"{code[:3]} {code[3:]}").status_code, 302)
        self.assertTrue(is_in(self.client))
        self.assertEqual(log_in(Client(), code=code).status_code, 200)
        for expected in (302, 200):
            TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
            self.assertEqual(log_in(Client(), code=codes[0].upper()).status_code, expected)
        self.assertEqual(second_factor.recovery_codes_left(self.user), len(codes) - 1)
        self.assertEqual(told().count(Kind.RECOVERY_CODE_USED), 1)

    def test_wrong_codes_lock_out_like_wrong_passwords(self):
        device, _codes = with_second_factor(self.user)
        statuses = [log_in(self.client, code="abcdefgh").status_code for _ in range(5)]
        self.assertEqual(statuses, [200] * 4 + [429])
        self.assertEqual(log_in(self.client, code=code_of(device)).status_code, 429)
        # From elsewhere the app itself makes each try wait for longer.
        TOTPDevice.objects.filter(pk=device.pk).update(throttling_failure_count=0)
        for number in range(3):
            log_in(Client(REMOTE_ADDR=f"192.0.2.{number}"), code="000000")
        self.assertEqual(log_in(Client(REMOTE_ADDR="192.0.2.9"), code=code_of(device)).status_code, 200)

    def test_however_many_codes_are_wrong_the_owner_gets_in_nine_minutes_after_the_last(self):
        device, codes = with_second_factor(self.user)
        clock = self.enterContext(mock.patch("django.utils.timezone.now", return_value=timezone.now()))
        for wrong, right in (("000000", lambda: code_of(device)), ("abcdefgh", lambda: codes[0])):
            for _ in range(20):
                clock.return_value += timedelta(days=400)
                self.assertFalse(second_factor.verify(device, wrong))
            clock.return_value += timedelta(minutes=8)
            self.assertFalse(second_factor.verify(device, right()), "The pause is as good as none.")
            clock.return_value += timedelta(minutes=1)
            self.assertTrue(second_factor.verify(device, right()))

    def test_a_form_whose_login_has_expired_asks_for_the_code_and_loses_no_text(self):
        device, _codes = with_second_factor(self.user)
        form = {"username": "anna", "password": PASSWORD, "body_en": "Words.", "title_en": "Title"}
        path = "/admin/articles/article/login-again/"
        refused = self.client.post(path, form)
        self.assertContains(refused, "Words.", status_code=401)
        self.assertContains(refused, "one_time_code", status_code=401)
        self.assertFalse(is_in(self.client))
        code = code_of(device)
        answer = self.client.post(path, form | {"one_time_code": code}, follow=True)
        self.assertContains(answer, "Words.")
        self.assertNotContains(answer, code)

    def test_a_session_from_before_is_nobody_s_once_there_is_a_second_factor(self):
        self.client.force_login(self.user)
        self.assertTrue(is_in(self.client))
        device, _codes = with_second_factor(self.user)
        answer = self.client.get("/admin/articles/article/")
        self.assertRedirects(answer, "/admin/login/?next=/admin/articles/article/")
        self.assertIsInstance(answer.wsgi_request.user._wrapped, AnonymousUser)
        self.assertEqual(self.client.post("/admin/articles/article/unsaved/").status_code, 401)
        self.assertFalse(is_in(self.client))
        log_in(self.client, code=code_of(device))
        self.assertTrue(is_in(self.client))
        # Another app, another proof.
        second_factor.remove(self.user)
        with_second_factor(self.user)
        self.assertFalse(is_in(self.client))


@quick_passwords
class SetUpTests(TestCase):
    def setUp(self):
        self.user = author()
        self.client.force_login(self.user)

    def test_it_counts_with_the_password_and_a_right_code_and_not_before(self):
        self.assertContains(self.client.get(HOME), "Set up")
        self.assertRedirects(self.client.get(SET_UP), HOME)
        self.assertEqual(self.client.get(QR).status_code, 404)
        self.assertRedirects(self.client.post(HOME), SET_UP)
        device = TOTPDevice.objects.get()
        page = self.client.get(SET_UP)
        self.assertContains(page, second_factor.key_of(device))
        self.assertContains(page, "otpauth://totp/127.0.0.1%3Aanna?secret=")
        picture = self.client.get(QR)
        self.assertEqual(picture.headers["Content-Type"], "image/svg+xml")
        self.assertIn("no-store", picture.headers["Cache-Control"])
        self.assertNotIn(b"style", picture.content)
        for password, code in (("wrong", code_of(device)), (PASSWORD, "000000"), (PASSWORD, "x"), (PASSWORD, "")):
            self.client.post(SET_UP, {"password": password, "one_time_code": code})
            self.assertIsNone(second_factor.device_of(self.user))
            TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
        old_session = self.client.cookies["sessionid"].value
        codes = self.client.post(SET_UP, {"password": PASSWORD, "one_time_code": code_of(device)})
        for code in StaticToken.objects.values_list("token", flat=True):
            self.assertContains(codes, f"{code[:4]}-{code[4:]}")
        self.assertIn("no-store", codes.headers["Cache-Control"])
        self.assertNotEqual(self.client.cookies["sessionid"].value, old_session)
        self.assertTrue(is_in(self.client))
        self.assertEqual(self.client.get(QR).status_code, 404)
        self.assertEqual(told()[-2:], [Kind.SECOND_FACTOR_ADDED, Kind.RECOVERY_CODES_MADE])

    def test_new_recovery_codes_and_an_end_of_it_cost_a_code(self):
        device, codes = with_second_factor(self.user)
        self.client.logout()
        log_in(self.client, code=codes[0])
        for path in (NEW_CODES, REMOVE):
            self.assertContains(self.client.post(path, {"one_time_code": codes[0]}), "not right")
        self.assertContains(self.client.get(HOME), "9 recovery codes are left.")
        TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
        self.assertContains(self.client.post(NEW_CODES, {"one_time_code": code_of(device)}), "recovery-codes")
        self.assertFalse(StaticToken.objects.filter(token=codes[1].replace("-", "")).exists())
        self.assertRedirects(self.client.post(REMOVE, {"one_time_code": code_of(device)}), HOME)
        self.assertFalse(TOTPDevice.objects.exists() or StaticToken.objects.exists())
        self.assertTrue(is_in(self.client))
        self.assertEqual(told()[-1], Kind.SECOND_FACTOR_REMOVED)

    def test_only_authors_reach_these_pages_each_for_their_own_account(self):
        bob, _codes = with_second_factor(author("bob"))
        self.client.post(HOME)
        self.assertNotContains(self.client.get(SET_UP), second_factor.key_of(bob))
        reader = author("reader", is_staff=False)
        for client in (Client(), Client()):
            for path in (HOME, SET_UP, QR):
                self.assertRedirects(client.get(path), f"/admin/login/?next={path}")
            for path in (HOME, SET_UP, NEW_CODES, REMOVE):
                self.assertEqual(client.post(path, {"one_time_code": code_of(bob)}).status_code, 302)
            client.force_login(reader)
        self.assertEqual(TOTPDevice.objects.filter(user=bob.user, confirmed=True).count(), 1)
        self.assertEqual(self.client.get("/admin/otp_totp/totpdevice/").status_code, 404)
        self.assertEqual(self.client.get("/admin/otp_static/staticdevice/").status_code, 404)

    def test_a_command_helps_who_has_lost_both(self):
        with_second_factor(self.user)
        output = StringIO()
        call_command("remove_second_factor", "anna", stdout=output)
        call_command("remove_second_factor", "anna", stdout=output)
        self.assertEqual(
            output.getvalue().splitlines(),
            [
                "anna logs in with the password alone, until a second factor is set up again.",
                "anna has no second factor.",
            ],
        )
        with self.assertRaisesMessage(CommandError, "There is no account nobody."):
            call_command("remove_second_factor", "nobody")
        self.assertEqual(told()[-1], Kind.SECOND_FACTOR_REMOVED)


@required
@quick_passwords
class RequiredTests(TestCase):
    def test_an_account_without_one_gets_to_its_set_up_and_no_further(self):
        user = author()
        self.assertEqual(log_in(self.client).status_code, 302)
        for path in ("/admin/", "/admin/articles/article/", "/admin/login/", "/admin/password_change/"):
            self.assertRedirects(self.client.get(path), HOME)
        self.assertEqual(self.client.post("/admin/articles/article/add/", {"body_en": "Words."}).status_code, 401)
        self.assertContains(self.client.get(HOME), "asks every account")
        self.client.post(HOME)
        device = TOTPDevice.objects.get()
        self.assertEqual(self.client.get(QR).status_code, 200)
        answer = self.client.post(SET_UP, {"password": PASSWORD, "one_time_code": code_of(device)})
        self.assertContains(answer, "recovery-codes")
        self.assertTrue(is_in(self.client))
        # Whoever removes it is asked to set one up again.
        self.assertRedirects(self.client.post(REMOVE, {"one_time_code": code_of(device)}), HOME)
        self.assertFalse(is_in(self.client))
        self.assertFalse(second_factor.device_of(user))

    def test_readers_pages_ask_for_no_session(self):
        author()
        log_in(self.client)
        answer = self.client.get("/en/")
        self.assertEqual(answer.status_code, 200)
        self.assertNotIn("Cookie", answer.headers.get("Vary", ""))
