import json
import os
import re
import subprocess
import sys
from unittest import TestCase

from django.conf import settings

NAMES = ["ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "SECURE_SSL_REDIRECT", "SECURE_SSL_HOST", "SESSION_COOKIE_SECURE"]
NAMES += ["SECURE_PROXY_SSL_HEADER", "SECURE_HSTS_SECONDS", "SITE_URL", "TIME_ZONE", "DEBUG", "DATABASES"]
NAMES += ["EMAIL_HOST", "EMAIL_USE_SSL", "EMAIL_USE_TLS", "DEFAULT_FROM_EMAIL"]
COOKIE = ["NAME", "PATH", "SECURE", "HTTPONLY", "SAMESITE"]
NAMES += [f"{cookie}_COOKIE_{what}" for cookie in ("SESSION", "CSRF", "LANGUAGE") for what in COOKIE]


def settings_with(**variables) -> dict:
    """Return some settings as a fresh process reads them with these variables alone."""
    read = f"{{n: getattr(s, n) for n in {NAMES}}}"
    code = f"import json; from config import settings as s; print(json.dumps({read}, default=str))"
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "test"} | variables
    command = [sys.executable, "-c", code]
    return json.loads(subprocess.check_output(command, cwd=settings.BASE_DIR, env=environment))


class SettingsTests(TestCase):
    def test_hosts_origins_and_tls_follow_from_the_site_s_address(self):
        found = settings_with(SITE_URL="https://blog.example.org")
        self.assertEqual(found["ALLOWED_HOSTS"][0], "blog.example.org")
        self.assertEqual(found["CSRF_TRUSTED_ORIGINS"], ["https://blog.example.org"])
        self.assertTrue(
            found["SECURE_SSL_REDIRECT"] and found["SESSION_COOKIE_SECURE"] and found["SECURE_HSTS_SECONDS"]
        )
        self.assertEqual(found["SECURE_SSL_HOST"], "blog.example.org")

    def test_nobody_waits_for_a_database_without_an_end_and_its_address_has_the_last_word(self):
        own = settings_with(DATABASE_URL="postgresql://a@example.org/b")["DATABASES"]["default"]["OPTIONS"]
        self.assertEqual((own["connect_timeout"], own["options"]), (5, "-c lock_timeout=20s"))
        self.assertLessEqual(own["keepalives_idle"] * 1000, own["tcp_user_timeout"])
        url = "postgresql://a@example.org/b?options=-c%20lock_timeout%3D1s"
        said = settings_with(DATABASE_URL=url)["DATABASES"]["default"]["OPTIONS"]
        self.assertEqual(said, own | {"options": "-c lock_timeout=1s"})
        self.assertEqual(settings_with()["DATABASES"]["default"]["OPTIONS"]["timeout"], 20)

    def test_a_browser_takes_the_admin_s_cookies_from_an_encrypted_connection_alone(self):
        for site, prefix in (("https://blog.example.org", "__Secure-"), ("http://127.0.0.1:8000", "")):
            found = settings_with(SITE_URL=site)
            for cookie, name in (("SESSION", "sessionid"), ("CSRF", "csrftoken"), ("LANGUAGE", "django_language")):
                about = {what: found[f"{cookie}_COOKIE_{what}"] for what in COOKIE}
                expected = (prefix + name, "/admin/", bool(prefix), True, "Lax")
                self.assertEqual(about, dict(zip(COOKIE, expected, strict=True)), site)

    def test_mail_is_sent_where_a_server_is_named(self):
        self.assertEqual(settings_with()["EMAIL_HOST"], "")
        found = settings_with(EMAIL_HOST="mail.example.org", EMAIL_USE_SSL="1", SITE_URL="https://blog.example.org")
        self.assertEqual((found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]), (True, False))
        self.assertEqual(found["DEFAULT_FROM_EMAIL"], "no-reply@blog.example.org")

    def test_a_laptop_needs_no_variable_at_all(self):
        found = settings_with()
        self.assertEqual((found["SITE_URL"], found["DEBUG"]), ("http://127.0.0.1:8000", False))
        # Nobody may claim a secure connection where there is no proxy that says so.
        self.assertIsNone(found["SECURE_PROXY_SSL_HEADER"])
        self.assertFalse(found["SECURE_SSL_REDIRECT"] or found["SESSION_COOKIE_SECURE"] or found["SECURE_HSTS_SECONDS"])

    def test_no_variable_of_a_deployment_changes_what_the_tests_find(self):
        read = set(re.findall(r'environment\.\w+\(\s*"(\w+)"', (settings.BASE_DIR / "config/settings.py").read_text()))
        run = (settings.BASE_DIR / "run").read_text()
        lines = re.findall(r"^ +(?:unset|export) ([A-Z_ ]+)", run.partition("test_all() {")[2].partition("}")[0], re.M)
        self.assertGreater(len(read), 10)
        self.assertEqual(read - set(" ".join(lines).split()), set())

    def test_a_bad_value_stops_every_command_with_one_line(self):
        for name, value in {"PORT": "abc", "SITE_URL": "x", "TIME_ZONE": "Nowhere", "DEBUG": "maybe"}.items():
            environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "test", name: value}
            command = [sys.executable, "manage.py", "check"]
            run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
            self.assertEqual(run.returncode, 1)
            self.assertRegex(run.stderr, rf"\AConfiguration error: {name} [^\n]*\n\Z")
