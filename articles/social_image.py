"""The picture that a social network shows beside a link: the title of an article, set as a page of the site is."""

import hashlib
import re
import unicodedata
import zlib
from bisect import bisect_right
from functools import cache, lru_cache
from io import BytesIO

import font_source_serif_pro as source_serif
from PIL import Image, ImageColor, ImageDraw, ImageFont

from .markdown import typeset

# Pixels, as https://ogp.me and the networks' own pages ask for.
SIZE = WIDTH, HEIGHT = 1200, 630

# Raise it with every change of the look: it is part of the picture's name.
LOOK = 3

# The paper and the inks of static/css/site.css.
PAPER, INK, SOFT = "#fcfaf5", "#1d1b18", "#5d574d"
INKS = ("#ad2317", "#1f479c")
# Between the paper and an ink. The picture is drawn as numbers of colours: to find the colours of one that is drawn in
# full takes ten times as long as all the rest.
SHADES = 32
HERE, THERE = 2 * SHADES, 2 * SHADES + 1

MARGIN, EDGE = 96, 6
TITLE_TOP, TITLE_BOTTOM = 72, 460
SIGNATURE_TOP = 542
MAX_LINES, SIZES = 5, range(112, 35, -4)

REGULAR, BOLD = (source_serif.font_files_otf[name] for name in ("SourceSerifPro", "SourceSerifProBold"))

SPACES = re.compile(" {2,}")
# The font has no narrow no-break space: it is left open, so many ems wide.
NARROW, NARROW_WIDTH = "\u202f", 0.15


def digest(title: str, site_name: str, language: str, side: int) -> str:
    """Return a short name of everything that the picture shows, 16 hexadecimal digits."""
    whole = "\x00".join([str(LOOK), title, site_name, language, str(side)])
    return hashlib.sha256(whole.encode()).hexdigest()[:16]


def draw(title: str, site_name: str, language: str, side: int) -> bytes:
    """Return a PNG of a title. `side` is 0 for a recto and 1 for a verso, its mirror image.

    Characters that the font does not have are left out.
    """
    name = _shown(typeset(site_name, language))
    lines, font = _fitting(_shown(typeset(title, language)) or name)
    sheet = Image.new("L", SIZE)
    sheet.paste(_signature(name), (0, SIGNATURE_TOP))
    pen = ImageDraw.Draw(sheet)
    height = round(font.size * 1.16)
    top = (TITLE_TOP + TITLE_BOTTOM - height * len(lines)) // 2
    for number, line in enumerate(lines):
        _write(pen, top + number * height, line, font)
    _draw_edge(pen, side, HERE, THERE)
    pen.rectangle((MARGIN, 512, MARGIN + 120, 518), fill=HERE)
    pen.rectangle((MARGIN, 523, MARGIN + 120, 525), fill=THERE)
    sheet.putpalette(_palette(side % 2))
    file = BytesIO()
    # Looking for runs alone takes a third of the time of looking for all repetitions, and gives a fifth more bytes.
    sheet.save(file, "PNG", compress_type=zlib.Z_RLE)
    return file.getvalue()


# One for each language is all that a site has.
@lru_cache(maxsize=16)
def _signature(name: str) -> Image.Image:
    """Return the strip with the site's name, in the shades of the softer ink."""
    strip = Image.new("L", (WIDTH, HEIGHT - SIGNATURE_TOP))
    _write(ImageDraw.Draw(strip), 0, name, _font(BOLD, 34))
    return strip.point([0, *(SHADES + shade for shade in range(1, 256))])


@cache
def _palette(side: int) -> bytes:
    """Return the colours of a picture by number: paper to ink in so many shades for each ink, and the two rules."""
    paper = ImageColor.getrgb(PAPER)
    shades = [
        round(start + (end - start) * shade / (SHADES - 1))
        for ink in (INK, SOFT)
        for shade in range(SHADES)
        for start, end in zip(paper, ImageColor.getrgb(ink), strict=True)
    ]
    return bytes([*shades, *ImageColor.getrgb(INKS[side]), *ImageColor.getrgb(INKS[1 - side])])


def _draw_edge(pen: ImageDraw.ImageDraw, side: int, here: int, there: int) -> None:
    """Draw the two rules of the leaf's fold: at the left of a recto, at the right of a verso."""
    for offset, ink in ((0, there), (EDGE * 2, here)):
        left = WIDTH - EDGE - offset if side % 2 else offset
        pen.rectangle((left, 0, left + EDGE - 1, HEIGHT), fill=ink)


def _fitting(title: str) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """Return the lines of a title and the largest font in which they fit; the smallest cuts what is too long."""
    for size in SIZES:
        font = _font(REGULAR, size)
        lines = _lines(title, font)
        if len(lines) <= MAX_LINES and len(lines) * size * 1.16 <= TITLE_BOTTOM - TITLE_TOP:
            return _balanced(title, font, len(lines)), font
    lines = lines[: (TITLE_BOTTOM - TITLE_TOP) // round(size * 1.16)]
    return [*lines[:-1], lines[-1].rstrip(" .,;:") + "…"], font


def _lines(title: str, font: ImageFont.FreeTypeFont, width: float = WIDTH - 2 * MARGIN) -> list[str]:
    """Break a title at its spaces, as a browser does; a word that is too long is broken anywhere."""
    lines = [""]
    # Not at no-break spaces, which split() takes as well.
    for word in title.split(" "):
        longer = f"{lines[-1]} {word}".strip(" ")
        if _length(longer, font) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
        while _length(lines[-1], font) > width and len(lines[-1]) > 1:
            head = bisect_right(range(len(lines[-1])), width, key=lambda end: _length(lines[-1][:end], font)) - 1
            lines[-1:] = [lines[-1][: max(head, 1)], lines[-1][max(head, 1) :]]
    return lines


def _balanced(title: str, font: ImageFont.FreeTypeFont, count: int) -> list[str]:
    """Return the lines of the narrowest column that needs no more of them: none is left with a single word."""
    narrow, wide = _length(title, font) / count, WIDTH - 2 * MARGIN
    for step in range(9):
        lines = _lines(title, font, narrow + (wide - narrow) * step / 8)
        if len(lines) <= count and all(_length(line, font) <= wide for line in lines):
            return lines
    return _lines(title, font)


def _shown(text: str) -> str:
    """Return a text without what the font has no picture of; composed, as the font's accents are."""
    signs = (_drawn(sign) for sign in unicodedata.normalize("NFC", text))
    return SPACES.sub(" ", "".join(signs)).strip(" \u00a0\u202f")


@lru_cache(maxsize=4096)
def _drawn(sign: str) -> str:
    """Return what stands for a sign in the picture; "" for nothing."""
    font = _font(REGULAR, SIZES[0])
    if sign == NARROW or bytes(font.getmask(sign)) != bytes(font.getmask("\uffff")):
        return sign
    return " " if unicodedata.category(sign) == "Zs" else ""


@lru_cache(maxsize=4096)
def _length(line: str, font: ImageFont.FreeTypeFont) -> float:
    return font.getlength(line.replace(NARROW, "")) + line.count(NARROW) * NARROW_WIDTH * font.size


def _write(pen: ImageDraw.ImageDraw, top: int, line: str, font: ImageFont.FreeTypeFont) -> None:
    left = MARGIN
    for piece in line.split(NARROW):
        pen.text((left, top), piece, font=font, fill=SHADES - 1)
        left += _length(piece + NARROW, font)


@lru_cache(maxsize=64)
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    # The simple layout needs no library beside Pillow's own.
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
