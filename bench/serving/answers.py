"""Answers recorded from the site, which the bare application gives again."""

import http.client
import json
from dataclasses import dataclass
from pathlib import Path

from bench.serving.wrk import Request

# What a server adds by itself.
OF_THE_SERVER = {"server", "date", "connection", "transfer-encoding"}


@dataclass(frozen=True)
class Answer:
    status: str
    headers: dict[str, str]
    body: bytes


def answer_to(request: Request) -> Answer:
    """Ask as wrk does, with no headers but those of the request."""
    connection = http.client.HTTPConnection("127.0.0.1", request.server.port, timeout=30)
    connection.putrequest("GET", request.paths[0], skip_accept_encoding=True)
    for name, value in request.headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    headers = {name.lower(): value for name, value in response.getheaders()}
    headers = {name: value for name, value in headers.items() if name not in OF_THE_SERVER}
    answer = Answer(f"{response.status} {response.reason}", headers, response.read())
    connection.close()
    return answer


def record(answers: dict[str, Answer], file: Path) -> None:
    file.write_text(
        json.dumps(
            {
                path: (answer.status, list(answer.headers.items()), answer.body.decode("latin-1"))
                for path, answer in answers.items()
            }
        )
    )
