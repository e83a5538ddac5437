"""TLS for proxies of tests: a certificate that who asks for it trusts."""

import socket
import ssl
import subprocess
import time
from contextlib import suppress
from pathlib import Path

MAKE = ("openssl", "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
NAMES = ("-subj", "/CN=blog.example.org", "-addext", "subjectAltName=DNS:blog.example.org,IP:127.0.0.1")


class Certificate:
    """A key and its certificate in a folder, under the names that the documented files use."""

    def __init__(self, folder: Path) -> None:
        self.chain, key = folder / "fullchain.pem", folder / "privkey.pem"
        subprocess.run([*MAKE, *NAMES, "-keyout", key, "-out", self.chain], check=True, capture_output=True)
        # HAProxy takes both in one file.
        (folder / "certificate.pem").write_text(self.chain.read_text() + key.read_text())

    def trusted(self, *protocols: str) -> ssl.SSLContext:
        """Return what a client needs that speaks one of these protocols, as ALPN names them."""
        context = ssl.create_default_context(cafile=str(self.chain))
        if protocols:
            context.set_alpn_protocols(list(protocols))
        return context


def until_it_listens(server: subprocess.Popen, port: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and server.poll() is None:
        with suppress(OSError):
            return socket.create_connection(("127.0.0.1", port)).close()
        time.sleep(0.01)
    raise AssertionError(f"{server.args[0]} does not listen.")
