import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from django.test import SimpleTestCase
from django.utils.translation import override

from articles.markdown import BodyRefused, __main__, render, sanitising
from articles.markdown.limits import MAX_LENGTH, Reason, check
from articles.markdown.process import PROJECT, RendererProcess
from articles.markdown.words import words_in

# Seconds of the processor, which a busy machine changes little: two for a text, the rest for the start of a process.
PATIENCE = 3.5

# Slower than the limit on any machine, and past no cap.
SLOW = "# Heading\n" * 19_000


WORDS = words_in("en")


@contextmanager
def little_work() -> Iterator[RendererProcess]:
    """Give a process that renders; fail where it and what it started worked for longer than `PATIENCE`."""
    process, before = RendererProcess(), seconds_of_ended_processes()
    try:
        yield process
    finally:
        process.stop()
    worked = seconds_of_ended_processes() - before
    if worked > PATIENCE:
        raise AssertionError(f"It took {worked:.1f} seconds of the processor.")


def seconds_of_ended_processes() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def refusal_of(body: str) -> BodyRefused:
    try:
        render(body, "en")
    except BodyRefused as refusal:
        return refusal
    raise AssertionError("The body was not refused.")


def is_running(pid: int) -> bool:
    """Return whether a process exists and is not a dead one that nobody has asked for yet."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


class CapTests(SimpleTestCase):
    def test_a_body_has_a_longest_length(self):
        check("a" * MAX_LENGTH)
        self.assertEqual(refusal_of("a" * (MAX_LENGTH + 1)).reason, Reason.LONG)

    def test_a_refusal_writes_large_numbers_as_the_author_s_language_does(self):
        for language, number in (("en", "200,000"), ("fr", "200\xa0000")):
            with override(language):
                self.assertIn(number, str(BodyRefused(Reason.LONG)))

    def test_nesting_is_refused_with_the_line_that_is_too_deep(self):
        quotes = "words\n\n" + "".join(f"{'> ' * level}a\n" for level in range(1, 30))
        items = "words\n\n" + "".join(f"{'  ' * level}- a\n" for level in range(30))
        row = "words\n\n" + "- " * 10 + "> 1. " * 10 + "a"
        for body, line in ((quotes, 23), (items, 23), (row, 3)):
            with self.subTest(body[:12]):
                refusal = refusal_of(body)
                self.assertEqual((refusal.reason, refusal.line), (Reason.DEEP, line))

    def test_twenty_levels_and_rules_of_many_signs_are_no_reason(self):
        check("".join(f"{'  ' * level}- a\n" for level in range(20)))
        check("- " * 20 + "a\n\n" + "> " * 20 + "a")
        check("* " * 60 + "\n\n> " + "- " * 60 + "\n\n" + "-" * 400)

    def test_nesting_that_only_the_converter_sees_is_refused_too(self):
        answer = __main__.Renderer().answer({"body": "a\n\n" + "- " * 3000 + "b", "language": "en", "words": WORDS})
        self.assertEqual(answer, {"refused": Reason.DEEP, "line": 3})

    def test_a_paragraph_of_brackets_is_refused_with_its_first_line(self):
        refusal = refusal_of("words\n\nmore\nwords\n\n" + "[a](\n" * 4000)
        self.assertEqual((refusal.reason, refusal.line), (Reason.DENSE, 6))

    def test_brackets_in_code_and_in_many_paragraphs_are_no_reason(self):
        check("```\n" + "[<" * 20_000 + "\n```")
        check("[a](b)\n\n" * 20_000)

    def test_a_text_that_repeats_what_is_long_is_refused(self):
        for body in (
            "a " * 25_000 + "\n\n*[a]: " + "b" * 50_000,
            "\n\n".join(["[a] " * 2500] * 10) + "\n\n[a]: " + "b" * 50_000,
        ):
            with self.subTest(body[:4]), little_work() as process:
                with self.assertRaises(BodyRefused) as caught:
                    process.render(body, "en")
                self.assertIn(caught.exception.reason, {Reason.LARGE, Reason.SLOW})

    def test_every_refusal_says_in_both_languages_what_to_do(self):
        for reason in Reason:
            for language in ("en", "fr"):
                with self.subTest(reason, language=language), override(language):
                    words = str(BodyRefused(reason, line=7))
                    self.assertTrue(words.endswith("."))
                    self.assertNotIn("%", words)


class TimeTests(SimpleTestCase):
    def test_a_text_that_takes_too_long_is_stopped_and_the_next_is_rendered(self):
        with little_work() as process:
            with self.assertRaises(BodyRefused) as caught:
                process.render(SLOW, "en")
            self.assertEqual(caught.exception.reason, Reason.SLOW)
            self.assertIn("<em>next</em>", process.render("*next*", "en").html)

    def test_the_line_of_a_slow_piece_is_named(self):
        refusal = refusal_of("First.\n\nSecond.\n\n" + "![a](" * 2900)
        self.assertEqual((refusal.reason, refusal.line), (Reason.SLOW, 5))

    def test_a_place_that_is_not_known_is_not_named(self):
        self.assertNotIn("line", str(BodyRefused(Reason.SLOW)))
        renderer = __main__.Renderer()
        renderer.note("not in the body")
        self.assertEqual(renderer.line("a\nb"), 0)
        renderer.note("b")
        self.assertEqual(renderer.line("a\nb"), 2)

    def test_a_stop_that_a_library_swallows_still_refuses_the_text(self):
        renderer = __main__.Renderer()

        def swallow(body):
            try:
                renderer.stop_work()
            except __main__.TooSlow:
                return body

        renderer.pipelines["en"] = type("Pipeline", (), {"rendered": staticmethod(swallow)})
        self.assertEqual(renderer.answer({"body": "a", "language": "en", "words": {}})["refused"], Reason.SLOW)

    def test_a_stop_within_the_sanitiser_is_not_lost(self):
        late = mock.patch.object(sanitising._Filter, "kept", side_effect=__main__.TooSlow)
        with late, self.assertRaises(__main__.TooSlow):
            sanitising.sanitise('<p class="a">b</p>')

    def test_other_threads_work_while_a_text_is_rendered(self):
        process, glances, end = RendererProcess(), 0, threading.Event()
        self.addCleanup(process.stop)
        process.render("a", "en")
        with ThreadPoolExecutor() as pool:
            pool.submit(process.render, SLOW, "en").add_done_callback(lambda _: end.set())
            while not end.wait(0.01):
                glances += 1
        # Who had to wait for it would look once, after its second and a half.
        self.assertGreater(glances, 10)


class ProcessTests(SimpleTestCase):
    def setUp(self):
        self.process = RendererProcess()
        self.addCleanup(self.process.stop)
        self.process.render("Started.", "en")
        self.pid = self.process.process.pid

    def test_a_process_killed_between_texts_is_started_again(self):
        os.kill(self.pid, signal.SIGKILL)
        self.assertIn("<em>a</em>", self.process.render("*a*", "en").html)
        self.assertNotEqual(self.process.process.pid, self.pid)

    def test_a_process_killed_during_a_text_does_not_cost_the_text(self):
        body = "- item\n" * 1500
        with ThreadPoolExecutor() as pool:
            rendering = pool.submit(self.process.render, body, "en")
            time.sleep(0.05)
            os.kill(self.pid, signal.SIGKILL)
            self.assertEqual(rendering.result().html.count("<li>"), 1500)
        self.assertNotEqual(self.process.process.pid, self.pid)

    def test_a_process_that_ends_again_and_again_is_a_refusal(self):
        self.process.start = self.process.stop
        self.process.ask = lambda request: os.read(os.open(os.devnull, os.O_WRONLY), 1)
        with self.assertRaises(BodyRefused) as refused:
            self.process.render("a", "en")
        self.assertEqual(refused.exception.reason, Reason.FAILED)

    def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next_one(self):
        interrupted = mock.patch.object(self.process, "line", side_effect=KeyboardInterrupt)
        with interrupted, self.assertRaises(KeyboardInterrupt):
            self.process.render("one", "en")
        self.assertEqual(self.process.render("two", "en").text, "two")

    def test_two_threads_get_each_its_own(self):
        with ThreadPoolExecutor(8) as pool:
            numbers = range(60)
            answers = pool.map(lambda number: self.process.render(f"word{number}", "en").text, numbers)
            self.assertEqual(list(answers), [f"word{number}" for number in numbers])

    def test_a_fork_renders_in_a_process_of_its_own_and_leaves_the_parents_alone(self):
        code = (
            "import os, sys, django; django.setup()\n"
            "from articles.markdown import process, render\n"
            "render('a', 'en'); parents = process._process.process.pid\n"
            "process._process.turn.acquire()\n"
            "if os.fork() == 0:\n"
            "    right = render('*b*', 'en').text == 'b' and process._process.process.pid != parents\n"
            "    process._process.stop()\n"
            "    os._exit(0 if right else 3)\n"
            "status = os.waitstatus_to_exitcode(os.wait()[1])\n"
            "process._process.turn.release()\n"
            "right = render('*c*', 'en').text == 'c' and process._process.process.pid == parents\n"
            "print(parents); sys.exit(status or (0 if right else 4))\n"
        )
        done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, timeout=60, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEnds(int(done.stdout))

    def test_nothing_runs_on_after_the_server_is_killed(self):
        code = (
            "import time, django; django.setup()\n"
            "from articles.markdown import process, render\n"
            "render('a', 'en'); print(process._process.process.pid, flush=True); time.sleep(60)\n"
        )
        with subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT, stdout=subprocess.PIPE) as server:
            pid = int(server.stdout.readline())
            server.kill()
        self.assertEnds(pid)

    def test_a_stopped_process_is_gone(self):
        self.process.stop()
        self.assertFalse(is_running(self.pid))

    def test_the_process_answers_lines_of_json_and_ends_with_its_input(self):
        request = json.dumps({"body": "a\u2028b", "language": "en", "words": {}}) + "\n"
        done = subprocess.run(
            [sys.executable, "-m", "articles.markdown"],
            cwd=PROJECT, input=request * 2, capture_output=True, timeout=60, text=True,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0)
        self.assertEqual(len(done.stdout.splitlines()), 3)

    def assertEnds(self, pid: int) -> None:  # noqa: N802, as unittest names its own
        end = time.monotonic() + 10
        while is_running(pid) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertFalse(is_running(pid))
