"""The image is built and serves as compose.yaml says, on a base that is made here. Asked for by its tag alone."""

import http.client
import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from unittest import TestCase, skipIf
from urllib.parse import urlencode

from django.test import tag

from blog.tests.ports import free_port

from .compose import composed
from .container import Container, Image, obstacle
from .postgresql_server import PostgresqlServer
from .redis_server import RedisServer

# A gigabyte of small files is quicker in memory, where there is enough of it.
MEMORY = Path("/dev/shm")


def work_folder() -> tempfile.TemporaryDirectory:
    is_large = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > 3 * 10**9
    return tempfile.TemporaryDirectory(dir=MEMORY if is_large else None, prefix="container-")


class Visitor:
    """Somebody who comes through the gateway, and keeps cookies."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}

    def ask(self, port: int, path: str, form: dict | None = None) -> http.client.HTTPResponse:
        """Return the response, its body as `text`."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": "localhost", "X-Forwarded-For": "192.0.2.7", "Cookie": cookies}
        if form:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://localhost"}
        connection.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
        response = connection.getresponse()
        response.text = response.read().decode()
        connection.close()
        for cookie in response.headers.get_all("Set-Cookie", ()):
            self.cookies.update([cookie.partition(";")[0].split("=", 1)])
        return response


@tag("container")
@skipIf(obstacle(), obstacle())
class ContainerTests(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = Path(cls.enterClassContext(work_folder()))
        cls.image = Image(cls.folder)
        cls.addClassCleanup(cls.image.close)
        cls.image.build()
        cls.services = composed()["services"]
        cls.secrets = cls.folder / "volumes" / "secrets"
        cls.container("secrets").run()
        cls.start_neighbours()
        cls.lines = cls.container("set_up").run()
        cls.sites = [cls.start_site(name) for name in ("site-1", "site-2")]

    @classmethod
    def container(cls, name: str, service: str = "", arguments: list[str] | None = None, **variables: str) -> Container:
        return Container(cls.image, name, cls.services[service or name], arguments, variables)

    @classmethod
    def start_neighbours(cls) -> None:
        """Start Debian's PostgreSQL and Redis in place of the images that this machine cannot have."""
        database, redis = PostgresqlServer("site", cls.secrets / "database_password"), RedisServer()
        for server in (database, redis):
            server.start()
            cls.addClassCleanup(server.close)
        url = cls.services["site"]["environment"]["DATABASE_URL"]
        there = {
            "DATABASE_URL": url.replace("@database/site", f"@127.0.0.1:{database.port}/postgres"),
            "REDIS_URL": redis.url,
        }
        for name in ("set_up", "site", "backup"):
            cls.services[name]["environment"] = cls.services[name]["environment"] | there

    @classmethod
    def start_site(cls, name: str) -> Container:
        port = free_port()
        site = cls.container(name, "site", PORT=str(port), WEB_CONCURRENCY="1")
        site.port = port
        site.start()
        cls.addClassCleanup(site.stop)
        end = time.monotonic() + 90
        while time.monotonic() < end and site.process.poll() is None:
            with suppress(OSError):
                if Visitor().ask(port, "/healthz").status == 200:
                    return site
            time.sleep(0.1)
        raise AssertionError((site.bundle / "log").read_text())

    def test_the_first_start_makes_secrets_that_only_the_site_s_group_reads_and_the_next_keeps_them(self):
        found = {path.name: path.read_text().strip() for path in self.secrets.iterdir()}
        self.assertEqual(set(found), {"secret_key", "database_password", "author_password"})
        self.assertEqual(len({value for value in found.values() if len(value) >= 64}), 3)
        for path in (self.secrets, *self.secrets.iterdir()):
            about = path.stat()
            self.assertEqual((about.st_uid, about.st_gid, about.st_mode & 0o027), (10001, 10001, 0), path)
        self.container("secrets-again", "secrets").run()
        self.assertEqual({path.name: path.read_text().strip() for path in self.secrets.iterdir()}, found)
        self.assertIn("user author, password from /run/secrets/author_password", self.lines)
        self.assertEqual([value for value in found.values() if value in self.lines], [])

    def test_it_serves_without_a_right_on_a_root_that_nobody_can_write(self):
        for site in self.sites:
            about = site.status()
            self.assertEqual((set(about["Uid"].split()), about["NoNewPrivs"]), ({"10001"}, "1"))
            self.assertEqual({about[f"Cap{kind}"].strip("0") for kind in ("Inh", "Prm", "Eff", "Bnd", "Amb")}, {""})
        places = "/ /site /environment /run/secrets /backups /tmp /site/var"
        write = f"for place in {places}; do touch $place/x && echo $place; done"
        self.assertEqual(
            self.sites[0].inside("sh", "-c", f"({write}) 2>/dev/null; true").split(), ["/tmp", "/site/var"]
        )
        # The image's own health check, as Docker calls it.
        kind, *check = self.image.config["Healthcheck"]["Test"]
        self.assertEqual((kind, self.sites[0].inside(*check)), ("CMD", ""))

    def test_readers_get_pages_and_styles_from_every_container(self):
        for site in self.sites:
            home = Visitor().ask(site.port, "/fr/")
            self.assertEqual((home.status, 'lang="fr"' in home.text), (200, True))
            style = re.search(r'href="(/static/[^"]+\.css)"', home.text)[1]
            self.assertEqual(Visitor().ask(site.port, style).status, 200)
            search = Visitor().ask(site.port, "/en/search/?q=traefik")
            self.assertEqual((search.status, "Rate Limiting" in search.text), (200, True))

    def test_who_logs_in_at_one_container_is_known_at_the_other(self):
        first, second = (site.port for site in self.sites)
        author = Visitor()
        page = author.ask(first, "/admin/login/")
        form = {
            "username": "author",
            "password": (self.secrets / "author_password").read_text().strip(),
            "csrfmiddlewaretoken": re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1],
            "next": "/admin/",
        }
        self.assertEqual(author.ask(first, "/admin/login/", form).status, 302)
        self.assertEqual(author.ask(second, "/admin/articles/article/").status, 200)
        self.assertEqual(Visitor().ask(second, "/admin/articles/article/").status, 302)

    def test_a_night_leaves_a_backup_and_one_that_fails_is_told(self):
        shell, options, loop = self.services["backup"]["command"]
        # One night passes at once, and there is no second one.
        night = "sleep() { [ ! -e /tmp/slept ] && : >/tmp/slept; }\n" + loop + "\ntest ! -e /tmp/failed"
        said = self.container("night", "backup", [shell, options, night]).run()
        made = list((self.folder / "volumes" / "backups").iterdir())
        self.assertEqual((len(made), made[0].name in said), (1, True))
        with self.assertRaisesRegex(AssertionError, "No backup"):
            self.container(
                "dark-night", "backup", [shell, options, night], DATABASE_URL="postgresql://a@127.0.0.1:9/b"
            ).run()
