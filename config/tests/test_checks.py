import os
import secrets
import subprocess
import sys
import tempfile
from collections import namedtuple
from pathlib import Path
from unittest import mock

from django.conf import settings
from django.core.checks import run_checks
from django.test import SimpleTestCase, override_settings

from config import checks

PUBLIC = {"SITE_URL": "https://blog.example.org", "TRUSTED_PROXIES": 1, "SECRET_KEY": secrets.token_urlsafe(50)}
SQLITE, POSTGRESQL = "django.db.backends.sqlite3", "django.db.backends.postgresql"
# Wherever the tests run, nobody else reads this one.
PRIVATE = {"ENGINE": SQLITE, "NAME": "/nowhere/db.sqlite3"}
FAR = {"ENGINE": POSTGRESQL, "HOST": "db.example.org", "OPTIONS": {}}


def found(include_deployment_checks: bool = False, database: dict = PRIVATE, **values) -> set[str]:
    """Return the own checks that find something in a public site with some other settings."""
    with override_settings(**PUBLIC | values), mock.patch.dict(settings.DATABASES, default=database):
        messages = run_checks(include_deployment_checks=include_deployment_checks)
    for message in messages:
        assert message.hint or not message.id.startswith("site."), message
    return {message.id for message in messages if message.id.startswith("site.")}


class ChecksTests(SimpleTestCase):
    def test_each_setting_that_would_hurt_is_told(self):
        for name, values in {
            "site.E001": {"DEBUG": True},
            "site.W002": {"SITE_URL": "http://blog.example.org"},
            "site.W003": {"SECRET_KEY": "secret"},
            "site.W007": {"database": FAR},
            "site.W015": {"REDIS_URL": "redis://counters.example.org/0"},
            "site.W012": {"TRUSTED_PROXIES": 0},
            "site.E013": {"EMAIL_USE_SSL": True, "EMAIL_USE_TLS": True},
            "site.W014": {"EMAIL_HOST": "mail.example.org", "EMAIL_USE_TLS": False},
            "site.W016": {"EMAIL_HOST_USER": "site", "EMAIL_HOST_PASSWORD": "secret"},
            "site.E017": {"EMAIL_HOST": "mail.example.org:587"},
            "site.W018": {"EMAIL_HOST": "mail.example.org", "EMAIL_HOST_USER": "site"},
            "site.W019": {"EMAIL_HOST": "mail.example.org", "EMAIL_PORT": 465},
            "site.E020": {"EMAIL_HOST": "mail.example.org", "DEFAULT_FROM_EMAIL": "the blog"},
            "site.W008": {"PAGE_STORE_MEGABYTES": 100_000, "WEB_CONCURRENCY": 256},
        }.items():
            self.assertEqual(found(**values), {name}, name)
        self.assertEqual(found(SECRET_KEY="ab" * 99), {"site.W003"})

    def test_nothing_is_told_of_a_laptop_and_of_a_sound_site(self):
        laptop = {"SITE_URL": "http://127.0.0.1:8000", "SECRET_KEY": "x", "DEBUG": True, "HOST": "0.0.0.0"}
        self.assertEqual(found(**laptop), set())
        self.assertEqual(found(), set())
        ssl = {"EMAIL_PORT": 465, "EMAIL_USE_SSL": True, "EMAIL_USE_TLS": False}
        for mail in (
            {"EMAIL_HOST": "mail.example.org"},
            {"EMAIL_HOST": "localhost", "EMAIL_USE_TLS": False},
            {"EMAIL_HOST": "mail.example.org", "EMAIL_HOST_USER": "site", "EMAIL_HOST_PASSWORD": "secret", **ssl},
            {"EMAIL_HOST": "2001:db8::25", "DEFAULT_FROM_EMAIL": "The blog <blog@example.org>"},
        ):
            self.assertEqual(found(**mail), set(), mail)
        near = FAR | {"HOST": "db"}
        guarded = FAR | {"OPTIONS": {"sslmode": "verify-full"}}
        for database in (near, guarded, FAR | {"HOST": "/run/postgresql"}, FAR | {"HOST": "10.0.0.2"}):
            self.assertEqual(found(database=database), set(), database)

    def test_a_server_that_others_reach_beside_the_proxy_is_told(self):
        with mock.patch.object(checks, "CONTAINER_MARKS", ()):
            self.assertEqual(found(HOST="0.0.0.0"), {"site.W005"})
            self.assertEqual(found(HOST="localhost") | found(HOST="::1"), set())
        # In a container nobody else reaches what is not published.
        with mock.patch.object(checks, "CONTAINER_MARKS", ("/",)):
            self.assertEqual(found(HOST="0.0.0.0"), set())

    def test_secrets_that_every_account_can_read_are_told(self):
        with tempfile.TemporaryDirectory() as name:
            folder, key, database = Path(name), Path(name, "key"), Path(name, "db.sqlite3")
            key.touch(0o600)
            database.touch()
            database.chmod(0o644)
            values = {"SECRET_KEY_FILE": key, "database": {"ENGINE": SQLITE, "NAME": str(database)}}
            self.assertEqual(found(**values), set())
            folder.chmod(0o755)
            self.assertEqual(found(**values), {"site.W004"})
            database.chmod(0o640)
            self.assertEqual(found(**values), set())

    def test_a_database_on_a_network_file_system_is_told(self):
        mounts = "disk / ext4 rw 0 0\nserver:/x /srv/blog nfs4 rw 0 0\ndisk /srv/blog/local ext4 rw 0 0\n"
        with mock.patch.object(Path, "read_text", return_value=mounts):
            for name, expected in {"/srv/blog": {"site.E006"}, "/srv/blog/local": set(), "/srv/blogs": set()}.items():
                database = {"ENGINE": SQLITE, "NAME": f"{name}/db.sqlite3"}
                self.assertEqual(found(database=database), expected, name)

    def test_a_format_of_images_that_pillow_lacks_is_told_by_its_name(self):
        with mock.patch("PIL.features.check", lambda need: need != "avif"):
            told = run_checks(tags=["site"])[0]
        self.assertEqual((told.id, told.is_serious()), ("site.E021", True))
        self.assertIn("cannot read and write AVIF on", told.msg)
        self.assertIn("libstdc++6", told.hint)

    def test_what_a_set_up_would_have_made_is_told_where_it_is_missing(self):
        with tempfile.TemporaryDirectory() as name:
            values = {"STATIC_ROOT": name, "LOCALE_PATHS": [Path(name)]}
            self.assertEqual(found(True, **values), {"site.E010", "site.W011"})
        limit = namedtuple("Limit", "soft hard")(256, 4096)
        with mock.patch.object(checks.resource, "getrlimit", return_value=limit):
            self.assertEqual(found(True), {"site.W009"})

    def test_check_deploy_is_clean(self):
        environment = {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite:////nowhere/db.sqlite3"}
        environment |= {name: str(value) for name, value in PUBLIC.items()}
        command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "INFO"]
        run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stderr), (0, ""), run.stderr)
