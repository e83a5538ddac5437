from contextlib import nullcontext
from unittest.mock import Mock

from django.test import SimpleTestCase
from gunicorn.asgi.parser import ParseError, PythonProtocol
from gunicorn.http.errors import InvalidResponseHeader, InvalidResponseHeaderName

from blog.finished_page import Answer, ReadyHeaders
from config.connection import MAX_PIECES, Connection, framing

REQUEST = b"GET /en/ HTTP/1.1\r\nHost: blog.example.org\r\n\r\n"


class ConnectionTests(SimpleTestCase):
    def test_who_sends_requests_faster_than_they_are_answered_is_not_listened_to_for_a_while(self):
        connection = Connection(Mock())
        connection.transport, connection._reading_paused = Mock(), True
        connection._callback_parser = parser = PythonProtocol()
        waiting = REQUEST * (connection._max_buffer_size // len(REQUEST) + 2)
        parser.feed(waiting)
        connection._resume_reading()
        connection.transport.resume_reading.assert_not_called()
        parser.reset()
        parser.feed(REQUEST * 2)
        connection._resume_reading()
        connection.transport.resume_reading.assert_called_once()

    def test_a_body_may_come_in_many_pieces_but_not_in_crumbs(self):
        connection = Connection(Mock())
        connection._body_receiver = Mock()
        for size, is_refused in ((16, False), (15, True)):
            connection.pieces = connection.size_of_pieces = 0
            pieces = [b"x" * size] * (MAX_PIECES + 1)
            with self.subTest(size), self.assertRaises(ParseError) if is_refused else nullcontext():
                for piece in pieces:
                    connection._on_body(piece)


class ReadyHeadersTests(SimpleTestCase):
    def test_they_are_looked_at_once(self):
        answer = Answer("200 OK", [("Content-Length", "3")], b"abc")
        ready, scan = answer.messages[0]["headers"], Mock(return_value=(True, b"3", False))
        for headers, looks in ((ready, 1), (ready, 1), (list(ready), 2), (list(ready), 3)):
            self.assertEqual(framing(headers, scan), (True, b"3", False))
            self.assertEqual(scan.call_count, looks)

    def test_a_header_that_would_end_the_answer_early_is_never_sent(self):
        for headers in ([(b"x", b"a\r\nb: c")], [(b"x\n", b"a")]):
            for _ in range(2):
                with self.assertRaises((InvalidResponseHeader, InvalidResponseHeaderName)):
                    framing(ReadyHeaders(headers))
