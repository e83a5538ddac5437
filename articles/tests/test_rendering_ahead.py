import os
import signal
import subprocess
import sys
import time
from unittest import mock

from django.test import SimpleTestCase

from articles.markdown import BodyRefused, process, render, rendering_ahead
from articles.markdown.ahead import ITEMS, Ahead
from articles.markdown.limits import MAX_LENGTH, Reason
from articles.markdown.process import PROJECT, RendererProcess

from .test_limits import is_running


def texts(count: int = 3 * ITEMS) -> list[str]:
    return [f"*Text* {number}" for number in range(count)]


def in_english(body: str) -> list[tuple[str, str]]:
    return [(body, "en")]


class RenderingAheadTests(SimpleTestCase):
    def setUp(self):
        render.cache_clear()
        self.made = []
        make = mock.patch("articles.markdown.ahead.Ahead", side_effect=self.make)
        self.enterContext(make)

    def make(self, processes: int) -> Ahead:
        self.made.append(Ahead(processes))
        return self.made[-1]

    def pids(self) -> list[int]:
        return [each.process.pid for each in self.made[0].processes if each.process]

    def test_texts_are_rendered_as_ever_in_order_and_not_by_the_one_process(self):
        alone = mock.patch.object(process._process, "render", side_effect=AssertionError("It was rendered ahead."))
        with alone, rendering_ahead(texts(), in_english) as bodies:
            for number, body in enumerate(bodies):
                self.assertEqual(render(body, "en").html, f"<p><em>Text</em> {number}</p>")
        self.assertEqual(number + 1, len(texts()))

    def test_a_text_that_is_refused_ahead_is_rendered_once_more_by_itself(self):
        refused = mock.patch.object(RendererProcess, "ask", return_value={"refused": "slow", "line": 0})
        with rendering_ahead(texts(), in_english) as bodies:
            with refused:
                first = next(bodies)
                for begun in self.made[0].begun.values():
                    self.assertIsInstance(begun.exception(), BodyRefused)
            self.assertIn("Text", render(first, "en").html)

    def test_what_is_refused_is_refused_with_its_line_and_keeps_no_other_text_from_its_turn(self):
        refused = []
        with rendering_ahead(["a" * (MAX_LENGTH + 1), "a\n\n" + "> " * 30, *texts()], in_english) as bodies:
            for body in bodies:
                try:
                    render(body, "en")
                except BodyRefused as refusal:
                    refused.append((refusal.reason, refusal.line))
        self.assertEqual(refused, [(Reason.LONG, 0), (Reason.DEEP, 3)])

    def test_only_so_many_texts_are_held_and_those_nobody_asked_for_are_forgotten(self):
        ahead = Ahead(1)
        self.addCleanup(ahead.end)
        held = [len(ahead.begun) for _ in ahead.items(iter(texts()), in_english, ITEMS)]
        self.assertLessEqual(max(held), ITEMS + 1)
        self.assertEqual(ahead.begun, {})

    def test_the_same_text_twice_is_rendered_twice_at_most(self):
        with rendering_ahead(["*a*"] * 2 * ITEMS, in_english) as bodies:
            self.assertEqual({render(body, "en").text for body in bodies}, {"a"})

    def test_a_few_items_start_no_process(self):
        with rendering_ahead(texts(ITEMS - 1), in_english) as bodies:
            self.assertEqual(len([render(body, "en") for body in bodies]), ITEMS - 1)
            self.assertEqual(self.pids(), [])

    def test_the_processes_let_the_one_that_saves_go_first(self):
        with rendering_ahead(texts(), in_english) as bodies:
            render(next(bodies), "en")
            priorities = {os.getpriority(os.PRIO_PROCESS, pid) for pid in self.pids()}
        self.assertGreater(min(priorities), os.getpriority(os.PRIO_PROCESS, 0))

    def test_the_processes_end_with_the_block_whatever_ends_it(self):
        with self.assertRaises(KeyboardInterrupt), rendering_ahead(texts(), in_english) as bodies:
            render(next(bodies), "en")
            pids = self.pids()
            raise KeyboardInterrupt
        self.assertTrue(pids)
        self.assertFalse(any(map(is_running, pids)))
        self.assertEqual(render("after", "en").text, "after")

    def test_a_process_that_is_killed_is_no_fault_of_the_text(self):
        with rendering_ahead(texts(), in_english) as bodies:
            for number, body in enumerate(bodies):
                self.assertEqual(render(body, "en").text, f"Text {number}")
                if number == 0:
                    for pid in self.pids():
                        os.kill(pid, signal.SIGKILL)

    def test_a_fork_renders_by_itself_and_neither_it_nor_a_kill_leaves_a_process_behind(self):
        code = (
            "import os, signal, django; django.setup()\n"
            "from articles.markdown import process, render, rendering_ahead\n"
            "def run(bodies):\n"
            "    return [render(body, 'en').text for body in bodies] == [str(n) for n in range(1, 20)]\n"
            "with rendering_ahead([f'*{n}*' for n in range(20)], lambda body: [(body, 'en')]) as bodies:\n"
            "    next(bodies)\n"
            "    child = os.fork()\n"
            "    right = run(bodies)\n"
            "    pids = [each.process.pid for each in process._processes if each.process]\n"
            "    if child:\n"
            "        print(os.waitpid(child, 0)[1], right, *pids, flush=True)\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "os._exit(0 if right else 3)\n"
        )
        dead = subprocess.run(
            [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, timeout=60, text=True, check=False
        )
        status, right, *pids = dead.stdout.split()
        self.assertEqual((status, right), ("0", "True"), dead.stderr)
        self.assertTrue(pids)
        end = time.monotonic() + 10
        while any(is_running(int(pid)) for pid in pids):
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)
