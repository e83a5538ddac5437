import json
import os
import signal
import time
from unittest import TestCase

from django.test import tag
from gunicorn.config import Config

from config.server_log import ServerLog

from .caller import ServerTestCase
from .server import GTHREAD, Server, serving

ID = "0b7d3f0a5f0e4c1e9a52d1f0c3b2a190"


class ServerLogTests(TestCase):
    def test_no_line_of_gunicorn_names_a_visitor_or_what_they_asked_for(self):
        log = ServerLog(Config())
        with self.assertLogs("gunicorn.error") as logged:
            log.warning("Invalid request from ip=192.0.2.7: no request")
            log.exception("Error handling request %s %s", "GET", "/en/search/?q=illness")
            log.warning("Worker %s ended", 7)
        said = [record.getMessage() for record in logged.records]
        self.assertEqual(said, ["Error handling a request", "Worker 7 ended"])


@tag("wire")
class JsonLogTests(ServerTestCase):
    """What a program that collects the log of a real server reads, where nobody looks on."""

    def test_every_line_is_json_and_is_found_by_the_id_of_its_answer(self):
        for arguments in ((), GTHREAD):
            with (
                self.subTest(arguments),
                serving(*arguments, workers=1, LOG_FORMAT="auto", TRUSTED_PROXIES="1") as server,
            ):
                refused = server.get("/admin/login/?next=/secret/", "POST", b"username=ann", X_Request_ID=ID)
                other = server.get("/admin/login/", "POST", b"username=ann")
                page = [server.get("/en/", X_Request_ID=ID) for _ in range(2)][-1]
                os.kill(server.workers[0], signal.SIGKILL)
                lines = self.read(server, 3)
            self.assertEqual((refused.status, refused.headers["X-Request-ID"]), (403, ID))
            self.assertNotIn("X-Request-ID", page.headers)
            ids = [line.get("request_id") for line in lines]
            self.assertEqual(ids, [ID, other.headers["X-Request-ID"], None])
            self.assertEqual([line["logger"] for line in lines], ["django.security.csrf"] * 2 + ["gunicorn.error"])
            self.assertIn("SIGKILL", lines[2]["message"])
            told = str(lines)
            for words in ("secret", "ann", "127.0.0.1"):
                self.assertNotIn(words, told)

    def read(self, server: Server, count: int) -> list[dict]:
        end = time.monotonic() + 10
        # The first tells people where the site is.
        while len(server.lines) <= count and time.monotonic() < end:
            time.sleep(0.02)
        return [json.loads(line) for line in server.lines[1:]]
