"""The markup of an image of the library: modern formats first, one width for each screen, no layout shift.

https://html.spec.whatwg.org/multipage/embedded-content.html#the-picture-element
"""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .images.names import CONTENT_TYPES
from .models import Image

# The column of text is at most 40rem wide, the page's margins on a small screen are about 1rem each.
SIZES = "(min-width: 42rem) 40rem, calc(100vw - 2rem)"

# The width that a browser without srcset gets.
PLAIN_WIDTH = 800


def picture_html(image: Image, *, alt: str, is_lazy: bool, title: str = "", width: int | None = None) -> SafeString:
    """Return the `<picture>` of an image with an alternative text and an optional title.

    `width` is in CSS pixels, where the text asks for one; the height follows from it. A lazy image is fetched when it
    comes near the screen. An animation stands still for readers who prefer less motion.
    """
    sizes = f"{width}px" if width else SIZES
    width = width or image.width
    attributes = {
        "alt": alt,
        "title": title or None,
        "width": width,
        "height": max(1, round(image.height * width / image.width)),
        "loading": "lazy" if is_lazy else None,
        "decoding": "async",
    }
    return format_html("<picture>{}{}</picture>", _sources(image, sizes), _fallback(image, sizes, attributes))


def _sources(image: Image, sizes: str) -> SafeString:
    if image.is_animated:
        still = format_html(
            '<source media="(prefers-reduced-motion: reduce)" type="{}" srcset="{}" sizes="{}">',
            CONTENT_TYPES[image.format],
            _srcset(image, image.format),
            sizes,
        )
        return still + _source(image, "webp", sizes)
    return _source(image, "avif", sizes) + _source(image, "webp", sizes)


def _source(image: Image, extension: str, sizes: str) -> SafeString:
    return format_html(
        '<source type="{}" srcset="{}" sizes="{}">', CONTENT_TYPES[extension], _srcset(image, extension), sizes
    )


def _srcset(image: Image, extension: str) -> str:
    return ", ".join(f"{image.url(width, extension)} {width}w" for width in image.widths)


def _fallback(image: Image, sizes: str, attributes: dict[str, str | int | None]) -> SafeString:
    extension = "gif" if image.is_animated else image.format
    plain = max((width for width in image.widths if width <= PLAIN_WIDTH), default=image.widths[0])
    files = {"src": image.url(plain, extension), "srcset": _srcset(image, extension), "sizes": sizes}
    pairs = ((name, value) for name, value in (files | attributes).items() if value is not None)
    return format_html("<img{}>", format_html_join("", ' {}="{}"', pairs))
