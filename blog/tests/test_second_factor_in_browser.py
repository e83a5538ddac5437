from django.test import tag
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor

from .browser import PASSWORD, BrowserTestCase


@tag("editor")
class SecondFactorTests(BrowserTestCase):
    def test_it_is_set_up_by_keyboard_with_a_picture_to_scan_and_asked_for_at_the_next_login(self):
        page = self.page(viewport={"width": 390, "height": 800}, color_scheme="dark")
        self.log_in(page)
        page.goto("/admin/second-factor/")
        page.focus(".second-factor [type=submit]")
        page.keyboard.press("Enter")
        picture = page.wait_for_selector(".second-factor-qr")
        self.assertGreater(picture.evaluate("image => image.decode().then(() => image.naturalWidth)"), 0)
        self.assertEqual(page.evaluate("document.documentElement.scrollWidth"), 390)
        device = TOTPDevice.objects.get()
        page.fill("#id_password", PASSWORD)
        page.fill("#id_one_time_code", f"{totp(device.bin_key):06}")
        page.keyboard.press("Enter")
        page.wait_for_selector(".recovery-codes")
        code = page.inner_text(".recovery-codes li:first-child")
        page.context.clear_cookies()
        page.goto("/admin/")
        page.fill("#id_one_time_code", code)
        self.fill_in_login(page)
        self.assertEqual(second_factor.recovery_codes_left(device.user), second_factor.RECOVERY_CODES - 1)
        self.assertEqual(self.faults, [])
