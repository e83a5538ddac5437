import signal
import socket
from types import SimpleNamespace
from unittest import TestCase, mock

with mock.patch("signal.signal"):
    from config import gunicorn


class SilenceTests(TestCase):
    def test_a_visitor_who_falls_silent_half_way_is_not_waited_for(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        server = SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)])
        with mock.patch("config.gunicorn.SILENCE_LIMIT", 1), mock.patch("builtins.print"):
            gunicorn.when_ready(server)
        visitor = socket.create_connection(listener.getsockname())
        self.addCleanup(visitor.close)
        connection, _ = listener.accept()
        self.addCleanup(connection.close)
        # Where the limit is missing, the test shall fail instead of waiting.
        signal.signal(signal.SIGALRM, lambda *_: self.fail("Waited for more than the limit."))
        signal.alarm(5)
        self.addCleanup(signal.alarm, 0)
        with self.assertRaises(BlockingIOError):
            connection.recv(1)
