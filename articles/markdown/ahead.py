"""Rendering ahead: texts that are needed soon are rendered in further processes, while the earlier ones are saved."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from queue import SimpleQueue
from typing import TypeVar

from .limits import BodyRefused, check
from .process import RendererProcess, rendered_ahead
from .rendering import Rendered

Item = TypeVar("Item")
# A body and its language.
Text = tuple[str, str]

# With the process that saves they keep two cores busy; who has more, waits for the database.
PROCESSES = 2
# The process that saves goes first: it has the most to do, and would otherwise wait while these are busy ahead of it.
NICENESS = 10
# So many items are begun before their turn: enough for a short text to make up for a long one.
ITEMS = 8


@contextmanager
def rendering_ahead(
    items: Iterable[Item], texts_of: Callable[[Item], Iterable[Text]], count: int = ITEMS
) -> Iterator[Iterator[Item]]:
    """Give the items again, one by one, while the texts of the next `count` are rendered already.

    `texts_of` tells which texts `render` will be asked for while an item has its turn; it is called as many items
    earlier. `render` gives what it always gives, and refuses what it always refuses: a text that is refused here is
    rendered once more by itself. What an item's turn did not ask for is forgotten after it, and the processes end with
    the block. For fewer items than `count` none is started: that takes as long as a few dozen texts.

        with rendering_ahead(files, lambda file: [(file.body, file.language)]) as files:
            for file in files:
                save(file)
    """
    ahead = Ahead(PROCESSES)
    token = rendered_ahead.set(ahead.rendered)
    try:
        yield ahead.items(iter(items), texts_of, count)
    finally:
        rendered_ahead.reset(token)
        ahead.end()


class Ahead:
    """The processes, each with a thread that waits for it, and what they were asked for."""

    def __init__(self, processes: int) -> None:
        self.pid = os.getpid()
        self.idle: SimpleQueue[RendererProcess] = SimpleQueue()
        self.processes = [RendererProcess(NICENESS) for _ in range(processes)]
        for process in self.processes:
            self.idle.put(process)
        self.threads = ThreadPoolExecutor(processes, thread_name_prefix="render-ahead")
        self.begun: dict[Text, Future[Rendered]] = {}

    def items(self, items: Iterator[Item], texts_of: Callable[[Item], Iterable[Text]], count: int) -> Iterator[Item]:
        first = list(islice(items, count))
        if len(first) < count:
            yield from first
            return
        waiting: deque[tuple[Item, list[Text]]] = deque()
        for item in chain(first, items):
            waiting.append((item, self.begin(texts_of(item))))
            if len(waiting) > count:
                yield from self.next(waiting)
        while waiting:
            yield from self.next(waiting)

    def next(self, waiting: deque[tuple[Item, list[Text]]]) -> Iterator[Item]:
        item, texts = waiting.popleft()
        yield item
        for text in texts:
            self.begun.pop(text).cancel()

    def begin(self, texts: Iterable[Text]) -> list[Text]:
        new = [text for text in dict.fromkeys(texts) if text not in self.begun]
        for text in new:
            self.begun[text] = self.threads.submit(self.render, *text)
        return new

    def render(self, body: str, language: str) -> Rendered:
        check(body)
        process = self.idle.get()
        try:
            return process.render(body, language)
        finally:
            self.idle.put(process)

    def rendered(self, body: str, language: str) -> Rendered | None:
        """Return what became of a text that was begun; None where none was, or where it was refused.

        It may have been slow for the others' sake.
        """
        future = self.begun.get((body, language))
        # A fork has no threads that would ever finish.
        if future is None or os.getpid() != self.pid:
            return None
        try:
            return future.result()
        except BodyRefused:
            return None

    def end(self) -> None:
        """End the processes; what they are at takes ten seconds at most."""
        if os.getpid() == self.pid:
            self.threads.shutdown(cancel_futures=True)
            for process in self.processes:
                process.stop()
