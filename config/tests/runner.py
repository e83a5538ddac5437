"""The runner of the tests: Django's own, which does no work twice."""

from argparse import ArgumentParser
from logging.config import dictConfig
from unittest import IsolatedAsyncioTestCase, TestSuite
from unittest.loader import _FailedTest

from django.conf import settings
from django.test import TransactionTestCase
from django.test.runner import DiscoverRunner
from django.test.utils import iter_test_cases
from whitenoise.middleware import WhiteNoiseMiddleware

MD5 = "django.contrib.auth.hashers.MD5PasswordHasher"


class TestRunner(DiscoverRunner):
    # A browser keeps an event loop in the thread of the tests, once it is there.
    reorder_by = (IsolatedAsyncioTestCase, *DiscoverRunner.reorder_by)

    def __init__(self, *, only_database: bool = False, **kwargs) -> None:
        super().__init__(**kwargs)
        self.only_database = only_database

    @classmethod
    def add_arguments(cls, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--only-database",
            action="store_true",
            help="Leave out the tests that use no database: another run, on another database, has them too.",
        )

    def build_suite(self, *args, **kwargs) -> TestSuite:
        suite = super().build_suite(*args, **kwargs)
        if not self.only_database:
            return suite
        # What could not be loaded stays, to be told.
        kept = (TransactionTestCase, _FailedTest)
        return type(suite)(test for test in iter_test_cases(suite) if isinstance(test, kept))

    def setup_test_environment(self, **kwargs) -> None:
        """Let everybody ask as they like, hash passwords fast, read the folder of static files once, write no log.

        All visitors of the tests have one address, and how long a request takes is up to what else the machine does.
        To hash a password takes a quarter of a second, on purpose; what is stored in that way is understood as well.
        Each client of each test has a chain of middleware of its own, and each would look at some hundred files.
        """
        super().setup_test_environment(**kwargs)
        settings.THROTTLING = False
        settings.PASSWORD_HASHERS = [MD5, *settings.PASSWORD_HASHERS]
        settings.SLOW_REQUEST_SECONDS = 0
        # What tests provoke is no news: `assertLogs` hears it, and processes that tests start write their own lines.
        settings.LOGGING |= {"handlers": {"terminal": {"class": "logging.NullHandler"}}}
        dictConfig(settings.LOGGING)
        read, known = WhiteNoiseMiddleware.update_files_dictionary, {}

        def read_once(middleware: WhiteNoiseMiddleware, root: str, prefix: str) -> None:
            if (root, prefix) not in known:
                read(middleware, root, prefix)
                known[root, prefix] = dict(middleware.files)
            middleware.files.update(known[root, prefix])

        self.read, WhiteNoiseMiddleware.update_files_dictionary = read, read_once

    def teardown_test_environment(self, **kwargs) -> None:
        WhiteNoiseMiddleware.update_files_dictionary = self.read
        super().teardown_test_environment(**kwargs)
