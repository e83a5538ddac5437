from types import SimpleNamespace
from unittest.mock import Mock

from django.test import SimpleTestCase

from config.connection import Connection
from config.worker import Worker


class WorkerTests(SimpleTestCase):
    def test_one_that_ends_says_so_with_each_answer_before_it_closes_any_connection(self):
        worker = Worker.__new__(Worker)
        worker.alive, worker.cfg, worker.loop = True, SimpleNamespace(keepalive=3), Mock()
        worker.nr, worker.max_requests, worker.servers = 0, 100, [Mock()]
        connection = Connection.__new__(Connection)
        connection.worker, connection._keepalive = worker, 3
        request = SimpleNamespace(should_close=lambda: False)
        self.assertFalse(connection._will_close(request, False))
        for _ in range(2):
            worker.handle_exit_signal()
        self.assertTrue(connection._will_close(request, False))
        worker.servers[0].close.assert_called_once()
        # As long as it is alive, gunicorn closes no connection that it has not announced.
        self.assertTrue(worker.alive)
        ((_seconds, end),) = [call.args for call in worker.loop.call_later.call_args_list]
        end()
        self.assertFalse(worker.alive)
