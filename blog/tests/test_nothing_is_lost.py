"""Two authors who edit, merge, publish, restore and delete at random, on a server that is killed again and again."""

import http.cookiejar
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import TransactionTestCase, tag

from articles import languages
from articles.models import Article, Rendering, Revision, UnsavedText
from articles.tests.examples import live, make_article
from articles.tests.forms import fields_of

from .ports import free_port

# On each database.
STEPS, CRASHES = 140, 6
MARK = re.compile(r"mark-[0-9a-f]{12}")


class Server:
    """The site as it is served, on the database of the tests."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        variables = {"PORT": str(self.port), "DATABASE_URL": self.database_url(), "WEB_CONCURRENCY": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "--config", "config/gunicorn.py"],
            cwd=settings.BASE_DIR,
            env=os.environ | {"SECRET_KEY": settings.SECRET_KEY} | variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for _ in range(300):
            try:
                return urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("The server does not come up.")

    def kill(self) -> None:
        """End the server and all its processes at once, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=30)

    def database_url(self) -> str:
        database = connection.settings_dict
        if connection.vendor == "sqlite":
            # The file is judged, by a new connection: one that is older than what the server wrote finds a fault in the
            # search's index that no other finds (seen with SQLite 3.46).
            connection.close()
            return f"sqlite:///{database['NAME']}"
        host = f"{quote(database['HOST'], safe='')}:{database['PORT']}".rstrip(":")
        return f"postgresql://{database['USER']}:{database['PASSWORD']}@{host}/{database['NAME']}"


class Writer:
    """An author with a browser of their own. `acknowledged` holds every mark that the server said it has."""

    def __init__(self, name: str, server: Server, chance: random.Random) -> None:
        self.server, self.chance = server, chance
        user = get_user_model().objects.create_superuser(name)
        self.session = SessionStore()
        self.session[SESSION_KEY] = str(user.pk)
        self.session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
        self.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        self.session.save()
        self.cookies = http.cookiejar.CookieJar()
        redirects = urllib.request.HTTPRedirectHandler
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies),
            type("NoRedirect", (redirects,), {"redirect_request": lambda *args: None}),
        )
        self.opener.addheaders = [("Cookie", f"{settings.SESSION_COOKIE_NAME}={self.session.session_key}")]
        self.acknowledged: set[str] = set()
        self.forms: list[dict] = []

    def ask(self, path: str, data: dict | None = None) -> tuple[int, str]:
        """Return the status and the page; status 0 where the server is gone."""
        body = data and urllib.parse.urlencode(data, doseq=True).encode()
        request = urllib.request.Request(f"{self.server.address}{path}", body)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)
        session = f"{settings.SESSION_COOKIE_NAME}={self.session.session_key}"
        request.add_unredirected_header("Cookie", "; ".join(filter(None, (session, cookies))))
        try:
            with self.opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (urllib.error.URLError, OSError, http.client.HTTPException):
            return 0, ""

    def open_form(self, pk: int) -> None:
        status, page = self.ask(f"/admin/articles/article/{pk}/change/")
        if status == 200:
            self.forms = [*self.forms, {"pk": pk, "fields": fields_of(page, "article_form")}][-3:]

    def mark(self) -> str:
        return f"mark-{self.chance.getrandbits(48):012x}"

    def edited(self, fields: dict) -> tuple[str, str, dict]:
        """Return a language, a new mark, and the fields with the mark in some block of that language."""
        language, mark = self.chance.choice(languages.codes()), self.mark()
        name = f"body_{language}"
        blocks = fields[name][0].split("\r\n\r\n")
        place = self.chance.randrange(len(blocks))
        change = self.chance.choice(["change", "insert", "remove"])
        blocks[place : place + (change != "insert")] = [f"{blocks[place]} {mark}" if change == "change" else mark]
        return language, mark, fields | {name: ["\r\n\r\n".join(blocks[:12])]}

    def save(self) -> None:
        """Save one of the open forms, which may be old by now, with one of its buttons."""
        if not self.forms:
            return
        form = self.forms.pop(self.chance.randrange(len(self.forms)))
        language, mark, fields = self.edited(form["fields"])
        names = ["_save", "_save", "_working_copy", *(f"_{verb}_{language}" for verb in BUTTONS)]
        status, page = self.ask(
            f"/admin/articles/article/{form['pk']}/change/", fields | {self.chance.choice(names): "1"}
        )
        is_kept = status == 302 or (status == 200 and f'id="conflict_{language}"' in page)
        if is_kept and mark in fields[f"body_{language}"][0]:
            self.acknowledged.add(mark)

    def keep_unsaved(self) -> None:
        """Type, and let the page keep it, as its script does."""
        if not self.forms:
            return
        form = self.chance.choice(self.forms)
        language, mark, fields = self.edited(form["fields"])
        names = ("title", "slug", "summary", "body", "note")
        typed = {f"typed_{name}": fields[f"{name}_{language}"] for name in names}
        typed |= {f"typed_published_at_{part}": fields[f"published_at_{language}_{part}"] for part in (0, 1)}
        about = {"form": str(uuid.uuid4()), "article": form["pk"], "language": language, "follows": ""}
        about |= {"base": fields[f"base_revision_{language}"], "version": f"{uuid.uuid4()}:1"}
        token = {"csrfmiddlewaretoken": fields["csrfmiddlewaretoken"]}
        status, answer = self.ask("/admin/articles/article/unsaved/", about | typed | token)
        if status == 200 and json.loads(answer)["kept_at"] and mark in fields[f"body_{language}"][0]:
            self.acknowledged.add(mark)

    def restore(self) -> None:
        """Bring any revision back, in whatever way its page offers."""
        pks = list(Revision.objects.values_list("article", "pk"))
        article, revision = self.chance.choice(pks)
        path = f"/admin/articles/article/{article}/history/{revision}/restore/"
        _status, page = self.ask(path)
        forms = [form for form in page.split("<form")[1:] if 'name="based_on"' in form]
        if forms:
            form = self.chance.choice(forms)
            fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
            buttons = re.findall(r'<button[^>]* name="(\w+)"', form)
            self.ask(path, fields | {self.chance.choice(buttons): "1"})

    def delete_and_bring_back(self) -> None:
        pk = self.chance.choice(list(Article.objects.values_list("pk", flat=True)))
        if self.forms:
            token = {"csrfmiddlewaretoken": self.forms[0]["fields"]["csrfmiddlewaretoken"], "post": "yes"}
            self.ask(f"/admin/articles/article/{pk}/delete/", token)
            self.ask(f"/admin/articles/article/{pk}/restore/", token)


BUTTONS = ("publish_now", "publish_copy", "unpublish", "drop_copy", "publish_again")


@tag("server")
class NothingIsLostTests(TransactionTestCase):
    def test_every_acknowledged_text_is_found_again_whatever_happens(self):
        seed = int(os.environ.get("SEED", random.SystemRandom().randrange(10**6)))
        self.chance = random.Random(seed)
        body = "\n\n".join(f"Paragraph {number}." for number in range(6))
        for key in ("a", "b"):
            make_article(key, en=live(key, body=body, summary="S"), fr=live(key, body=body, summary="S"))
        server = Server()
        server.start()
        self.addCleanup(lambda: server.kill() if server.process.poll() is None else None)
        writers = [Writer(name, server, random.Random(seed + number)) for number, name in enumerate(("one", "two"))]
        crashes = set(self.chance.sample(range(STEPS), CRASHES))
        for step in range(STEPS):
            if step in crashes:
                self.crash(server, writers)
                self.look_for_all(writers, f"seed {seed}, crash at step {step}")
            self.take_step(self.chance.choice(writers))
        self.look_for_all(writers, f"seed {seed}")
        self.assertGreater(sum(len(writer.acknowledged) for writer in writers), STEPS / 5)
        # The walk has to pass by what it is about.
        self.assertTrue(Revision.objects.filter(note__startswith="Restored").exists(), f"seed {seed}")
        self.assertEqual(set(Revision.objects.values_list("kind", flat=True)), set(Revision.Kind.values))

    def take_step(self, writer: Writer) -> None:
        steps = [writer.save] * 6 + [writer.keep_unsaved] * 2 + [writer.restore, writer.delete_and_bring_back]
        if len(writer.forms) < 2 or self.chance.random() < 0.3:
            writer.open_form(self.chance.choice(list(Article.objects.values_list("pk", flat=True))))
        self.chance.choice(steps)()

    def crash(self, server: Server, writers: list[Writer]) -> None:
        """Kill the server while both write, and start it again."""
        threads = [threading.Thread(target=writer.save) for writer in writers]
        for thread in threads:
            thread.start()
        time.sleep(self.chance.random() * 0.15)
        server.kill()
        for thread in threads:
            thread.join()
        server.start()

    def look_for_all(self, writers: list[Writer], when: str) -> None:
        found = set()
        for body in Revision.objects.values_list("body", flat=True):
            found.update(MARK.findall(body))
        for fields in UnsavedText.objects.values_list("fields", flat=True):
            found.update(MARK.findall(fields["body"]))
        for writer in writers:
            self.assertEqual(writer.acknowledged - found, set(), when)
        for article in Article.objects.all():
            for language in languages.codes():
                standing = article.latest_revision(language)
                self.assertEqual(article.text_in(language), standing.content, when)
                rendering = Rendering.objects.get(article=article, language=language)
                self.assertEqual(set(MARK.findall(rendering.text)), set(MARK.findall(standing.body)), when)
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                self.assertEqual(cursor.execute("PRAGMA integrity_check").fetchall(), [("ok",)], when)
