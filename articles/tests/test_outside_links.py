import http.server
import socket
import threading
import time
from contextlib import contextmanager, suppress
from datetime import timedelta
from unittest import mock

from django.test import SimpleTestCase, TestCase, override_settings
from django.utils import timezone

from articles.link_verdict import GOOD, Kind, Reason, answered, dead, moved, unsure
from articles.models import OutsideAddress
from articles.outside_links import connecting, knowledge, politeness
from articles.outside_links.asking import ask, normal
from articles.outside_links.connecting import is_public
from articles.outside_links.politeness import Politeness
from articles.progress import silent

PRIVATE = (
    *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1"),
    *("::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::169.254.169.254"),
    *("2002:7f00:1::", "2002:a9fe:a9fe::", "::10.0.0.1", "2001:0:7f00:1::"),
    *("::ffff:0:127.0.0.1", "64:ff9b:1::10.0.0.1", "64:ff9b:1:a::1", "fec0::1", "192.0.0.8"),
)
PUBLIC = ("8.8.8.8", "2606:4700:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8")


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers /STATUS with it, /to/STATUS/PATH with a redirect there; other words say what is wrong with a server."""

    asked: list[tuple[str, str]] = []
    agents: set[str] = set()
    places = {"loop": (301, "/loop"), "out": (302, "http://10.0.0.7/"), "file": (301, "file:///etc/passwd")}
    places |= {"half": (302, "http://[::1/"), "odd": (302, "http://a b/é")}

    def answer(self) -> None:
        path = self.path.strip("/")
        self.asked.append((self.command, self.path))
        self.agents.add(self.headers["User-Agent"])
        if path in ("drip", "drip-later"):
            return self.drip(b"HTTP/1.1 200 OK\r\n" if path == "drip-later" else b"")
        if path == "get-only" and self.command == "HEAD":
            path = "405"
        status, place = self.places.get(path, (None, ""))
        if path.startswith("to/"):
            _, number, rest = path.split("/", 2)
            status, place = int(number), f"/{rest}"
        self.send_response(status or (int(path) if path.isdigit() else 200))
        if place:
            self.send_header("Location", place)
        self.end_headers()
        return None

    def drip(self, first: bytes) -> None:
        with suppress(OSError):
            self.wfile.write(first)
            for _ in range(100):
                self.wfile.write(b"H")
                time.sleep(0.05)
            self.asked.append((self.command, "to the end"))

    do_HEAD = do_GET = answer  # noqa: N815

    def log_message(self, *arguments) -> None:
        pass


@contextmanager
def other_site():
    """Serve on this machine what stands for the public Internet; give the address of its hosts."""
    Handler.asked.clear()
    Handler.agents.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    real = socket.getaddrinfo

    def resolved(host, port, *arguments, **options):
        if host.endswith("nowhere.example"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real("127.0.0.1" if host.endswith(".example") else host, port, *arguments, **options)

    # One host is let in, as if it were public: all else is still refused.
    let_in = mock.patch.object(connecting, "is_public", lambda ip: ip == "127.0.0.1" or is_public(ip))
    quick = mock.patch.object(politeness, "PAUSE", 0.0)
    try:
        with let_in, quick, mock.patch.object(socket, "getaddrinfo", resolved):
            yield lambda path, host="a.example": f"http://{host}:{server.server_port}{path}"
    finally:
        server.shutdown()
        server.server_close()


class AskingTests(SimpleTestCase):
    @override_settings(SITE_URL="https://blog.example")
    def test_what_a_server_answers_is_told_apart(self):
        cases = {
            "/200": GOOD,
            "/get-only": GOOD,
            "/404": dead(Reason.NOT_FOUND, 404),
            "/410": dead(Reason.GONE, 410),
            "/403": unsure(Reason.ANSWERED, 403),
            "/429": unsure(Reason.ANSWERED, 429),
            "/503": unsure(Reason.ANSWERED, 503),
            "/to/302/200": GOOD,
            "/to/301/404": dead(Reason.NOT_FOUND, 404),
            "/loop": unsure(Reason.LOOP),
            "/out": unsure(Reason.PRIVATE),
            "/file": unsure(Reason.MALFORMED),
            "/half": unsure(Reason.MALFORMED),
            "/odd": unsure(Reason.MALFORMED),
        }
        with other_site() as at:
            for path, verdict in cases.items():
                self.assertEqual(ask(at(path), Politeness()), verdict, path)
            # As far as the redirects are permanent.
            self.assertEqual(ask(at("/to/301/to/308/to/302/200"), Politeness()), moved(at("/to/302/200")))
            self.assertEqual(ask(at("/", "nowhere.example"), Politeness()), unsure(Reason.NO_HOST))
        self.assertEqual(Handler.agents, {"check_links (+https://blog.example/)"})
        # By GET only what refuses HEAD, and never at once who asks for less.
        self.assertIn(("GET", "/404"), Handler.asked)
        self.assertFalse({("GET", "/200"), ("GET", "/429")} & set(Handler.asked))
        self.assertEqual(Handler.asked.count(("HEAD", "/loop")), 6)

    def test_a_server_that_speaks_a_byte_at_a_time_is_left(self):
        with other_site() as at, mock.patch.object(connecting, "WHOLE_LIMIT", 0.3):
            for path in ("/drip", "/drip-later"):
                self.assertEqual(ask(at(path), Politeness()), unsure(Reason.NO_ANSWER))
        self.assertEqual(Handler.asked, [("HEAD", "/drip"), ("HEAD", "/drip-later")])

    def test_the_time_counts_also_where_it_ends_before_a_server_is_found(self):
        slow = mock.patch.object(connecting.PublicConnection, "_connected", lambda self, found: self.timer.join(5))
        with other_site() as at, mock.patch.object(connecting, "WHOLE_LIMIT", 0.01), slow:
            self.assertEqual(ask(at("/200"), Politeness()), unsure(Reason.NO_ANSWER))

    def test_nobody_in_a_private_network_is_asked_by_whatever_name(self):
        for address in PRIVATE:
            self.assertFalse(is_public(address), address)
        for address in PUBLIC:
            self.assertTrue(is_public(address), address)
        with other_site() as at, mock.patch.object(connecting, "is_public", is_public):
            for host in ("a.example", "127.0.0.1", "localhost", "2130706433"):
                self.assertEqual(ask(at("/200", host), Politeness()), unsure(Reason.PRIVATE), host)
        self.assertEqual(Handler.asked, [])

    def test_only_what_a_server_can_be_asked_for_is_asked(self):
        self.assertEqual(normal("HTTPS://Exämple.org:443/é?q=ü#here"), "https://xn--exmple-cua.org/%C3%A9?q=%C3%BC")
        self.assertEqual(normal("http://[2606:4700::1]:8080"), "http://[2606:4700::1]:8080/")
        refused = ["ftp://a.example/", "http://", "http://a:b@a.example/", "http://a.example:99999/", "http://[::1/"]
        refused += ["http://..example/", "http://a b.example/", "http://a\tb%00.example/", "http://[fe80::1%25eth0]/"]
        refused += ["//a.example", "mailto:a@a.example", "http://a.example\\@b.example/", "http://a.example/\ud800"]
        refused += [f"http://{'a' * 70}.example/", f"http://a.example/{'x' * 2000}"]
        for address in refused:
            self.assertIsNone(normal(address), address)

    def test_one_host_is_asked_one_request_at_a_time_with_a_pause(self):
        polite, slept, inside = Politeness(), [], []

        def take_turn():
            with polite.turn("a.example"):
                inside.append("in")
                inside.append("out")

        with mock.patch.object(politeness.time, "sleep", slept.append), mock.patch.object(politeness, "PAUSE", 60):
            take_turn()
            take_turn()
            with polite.turn("b.example"):
                pass
            with polite.turn("c.example"):
                threads = [threading.Thread(target=take_turn), threading.Thread(target=take_turn)]
                for thread in threads:
                    thread.start()
                for thread in threads:
                    thread.join()
        self.assertEqual(inside, ["in", "out"] * 4)
        self.assertEqual(len(slept), 3)
        self.assertTrue(all(50 < seconds <= 60 for seconds in slept))


class KnowledgeTests(TestCase):
    def refresh(self, addresses: set[str], at_most: int = 100, **answers) -> list[str]:
        """Ask again, where each host answers as told; return what was asked."""
        asked = []

        def ask(address: str, polite: Politeness):
            asked.append(address)
            return answers.get(address.split("/")[2].partition(".")[0], GOOD)

        with mock.patch.object(knowledge, "ask", ask):
            knowledge.refresh(addresses, at_most, silent)
        return sorted(asked)

    def age(self, **since) -> None:
        OutsideAddress.objects.update(asked_at=timezone.now() - timedelta(**since))

    def test_what_is_known_is_asked_again_after_days_and_what_is_bad_the_next_night(self):
        good, bad = "https://good.example/", "https://bad.example/"
        for since, asked in (({}, [bad, good]), ({"hours": 2}, []), ({"hours": 23}, [bad]), ({"days": 7}, [bad, good])):
            self.age(**since)
            self.assertEqual(self.refresh({good, bad}, bad=answered(404)), asked, since)
        self.assertEqual(knowledge.known([good, bad]), {good: GOOD, bad: dead(Reason.NOT_FOUND, 404)})
        # What no text links to any more is forgotten.
        self.refresh({good})
        self.assertEqual([row.address for row in OutsideAddress.objects.all()], [good])

    def test_one_check_is_bounded_and_asks_first_what_nobody_asked_yet(self):
        old, new = "https://old.example/", "https://new.example/"
        self.refresh({old})
        self.age(days=30)
        self.assertEqual(self.refresh({old, new}, at_most=1), [new])
        pages = {f"https://big.example/{number}" for number in range(knowledge.OF_ONE_HOST + 5)}
        self.assertEqual(len(self.refresh(pages)), knowledge.OF_ONE_HOST)
        self.assertEqual(len(self.refresh(pages)), 5)

    def test_two_checks_at_once_do_not_stop_each_other(self):
        address = "https://both.example/"

        def asked(due: list[str]):
            OutsideAddress.objects.create(address=address, asked_at=timezone.now())
            yield address, answered(404)

        with mock.patch.object(knowledge, "_asked", asked):
            knowledge.refresh({address}, 100, silent)
        self.assertEqual(knowledge.known([address]), {address: dead(Reason.NOT_FOUND, 404)})

    def test_a_host_that_is_silent_or_slow_or_asked_too_often_is_left_alone_until_the_next_check(self):
        for name, verdict, number in (("busy", answered(429), 1), ("mute", unsure(Reason.NO_ANSWER), 2)):
            pages = {f"https://{name}.example/{page}" for page in range(9)}
            self.assertEqual(len(self.refresh(pages, **{name: verdict})), number)
        slow = {f"https://slow.example/{page}" for page in range(9)}
        with mock.patch.object(knowledge, "LIMIT_OF_HOST", 0.0):
            self.assertEqual(len(self.refresh(slow)), 1)

    def test_a_name_that_nobody_knows_for_days_is_dead(self):
        address = "https://lost.example/"
        kinds = []
        for _ in range(2):
            self.refresh({address}, lost=unsure(Reason.NO_HOST))
            kinds.append(OutsideAddress.objects.get().kind)
            OutsideAddress.objects.update(failing_since=timezone.now() - timedelta(days=4))
            self.age(days=1)
        self.assertEqual(kinds, [Kind.UNSURE, Kind.DEAD])
        self.refresh({address})
        self.assertIsNone(OutsideAddress.objects.get().failing_since)
