"""What a key costs in the editor, and how long the preview takes, against a text area without the editor's scripts.

Run as `.venv/bin/python bench/writing.py`; it needs what the tests need. It prints a Markdown table and writes it to
`bench/WRITING.md`.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SITE = "http://127.0.0.1:8077"
PASSWORD = "for the benchmark alone"  # noqa: S105, of a site that is removed at the end
SIZES = (10_000, 100_000)
KEYS, ROUNDS, PREVIEWS = 60, 3, 5
# Milliseconds between two keys, of somebody who types fast.
RHYTHM = 120

PREFACE = f"""# The cost of a key in the editor

Two bodies of the same length, English and French, side by side in Chromium at 1440 × 900; the cursor is in the middle
of the English one. Milliseconds from a key to the next frame on the screen: median, 95th percentile and longest of
{KEYS * ROUNDS} keys, in {ROUNDS} rounds that alternate. “Preview” is the time from the last key to the changed page,
its pause of 200 ms included: median and longest of {PREVIEWS * ROUNDS}. Made by `bench/writing.py`.
"""

WATCH = """() => {
  window.latencies = [];
  document.addEventListener("keydown", () => {
    const start = performance.now();
    requestAnimationFrame(() => {
      // Runs once the frame is painted.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => latencies.push(performance.now() - start);
      channel.port2.postMessage(0);
    });
  });
  const area = document.getElementById("id_body_en"), middle = area.value.indexOf("\\n\\n", area.value.length / 2);
  area.focus();
  area.setSelectionRange(middle, middle);
  area.blur();
  area.focus();
}"""

WATCH_PREVIEW = """() => {
  window.changes = [];
  const page = document.querySelector(".live-preview iframe").contentDocument.querySelector("main");
  new MutationObserver(() => changes.push(performance.now())).observe(page, { childList: true, subtree: true });
  document.addEventListener("keydown", () => { window.lastKey = performance.now(); });
}"""


def body(length: int, heading: str) -> str:
    """Return Markdown of about a length with what articles hold: headings, prose, lists, code."""
    blocks, size, number = [], 0, 0
    while size < length:
        number += 1
        prose = f"Paragraph {number} " + "with some *words* and a [link](https://example.org/) in it. " * 8
        kinds = {6: f"## {heading} {number}", 7: "- one item\n- another\n- a third", 11: "```python\nx = 1\n```"}
        blocks.append(next((text for step, text in kinds.items() if number % step == 0), prose))
        size += len(blocks[-1]) + 2
    return "\n\n".join(blocks)


class Site:
    """The site, served as in production, with one account and no article."""

    def __enter__(self) -> "Site":
        self.folder = tempfile.TemporaryDirectory()
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{self.folder.name}/db.sqlite3",
            "SECRET_KEY": "for the benchmark alone",
            "SITE_URL": SITE,
            "PORT": SITE.rpartition(":")[2],
            "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
        }
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.manage("migrate", "--verbosity", "0")
        self.manage("createsuperuser", "--no-input", "--username", "writer", "--email", "")
        command = [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"]
        self.server = subprocess.Popen(command, cwd=HERE.parent, env=self.environment)  # noqa: S603, all are our words
        return self

    def __exit__(self, *_) -> None:
        self.server.terminate()
        self.server.wait()
        self.folder.cleanup()

    def manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=HERE.parent, env=self.environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def open_form(browser, length: int, has_editor: bool):
    page = browser.new_context(base_url=SITE, viewport={"width": 1440, "height": 900}).new_page()
    if not has_editor:
        page.route("**/articles/editor/*.js", lambda route: route.abort())
    page.goto("/admin/")
    page.fill("#id_username", "writer")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.goto("/admin/articles/article/add/")
    for language, heading in (("en", "Section"), ("fr", "Partie")):
        page.fill(f"#id_title_{language}", heading)
        page.fill(f"#id_body_{language}", body(length, heading))
    page.wait_for_timeout(3000)
    page.evaluate(WATCH)
    page.wait_for_timeout(1000)
    return page


def key_times(page) -> list[float]:
    for number in range(KEYS):
        page.keyboard.press("abc de"[number % 6])
        page.wait_for_timeout(RHYTHM)
    return page.evaluate("latencies.splice(0)")


def preview_times(page) -> list[float]:
    page.evaluate(WATCH_PREVIEW)
    times = []
    for number in range(PREVIEWS):
        page.keyboard.type(f"z{number}")
        page.wait_for_timeout(2500)
        changes, last = page.evaluate("[changes.splice(0), lastKey]")
        times.append(min(change for change in changes if change > last) - last)
    return times


def row(length: int, name: str, keys: list[float], previews: list[float]) -> str:
    cells = [f"{length // 1000} KB", name, statistics.median(keys), statistics.quantiles(keys, n=20)[-1], max(keys)]
    cells += [statistics.median(previews), max(previews)] if previews else ["", ""]
    return "| " + " | ".join(cell if isinstance(cell, str) else f"{cell:.0f}" for cell in cells) + " |"


def measure(browser) -> list[str]:
    rows = []
    for length in SIZES:
        keys: dict[bool, list[float]] = {False: [], True: []}
        previews: list[float] = []
        for _ in range(ROUNDS):
            for has_editor in keys:
                page = open_form(browser, length, has_editor)
                keys[has_editor] += key_times(page)
                if has_editor:
                    previews += preview_times(page)
                page.context.close()
        rows.append(row(length, "a text area alone", keys[False], []))
        rows.append(row(length, "the editor", keys[True], previews))
    return rows


def main() -> None:
    from playwright.sync_api import sync_playwright

    with Site(), sync_playwright() as playwright:
        time.sleep(3)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium-headless-shell"))
        rows = measure(browser)
        browser.close()
    head = "| body | | key: median | 95 % | longest | preview: median | longest |"
    table = "\n".join([head, "|" + " --- |" * 7, *rows])
    (HERE / "WRITING.md").write_text(f"{PREFACE}\n{table}\n")
    print(table)


if __name__ == "__main__":
    main()
