import runpy
import signal
import socket
from types import SimpleNamespace
from unittest import TestCase, mock

from gunicorn.asgi.protocol import ASGIProtocol
from gunicorn.config import Config
from gunicorn.workers import gasgi

from config.asgi import THREADS

with mock.patch("signal.signal"):
    from config import gunicorn


class SilenceTests(TestCase):
    def test_a_visitor_who_falls_silent_half_way_is_not_waited_for(self):
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        server = SimpleNamespace(LISTENERS=[SimpleNamespace(sock=listener)])
        with mock.patch("config.gunicorn.SILENCE_LIMIT", 1), mock.patch("builtins.print"):
            gunicorn.when_ready(server)
        # And nobody makes the server wait with an answer that they do not take.
        self.assertEqual(listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT), 1000)
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


class SettingsTests(TestCase):
    def test_a_restart_reads_the_settings_again_and_changes_nothing_else(self):
        # gunicorn's own, by then.
        handler = signal.signal(signal.SIGINT, lambda *_: None)
        self.addCleanup(signal.signal, signal.SIGINT, handler)
        before = signal.getsignal(signal.SIGINT)
        for _ in range(2):
            runpy.run_path(gunicorn.__file__)
        self.assertIs(signal.getsignal(signal.SIGINT), before)
        self.assertEqual(gasgi.ASGIProtocol.__bases__, (ASGIProtocol,))

    def test_gunicorn_s_threads_are_as_many_as_those_of_the_asgi_worker(self):
        for name, threads in (("gthread", THREADS), ("asgi", 1)):
            server = SimpleNamespace(cfg=Config())
            server.cfg.set("worker_class", name)
            with mock.patch("socket.socket"):
                gunicorn.on_starting(server)
            self.assertEqual(server.cfg.threads, threads)
