from unittest import mock

from django.test import Client, RequestFactory, TransactionTestCase

from articles.images.names import CONTENT_TYPES
from articles.media import stored_image

from .image_files import MediaMixin

START = "0123456789abcdef"
NAME = f"{START}-480.jpg"


class MediaTests(MediaMixin, TransactionTestCase):
    def setUp(self):
        super().setUp()
        (self.media / NAME).write_bytes(b"content")

    def get(self, name: str, **options):
        response = self.client.get(f"/media/{name}", **options)
        self.addCleanup(response.close)
        return response

    def test_a_stored_image_is_served_to_be_kept_for_ever_and_to_run_nothing(self):
        response = self.get(NAME)
        self.assertEqual(response.getvalue(), b"content")
        headers = {
            "Content-Type": "image/jpeg",
            "Content-Length": "7",
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        }
        self.assertLessEqual(headers.items(), dict(response.headers).items())
        self.assertFalse(response.cookies)

    def test_the_type_follows_from_the_extension(self):
        for extension, content_type in CONTENT_TYPES.items():
            name = f"{START}-1600.{extension}"
            (self.media / name).write_bytes(b"content")
            self.assertEqual(self.get(name).headers["Content-Type"], content_type)

    def test_what_is_compressed_in_itself_is_not_compressed_again(self):
        response = self.get(NAME, headers={"Accept-Encoding": "gzip, deflate, br"})
        self.assertEqual(response.headers["Content-Length"], "7")
        self.assertNotIn("Content-Encoding", response.headers)
        self.assertEqual(response.headers["ETag"], self.get(NAME).headers["ETag"])

    def test_a_browser_that_has_it_gets_no_content(self):
        etag = self.get(NAME).headers["ETag"]
        response = self.get(NAME, headers={"If-None-Match": etag})
        self.assertEqual((response.status_code, response.content), (304, b""))
        self.assertEqual(response.headers["ETag"], etag)
        self.assertIn("immutable", response.headers["Cache-Control"])
        self.assertEqual(
            response.headers["Content-Security-Policy"], "default-src 'none'; frame-ancestors 'none'; sandbox"
        )
        response = self.get(NAME, headers={"If-None-Match": '"other"'})
        self.assertEqual(response.getvalue(), b"content")

    def test_it_is_sent_as_it_is_to_browsers_that_ask_for_compression(self):
        response = self.get(NAME, headers={"Accept-Encoding": "gzip, br"})
        self.assertNotIn("Content-Encoding", response.headers)
        self.assertEqual((response.getvalue(), response.headers["Content-Length"]), (b"content", "7"))
        self.assertEqual(response.headers["ETag"], self.get(NAME).headers["ETag"])

    def test_it_can_be_asked_for_and_nothing_else(self):
        request = RequestFactory().head(f"/media/{NAME}")
        response = stored_image(request, NAME)
        self.addCleanup(response.close)
        self.assertEqual((response.getvalue(), response.headers["Content-Length"]), (b"", "7"))
        client = Client(enforce_csrf_checks=True)
        for method in ("post", "put", "patch", "delete", "options", "trace"):
            response = getattr(client, method)(f"/media/{NAME}")
            self.assertEqual(response.status_code, 405, method)
            self.assertEqual(response.headers["Allow"], "GET, HEAD")

    def test_anything_else_is_not_found(self):
        (self.media.parent / "secret.jpg").write_bytes(b"secret")
        self.addCleanup((self.media.parent / "secret.jpg").unlink)
        (self.media / "notes.txt").write_bytes(b"secret")
        (self.media / f"{START}-480.svg").write_bytes(b"secret")
        (self.media / f"{START}-800.png").mkdir()
        (self.media / f"{START}-800.gif").symlink_to(self.media / "nothing")
        for name in (
            "",
            "../secret.jpg",
            "..%2fsecret.jpg",
            "%2e%2e%2fsecret.jpg",
            "..%5csecret.jpg",
            "....//secret.jpg",
            "%00",
            f"{NAME}%00.png",
            f"{NAME}%0a",
            f"{NAME}/",
            f"./{NAME}/..",
            f"{START}-480.JPG",
            f"{START}-0480.jpg",
            f"{START}-99999.jpg",
            f"{START.upper()}-480.jpg",
            f"{START[:-1]}-480.jpg",
            f"{START}-480.svg",
            f"{START}-800.png",
            f"{START}-800.gif",
            f"{START}-481.jpg",
            f"{START}-４８０.jpg",
            "notes.txt",
            ".new-x/a.jpg",
            "a" * 5000,
        ):
            with self.subTest(name):
                self.assertEqual(self.get(name).status_code, 404)

    def test_a_file_that_cannot_be_read_is_not_found(self):
        with mock.patch("pathlib.Path.open", side_effect=PermissionError):
            self.assertEqual(self.get(NAME).status_code, 404)
