"""Load by wrk, https://github.com/wg/wrk: one thread, 16 connections."""

import re
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.serving.programs import Server

COMMAND = ["wrk", "-t1", "-c16", "--timeout", "10s"]

# What Chromium sends with a click on a link.
BROWSER = {
    "sec-ch-ua": '"Chromium";v="142", "Not_A Brand";v="99"',
    "sec-ch-ua-mobile": "?0",
    "sec-ch-ua-platform": '"Linux"',
    "Upgrade-Insecure-Requests": "1",
    "User-Agent": (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
    ),
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
    "Sec-Fetch-Site": "same-origin",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-User": "?1",
    "Sec-Fetch-Dest": "document",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-GB,en;q=0.9,fr;q=0.8",
}

# Asks for one address after another of the file that the command line names.
IN_TURN = """
local paths, place = {}, 0
function init(arguments)
  for line in io.lines(arguments[1]) do paths[#paths + 1] = line end
end
function request()
  place = place % #paths + 1
  return wrk.format("GET", paths[place])
end
"""


@dataclass(frozen=True)
class Request:
    """What is asked of a server: one page again and again, or several in turn."""

    server: Server
    paths: Sequence[str]
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url(self.paths[0])


def requests_a_second(request: Request, seconds: int) -> float:
    speed = float(_figure(r"Requests/sec:\s+([\d.]+)", _run(request, seconds)))
    if not speed:
        raise SystemExit(f"{request.url}: no answer in {seconds} seconds; what else is this machine doing?")
    return speed


def ask(request: Request, number: int) -> None:
    """Ask until there were so many answers."""
    while number > 0:
        number -= int(_figure(r"(\d+) requests in", _run(request, 2)))


def _run(request: Request, seconds: int) -> str:
    headers = [word for name, value in request.headers.items() for word in ("-H", f"{name}: {value}")]
    command = [*COMMAND, f"-d{seconds}", *headers]
    with tempfile.TemporaryDirectory() as folder:
        if len(request.paths) > 1:
            script, addresses = Path(folder) / "in_turn.lua", Path(folder) / "addresses"
            script.write_text(IN_TURN)
            addresses.write_text("\n".join(request.paths))
            command += ["--script", script, request.url, "--", addresses]
        else:
            command.append(request.url)
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    if trouble := re.findall(r"Non-2xx.*|Socket errors.*", output):
        raise SystemExit(f"{request.url}: {'; '.join(trouble)}")
    return output


def _figure(pattern: str, output: str) -> str:
    return re.search(pattern, output)[1]
