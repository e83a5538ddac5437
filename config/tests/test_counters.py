import socket
import threading
import time
from unittest import mock

from django.test import SimpleTestCase

from config.counters import MemoryCounters, RedisCounters

from .redis_server import RedisServer


class MemoryCountersTests(SimpleTestCase):
    def setUp(self):
        self.now = 1000.0
        self.counters = MemoryCounters(lambda: self.now)

    def test_a_window_opens_with_the_first_and_ends_after_its_seconds(self):
        seen = []
        for seconds in (0, 20, 39.5, 0.5, 10):
            self.now += seconds
            seen.append(self.counters.count("a", 60))
        self.assertEqual(seen, [(1, 60), (2, 40), (3, 0.5), (1, 60), (2, 50)])
        self.assertEqual(self.counters.count("b", 60), (1, 60))

    def test_a_clock_that_jumps_moves_no_window(self):
        counters = MemoryCounters()
        counters.count("a", 60)
        for jump in (-1e9, 1e9):
            with mock.patch("time.time", return_value=time.time() + jump):
                number, left = counters.count("a", 60)
                self.assertLessEqual(left, 60)
        self.assertEqual(number, 3)

    def test_what_is_over_makes_room_and_no_number_of_senders_takes_more_memory(self):
        for number in range(100):
            self.counters.count(f"old-{number}", 60)
        self.now += 60
        for number in range(100):
            self.counters.count(f"new-{number}", 60)
        self.assertFalse([key for key in self.counters.counters if key.startswith("old")])
        with mock.patch.object(MemoryCounters, "MAX", 500):
            for number in range(2000):
                self.counters.count(f"flood-{number}", 60)
            self.assertEqual(len(self.counters.counters), 500)
            # Who asked lately is still known.
            self.assertEqual(self.counters.count("flood-1999", 60).number, 2)

    def test_threads_lose_no_count(self):
        counters = MemoryCounters()

        def count() -> None:
            for _ in range(2000):
                counters.count("a", 600)

        threads = [threading.Thread(target=count) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(counters.count("a", 600).number, 16_001)


class RedisCountersTests(SimpleTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = RedisServer()
        cls.addClassCleanup(cls.server.close)
        cls.server.start()

    def counters(self) -> RedisCounters:
        counters = RedisCounters(self.server.url, f"{self.id()}")
        self.addCleanup(lambda: counters.redis.close())
        return counters

    def test_several_processes_count_together_and_a_counter_ends_by_itself(self):
        one, other = self.counters(), self.counters()
        self.assertEqual([each.count("a", 60).number for each in (one, other, one)], [1, 2, 3])
        self.assertEqual(one.count("b", 60).number, 1)
        number, left = other.count("a", 60)
        self.assertEqual(number, 4)
        self.assertTrue(55 < left <= 60)
        self.assertTrue(0 < one.redis.pttl(f"{one.prefix}:a") <= 60_000)

    def test_a_counter_without_an_end_or_with_a_far_one_refuses_nobody_for_good(self):
        counters = self.counters()
        key = f"{counters.prefix}:a"
        for spoil in (counters.redis.persist, lambda key: counters.redis.pexpire(key, 3_600_000)):
            counters.redis.set(key, 1000, px=60_000)
            spoil(key)
            self.assertEqual(counters.count("a", 60).number, 1)
            self.assertTrue(0 < counters.redis.pttl(key) <= 60_000)

    def test_each_count_is_one_round_trip(self):
        counters = self.counters()
        counters.count("a", 60)
        with mock.patch.object(counters.redis, "execute_command", wraps=counters.redis.execute_command) as asked:
            counters.count("a", 60)
        self.assertEqual(asked.call_count, 1)

    def test_redis_gone_and_back_is_two_lines_of_the_log_and_nobody_waits(self):
        server = RedisServer()
        self.addCleanup(server.close)
        server.start()
        counters = RedisCounters(server.url, "t")
        counters.count("a", 60)
        server.stop()
        with self.assertLogs("config.counters") as log:
            began = time.monotonic()
            # From the memory of the process, which begins anew.
            self.assertEqual([counters.count("a", 60).number for _ in range(50)], list(range(1, 51)))
            self.assertLess(time.monotonic() - began, 5)
            server.start()
            # Not asked again before its pause is over.
            self.assertEqual(counters.count("a", 60).number, 51)
            with mock.patch.object(counters, "next_try", 0):
                self.assertEqual(counters.count("a", 60).number, 1)
            self.assertEqual(counters.count("a", 60).number, 2)
        self.assertEqual([record.levelname for record in log.records], ["ERROR", "WARNING"])

    def test_a_redis_that_refuses_or_says_nothing_stops_nobody(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            for url in (
                f"redis://127.0.0.1:{silent.getsockname()[1]}",
                "redis://127.0.0.1:1",
                self.server.url + "?db=99",
            ):
                counters = RedisCounters(url, "t")
                with self.subTest(url), self.assertLogs("config.counters") as log:
                    began = time.monotonic()
                    self.assertEqual([counters.count("a", 60).number for _ in range(20)], list(range(1, 21)))
                    self.assertLess(time.monotonic() - began, 15)
                self.assertEqual(len(log.records), 1)
