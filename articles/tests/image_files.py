"""Image files for the tests, made and stored here.

There are sound ones, broken ones, and ones that carry what must not reach a reader.
"""

import io
import shutil
import struct
import tempfile
import zlib
from pathlib import Path

import PIL.Image
from django.test import TestCase, override_settings
from django.utils.translation import override
from PIL import ImageCms, PngImagePlugin

from articles import image_store
from articles.models import Image

# Stands in every hostile file, in the part that must not survive.
PAYLOAD = b"<script>alert(1)</script>"

SVG = b'<svg xmlns="http://www.w3.org/2000/svg">' + PAYLOAD + b"</svg>"


class MediaMixin:
    """Gives each test a MEDIA_ROOT of its own, as `self.media`."""

    def setUp(self):
        super().setUp()
        self.media = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.media)
        self.enterContext(override_settings(MEDIA_ROOT=self.media))

    def stored_names(self) -> list[str]:
        """Return the names of what is stored, less the uploaded bytes."""
        originals = self.media / image_store.ORIGINALS
        return sorted(path.name for path in self.media.rglob("*") if originals not in (path, path.parent))


class ImageTestCase(MediaMixin, TestCase):
    def setUp(self):
        super().setUp()
        self.enterContext(override("en"))

    def opened(self, image: Image, width: int | None = None, extension: str | None = None) -> PIL.Image.Image:
        width, extension = width or image.widths[-1], extension or image.format
        name = image.url(width, extension).removeprefix("/media/")
        return PIL.Image.open(io.BytesIO((self.media / name).read_bytes()))


def store(data: bytes, name: str = "picture.jpg", **fields) -> Image:
    with image_store.workspace() as folder:
        return image_store.save(Image(file_name=name, **fields), image_store.prepare(data, folder))


def gradient(width=600, height=400, mode="RGB") -> PIL.Image.Image:
    """Return a picture of many colours, with the colour of each corner known: black, red, green, yellow."""
    red = PIL.Image.linear_gradient("L").rotate(90).resize((width, height))
    green = PIL.Image.linear_gradient("L").resize((width, height))
    return PIL.Image.merge("RGB", (red, green, PIL.Image.new("L", (width, height)))).convert(mode)


def saved(picture: PIL.Image.Image, format: str, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, format, **options)
    return file.getvalue()


def jpeg(**options) -> bytes:
    return saved(gradient(), "JPEG", **options)


def png(**options) -> bytes:
    return saved(gradient(), "PNG", **options)


def animation(format="GIF", frames=3, size=(60, 40), **options) -> bytes:
    pictures = [PIL.Image.new("RGB", size, (80 * number % 256, number % 256, 0)) for number in range(frames)]
    options = {"duration": 50, "loop": 0} | options
    return saved(pictures[0], format, save_all=True, append_images=pictures[1:], **options)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(chunk: bytes, data: bytes | None = None) -> bytes:
    """Return a PNG with a chunk put in after its header."""
    data = data or png()
    return data[:33] + chunk + data[33:]


def png_of_declared_size(width: int, height: int, rows: bytes = b"") -> bytes:
    """Return a few bytes that say they are a picture of any size; `rows` are unpacked image data."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + body


def jpeg_of_declared_size(width: int, height: int) -> bytes:
    data = jpeg()
    start = data.index(b"\xff\xc0") + 5
    return data[:start] + struct.pack(">HH", height, width) + data[start + 4 :]


def jpeg_with(segment: int, data: bytes) -> bytes:
    """Return a JPEG with an application or comment segment after its first marker."""
    sound = jpeg()
    return sound[:2] + bytes([0xFF, segment]) + struct.pack(">H", len(data) + 2) + data + sound[2:]


def gif_of_declared_size(width: int, height: int) -> bytes:
    data = bytearray(saved(gradient(8, 8), "GIF"))
    data[6:10] = struct.pack("<HH", width, height)
    return bytes(data)


def gif_that_is_a_script() -> bytes:
    """Return a GIF whose first bytes are a JavaScript assignment: GIF89a/*…*/=1;…"""
    data = bytearray(saved(gradient(0x2A2F, 1).convert("P"), "GIF"))
    return bytes(data) + b"*/=1;" + PAYLOAD


def webp_of_declared_size(width: int, height: int) -> bytes:
    """Return a WebP whose extended header says any size (https://developers.google.com/speed/webp/docs/riff_container)."""
    size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    header = b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + size
    picture = saved(gradient(8, 8), "WEBP")[12:]
    body = b"WEBP" + header + picture
    return b"RIFF" + struct.pack("<I", len(body)) + body


def avif_of_declared_size(width: int, height: int) -> bytes:
    """Return an AVIF whose image spatial extents (ISO/IEC 23008-12, 6.5.3) say any size."""
    data = saved(gradient(8, 8), "AVIF")
    start = data.index(b"ispe") + 8
    return data[:start] + struct.pack(">II", width, height) + data[start + 8 :]


def exif(orientation: int = 1, comment: bytes = PAYLOAD) -> bytes:
    data = PIL.Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = comment.decode()
    data.get_ifd(0x8825)[1] = "N"
    data.get_ifd(0x8825)[2] = (48.0, 51.0, 29.6)
    return data.tobytes()


def png_text(key: str = "Comment", compressed: bool = False) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text(key, PAYLOAD.decode(), zip=compressed)
    return info


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def progressive_jpeg_of_many_scans(scans: int) -> bytes:
    """Return a progressive JPEG whose last scan stands in it many times over."""
    data = jpeg(progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * scans + data[-2:]
