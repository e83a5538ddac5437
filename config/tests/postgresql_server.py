"""A real PostgreSQL for tests that asks for a password, on a port of its own."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from blog.tests.ports import free_port


class PostgresqlServer:
    def __init__(self, user: str, password: Path) -> None:
        self.port, self.folder = free_port(), Path(tempfile.mkdtemp())
        # It refuses to run as root.
        self.account = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        own = self.folder / "password"
        own.write_bytes(password.read_bytes())
        if self.account:
            for path in (self.folder, own):
                shutil.chown(path, "postgres")
        options = ["--auth=scram-sha-256", f"--username={user}", f"--pwfile={own}", "--no-sync", "--locale=C"]
        self.call("initdb", "-D", self.data, "--encoding=UTF8", *options)

    @property
    def data(self) -> str:
        return str(self.folder / "data")

    def call(self, program: str, *words: str) -> None:
        found = [str(path) for path in Path("/usr/lib/postgresql").glob(f"*/bin/{program}")] or [shutil.which(program)]
        command = [*self.account, found[0], *words]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        self.call("pg_ctl", "start", "-s", "-w", "-D", self.data, "-l", str(self.folder / "log"), "-o", options)

    def close(self) -> None:
        self.call("pg_ctl", "stop", "-s", "-m", "immediate", "-D", self.data)
        shutil.rmtree(self.folder)
