from unittest import mock

from django.db import IntegrityError, OperationalError
from django.test import SimpleTestCase

import manage


class ManageTests(SimpleTestCase):
    def run_into(self, error: Exception, *words: str) -> None:
        with (
            mock.patch("django.core.management.execute_from_command_line", side_effect=error),
            mock.patch("sys.argv", ["manage.py", "check_links", *words]),
        ):
            manage.main()

    def test_a_database_that_cannot_be_used_is_told_in_one_line(self):
        for said, line in (("no such table: x\nHINT: y", "no such table: x."), ("", "OperationalError.")):
            with self.assertRaisesRegex(SystemExit, f"^The database cannot be used: {line}") as stopped:
                self.run_into(OperationalError(said))
            self.assertNotIn("\n", str(stopped.exception))
        with self.assertRaises(OperationalError):
            self.run_into(OperationalError("no such table: x"), "--traceback")

    def test_a_fault_of_the_code_keeps_its_traceback(self):
        with self.assertRaises(IntegrityError):
            self.run_into(IntegrityError("UNIQUE constraint failed"))
