"""The runner of the tests: Django's own, which reads the folder of static files once for all clients."""

from django.test.runner import DiscoverRunner
from whitenoise.middleware import WhiteNoiseMiddleware


class TestRunner(DiscoverRunner):
    """Each client of each test has its own chain of middleware, and each would look at some hundred files again."""

    def setup_test_environment(self, **kwargs) -> None:
        super().setup_test_environment(**kwargs)
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
