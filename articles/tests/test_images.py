import struct
import zlib
from io import BytesIO
from unittest import mock

import PIL.Image
from django.test import tag
from PIL import ImageCms

from articles import image_store
from articles.images import decoding
from articles.images.decoding import ImageRefused
from articles.models import Image

from .image_files import (
    PAYLOAD,
    SVG,
    ImageTestCase,
    animation,
    avif_of_declared_size,
    exif,
    gif_of_declared_size,
    gif_that_is_a_script,
    gradient,
    jpeg,
    jpeg_of_declared_size,
    jpeg_with,
    png,
    png_chunk,
    png_of_declared_size,
    png_text,
    png_with,
    profile,
    progressive_jpeg_of_many_scans,
    saved,
    store,
    webp_of_declared_size,
)


@tag("once")
class EncodingTests(ImageTestCase):
    def test_a_photo_becomes_three_formats_in_every_width_that_it_fills(self):
        image = store(saved(gradient(1300, 650), "JPEG"))
        self.assertEqual((image.width, image.height, image.widths), (1300, 650, [480, 800, 1200]))
        self.assertEqual((image.format, image.is_animated), ("jpg", False))
        self.assertEqual(self.stored_names(), sorted(image.stored_names()))
        self.assertEqual(len(image.stored_names()), 9)
        for extension in ("avif", "webp", "jpg"):
            self.assertEqual(self.opened(image, 800, extension).size, (800, 400))

    def test_a_small_picture_keeps_its_size(self):
        image = store(saved(gradient(90, 60), "JPEG"))
        self.assertEqual(image.widths, [90])
        self.assertEqual(self.opened(image).size, (90, 60))

    def test_a_tall_picture_is_left_out_in_widths_that_would_take_long(self):
        with mock.patch("articles.images.encoding.MAX_ENCODED_PIXELS", 900 * 600):
            self.assertEqual(store(saved(gradient(1250, 700), "JPEG")).widths, [480, 800])

    def test_it_stands_upright_whatever_the_camera_noted(self):
        # Where the black corner of the stored picture is in the upright one: x and y, 0 or -1.
        corners = {1: (0, 0), 2: (-1, 0), 3: (-1, -1), 4: (0, -1), 5: (0, 0), 6: (-1, 0), 7: (-1, -1), 8: (0, -1)}
        for orientation, (x, y) in corners.items():
            with self.subTest(orientation):
                image = store(jpeg(exif=exif(orientation)))
                lies = orientation >= 5
                self.assertEqual((image.width, image.height), (400, 600) if lies else (600, 400))
                picture = self.opened(image).convert("RGB")
                self.assertEqual(picture.size, (400, 600) if lies else (480, 320))
                black = picture.getpixel((x % picture.width, y % picture.height))
                self.assertLess(sum(black), 40)

    def test_transparency_is_kept(self):
        picture = gradient().convert("RGBA")
        picture.putalpha(PIL.Image.new("L", picture.size, 100))
        for format in ("PNG", "WEBP", "AVIF"):
            with self.subTest(format):
                image = store(saved(picture, format))
                self.assertEqual(image.format, "png")
                for extension in ("avif", "webp", "png"):
                    alpha = self.opened(image, extension=extension).convert("RGBA").getchannel("A")
                    self.assertEqual(alpha.getpixel((5, 5)), 100)

    def test_a_palette_with_a_transparent_colour_keeps_it(self):
        picture = gradient(64, 64).quantize(16)
        image = store(saved(picture, "PNG", transparency=picture.getpixel((0, 0))))
        alpha = self.opened(image).convert("RGBA").getchannel("A")
        self.assertEqual((alpha.getpixel((0, 0)), alpha.getpixel((63, 63))), (0, 255))

    def test_what_is_opaque_throughout_is_a_photo_for_all_its_alpha_channel(self):
        self.assertEqual(store(saved(gradient().convert("RGBA"), "PNG")).format, "jpg")

    def test_a_drawing_of_few_colours_stays_sharp(self):
        picture = PIL.Image.new("RGB", (400, 300), "white")
        picture.paste((200, 0, 0), (100, 100, 200, 200))
        image = store(saved(picture, "PNG"))
        self.assertEqual(image.format, "png")
        for extension in ("webp", "png"):
            row = [self.opened(image, extension=extension).convert("RGB").getpixel((x, 150)) for x in (99, 100)]
            self.assertEqual(row, [(255, 255, 255), (200, 0, 0)], extension)
        # Lossy, but with the colours of each pixel.
        row = [self.opened(image, extension="avif").convert("RGB").getpixel((x, 150)) for x in (97, 102)]
        for found, wanted in zip(row, [(255, 255, 255), (200, 0, 0)], strict=True):
            self.assertLess(max(abs(a - b) for a, b in zip(found, wanted, strict=True)), 30)

    def test_colours_are_those_of_srgb(self):
        # In this profile, red and green have changed places.
        swapped = profile().replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
        red = PIL.Image.new("RGB", (40, 40), (255, 0, 0))
        for format in ("PNG", "JPEG", "WEBP", "AVIF"):
            with self.subTest(format):
                image = store(saved(red, format, icc_profile=swapped))
                red_now, green_now, blue_now = self.opened(image).convert("RGB").getpixel((5, 5))
                self.assertGreater(green_now, 240)
                self.assertLess(max(red_now, blue_now), 20)

    def test_a_profile_of_another_colour_space_is_passed_over(self):
        other = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
        image = store(saved(PIL.Image.new("RGB", (20, 20), (55, 55, 55)), "PNG", icc_profile=other))
        self.assertEqual(self.opened(image).convert("RGB").getpixel((5, 5)), (55, 55, 55))

    def test_a_print_s_colours_and_sixteen_bits_become_screen_colours(self):
        image = store(saved(PIL.Image.new("CMYK", (40, 40), (0, 255, 255, 0)), "JPEG"))
        red = self.opened(image).convert("RGB").getpixel((5, 5))
        self.assertGreater(red[0], 200)
        self.assertLess(max(red[1:]), 80)
        image = store(saved(PIL.Image.new("I;16", (40, 40), 128 * 256), "PNG"))
        self.assertEqual(self.opened(image).convert("RGB").getpixel((5, 5)), (128, 128, 128))

    def test_an_animation_moves_in_two_formats_and_stands_still_in_a_third(self):
        for format in ("GIF", "WEBP", "PNG", "AVIF"):
            with self.subTest(format):
                image = store(animation(format))
                self.assertTrue(image.is_animated)
                self.assertEqual(image.widths, [60])
                for extension in ("webp", "gif"):
                    moving = self.opened(image, extension=extension)
                    self.assertEqual(moving.n_frames, 3)
                    moving.load()
                    self.assertEqual(moving.info["duration"], 50)
                self.assertEqual(getattr(self.opened(image), "n_frames", 1), 1)

    def test_an_animation_plays_as_often_as_it_says(self):
        for data, loop in (
            (animation("GIF", loop=3), 3),
            (animation("GIF", loop=None), 1),
            (animation("WEBP", loop=0), 0),
            (animation("PNG", loop=10**6), 65_535),
            (animation("AVIF"), 0),
        ):
            image = store(data)
            self.assertEqual(self.opened(image, extension="webp").info["loop"], loop)

    def test_a_transparent_animation_keeps_its_transparency(self):
        frames = [PIL.Image.new("RGBA", (40, 40)) for _ in range(3)]
        for number, frame in enumerate(frames):
            frame.paste((255, 0, 0, 255), (10 * number, 0, 10 * number + 10, 40))
        data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], disposal=2)
        image = store(data)
        for extension in ("webp", "gif"):
            moving = self.opened(image, extension=extension)
            moving.seek(2)
            self.assertEqual(moving.convert("RGBA").getpixel((5, 5))[3], 0)
            self.assertEqual(moving.convert("RGBA").getpixel((25, 5))[3], 255)


def truncated(data: bytes, parts: int = 8) -> list[bytes]:
    return [data[: len(data) * part // parts] for part in range(1, parts)]


REFUSED = {
    "nothing": b"",
    "one byte": b"\xff",
    "zeros": bytes(5000),
    "text": b"hello",
    "HTML": b"<!doctype html><title>T</title>" + PAYLOAD,
    "SVG": SVG,
    "SVG after an XML declaration": b'<?xml version="1.0"?>\n' + SVG,
    "SVG after a byte order mark": b"\xef\xbb\xbf" + SVG,
    "a script": b"alert(1)//" + PAYLOAD,
    "a web manifest": b'{"name": "x"}',
    "PDF": b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n",
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n",
    "zip": b"PK\x03\x04" + bytes(100),
    "HEIC": b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + bytes(50),
    "a program": b"\x7fELF" + bytes(200),
    **{f"{format}, sound": saved(gradient(20, 20), format) for format in ("BMP", "TIFF", "ICO", "PPM", "TGA", "PCX")},
    "ImageMagick script": b"push graphic-context\nfill 'url(https://example.com/\"|ls \"-la)'\npop graphic-context\n",
    "no width": png_of_declared_size(0, 10),
    "no height": png_of_declared_size(10, 0),
    "GIF without size": gif_of_declared_size(0, 0)[:13] + b"\x3b",
    "PNG of 900 million pixels": png_of_declared_size(30_000, 30_000),
    "PNG of 50 million pixels": png_of_declared_size(10_000, 5_001),
    "PNG of one long line": png_of_declared_size(1_000_000, 1),
    "PNG of the greatest size": png_of_declared_size(2**31 - 1, 2**31 - 1),
    "JPEG of the greatest size": jpeg_of_declared_size(65_535, 65_535),
    "GIF of the greatest size": gif_of_declared_size(65_535, 65_535),
    "WebP of the greatest size": webp_of_declared_size(16_384, 16_384),
    "AVIF of the greatest size": avif_of_declared_size(65_535, 65_535),
    "AVIF of 50 million pixels": avif_of_declared_size(10_000, 5_001),
    "PNG with less data than it says": png_of_declared_size(5000, 5000, bytes(1000)),
    "PNG with broken data": png().replace(b"IDAT", b"IDAT\0\0\0\0", 1),
    "PNG without data": b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)),
    "PNG with a wrong checksum in its header": png()[:29] + b"\0\0\0\0" + png()[33:],
    "text that unfolds to 100 MB": png_with(
        png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(100 * 1024 * 1024)))
    ),
    "JPEG of its first marker": b"\xff\xd8\xff",
    "JPEG of too many scans": progressive_jpeg_of_many_scans(200),
    "animation of too many frames": animation(frames=decoding.MAX_FRAMES + 1, size=(2, 2)),
    "animation of too many pixels": animation(frames=12, size=(2000, 1800)),
    "animated WebP of too many pixels": animation("WEBP", frames=12, size=(2000, 1800), quality=1, method=0),
    "RIFF that is a sound": b"RIFF" + struct.pack("<I", 40) + b"WAVEfmt " + bytes(32),
    "more bytes than allowed": jpeg() + bytes(decoding.MAX_BYTES),
    **{f"JPEG cut at part {part}": data for part, data in enumerate(truncated(jpeg()))},
    **{f"PNG cut at part {part}": data for part, data in enumerate(truncated(png()))},
    **{f"WebP cut at part {part}": data for part, data in enumerate(truncated(saved(gradient(), "WEBP")))},
    **{f"AVIF cut at part {part}": data for part, data in enumerate(truncated(saved(gradient(), "AVIF")))},
    **{f"GIF cut at part {part}": data for part, data in enumerate(truncated(saved(gradient(), "GIF")))},
}

HARMLESS = {
    "JPEG with HTML behind it": jpeg() + b"<html>" + PAYLOAD,
    "JPEG with PHP behind it": jpeg() + b"<?php system('id'); ?>" + PAYLOAD,
    "JPEG with a zip behind it": jpeg() + b"PK\x03\x04" + PAYLOAD,
    "JPEG with a comment": jpeg(comment=PAYLOAD),
    "JPEG with a script in EXIF, and a place": jpeg(exif=exif()),
    "JPEG with XMP": jpeg(xmp=b"<x:xmpmeta>" + PAYLOAD + b"</x:xmpmeta>"),
    "JPEG with a long application segment": jpeg_with(0xEF, PAYLOAD * 1000),
    "JPEG with Photoshop data": jpeg_with(0xED, b"Photoshop 3.0\x008BIM" + PAYLOAD),
    "JPEG with broken EXIF": jpeg_with(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff" + PAYLOAD),
    "JPEG with a broken profile": jpeg(icc_profile=PAYLOAD * 10),
    "JPEG with HTML as its first comment": jpeg_with(0xFE, b"<!doctype html>" + PAYLOAD),
    "JPEG that is a script": jpeg_with(0xE0, b"/*" + PAYLOAD) + b"*/=alert(1)",
    "PNG with a script in tEXt": png(pnginfo=png_text()),
    "PNG with a script in zTXt": png(pnginfo=png_text(compressed=True)),
    "PNG with XMP": png(pnginfo=png_text("XML:com.adobe.xmp")),
    "PNG with EXIF": png(exif=exif()),
    "PNG with a broken profile": png(icc_profile=PAYLOAD * 10),
    "PNG with an unknown chunk": png_with(png_chunk(b"scRp", PAYLOAD)),
    "PNG with HTML behind it": png() + PAYLOAD,
    "WebP with metadata": saved(gradient(), "WEBP", exif=exif(), xmp=PAYLOAD, icc_profile=PAYLOAD * 10),
    "WebP with HTML behind it": saved(gradient(), "WEBP") + PAYLOAD,
    "AVIF with metadata": saved(gradient(), "AVIF", exif=exif(), xmp=PAYLOAD),
    "AVIF of another size than its picture": avif_of_declared_size(4000, 3000),
    "GIF with a comment": saved(gradient(), "GIF", comment=PAYLOAD),
    "GIF that is a script": gif_that_is_a_script(),
    "GIF with HTML behind it": saved(gradient(), "GIF") + PAYLOAD,
    "animation with a comment": animation(comment=PAYLOAD) + PAYLOAD,
    "animated WebP with metadata": animation("WEBP", exif=exif(), xmp=PAYLOAD),
    "animated PNG with a script": animation("PNG", pnginfo=png_text()),
    "CMYK with a profile of another space": saved(gradient(mode="CMYK"), "JPEG", icc_profile=profile()),
    "one pixel": saved(gradient(1, 1), "PNG"),
    "a line of one pixel's height": saved(gradient(16_000, 1), "PNG"),
    "a line of one pixel's width": saved(gradient(1, 16_000), "PNG"),
    "no payload at all but a strange orientation": jpeg(exif=exif(77)),
}


class HostileFileTests(ImageTestCase):
    @tag("once")
    def test_what_is_no_sound_image_is_refused_with_a_reason_and_leaves_nothing_behind(self):
        for name, data in REFUSED.items():
            with self.subTest(name):
                with self.assertRaises(ImageRefused) as caught:
                    store(data)
                self.assertTrue(caught.exception.message.endswith("."))
                self.assertEqual(self.stored_names(), [])
        self.assertFalse(Image.objects.exists())

    @tag("once")
    def test_what_an_image_carries_beside_its_pixels_does_not_reach_a_reader(self):
        for name, data in HARMLESS.items():
            with self.subTest(name):
                image = store(data)
                for stored in (path for path in self.media.iterdir() if path.is_file()):
                    content = stored.read_bytes()
                    for trace in (PAYLOAD, b"script", b"<?php", b"PK\x03\x04", b"Exif", b"xmpmeta", b"8BIM"):
                        self.assertNotIn(trace, content, stored.name)
                    picture = PIL.Image.open(BytesIO(content))
                    picture.load()
                    self.assertFalse({"exif", "xmp", "icc_profile", "comment"} & picture.info.keys(), stored.name)
                image_store.delete(image)

    def test_reasons_help_the_author(self):
        for name, reason in {
            "nothing": "empty",
            "SVG": "SVG is not accepted",
            "HEIC": "save the photo as JPEG",
            "PDF": "no JPEG, PNG, WebP, AVIF or GIF",
            "more bytes than allowed": "larger than 20 MB",
            "PNG of 900 million pixels": "too many pixels",
            "PNG of one long line": "longer than",
            "PNG of 50 million pixels": "at most 40 million",
            "animation of too many frames": "at most 500 frames",
            "JPEG of too many scans": "very long to decode",
            "PNG cut at part 6": "damaged",
        }.items():
            with self.subTest(name), self.assertRaisesMessage(ImageRefused, reason):
                store(REFUSED[name])

    def test_where_pillow_lacks_a_format_no_image_is_called_damaged(self):
        with mock.patch("PIL.features.check", lambda need: need != "avif"):
            for data in (png(), saved(gradient(), "AVIF")):
                with self.assertRaisesMessage(ImageRefused, "lacks what reads and writes AVIF."):
                    store(data)

    def test_the_declared_size_is_enough_to_refuse(self):
        with mock.patch.object(PIL.Image.Image, "load") as load, self.assertRaises(ImageRefused):
            store(REFUSED["PNG of 50 million pixels"])
        load.assert_not_called()

    def test_the_content_decides_and_not_the_name(self):
        image = store(png(), name="photo.svg")
        self.assertEqual(image.format, "jpg")
        with self.assertRaises(ImageRefused):
            store(SVG, name="photo.png")

    def test_a_full_disk_is_not_blamed_on_the_image_and_leaves_nothing_behind(self):
        full = mock.patch("pathlib.Path.write_bytes", side_effect=OSError(28, "No space left"))
        with full, self.assertRaises(OSError):
            store(jpeg())
        self.assertEqual(self.stored_names(), [])
