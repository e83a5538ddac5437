"""Bytes of unknown origin decoded to upright pictures in sRGB, within limits; anything else refused with a reason.

The content decides, never the name or the type that a browser sends. Every limit is checked on the declared sizes,
before anything is decoded: a few bytes can declare gigabytes.
"""

import contextlib
import warnings
from collections.abc import Iterator
from io import BytesIO

import PIL.Image
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import ImageCms, features

# Pillow's names. Of its other plug-ins none is ever asked.
FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]
# What Pillow must have been built with, and find on the machine, for each.
NEEDS = {"JPEG": "jpg", "PNG": "zlib", "WEBP": "webp", "AVIF": "avif"}
ANIMATED_FORMATS = {"PNG", "WEBP", "AVIF", "GIF"}

MAX_BYTES = 20 * 1024 * 1024
# Of one picture, and of all frames of an animation together. The largest WebP takes 700 MB of memory for a moment,
# the largest of any other format 450 MB.
MAX_PIXELS = 40_000_000
# No side of a WebP can be longer. https://developers.google.com/speed/webp/faq
MAX_SIDE = 16_383
MAX_FRAMES = 500
# A progressive JPEG has about ten scans; each further one costs time for a few bytes.
MAX_JPEG_SCANS = 100

SRGB = ImageCms.createProfile("sRGB")
DEFAULT_FRAME_MILLISECONDS = 100

# EXIF 2.32, tag 274: how the stored picture must be turned to stand upright.
ORIENTATION = 274
UPRIGHT = {
    2: PIL.Image.Transpose.FLIP_LEFT_RIGHT,
    3: PIL.Image.Transpose.ROTATE_180,
    4: PIL.Image.Transpose.FLIP_TOP_BOTTOM,
    5: PIL.Image.Transpose.TRANSPOSE,
    6: PIL.Image.Transpose.ROTATE_270,
    7: PIL.Image.Transpose.TRANSVERSE,
    8: PIL.Image.Transpose.ROTATE_90,
}
LYING_ON_THEIR_SIDE = {5, 6, 7, 8}

# What Pillow warns of is refused here, or left out.
warnings.filterwarnings("ignore", category=PIL.Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", module=r"PIL\.")


class ImageRefused(ValidationError):
    """A file that cannot become an image of the site; the message says why, in the active language."""


@contextlib.contextmanager
def faults_refused() -> Iterator[None]:
    """Raise ImageRefused for whatever a decoder or an encoder raises."""
    try:
        yield
    except ImageRefused:
        raise
    except Exception as error:  # hostile bytes make Pillow raise nearly anything, from KeyError to struct.error
        raise ImageRefused(_("This image is damaged: it cannot be read to its end.")) from error


def missing_formats() -> list[str]:
    """Return the formats that Pillow cannot read and write on this machine; no image is stored without all of them."""
    return [name for name, need in NEEDS.items() if not features.check(need)]


def check_size(size: int) -> None:
    """Raise ImageRefused where a file of so many bytes need not be read at all."""
    if not size:
        raise ImageRefused(_("This file is empty."))
    if size > MAX_BYTES:
        raise ImageRefused(
            _("This file is larger than %(number)d MB.") % {"number": MAX_BYTES // (1024 * 1024)}, code="too_large"
        )


def opened(data: bytes) -> PIL.Image.Image:
    """Return the picture in the bytes, not decoded yet, with its declared size within the limits."""
    check_size(len(data))
    if missing := missing_formats():
        reason = _(
            "No image can be stored: the server of this site lacks what reads and writes %(formats)s. "
            "Tell whoever runs it."
        )
        raise ImageRefused(reason % {"formats": ", ".join(missing)})
    try:
        source = PIL.Image.open(BytesIO(data), formats=FORMATS)
    except PIL.UnidentifiedImageError:
        raise ImageRefused(_reason(data)) from None
    except PIL.Image.DecompressionBombError:
        raise _too_many_pixels() from None
    _check_pixels(source.size, 1)
    # MPO is a JPEG with further pictures, as telephones make them; the first one is the photo.
    if source.format in {"JPEG", "MPO"} and data.count(b"\xff\xda") > MAX_JPEG_SCANS:
        raise ImageRefused(_("This JPEG is built to take very long to decode."))
    return source


def _reason(data: bytes) -> str:
    """Return why a file of none of the formats is refused."""
    start = data[:1024].lower()
    if b"<svg" in start:
        return _("SVG is not accepted, since it can carry scripts: save the drawing as PNG or WebP.")
    if start[4:8] == b"ftyp" and start[8:12] in {b"heic", b"heix", b"hevc", b"mif1", b"msf1"}:
        return _("HEIC is not accepted, since browsers do not show it: save the photo as JPEG.")
    return _("This is no JPEG, PNG, WebP, AVIF or GIF, or it is damaged.")


def _check_pixels(size: tuple[int, int], frames: int) -> None:
    width, height = size
    if not (width and height):
        raise ImageRefused(_("This image has no pixels."))
    if max(size) > MAX_SIDE:
        raise ImageRefused(_("No side may be longer than %(number)d pixels.") % {"number": MAX_SIDE})
    if width * height * frames > MAX_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> ImageRefused:
    reason = _("This image has too many pixels: at most %(number)d million are accepted, all frames together.")
    return ImageRefused(reason % {"number": MAX_PIXELS // 1_000_000})


def is_animated(source: PIL.Image.Image) -> bool:
    return source.format in ANIMATED_FORMATS and getattr(source, "is_animated", False)


def upright_size(source: PIL.Image.Image) -> tuple[int, int]:
    """Return width and height as they are when the picture stands upright."""
    width, height = source.size
    return (height, width) if _orientation(source) in LYING_ON_THEIR_SIDE else (width, height)


def _orientation(source: PIL.Image.Image) -> int:
    try:
        return source.getexif().get(ORIENTATION, 1)
    except Exception:  # broken EXIF says nothing; the picture itself may be sound
        return 1


def frames(source: PIL.Image.Image) -> Iterator[tuple[PIL.Image.Image, int]]:
    """Yield each frame, as it was stored, with the milliseconds that it is shown. Raise ImageRefused at a limit."""
    for number in range(MAX_FRAMES + 1):
        try:
            source.seek(number)
        except EOFError:
            return
        if number == MAX_FRAMES:
            raise ImageRefused(_("An animation may have at most %(number)d frames.") % {"number": MAX_FRAMES})
        # A frame of a GIF can make the whole picture larger.
        _check_pixels(source.size, number + 1)
        source.load()
        yield source, int(source.info.get("duration", 0)) or DEFAULT_FRAME_MILLISECONDS


def normalised(frame: PIL.Image.Image, width: int) -> PIL.Image.Image:
    """Return a decoded frame upright, `width` pixels wide, as RGB in sRGB, or RGBA where something is transparent.

    Nothing of the file but its pixels is left: no EXIF, comment, profile or text.
    """
    picture = in_eight_bits(frame)
    orientation = _orientation(frame)
    wide, high = upright_size(frame)
    size = (width, max(1, round(high * width / wide)))
    # Smaller first: what follows costs time and memory for each pixel.
    stored_size = size[::-1] if orientation in LYING_ON_THEIR_SIDE else size
    if picture.size != stored_size:
        picture = picture.resize(stored_size, PIL.Image.Resampling.LANCZOS)
    if orientation in UPRIGHT:
        picture = picture.transpose(UPRIGHT[orientation])
    picture = _in_srgb(picture, frame.info.get("icc_profile"))
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema()[0] == 255:
        picture = picture.convert("RGB")
    picture.info = {}
    return picture


def in_eight_bits(frame: PIL.Image.Image) -> PIL.Image.Image:
    """Return the frame in a mode that can be resized and has a colour space: L, RGB, RGBA or CMYK."""
    if frame.mode.startswith("I"):
        # Converting alone would cut at 255 instead of scaling.
        return frame.point(lambda value: value * (1 / 256)).convert("L")
    if frame.mode in {"L", "RGB"} and "transparency" not in frame.info:
        return frame
    if frame.mode in {"RGBA", "CMYK"}:
        return frame
    return frame.convert("RGBA" if frame.has_transparency_data else "RGB")


def _in_srgb(picture: PIL.Image.Image, profile: bytes | None) -> PIL.Image.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        # A profile that is broken, or of another colour space than the picture, is passed over.
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            return ImageCms.profileToProfile(picture, BytesIO(profile), SRGB, outputMode=mode)
    return picture.convert(mode)
