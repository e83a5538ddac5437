"""The whole copy: every address asked for, every file written, and nothing left over from before."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

from django.conf import settings
from django.db import connections
from django.utils.translation import override

from articles import languages
from articles.addresses import path_in
from articles.progress import Progress, silent
from blog.models import Site

from . import listing
from .addresses import file_of, place_of
from .folder import Entry, Folder
from .problems import ExportError
from .state import current_state, is_certain
from .writing import Writer, Written, map_line

# Addresses that a process takes at a time.
BATCH = 20

# Writes some addresses, in their order.
Work = Callable[[list[str]], Iterable[Written]]


@dataclass
class Summary:
    """What a run did: how many files it wrote, found unchanged, and removed."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    redirects: int = 0
    # Links of pages that lead nowhere on the live site either: the address, and a page that names it.
    dead: dict[str, str] = field(default_factory=dict)
    has_changed_meanwhile: bool = False


def export(path: Path, *, is_relative: bool = False, jobs: int | None = None, progress: Progress = silent) -> Summary:
    """Write the readers' site into a folder of its own; raise ExportError where that cannot be.

    `jobs` is the number of processes, by default one for each core. With 1 all is done in this one.
    """
    folder = Folder(path)
    with folder.opened(), override(settings.LANGUAGE_CODE), collecting_seldom():
        # A new site gets its texts when they are first asked for, which is a change.
        Site.current()
        state = current_state(is_relative=is_relative)
        if state == folder.state and is_certain(state) and not folder.left and all(map(folder.stands, folder.known)):
            return Summary(unchanged=len(folder.known))
        # All that is asked of the database in this process is asked before the others start.
        required, old = ["/", *listing.addresses()], list(listing.old_addresses())
        with working(Writer(folder, is_relative), jobs or os.cpu_count() or 1) as work:
            run = Run(folder, work, progress)
            run.write_required(required)
            run.follow()
            run.write_old([*old, *listing.cut_off(map(place_of, run.done))])
            run.follow()
        summary = run.finish(state)
        summary.has_changed_meanwhile = current_state(is_relative=is_relative) != state
        return summary


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Spare Python the search for garbage in all of Django after each page: about a twentieth of the whole time."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, *thresholds[1:])
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


class Run:
    """What one run knows by now."""

    def __init__(self, folder: Folder, work: Work, progress: Progress) -> None:
        self.folder, self.work, self.progress = folder, work, progress
        self.files: dict[str, Entry] = {}
        self.done: set[str] = set()
        # Addresses that a page names and nobody asked for yet, with that page.
        self.found: dict[str, str] = {}
        self.redirects: dict[str, str] = {}
        self.summary = Summary()

    def write_required(self, addresses: Iterable[str]) -> None:
        for written in self._written(addresses):
            if written.entry is None or written.location:
                raise ExportError(
                    f"{written.address} is part of the site and answers {written.status}. "
                    "Where the site has just changed, another run finds it as it is."
                )

    def follow(self) -> None:
        """Write all that pages link to, and what those link to, until nothing is new."""
        while self.found:
            named, self.found = self.found, {}
            for written in self._written(named):
                if written.entry is None and not written.location:
                    self.summary.dead[written.address] = named[written.address]

    def write_old(self, addresses: Iterable[str]) -> None:
        for _ in self._written(addresses):
            pass

    def _written(self, addresses: Iterable[str]) -> Iterator[Written]:
        new = self._new(addresses)
        for written in self.progress("Addresses", self.work(new), len(new)):
            if written.entry is not None:
                self.files[written.name] = written.entry
                self.summary.written += written.is_new
            if written.location:
                self.redirects[written.address] = map_line(written)
            self.found |= {link: written.address for link in written.links if link not in self.done}
            yield written

    def _new(self, addresses: Iterable[str]) -> list[str]:
        """Return those that nobody asked for yet and whose file no other one has; the first one has it."""
        names: set[str | None] = set()
        new = []
        # Of two that a server of files cannot tell apart, the page is the one with the slash.
        for address in sorted(set(addresses) - self.done, key=lambda each: (not each.endswith("/"), each)):
            name = file_of(place_of(address))
            if name is None or (name not in self.files and name not in names):
                names.add(name)
                new.append(address)
        self.done.update(addresses)
        return new

    def finish(self, state: dict) -> Summary:
        """Remove what is no longer part of the site, and note what is."""
        summary = self.summary
        summary.removed = self.folder.remove_all_but(self.files)
        summary.unchanged = len(self.files) - summary.written
        summary.redirects = len(self.redirects)
        self.folder.keep_redirects(self.redirects[address] for address in sorted(self.redirects))
        self.folder.keep(state, self.files)
        return summary


@contextmanager
def working(writer: Writer, jobs: int) -> Iterator[Work]:
    """Give a function that writes many addresses, in some processes or in this one."""
    if jobs == 1:
        yield partial(map, writer.write)
        return
    # What each process would make for itself: templates, the text of the style page.
    for code in languages.codes():
        writer.site.answer(path_in(code, "blog:style"))
    # A connection must not be shared.
    connections.close_all()
    lifeline = os.pipe()
    pool = ProcessPoolExecutor(jobs, get_context("fork"), _adopt, (writer, *lifeline))
    try:
        yield partial(_shared_out, pool)
    except BrokenProcessPool:
        raise ExportError("A process of the export was ended; run it again.") from None
    finally:
        pool.shutdown(cancel_futures=True)
        for end in lifeline:
            os.close(end)


def _shared_out(pool: ProcessPoolExecutor, addresses: list[str]) -> Iterator[Written]:
    batches = [addresses[start : start + BATCH] for start in range(0, len(addresses), BATCH)]
    for results in pool.map(_write_all, batches):
        yield from results


# Of a process that writes.
_writer: Writer | None = None


def _adopt(writer: Writer, ours: int, of_parent: int) -> None:
    """Make this process one that writes, as long as the one that started it lives: it would hold the folder's lock."""
    global _writer
    _writer = writer
    os.close(of_parent)
    Thread(target=_end_with_parent, args=(ours,), daemon=True).start()


def _end_with_parent(lifeline: int) -> None:
    # Nobody writes to it: it ends where its other end is closed.
    os.read(lifeline, 1)
    os._exit(1)


def _write_all(addresses: list[str]) -> list[Written]:
    return [_writer.write(address) for address in addresses]
