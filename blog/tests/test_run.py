"""`./run`, the container's set-up and their faults, tried on a fresh copy of the project."""

import contextlib
import os
import re
import resource
import shutil
import signal
import socket
import stat
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from pathlib import Path
from unittest import TestCase

from django.test import tag

from .checkout import fresh_checkout
from .ports import free_port

PASSWORD = re.compile(r"password (\S{16,}) \(shown this once")


@tag("checkout")
class CheckoutTestCase(TestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = cls.enterClassContext(fresh_checkout())

    def environment(self, **variables) -> dict:
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder.parent), "LANG": "C.UTF-8"} | variables

    def run_to_end(self, *command, **variables) -> subprocess.CompletedProcess:
        environment = self.environment(**variables)
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120, check=False
        )

    def set_up(self, **variables) -> subprocess.CompletedProcess:
        return self.run_to_end(sys.executable, "manage.py", "set_up", **variables)

    def start(self, **variables) -> subprocess.Popen:
        """Start ./run in a process group of its own, as a terminal does."""
        return subprocess.Popen(
            ["./run"],
            cwd=self.folder,
            env=self.environment(**variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    @contextlib.contextmanager
    def served(self, **variables):
        """Serve with ./run and give the address and the lines printed so far; stop as Ctrl-C does."""
        port = free_port()
        process = self.start(PORT=str(port), **variables)
        lines, is_ready = [], threading.Event()

        def read():
            for line in process.stdout:
                lines.append(line.rstrip())
                if line.startswith(("Serving", "Quit the server")):
                    is_ready.set()
            is_ready.set()

        reader = threading.Thread(target=read)
        reader.start()
        try:
            self.assertTrue(is_ready.wait(timeout=120), lines)
            yield f"http://127.0.0.1:{port}", lines
        finally:
            os.killpg(process.pid, signal.SIGINT)
            self.status = process.wait(timeout=30)
            reader.join()
            process.stdout.close()

    def assert_one_clear_line(self, run: subprocess.CompletedProcess, *words):
        self.assertNotEqual(run.returncode, 0, run)
        self.assertNotIn("Traceback", run.stderr + run.stdout)
        self.assertEqual(len(run.stderr.strip().splitlines()), 1, run.stderr)
        for word in words:
            self.assertIn(word, run.stderr)


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=20) as response:
        return response.read().decode()


class ServingTests(CheckoutTestCase):
    def test_one_command_serves_both_articles_and_the_next_start_redoes_nothing(self):
        with self.served() as (address, first):
            for language in ("en", "fr"):
                page = fetch(f"{address}/{language}/")
                self.assertEqual(len(re.findall('<article class="teaser', page)), 2)
                stylesheet = re.search(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', page)[1]
                self.assertIn("--paper", fetch(address + stylesheet))
        self.assertEqual(self.status, 0, first)
        password = PASSWORD.search("\n".join(first))[1]
        for step in (
            "Data",
            "Secret key: made",
            "Catalogues",
            "Database",
            "Site: Recto Verso",
            "Articles",
            "Pages",
            "Search",
            "Static files",
            "Author's account",
        ):
            self.assertTrue(any(line.startswith(step) for line in first), step)

        # How long a page takes is up to what else the machine does: no line about that.
        with self.served(SLOW_REQUEST_SECONDS="0") as (address, second):
            request = urllib.request.Request(f"{address}/en/style/", method="HEAD")
            with urllib.request.urlopen(request, timeout=20) as response:
                self.assertEqual(response.read(), b"")
        # Neither a page nor its head leaves a line in the log.
        self.assertTrue(second[-1].startswith("Serving"), second)
        self.assertIsNone(PASSWORD.search("\n".join(second)))
        for step in (
            "Secret key: there",
            "Database: up to date",
            "Site: there",
            "Articles: there",
            "Static files: up to date",
        ):
            self.assertTrue(any(line.startswith(step) for line in second), step)
        self.assertNotIn("Traceback", "\n".join(first + second))

        var = self.folder / "var"
        self.assertEqual(stat.S_IMODE(var.stat().st_mode), 0o700)
        self.assertEqual(stat.S_IMODE((var / "secret_key").stat().st_mode), 0o600)
        for path in filter(Path.is_file, var.rglob("*")):
            self.assertNotIn(password.encode(), path.read_bytes(), path)

        command = ["./run", "manage", "changepassword", "author"]
        nobody = {"stdin": subprocess.DEVNULL, "start_new_session": True, "capture_output": True, "text": True}
        run = subprocess.run(command, cwd=self.folder, env=self.environment(), **nobody, timeout=60, check=False)
        self.assertEqual(run.returncode, 1)
        self.assertIn("no terminal", run.stderr)
        self.assertNotIn("Traceback", run.stderr)

        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = str(other.getsockname()[1])
            self.assert_one_clear_line(self.run_to_end("./run", PORT=port), port, "PORT=")

        with self.served(DEBUG="1") as (address, _):
            self.assertIn("site.css", fetch(f"{address}/fr/"))
            with self.assertRaises(urllib.error.HTTPError) as caught:
                fetch(f"{address}/fr/nothing/")
            self.assertIn("DEBUG = True", caught.exception.read().decode())


class FaultTests(CheckoutTestCase):
    """Each fault gives one clear line, no traceback and an exit status other than 0."""

    def test_a_bad_variable_is_named(self):
        for name, value in {"PORT": "abc", "SITE_URL": "here", "TIME_ZONE": "Mars/Base", "DEBUG": "maybe"}.items():
            self.assert_one_clear_line(self.run_to_end("./run", **{name: value}), name)

    def test_settings_that_would_hurt_are_told_at_the_start_and_what_cannot_work_ends_it(self):
        run = self.set_up(SITE_URL="https://blog.example.org", TRUSTED_PROXIES="0")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("site.W012", run.stderr)
        self.assertIn("HINT: Unset TRUSTED_PROXIES", run.stderr)
        run = self.set_up(SITE_URL="https://blog.example.org", DEBUG="1")
        self.assertNotEqual(run.returncode, 0)
        self.assertIn("HINT: Unset DEBUG", run.stderr)
        self.assertNotIn("Traceback", run.stderr)

    def test_a_data_folder_that_cannot_be_written(self):
        (self.folder / "var").write_text("in the way")
        self.addCleanup((self.folder / "var").unlink)
        self.assert_one_clear_line(self.set_up(), "var")

    def test_a_full_disk(self):
        environment = self.environment()
        run = subprocess.run(
            [sys.executable, "manage.py", "set_up"],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            # No file may grow past this size: the same error path as a disk without room.
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
            check=False,
        )
        self.assert_one_clear_line(run, "Cannot write")

    def test_a_database_that_cannot_be_opened(self):
        run = self.set_up(DATABASE_URL="sqlite:////nonexistent/folder/db.sqlite3")
        self.assert_one_clear_line(run, "The database cannot be used: unable to open database file")
        run = self.set_up(DATABASE_URL=f"postgresql://nobody:secret@127.0.0.1:{free_port()}/nothing")
        self.assert_one_clear_line(run, "The database cannot be used")
        self.assertNotIn("secret", run.stderr)

    def test_a_site_that_nobody_has_set_up(self):
        shutil.rmtree(self.folder / "var", ignore_errors=True)
        for command in ("createsuperuser", "import_articles articles/content"):
            self.assert_one_clear_line(self.run_to_end("./run", "manage", *command.split()), "./run sets it up")
            (self.folder / "var").mkdir(exist_ok=True)
        self.assert_one_clear_line(self.run_to_end("./run", "manage", "backup", "var/a.zip"), "There is no site yet")
        self.addCleanup(shutil.rmtree, self.folder / "var")

    def test_an_old_python(self):
        old = self.folder.parent / "old"
        old.mkdir()
        for name in ("python3", "python3.11", "python3.12", "python3.13"):
            script = old / name
            script.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2\nexit 1\n')
            script.chmod(0o755)
        environment = self.folder / ".venv"
        target = environment.readlink()
        environment.unlink()
        self.addCleanup(environment.symlink_to, target)
        run = self.run_to_end("./run", PATH=f"{old}:/usr/bin:/bin")
        self.assert_one_clear_line(run, "Python 3.11", "3.9.2")

    def test_no_python_at_all(self):
        bare = self.folder.parent / "bare"
        bare.mkdir()
        for name in ("sh", "dirname", "id"):
            (bare / name).symlink_to(shutil.which(name))
        environment = self.folder / ".venv"
        target = environment.readlink()
        environment.unlink()
        self.addCleanup(environment.symlink_to, target)
        run = self.run_to_end("./run", PATH=str(bare))
        self.assert_one_clear_line(run, "Python 3.11 or later", "apt-get install python3 python3-venv")

    def test_an_unknown_word(self):
        run = self.run_to_end("./run", "nonsense")
        self.assertEqual(run.returncode, 2)
        self.assertIn("./run test", run.stderr)
        self.assertIn("./run test", self.run_to_end("./run", "help").stdout)


class InterruptionTests(CheckoutTestCase):
    def test_ctrl_c_during_the_set_up_is_quiet_and_the_next_start_completes_it(self):
        for line in ("Data:", "Database:"):
            process = self.start(PORT=str(free_port()))
            for printed in process.stdout:
                if printed.startswith(line):
                    os.killpg(process.pid, signal.SIGINT)
                    break
            rest = process.communicate(timeout=30)[0]
            self.assertNotIn("Traceback", rest)
            self.assertNotIn("Serving", rest)
            self.assertNotEqual(process.returncode, 0)
        with self.served() as (address, _):
            self.assertIn("teaser", fetch(f"{address}/en/"))

    def test_two_starts_at_once_do_not_disturb_each_other(self):
        with fresh_checkout() as folder:
            command = [sys.executable, "manage.py", "set_up"]
            both = [
                subprocess.Popen(
                    command,
                    cwd=folder,
                    env=self.environment(),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    text=True,
                )
                for _ in range(2)
            ]
            outputs = [process.communicate(timeout=120)[0] for process in both]
        self.assertEqual([process.returncode for process in both], [0, 0], outputs)
        self.assertEqual(len(PASSWORD.findall("".join(outputs))), 1, outputs)


class FirstAuthorTests(CheckoutTestCase):
    """A container's log must never hold a password."""

    def users(self) -> int:
        code = "from django.contrib.auth.models import User; print(User.objects.count())"
        return int(self.run_to_end(sys.executable, "manage.py", "shell", "--no-imports", "-c", code).stdout)

    def test_the_password_comes_from_the_secret_file_and_own_articles_from_their_folder(self):
        secret, own = self.folder.parent / "secret", self.folder.parent / "own"
        (own / "mine").mkdir(parents=True)
        (own / "mine" / "index.fr.md").write_text("---\ntitle: [\n---\n")
        variables = {"AUTHOR_PASSWORD_FILE": str(secret), "CONTENT": str(own)}

        run = self.set_up(**variables)
        self.assertEqual(run.returncode, 1)
        self.assertIn("index.fr.md:3: broken YAML", run.stderr)
        self.assertNotIn("Traceback", run.stderr)

        (own / "mine" / "index.fr.md").write_text("---\ntitle: À moi\npublished_at: 2026-01-01\n---\nCorps")
        run = self.set_up(**variables)
        self.assertIn("Articles: 1 texts imported.", run.stdout)
        self.assertIn("createsuperuser", run.stdout)
        self.assertEqual(self.users(), 0)

        secret.mkdir()
        self.assertIn("there is no file", self.set_up(**variables).stdout)
        secret.rmdir()
        secret.write_bytes(b"\xff")
        self.assert_one_clear_line(self.set_up(**variables), "AUTHOR_PASSWORD_FILE")
        secret.write_text("password\n")
        self.assert_one_clear_line(self.set_up(**variables), "AUTHOR_PASSWORD_FILE")

        secret.write_text("a long secret from a file\n")
        run = self.set_up(**variables)
        self.assertEqual(self.users(), 1)
        self.assertNotIn("a long secret", run.stdout + run.stderr)
        self.assertIsNone(PASSWORD.search(run.stdout))
