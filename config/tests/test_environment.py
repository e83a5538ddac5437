import os
import tempfile
from pathlib import Path
from unittest import TestCase, mock

from django.core.exceptions import ImproperlyConfigured

from config import environment


class EnvironmentTests(TestCase):
    """A bad value stops the start with a line that names the variable."""

    def read(self, reader, value, *arguments):
        with mock.patch.dict(os.environ, {"NAME": value}):
            return reader("NAME", *arguments)

    def assert_refused(self, reader, values, *arguments):
        for value in values:
            with self.subTest(value), self.assertRaisesRegex(ImproperlyConfigured, r"\ANAME [^\n]*\Z"):
                self.read(reader, value, *arguments)

    def test_a_switch(self):
        for value in ("1", "true", "YES", " on "):
            self.assertIs(self.read(environment.switch, value), True)
        for value in ("0", "False", "no", "off", ""):
            self.assertIs(self.read(environment.switch, value), False)
        self.assert_refused(environment.switch, ["maybe", "2"])

    def test_a_secret(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "secret"
            self.assertEqual(self.read(environment.secret, "", file), "")
            file.write_text("from the file\n")
            self.assertEqual(self.read(environment.secret, "", file), "from the file")
            self.assertEqual(self.read(environment.secret, "from outside", file), "from outside")
            self.assert_refused(environment.secret, [""], Path(folder))

    def test_what_a_file_holds_and_a_file_that_was_named_is_there(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "password"
            file.write_text(" p@ss/word \n")
            self.assertEqual(environment.held_in(str(file), "NAME"), "p@ss/word")
            self.assertEqual(environment.held_in("", "NAME"), "")
            (Path(folder) / "empty").write_text("\n")
            for bad in ("missing", "empty", "."):
                with self.assertRaisesRegex(ImproperlyConfigured, r"\ANAME [^\n]*\Z"):
                    environment.held_in(f"{folder}/{bad}", "NAME")

    def test_a_password_from_a_file_is_for_an_address_without_one(self):
        for address, password in {"postgresql://site@db/site": "p@ss", "postgresql://site:own@db/site": "own"}.items():
            self.assertEqual(self.read(environment.database, address, "", "p@ss")["PASSWORD"], password)

    def test_a_whole_number(self):
        self.assertEqual(self.read(environment.integer, "80", 1, 1, 100), 80)
        self.assertEqual(self.read(environment.integer, "", 7, 1, 100), 7)
        self.assert_refused(environment.integer, ["0", "101", "-1", "1.5", "x", "²", "1e2"], 1, 1, 100)

    def test_one_of_a_few_words(self):
        self.assertEqual(self.read(environment.choice, " JSON", "text", ["text", "json"]), "json")
        self.assertEqual(self.read(environment.choice, "", "text", ["text", "json"]), "text")
        self.assert_refused(environment.choice, ["xml", "text,json"], "text", ["text", "json"])

    def test_a_redis(self):
        for value in ("", "redis://localhost", "rediss://user:secret@cache.example:6380/1", "unix:///run/redis.sock"):
            self.assertEqual(self.read(environment.redis, value), value)
        bad = ["localhost:6379", "http://cache.example", "redis://", "redis://:secret@cache.example:port", "unix://"]
        bad += ["redis://cache.example/zero"]
        self.assert_refused(environment.redis, bad)
        with self.assertRaises(ImproperlyConfigured) as refused:
            self.read(environment.redis, "redis://:secret@cache.example:port")
        self.assertNotIn("secret", str(refused.exception))

    def test_a_contact(self):
        for value, contact in {
            "": "",
            "security@example.org": "mailto:security@example.org",
            "mailto:security@example.org": "mailto:security@example.org",
            "https://example.org/security?a=1": "https://example.org/security?a=1",
        }.items():
            self.assertEqual(self.read(environment.contact, value), contact)
        self.assert_refused(
            environment.contact, ["Ann", "http://b.example", "a@b\nExpires: never", "javascript:@", "<a@b>"]
        )

    def test_an_origin(self):
        for value in ("https://blog.example.org", "http://localhost:8000", "http://[::1]:8000/", "https://b.example/"):
            self.assertEqual(self.read(environment.origin, value, "").geturl(), value.rstrip("/"))
        bad = ["blog.example.org", "ftp://b.example", "https://", "https://b.example/path", "https://b.example?q=1"]
        bad += ["https://user:pw@b.example", "https://b.example:port", "https://b.example:99999", "https://b.exa mple"]
        self.assert_refused(environment.origin, bad, "")

    def test_an_origin_is_what_browsers_send(self):
        for value, origin in {
            "https://Blog.Example.org": "https://blog.example.org",
            "https://b.example:443": "https://b.example",
            "http://b.example:80/": "http://b.example",
            "http://[::1]:80": "http://[::1]",
            "https://b.example:80": "https://b.example:80",
            "http://b.example:443": "http://b.example:443",
        }.items():
            self.assertEqual(self.read(environment.origin, value, "").geturl(), origin)

    def test_a_time_zone(self):
        self.assertEqual(self.read(environment.time_zone, "Europe/Paris", "UTC"), "Europe/Paris")
        self.assert_refused(environment.time_zone, ["Mars/Base", "../etc/passwd", "Paris", "/etc/localtime"], "UTC")

    def test_a_database(self):
        description = self.read(environment.database, "postgresql://user:secret@db.example/blog", "")
        self.assertEqual((description["ENGINE"], description["NAME"]), ("django.db.backends.postgresql", "blog"))
        description = self.read(environment.database, "sqlite:////data/blog.sqlite3", "")
        self.assertEqual(description["NAME"], "/data/blog.sqlite3")
        self.assert_refused(environment.database, ["mysql://db/blog", "nonsense", "postgresql://u:p@host:port/x"], "")

    def test_a_refused_database_address_is_not_repeated(self):
        with self.assertRaises(ImproperlyConfigured) as caught:
            self.read(environment.database, "mysql://user:secret@db/blog", "")
        self.assertNotIn("secret", str(caught.exception))
