"""Pictures encoded for readers: several widths, each as AVIF, WebP and a format that every browser shows.

An animation keeps one width, as WebP and GIF, with its first frame as a still for readers who prefer less motion.
"""

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import PIL.Image

from . import decoding
from .names import file_name

# The column is at most 640 CSS pixels wide; 1200 and 1600 are for screens with two and more pixels to each of those.
WIDTHS = (480, 800, 1200, 1600)
ANIMATION_WIDTH = 800
# A very tall picture is left out in the widths where it would take long to encode; four times a photo of 1600 pixels.
MAX_ENCODED_PIXELS = 8_000_000

# Speeds at which a photo of 12 megapixels takes about two seconds on one core of a small server. One thread, so that
# the others serve readers.
PHOTO = {
    "avif": {"quality": 60, "speed": 8, "max_threads": 1},
    "webp": {"quality": 78, "method": 4},
    "jpg": {"quality": 80, "optimize": True, "progressive": True},
    "png": {},
}
# A drawing or a screenshot of few colours: sharp edges must stay sharp.
DRAWING = PHOTO | {
    "avif": {"quality": 80, "speed": 8, "max_threads": 1, "subsampling": "4:4:4"},
    "webp": {"lossless": True, "method": 4},
}
DRAWING_COLOURS = 256
DRAWING_GREYS = 64

# One picture at a time in a process: decoded, each can take hundreds of megabytes.
_turn = threading.Lock()


@dataclass(frozen=True)
class Encoded:
    """An image encoded into the files of `folder`, named as they will be stored.

    `digest` is the SHA-256 of the original bytes in hexadecimal, `format` the extension of the still fallback,
    `width` and `height` those of the original when it stands upright, `widths` those of the files, ascending.
    """

    digest: str
    format: str
    width: int
    height: int
    widths: list[int]
    is_animated: bool
    folder: Path


def digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def encode(data: bytes, folder: Path) -> Encoded:
    """Encode the bytes of an image file into a new folder inside `folder`; raise ImageRefused where they are none."""
    digest = digest_of(data)
    inside = folder / digest
    # There already where two files of an import hold the same bytes.
    inside.mkdir(exist_ok=True)
    with _turn:
        with decoding.faults_refused():
            source = decoding.opened(data)
            is_animated = decoding.is_animated(source)
        if is_animated:
            return _encode_animation(source, digest, inside)
        return _encode_still(source, digest, inside)


def _widths(width: int, height: int) -> list[int]:
    """Return the widths for an original: none is wider, and a small original keeps its own."""
    first, *others = [each for each in WIDTHS if each <= width] or [width]
    return [first, *(each for each in others if each * each * height <= MAX_ENCODED_PIXELS * width)]


def _is_drawing(source: PIL.Image.Image) -> bool:
    if source.format in {"JPEG", "MPO"}:
        return False
    picture = decoding.in_eight_bits(source)
    return picture.getcolors(DRAWING_GREYS if picture.mode == "L" else DRAWING_COLOURS) is not None


def _encode_still(source: PIL.Image.Image, digest: str, folder: Path) -> Encoded:
    with decoding.faults_refused():
        source.load()
        width, height = decoding.upright_size(source)
        widths = _widths(width, height)
        largest = decoding.normalised(source, widths[-1])
        is_drawing = _is_drawing(source)
        source.close()
    fallback = "png" if is_drawing or largest.mode == "RGBA" else "jpg"
    options = DRAWING if is_drawing else PHOTO
    for each in widths:
        picture = largest if each == widths[-1] else decoding.normalised(largest, each)
        for extension in ("avif", "webp", fallback):
            _write(folder / file_name(digest, each, extension), picture, options[extension])
    return Encoded(digest, fallback, width, height, widths, False, folder)


def _encode_animation(source: PIL.Image.Image, digest: str, folder: Path) -> Encoded:
    with decoding.faults_refused():
        width, height = decoding.upright_size(source)
        shown = min(width, ANIMATION_WIDTH)
        frames, milliseconds = zip(*_frames(source, shown), strict=True)
        moving = {"save_all": True, "duration": list(milliseconds), "loop": _loop(source)}
        pictures = {"webp": _moving_webp(frames), "gif": _moving_gif(frames)}
    for extension, (first, options) in pictures.items():
        _write(folder / file_name(digest, shown, extension), first, moving | options)
    fallback = "png" if frames[0].mode == "RGBA" else "jpg"
    _write(folder / file_name(digest, shown, fallback), frames[0], PHOTO[fallback])
    return Encoded(digest, fallback, width, height, [shown], True, folder)


def _frames(source: PIL.Image.Image, width: int) -> Iterator[tuple[PIL.Image.Image, int]]:
    for frame, milliseconds in decoding.frames(source):
        yield decoding.normalised(frame, width), milliseconds


def _loop(source: PIL.Image.Image) -> int:
    """Return how often an animation plays, 0 for without end. A GIF that does not say it plays once."""
    return min(source.info.get("loop", 1 if source.format == "GIF" else 0), 65_535)


def _is_transparent(frames: Sequence[PIL.Image.Image]) -> bool:
    return any(frame.mode == "RGBA" for frame in frames)


def _moving_webp(frames: Sequence[PIL.Image.Image]) -> tuple[PIL.Image.Image, dict]:
    """Return the first frame, and Pillow's options with the others."""
    # Whole frames where something is transparent: of a part alone, WebP does not say that the rest shows the page.
    whole = {"kmin": 1, "kmax": 1} if _is_transparent(frames) else {}
    return frames[0], whole | {"append_images": frames[1:], "quality": 70, "method": 1}


def _moving_gif(frames: Sequence[PIL.Image.Image]) -> tuple[PIL.Image.Image, dict]:
    """Return the first frame, and Pillow's options with the others."""
    # Pillow reduces what is transparent in this way by itself, and the rest in one that takes ten times as long.
    method = PIL.Image.Quantize.FASTOCTREE
    first, *others = (frame if frame.mode == "RGBA" else frame.quantize(method=method) for frame in frames)
    return first, {"append_images": others, "disposal": 2 if _is_transparent(frames) else 0}


def _write(path: Path, picture: PIL.Image.Image, options: dict) -> None:
    encoded = BytesIO()
    with decoding.faults_refused():
        picture.save(encoded, PIL.Image.registered_extensions()[path.suffix], **options)
    # Outside: a full disk is no fault of the image.
    path.write_bytes(encoded.getvalue())
