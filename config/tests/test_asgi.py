import asyncio
import errno
import threading
from contextlib import suppress
from unittest import IsolatedAsyncioTestCase, mock

from config import asgi, request
from config.asgi import ThreadedApplication
from config.request_log import REQUEST_ID, current_id

WHOLE = {"type": "http.request", "body": b"", "more_body": False}
LEFT = {"type": "http.disconnect"}


def part(body: bytes, *, more: bool = True) -> dict:
    return {"type": "http.request", "body": body, "more_body": more}


class Visit:
    """One request to an ASGI application: what the visitor sends, and what they get."""

    def __init__(
        self,
        application,
        *messages: dict,
        method: str = "GET",
        path: bytes = b"/en/",
        client: str = "192.0.2.1",
        **headers: str,
    ):
        self.messages = list(messages) or [WHOLE]
        self.sent: list[dict] = []
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "raw_path": path,
            "query_string": b"",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
            "server": ("127.0.0.1", 8000),
            "client": (client, 40_000),
        }
        self.task = asyncio.create_task(application(scope, self.receive, self.send))

    async def receive(self) -> dict:
        if not self.messages:
            await asyncio.Event().wait()
        return self.messages.pop(0)

    async def send(self, message: dict) -> None:
        self.sent.append(message)

    async def answer(self) -> tuple[int, bytes]:
        await asyncio.wait_for(self.task, 20)
        return self.status, self.sent[1]["body"]

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    def header(self, name: bytes) -> bytes:
        return dict(self.sent[0]["headers"])[name]


class Dripping(Visit):
    """One who never pauses for long and never comes to an end."""

    async def receive(self) -> dict:
        await asyncio.sleep(0.01)
        return part(b"")


class Site:
    """A WSGI application that says what was asked, and remembers in which threads it ran."""

    def __init__(self):
        self.bodies: list[bytes] = []
        self.threads: list[int] = []
        self.is_asked, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()
        self.running = self.most_running = 0

    def __call__(self, environ, start_response):
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self.threads.append(threading.get_ident())
        self.is_asked.set()
        self.may_answer.wait(20)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.bodies.append(body)
        text = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {len(body)}".encode()
        start_response("200 OK", [("Content-Length", str(len(text)))])
        return Parts(self, text)


class Parts:
    def __init__(self, site: Site, text: bytes):
        self.site, self.text = site, text

    def __iter__(self):
        self.site.threads.append(threading.get_ident())
        yield self.text

    def close(self):
        self.site.threads.append(threading.get_ident())
        self.site.running -= 1


class AdapterTestCase(IsolatedAsyncioTestCase):
    def setUp(self):
        self.site = Site()
        # A thread that still waits would keep the tests from ending.
        self.addCleanup(self.site.may_answer.set)
        self.application = ThreadedApplication(self.site)

    async def ask(self, *messages, **options) -> Visit:
        visit = Visit(self.application, *messages, **options)
        await asyncio.wait_for(visit.task, 20)
        return visit

    async def until_asked(self):
        while not self.site.is_asked.is_set():
            await asyncio.sleep(0.01)


class AnswerTests(AdapterTestCase):
    async def test_a_page_is_answered_as_the_application_does(self):
        visit = await self.ask()
        self.assertEqual(await visit.answer(), (200, b"GET /en/ 0"))

    async def test_who_asks_for_the_head_gets_the_length_and_no_body(self):
        visit = await self.ask(method="HEAD")
        self.assertEqual(await visit.answer(), (200, b""))
        self.assertEqual(visit.header(b"content-length"), b"11")

    async def test_every_call_of_a_request_is_in_one_thread(self):
        visits = [Visit(self.application) for _ in range(20)]
        for visit in visits:
            await visit.answer()
        self.assertLessEqual(len(set(self.site.threads)), asgi.THREADS)
        self.site.threads.clear()
        await self.ask()
        self.assertEqual(len(self.site.threads), 3)
        self.assertEqual(len(set(self.site.threads)), 1)


class RequestIdTests(AdapterTestCase):
    async def test_each_request_has_an_id_of_its_own_in_the_thread_that_answers_it(self):
        seen = []

        def application(environ, start_response):
            seen.append((environ[REQUEST_ID], current_id.get()))
            return Site()(environ, start_response)

        self.application = ThreadedApplication(application)
        for _ in range(2):
            await self.ask()
        self.assertEqual([told for _, told in seen], [named for named, _ in seen])
        self.assertEqual(len(set(seen)), 2)

    async def test_a_refusal_names_its_request_and_the_log_says_once_that_the_site_is_busy(self):
        with mock.patch("config.asgi.MAX_WAITING", 0), self.assertLogs("config.asgi", "WARNING") as logged:
            named = {(await self.ask()).header(b"x-request-id") for _ in range(3)}
        self.assertEqual((len(named), len(logged.output)), (3, 1))
        self.assertNotIn("X-Request-Id", dict(asgi.REFUSALS["503 Service Unavailable"].headers))


class BodyTests(AdapterTestCase):
    async def test_a_body_arrives_whole_however_it_is_sent(self):
        large = b"x" * (request.MAX_BODY_IN_MEMORY + 1)
        for body, headers in (
            (b"", {"content_length": "0"}),
            (b"", {"transfer_encoding": "chunked"}),
            (b"abc", {"content_length": "3"}),
            (b"abc", {"transfer_encoding": "chunked"}),
            (large, {"content_length": str(len(large))}),
            (large, {"transfer_encoding": "chunked"}),
        ):
            for method in ("POST", "GET"):
                with self.subTest(length=len(body), method=method, **headers):
                    await self.ask(part(body[:2]), part(body[2:]), WHOLE, method=method, **headers)
                    self.assertEqual(self.site.bodies.pop(), body)

    async def test_a_body_may_have_the_greatest_length_and_not_one_byte_more(self):
        with mock.patch("config.request.MAX_BODY", 10):
            visit = await self.ask(part(b"x" * 10, more=False), method="POST", content_length="10")
            self.assertEqual(visit.status, 200)
            visit = await self.ask(part(b"x" * 10), WHOLE, method="POST", transfer_encoding="chunked")
            self.assertEqual(visit.status, 200)
            self.site.bodies.clear()
            for rest in ([], [part(b"x" * 5), WHOLE]):
                visit = await self.ask(part(b"x" * 11), *rest, LEFT, method="POST", transfer_encoding="chunked")
                self.assertEqual(visit.status, 413)
            visit = await self.ask(LEFT, method="POST", content_length="11")
            self.assertEqual(visit.status, 413)
        self.assertEqual(self.site.bodies, [])

    async def test_who_sends_too_much_has_the_answer_at_once_and_is_let_finish(self):
        visit = Visit(self.application, method="POST", content_length=str(request.MAX_BODY + 1))
        visit.messages.clear()
        while len(visit.sent) < 2:
            await asyncio.sleep(0.01)
        text = visit.sent[1]["body"].decode()
        self.assertIn("more than the site takes", text)
        self.assertEqual(len(text.splitlines()), 2, "One line in each language")
        self.assertFalse(visit.task.done())
        visit.task.cancel()
        visit = Visit(
            self.application, part(b"x" * 1000), WHOLE, method="POST", content_length=str(request.MAX_BODY + 1)
        )
        await visit.answer()
        self.assertEqual(visit.messages, [])

    async def test_who_pauses_too_long_is_not_waited_for(self):
        limits = mock.patch.multiple("config.request", SILENCE_LIMIT=0.05, PATIENCE=0.05)
        with limits:
            visit = Visit(self.application, part(b"ab"), method="POST", content_length="3")
            status, _ = await visit.answer()
        self.assertEqual(status, 408)
        self.assertEqual(self.site.bodies, [])

    async def test_who_drips_is_not_waited_for_either(self):
        with mock.patch.multiple("config.request", TIME_LIMIT=0.2, PATIENCE=0.05):
            status, _ = await Dripping(self.application, method="POST", content_length="9").answer()
        self.assertEqual((status, self.site.bodies), (408, []))

    async def test_who_leaves_half_way_leaves_nothing_behind(self):
        visit = await self.ask(part(b"ab"), LEFT, method="POST", content_length="3")
        self.assertEqual((visit.sent, self.site.bodies), ([], []))

    async def test_a_full_disk_is_told_to_the_visitor_and_to_the_log(self):
        full = OSError(errno.ENOSPC, "No space left on device")
        with (
            mock.patch("tempfile.SpooledTemporaryFile.write", side_effect=full),
            mock.patch("config.request.PATIENCE", 0.05),
            self.assertLogs("config.request", "ERROR") as logged,
        ):
            visit = await self.ask(part(b"ab"), method="POST", content_length="3")
        self.assertEqual(visit.status, 507)
        self.assertIn("No space left", logged.output[0])
        self.assertEqual(self.site.bodies, [])

    async def test_only_so_many_large_bodies_are_taken_in_at_a_time(self):
        size = str(request.MAX_BODY_IN_MEMORY + 1)
        visits = []
        for number in range(asgi.MAX_LARGE_BODIES + 1):
            sender = {"method": "POST", "client": f"192.0.2.{number}"}
            visits.append(Visit(self.application, part(b"ab"), content_length=size, **sender))
        small = await self.ask(part(b"abc", more=False), method="POST", content_length="3")
        self.assertEqual(small.status, 200)
        self.assertEqual([len(visit.messages) for visit in visits], [0] * asgi.MAX_LARGE_BODIES + [1])
        visits[0].task.cancel()
        await asyncio.sleep(0.05)
        self.assertEqual(visits[-1].messages, [])
        for visit in visits:
            visit.task.cancel()

    async def test_one_address_does_not_keep_out_the_large_bodies_of_all_others(self):
        size = str(request.MAX_BODY_IN_MEMORY + 1)
        large = {"method": "POST", "content_length": size}
        dripping = [
            Dripping(self.application, client=f"2001:db8::{number}", **large)
            for number in range(asgi.MAX_LARGE_BODIES + 1)
        ]
        await asyncio.sleep(0.05)
        whole = part(bytes(request.MAX_BODY_IN_MEMORY + 1), more=False)
        other = await self.ask(whole, client="192.0.2.2", **large)
        self.assertEqual(other.status, 200)
        for visit in dripping:
            visit.task.cancel()


class LeavingTests(AdapterTestCase):
    async def test_a_form_that_was_sent_whole_is_saved_also_when_its_sender_is_gone(self):
        self.site.may_answer.clear()
        visit = Visit(self.application, part(b"abc", more=False), method="POST", content_length="3")
        await self.until_asked()
        # So does gunicorn some seconds after the connection broke.
        visit.task.cancel()
        with suppress(asyncio.CancelledError):
            await visit.task
        self.site.may_answer.set()
        # In a thread of its own, which may come to it after the one of another visitor.
        while len(self.site.bodies) < 1:
            await asyncio.sleep(0.01)
        self.assertEqual(self.site.bodies, [b"abc"])

    async def leave_while_all_threads_are_busy(self, *messages: dict, **options: str):
        self.site.may_answer.clear()
        busy = [Visit(self.application) for _ in range(asgi.THREADS)]
        await self.until_asked()
        visit = Visit(self.application, *messages, **options)
        await asyncio.sleep(0.05)
        visit.task.cancel()
        await asyncio.sleep(0.05)
        self.site.may_answer.set()
        for other in busy:
            await other.answer()
        await self.ask()

    async def test_a_form_that_waits_for_a_thread_is_saved_also_when_its_sender_is_gone(self):
        await self.leave_while_all_threads_are_busy(part(b"abc", more=False), method="POST", content_length="3")
        self.assertIn(b"abc", self.site.bodies)

    async def test_a_page_that_nobody_waits_for_any_more_is_not_made(self):
        await self.leave_while_all_threads_are_busy()
        self.assertEqual(len(self.site.bodies), asgi.THREADS + 1)


class BusyTests(AdapterTestCase):
    async def test_who_comes_when_too_many_wait_is_told_to_come_again_in_every_language(self):
        self.site.may_answer.clear()
        with mock.patch("config.asgi.MAX_WAITING", asgi.THREADS + 2), self.assertLogs("config.asgi"):
            waiting = [Visit(self.application) for _ in range(asgi.THREADS + 2)]
            await self.until_asked()
            for method in ("GET", "HEAD"):
                visit = await self.ask(method=method)
                self.assertEqual(visit.status, 503)
                self.assertEqual(visit.header(b"retry-after"), b"2")
                lines = visit.sent[1]["body"].decode().splitlines()
                self.assertEqual(len(lines), 2 if method == "GET" else 0)
                self.assertGreater(int(visit.header(b"content-length")), 50)
        async with asyncio.timeout(20):
            while self.site.running < asgi.THREADS:
                await asyncio.sleep(0.01)
        self.site.may_answer.set()
        for visit in waiting:
            self.assertEqual((await visit.answer())[0], 200)
        self.assertEqual(self.site.most_running, asgi.THREADS)
        self.assertEqual((await self.ask()).status, 200)

    async def test_who_watches_the_site_is_answered_however_busy_it_is(self):
        self.site.may_answer.clear()
        waiting = [Visit(self.application) for _ in range(asgi.THREADS)]
        await self.until_asked()
        with mock.patch("config.asgi.MAX_WAITING", asgi.THREADS), self.assertLogs("config.asgi"):
            self.assertEqual((await self.ask()).status, 503)
            probes = [Visit(self.application, path=path.encode()) for path in ("/healthz", "/readyz")]
            async with asyncio.timeout(20):
                while self.site.running <= asgi.THREADS:
                    await asyncio.sleep(0.01)
            self.site.may_answer.set()
            for probe in probes:
                self.assertEqual((await probe.answer())[0], 200)
        for visit in waiting:
            await visit.answer()

    async def test_writers_who_wait_leave_a_thread_to_readers(self):
        self.site.may_answer.clear()
        forms = [part(b"abc", more=False)]
        writers = [Visit(self.application, *forms, method="POST", content_length="3") for _ in range(asgi.THREADS + 1)]
        await self.until_asked()
        await asyncio.sleep(0.05)
        self.assertEqual(self.site.running, asgi.THREADS - 1)
        reader = Visit(self.application)
        async with asyncio.timeout(20):
            while self.site.running < asgi.THREADS:
                await asyncio.sleep(0.01)
        self.site.may_answer.set()
        for visit in (reader, *writers):
            self.assertEqual((await visit.answer())[0], 200)


class FakeStore(Site):
    """A store that does not know whether its one page still holds until it asks."""

    def __init__(self):
        super().__init__()
        self.page, self.site, self.sure = asgi.REFUSALS["503 Service Unavailable"], self, False

    @staticmethod
    def address_of(environ):
        return (environ["PATH_INFO"], "") if environ["REQUEST_METHOD"] == "GET" else None

    def kept(self, environ):
        return self.page if self.sure and environ["PATH_INFO"] == "/stored/" else None

    def is_sure(self):
        return self.sure

    def refresh(self):
        self.sure = True


class StoreTests(AdapterTestCase):
    def setUp(self):
        super().setUp()
        self.site = FakeStore()
        self.addCleanup(self.site.may_answer.set)
        self.application = ThreadedApplication(self.site)

    async def test_a_stored_page_is_there_while_every_thread_is_stuck(self):
        self.site.may_answer.clear()
        stuck = [Visit(self.application, method="POST", content_length="0") for _ in range(asgi.THREADS + 5)]
        await self.until_asked()
        for _ in range(3):
            # Some time goes by: it has to be asked again whether the page still holds.
            self.site.sure = False
            visit = await self.ask(path=b"/stored/")
            self.assertIs(visit.sent[1]["body"], self.site.page.body)
        self.site.may_answer.set()
        for visit in stuck:
            await visit.answer()

    async def test_one_page_that_many_want_takes_one_thread(self):
        visits = [Visit(self.application, path=b"/en/") for _ in range(20)]
        for visit in visits:
            await visit.answer()
        self.assertEqual(self.site.most_running, 1)

    async def test_a_crowd_at_one_page_keeps_nobody_from_another(self):
        self.site.may_answer.clear()
        with mock.patch("config.asgi.MAX_WAITING", 2):
            crowd = [Visit(self.application, path=b"/en/") for _ in range(20)]
            await self.until_asked()
            other = Visit(self.application, path=b"/fr/")
            await asyncio.sleep(0.05)
            self.site.may_answer.set()
            for visit in (other, *crowd):
                self.assertEqual((await visit.answer())[0], 200)

    async def test_a_store_that_fails_leaves_the_answer_to_the_application(self):
        for name in ("kept", "refresh", "is_sure"):
            self.site.sure = False
            with self.subTest(name=name), mock.patch.object(FakeStore, name, side_effect=ValueError):
                self.assertEqual(await (await self.ask()).answer(), (200, b"GET /en/ 0"))
