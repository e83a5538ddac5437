"""What is damaged, made up, or of another release is refused with one line, and leaves no trace."""

import hashlib
import json
import os
import stat
import struct
import warnings
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from unittest import skipUnless
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article
from blog.backup import archive as reading
from blog.backup.making import back_up
from blog.backup.refusal import BackupRefused
from blog.backup.trying import tried

from .whole_site import SiteTestCase, parts_of

Parts = dict[str, bytes]
Spoil = Callable[[Parts, dict], None]

ARTICLES, IMAGES, USERS = (f"data/{label}.jsonl" for label in ("articles.article", "articles.image", "auth.user"))
OTHER = "0123456789abcdef-480.webp"


def row(name: str, number: int = 0, **columns: object) -> Spoil:
    """Change columns of a row, honestly declared."""

    def spoil(parts: Parts, manifest: dict) -> None:
        lines = parts[name].splitlines()
        lines[number] = json.dumps(json.loads(lines[number]) | columns).encode()
        parts[name] = b"\n".join(lines) + b"\n"

    return spoil


def lines(name: str, change: Callable[[list[bytes]], list[bytes]]) -> Spoil:
    def spoil(parts: Parts, manifest: dict) -> None:
        changed = change(parts[name].splitlines(keepends=True))
        parts[name] = b"".join(changed)
        manifest["files"][name]["rows"] = len(changed)

    return spoil


def part(name: str, data: bytes = b"x") -> Spoil:
    return lambda parts, manifest: parts.update({name: data})


def said(**facts: object) -> Spoil:
    return lambda parts, manifest: manifest.update(facts)


def gone(name: str) -> Spoil:
    return lambda parts, manifest: (parts.pop(name), manifest["files"].pop(name))


def migrations(change: Callable[[list[str]], list[str]]) -> Spoil:
    return lambda parts, manifest: manifest.update(migrations=change(manifest["migrations"]))


def first_image(parts: Parts) -> str:
    return next(name for name in parts if name.startswith("media/") and "originals" not in name)


# What the refusal says, and an archive whose manifest is true of its parts.
HONEST: list[tuple[str, Spoil]] = [
    ("no name of a part", part("../evil.jsonl")),
    ("no name of a part", part("/etc/passwd")),
    ("no name of a part", part("media/../../evil.webp")),
    ("no name of a part", part(f"media\\{OTHER}")),
    ("no name of a part", part(f"media/{OTHER}\0.txt")),
    ("no name of a part", part("media/originals/")),
    ("no name of a part", part(f"media/{OTHER.upper()}")),
    ("no name of a part", part("Data/articles.article.jsonl")),
    ("no name of a part", part("evil\x1b[2J.txt")),
    ("manifest.json is damaged", part(f"media/originals/{'0' * 64}")),
    ("of no table", part("data/articles.nothing.jsonl", b"")),
    ("articles.article are missing", gone(ARTICLES)),
    ("newer release", said(format=2)),
    ("newer release", migrations(lambda known: [*known, "articles.9999_tomorrow"])),
    ("do not go together", migrations(lambda known: [name for name in known if name != "articles.0001_initial"])),
    ("of no table", said(migrations=[])),
    ("manifest.json is damaged", said(format="1")),
    ("manifest.json is damaged", said(made_at=None)),
    ("manifest.json is damaged", said(has_secrets="no")),
    ("manifest.json is damaged", said(lost=["../evil"])),
    ("5 is no name", row("data/admin.logentry.jsonl", content_type_id=5)),
    ("manifest.json is damaged", said(migrations=[["articles", "0001_initial"]])),
    ("rows of articles.previewlink are missing", said(has_secrets=True)),
    ("line 1 of data/articles.article.jsonl is no row", lines(ARTICLES, lambda rows: [b"{\n", *rows])),
    ("line 1 of data/articles.article.jsonl is no row", lines(ARTICLES, lambda rows: [b"\xff\n", *rows])),
    ("line 1 of data/articles.article.jsonl is no row", lines(ARTICLES, lambda rows: [b"[" * 100_000, *rows])),
    ("other columns", lines(ARTICLES, lambda rows: [b"[]\n", *rows])),
    ("other columns", row(ARTICLES, evil=1)),
    ("another number of rows", lambda parts, manifest: manifest["files"][ARTICLES].update(rows=7)),
    ("UNIQUE", lines(ARTICLES, lambda rows: [*rows, rows[0]])),
    ("UNIQUE", row(ARTICLES, 1, slug_en="elan")),
    ("CHECK", row(ARTICLES, title_en="")),
    ("NOT NULL", row(ARTICLES, imported=None)),
    ("must be an integer", row(ARTICLES, part="two")),
    ("shows_lag is 1", row(ARTICLES, shows_lag=1)),
    ("published_at_en is ", row(ARTICLES, published_at_en="2026-01-01")),
    ("does not fit", row(ARTICLES, id=2**70)),
    ("does not fit", row(ARTICLES, title_en=["a"])),
    ("surrogates", row(ARTICLES, title_en="\ud800")),
    ("Write lower-case letters", row(ARTICLES, key="../../evil")),
    ("do not go together", row(ARTICLES, series_id=99)),
    ("do not go together", row(USERS, id=99)),
    ("image file 0123", row(IMAGES, digest="0123456789abcdef" * 4)),
    ("other files than images have", row(IMAGES, digest="*" * 64)),
    ("other files than images have", row(IMAGES, format="../")),
    ("names no files", row(IMAGES, widths=7)),
    ("is missing", lambda parts, manifest: gone(first_image(parts))(parts, manifest)),
]


@skipUnless(connection.vendor == "sqlite", "What is refused never gets as far as another database.")
class HostileArchivesTests(SiteTestCase):
    def setUp(self):
        super().setUp()
        self.sound, self.path = self.folder / "sound.zip", self.folder / "hostile.zip"
        back_up(self.sound)
        with ZipFile(self.sound) as archive:
            self.manifest = archive.read("manifest.json")

    def write(self, parts: Parts, manifest: dict, *more: tuple[ZipInfo, bytes]) -> None:
        with ZipFile(self.path, "w", ZIP_DEFLATED) as archive:
            for name, data in parts.items():
                info = ZipInfo(name)
                # As it is typed, also where a ZIP file's names are none.
                info.filename = info.orig_filename = name
                info.compress_type = ZIP_STORED if name.startswith("media/") else ZIP_DEFLATED
                archive.writestr(info, data)
            archive.writestr("manifest.json", json.dumps(manifest))
            for info, data in more:
                archive.writestr(info, data)

    def assert_refused(self, problem: str) -> None:
        with self.assertRaises(BackupRefused) as refused, tried(self.path):
            pass
        line = str(refused.exception)
        self.assertIn(problem, line)
        self.assertEqual(len(line.splitlines()), 1)
        self.assertTrue(line.isprintable(), line)

    def test_no_archive_that_is_not_right_in_itself_gets_near_the_site(self):
        before, articles = self.everything(), list(Article.objects.values())
        for problem, spoil in HONEST:
            with self.subTest(problem=problem, spoil=spoil):
                parts, manifest = parts_of(self.sound), json.loads(self.manifest)
                spoil(parts, manifest)
                for name, data in parts.items():
                    about = manifest["files"].setdefault(name, {"rows": data.count(b"\n")})
                    about.update(size=len(data), sha256=hashlib.sha256(data).hexdigest())
                self.write(parts, manifest)
                self.assert_refused(problem)
        self.path.unlink()
        self.assertEqual(self.everything(), before)
        self.assertEqual(list(Article.objects.values()), articles)

    def test_what_differs_from_the_manifest_is_refused(self):
        parts, manifest = parts_of(self.sound), json.loads(self.manifest)
        name = first_image(parts)
        other = parts[name][:-1] + bytes([parts[name][-1] ^ 1])
        longer = parts[ARTICLES] + b"\n"
        for problem, changed in (
            (f"{name} is not what the manifest says", parts | {name: other}),
            (f"{ARTICLES} is not what the manifest says", parts | {ARTICLES: longer}),
            ("is missing", {key: data for key, data in parts.items() if key != name}),
            ("is not in its manifest", parts | {f"media/{OTHER}": b"x"}),
        ):
            with self.subTest(problem=problem):
                self.write(changed, manifest)
                self.assert_refused(problem)
        self.write(parts, manifest)
        with tried(self.path):
            pass

    def test_a_file_that_is_no_zip_file_or_not_whole_is_refused(self):
        whole = self.sound.read_bytes()
        foreign = BytesIO()
        ZipFile(foreign, "w").close()
        flipped = bytearray(whole)
        flipped[whole.index(b"data/articles.article.jsonl") + 400] ^= 1
        for problem, data in (
            ("is no backup", b""),
            ("is no backup", b"SQLite format 3\0" + bytes(4096)),
            ("is no backup", whole[: len(whole) // 2]),
            ("is no backup", whole[:-30]),
            ("is no backup of this software", foreign.getvalue()),
            ("data/articles.article.jsonl is damaged", bytes(flipped)),
        ):
            with self.subTest(problem=problem):
                self.path.write_bytes(data)
                self.assert_refused(problem)
        self.path.unlink()
        self.assert_refused("There is no file")

    def test_what_has_no_end_is_not_read_and_a_pipe_not_waited_for(self):
        self.path.symlink_to("/dev/zero")
        self.assert_refused("no plain file")
        self.path.unlink()
        os.mkfifo(self.path)
        self.assert_refused("no plain file")

    def test_links_doubles_and_bombs_are_refused(self):
        parts, manifest = parts_of(self.sound), json.loads(self.manifest)
        name = first_image(parts)
        link = ZipInfo(f"media/{OTHER}")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        bomb = ZipInfo("data/articles.bomb.jsonl")
        bomb.compress_type = ZIP_DEFLATED
        large = reading.HARMLESS + 1
        packed = ZipInfo(f"media/{OTHER}")
        packed.compress_type = ZIP_DEFLATED
        for problem, info, data in (
            ("is no plain file", link, b"/etc/passwd"),
            ("stands in it twice", ZipInfo(name), b"x"),
            ("unpacks to far more", bomb, bytes(large)),
            ("has two sizes", packed, bytes(10_000)),
        ):
            with self.subTest(problem=problem):
                with warnings.catch_warnings(action="ignore"):
                    self.write(parts, manifest, (info, data))
                self.assert_refused(problem)
        # A gigabyte that is only declared.
        self.write(parts, manifest)
        data = bytearray(self.path.read_bytes())
        entry = data.index(b"PK\1\2")
        data[entry + 24 : entry + 28] = struct.pack("<I", 2**30)
        self.path.write_bytes(data)
        self.assert_refused("has two sizes")

    def test_the_command_says_it_in_one_line(self):
        self.path.write_bytes(b"nothing")
        with self.assertRaisesMessage(CommandError, "Nothing was changed. "):
            call_command("restore", self.path, "--yes")

    def everything(self) -> dict[Path, bytes]:
        # What is open while it works.
        return {path: path.read_bytes() for path in self.folder.rglob("*") if path.is_file() and path.suffix != ".lock"}
