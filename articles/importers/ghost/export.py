"""The file that Ghost exports, of any version: which tables it has, and on which line each text stands."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles.files.problems import ImportProblems, Problem

# The texts of many years; what is larger is no export.
MAX_SIZE = 300_000_000
HEAD = 4096
SLUG = re.compile(r'"slug"\s*:\s*"((?:[^"\\]|\\.)*)"')

# Tables that are read, or that only say how Ghost itself works.
KNOWN_TABLES = {
    *("posts", "tags", "posts_tags", "users", "posts_authors", "posts_meta", "settings", "roles", "roles_users"),
    *("permissions", "permissions_roles", "permissions_users", "permissions_apps", "migrations", "apps", "brute"),
    *("posts_products", "custom_theme_settings", "invites", "sessions", "mobiledoc_revisions", "post_revisions"),
    *("app_fields", "app_settings", "clients", "client_trusted_domains", "accesstokens", "refreshtokens", "jobs"),
    *("stripe_products", "stripe_prices", "webhooks", "integrations", "api_keys", "actions", "benefits"),
    "products_benefits",
}

Row = dict[str, Any]


def is_export(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return False
    return b'"exported_on"' in head or (b'"db"' in head and b'"data"' in head)


@dataclass
class Tables:
    """The tables of an export by name; rows that are none are passed over."""

    path: Path
    tables: dict[str, list[Row]]
    lines: dict[str, int]

    def rows(self, name: str) -> list[Row]:
        return self.tables.get(name, [])

    def line_of(self, post: Row) -> int:
        return self.lines.get(text_in(post, "slug"), 1)


def text_in(row: Row, name: str) -> str:
    """Return a field as text, "" for none."""
    value = row.get(name)
    return value if isinstance(value, str) else "" if value is None or isinstance(value, (dict, list)) else str(value)


def loaded(path: Path) -> Tables:
    """Return the tables of an export; raise ImportProblems with the line of what is broken."""

    def refuse(line: int, reason: str) -> ImportProblems:
        return ImportProblems([Problem(path, line, reason)])

    try:
        if path.stat().st_size > MAX_SIZE:
            raise refuse(1, f"larger than {MAX_SIZE // 1_000_000} MB: no export of Ghost is")
        content = path.read_bytes()
    except OSError as error:
        raise refuse(1, f"cannot be read: {error.strerror}") from None
    if (at := content.find(0)) >= 0:
        raise refuse(content.count(b"\n", 0, at) + 1, "a null character, which no text has")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(content.count(b"\n", 0, error.start) + 1, "not UTF-8") from None
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise refuse(error.lineno, f"broken JSON: {error.msg}") from None
    except RecursionError:
        raise refuse(1, "broken JSON: nested too deeply") from None
    except ValueError:
        # A number of thousands of digits.
        raise refuse(1, "broken JSON: a number that none can read") from None
    tables = _tables(data)
    if tables is None:
        raise refuse(1, "no export of Ghost: it has no table of posts")
    return Tables(path, tables, _lines(text))


def _tables(data: Any) -> dict[str, list[Row]] | None:
    """Find the tables where the versions of Ghost put them: db[0].data, or data."""
    databases = data.get("db") if isinstance(data, dict) else None
    holder = databases[0] if isinstance(databases, list) and databases else data
    tables = holder.get("data") if isinstance(holder, dict) else None
    if not isinstance(tables, dict) or not isinstance(tables.get("posts"), list):
        return None
    return {
        name: [row for row in rows if isinstance(row, dict)] for name, rows in tables.items() if isinstance(rows, list)
    }


def _lines(text: str) -> dict[str, int]:
    """Return the line on which each slug stands first."""
    lines: dict[str, int] = {}
    line, counted = 1, 0
    for match in SLUG.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        lines.setdefault(match[1], line)
    return lines


def linked(tables: Tables, link: str, name: str, key: str) -> dict[str, list[Row]]:
    """Return the rows of a table that each text is linked with by another, in their order."""
    by_id = {text_in(row, "id"): row for row in tables.rows(name)}
    found: dict[str, list[tuple[int, int, Row]]] = {}
    for number, row in enumerate(tables.rows(link)):
        if row_of_key := by_id.get(text_in(row, key)):
            order = row.get("sort_order")
            entry = (order if isinstance(order, int) else 0, number, row_of_key)
            found.setdefault(text_in(row, "post_id"), []).append(entry)
    return {post: [row for *_, row in sorted(rows, key=lambda entry: entry[:2])] for post, rows in found.items()}
