"""An author who logs in and saves in the admin again and again, by the requests that a browser sends."""

import http.client
import re
import threading
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from articles.tests.forms import Form, forms_on
from bench.drills.editions import FIRST, Editions
from bench.drills.visitors import BROKEN, connected

USER, PASSWORD = "drill", "for this drill alone"
LOGIN = "/admin/login/"
PAUSE = 0.5


class Writer(threading.Thread):
    """Puts the number of the save into the title of an article. A save is acknowledged where a redirect answers it."""

    def __init__(self, port: int, article: int, editions: Editions, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.editions, self.ended = port, editions, ended
        self.path = f"/admin/articles/article/{article}/change/"
        self.cookies: dict[str, str] = {}
        self.wrong: list[str] = []
        self.broken: list[tuple[int, str]] = []
        # From a save's sending to its answer.
        self.seconds: list[float] = []

    def run(self) -> None:
        while not self.ended.wait(PAUSE):
            try:
                self.save()
            except BROKEN:
                # Whether it was saved, nobody told: the next save begins with a new form.
                continue

    def log_in(self) -> None:
        form = self.form_at(LOGIN, "password")
        status, _ = self.ask("POST", LOGIN, filled(form, username=USER, password=PASSWORD))
        if status != http.client.FOUND:
            raise SystemExit(f"The author cannot log in: {status}.")

    def save(self) -> None:
        form = self.form_at(self.path, "title_en")
        start = time.monotonic()
        shown = max(Editions.of(dict(form.fields)["title_en"]), default=FIRST)
        number = self.editions.begin()
        status, text = self.ask("POST", self.path, filled(form, title_en=f"Edition {number}", _continue="1"))
        if status == http.client.FOUND:
            self.editions.end(number)
            self.seconds.append(time.monotonic() - start)
        else:
            errors = re.findall(r'class="errorlist[^>]*>.*?</ul>', text, re.DOTALL)
            self.wrong.append(f"Save {number - FIRST}: {status} {' '.join(errors)[:300]}")
        if shown < self.editions.oldest(start) and status == http.client.FOUND:
            self.wrong.append(f"The form showed save {shown - FIRST}.")

    def form_at(self, path: str, field: str) -> Form:
        status, text = self.ask("GET", path)
        form = next((form for form in forms_on(text, path) if field in form.names), None)
        if status != http.client.OK or form is None:
            self.wrong.append(f"{path}: {status} without the form")
            raise http.client.HTTPException(path)
        return form

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        port = 0
        try:
            connection = connected(self.port)
            port = connection.sock.getsockname()[1]
            headers = {
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
                "Content-Type": "application/x-www-form-urlencoded",
            }
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        except BROKEN as error:
            self.broken.append((port, f"{method} {path}: {error!r}"))
            raise
        connection.close()
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        return response.status, text


def filled(form: Form, **fields: str) -> str:
    return urlencode([(name, value) for name, value in form.fields if name not in fields] + list(fields.items()))
