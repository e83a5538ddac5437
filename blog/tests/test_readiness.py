import threading
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

from django import db
from django.db.migrations.loader import MigrationLoader
from django.http import HttpResponse
from django.test import TestCase

from blog import readiness
from blog.readiness import Readiness

APPLIED = "blog.readiness.MigrationRecorder.applied_migrations"


class ReadinessTests(TestCase):
    def setUp(self):
        self.enterContext(mock.patch("blog.readiness.READINESS", Readiness()))
        self.enterContext(mock.patch("blog.readiness.LASTS", 0))

    def assert_not_ready(self, words: str) -> HttpResponse:
        response = self.client.get("/readyz")
        self.assertContains(response, words, status_code=503)
        self.assertEqual((response["Cache-Control"], response["Retry-After"]), ("no-store", "5"))
        return response

    def test_a_site_whose_database_answers_is_ready(self):
        response = self.client.get("/readyz")
        self.assertEqual((response.status_code, response.content), (200, b"ready\n"))
        self.assertEqual(self.client.post("/readyz").status_code, 405)

    def test_who_asks_without_end_makes_the_database_answer_once_a_second(self):
        answered = dict.fromkeys(readiness._expected())
        with (
            mock.patch("blog.readiness.LASTS", 60),
            mock.patch(APPLIED, return_value=answered) as asked,
        ):
            self.assertEqual({self.client.get("/readyz").status_code for _ in range(5)}, {200})
            self.assertEqual(asked.call_count, 1)
            readiness.READINESS.asked_at -= 60
            self.assertEqual(self.client.get("/readyz").status_code, 200)
            self.assertEqual(asked.call_count, 2)

    def test_every_migration_of_the_code_is_expected(self):
        self.assertEqual(readiness._expected(), set(MigrationLoader(None).graph.nodes))

    def test_a_database_without_the_last_migrations_is_not_ready(self):
        later = {("articles", "9998_later"), ("blog", "9999_later")}
        with (
            mock.patch("blog.readiness._expected", return_value=readiness._expected() | later),
            self.assertLogs("blog.readiness", "ERROR"),
        ):
            self.assert_not_ready("migration articles.9998_later and 1 more, which “manage.py migrate” applies.")

    def test_why_is_told_without_secrets_and_to_the_log_once(self):
        error = db.OperationalError("connection to db.example as user blog failed")
        with self.assertLogs() as logged:
            with mock.patch(APPLIED, side_effect=error):
                for _ in range(3):
                    response = self.assert_not_ready("The database cannot be reached.")
            self.assertEqual(self.client.get("/readyz").status_code, 200)
        self.assertNotContains(response, "db.example", status_code=503)
        self.assertEqual(
            logged.output,
            [
                "ERROR:blog.readiness:Not ready: The database cannot be reached.",
                "WARNING:blog.readiness:Ready again.",
            ],
        )

    def test_a_database_that_hangs_is_asked_once_and_holds_up_nobody(self):
        answers, asked = threading.Event(), mock.Mock()
        self.addCleanup(answers.set)

        def hang(_) -> dict:
            asked()
            answers.wait(20)
            return dict.fromkeys(readiness._expected())

        with (
            mock.patch(APPLIED, autospec=True, side_effect=hang),
            mock.patch("blog.readiness.PATIENCE", 0.05),
            ThreadPoolExecutor(8) as visitors,
            self.assertLogs("blog.readiness"),
        ):
            told = set(visitors.map(lambda _: readiness.READINESS.why_not(), range(8)))
            self.assertEqual(told, {"The database has not answered for 0.05 seconds."})
            self.assertEqual(asked.call_count, 1)
            answers.set()
            readiness.READINESS.asked.result(20)
            self.assertEqual(self.client.get("/readyz").status_code, 200)
            # Nor did any other question wait for its turn.
            self.assertEqual(asked.call_count, 2)
