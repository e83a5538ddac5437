from datetime import datetime, timedelta

from django.conf import settings
from django.test import SimpleTestCase, TestCase, override_settings
from django.utils import timezone

PATH = "/.well-known/security.txt"


class SecurityTxtTests(SimpleTestCase):
    """RFC 9116."""

    @override_settings(SECURITY_CONTACT="mailto:security@example.org", SITE_URL="https://blog.example")
    def test_it_names_the_contact_and_a_date_that_is_months_ahead(self):
        response = self.client.get(PATH)
        self.assertEqual(response.headers["Content-Type"], "text/plain; charset=utf-8")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        fields = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
        ahead = datetime.fromisoformat(fields.pop("Expires")) - timezone.now()
        self.assertTrue(timedelta(days=178) < ahead < timedelta(days=365))
        self.assertEqual(fields["Contact"], "mailto:security@example.org")
        self.assertEqual(fields["Canonical"], f"https://blog.example{PATH}")
        self.assertEqual(fields["Preferred-Languages"], ", ".join(code for code, _name in settings.LANGUAGES))
        self.assertEqual(self.client.head(PATH).status_code, 200)
        self.assertEqual(self.client.post(PATH).status_code, 405)


class NoContactTests(TestCase):
    def test_without_a_contact_there_is_no_such_file(self):
        self.assertEqual(self.client.get(PATH).status_code, 404)
