from io import BytesIO

from django.test import SimpleTestCase
from PIL import Image, ImageColor

from articles import social_image
from articles.social_image import HEIGHT, INKS, MARGIN, SIZE, WIDTH, digest, draw


def drawn(title: str, language: str = "en", side: int = 0, site_name: str = "Recto Verso") -> Image.Image:
    return Image.open(BytesIO(draw(title, site_name, language, side))).convert("RGB")


def ink_box(image: Image.Image) -> tuple[int, int, int, int]:
    """Return the box of what is set on the paper, the rules of the edge left out: left, top, right, bottom."""
    inner = image.convert("L").crop((MARGIN // 2, 0, WIDTH - MARGIN // 2, HEIGHT))
    left, top, right, bottom = Image.eval(inner, lambda value: 255 * (value < 200)).getbbox()
    return left + MARGIN // 2, top, right + MARGIN // 2, bottom


class DrawTests(SimpleTestCase):
    def test_it_is_a_png_of_the_size_that_networks_ask_for_and_light(self):
        data = draw("Summer", "Recto Verso", "en", 0)
        image = Image.open(BytesIO(data))
        self.assertEqual((image.format, image.size), ("PNG", SIZE))
        self.assertLess(len(data), 60_000)

    def test_two_titles_look_different_and_the_same_twice_does_not(self):
        self.assertNotEqual(draw("Summer", "S", "en", 0), draw("Winter", "S", "en", 0))
        self.assertNotEqual(draw("Summer", "S", "en", 0), draw("Summer", "T", "en", 0))
        self.assertEqual(draw("Summer", "S", "en", 0), draw("Summer", "S", "en", 0))

    def test_accents_ligatures_and_the_marks_of_both_languages_are_drawn(self):
        for sign in "éèêëàâîïôûùüÿçœæÉÈÀÇŒÆ«»‘’“”–—…€?!:;ñßłřİ":
            with self.subTest(sign):
                self.assertEqual(social_image._drawn(sign), sign)
        self.assertNotEqual(drawn("ete"), drawn("été"))

    def test_an_accent_may_stand_apart_from_its_letter(self):
        self.assertEqual(drawn("été"), drawn("e\u0301te\u0301"))

    def test_narrow_spaces_stay_open_and_are_narrower_than_others(self):
        font = social_image._font(social_image.REGULAR, 100)
        none, narrow, wide = (social_image._length(f"«{space}a", font) for space in ("", "\u202f", "\u00a0"))
        self.assertLess(none + 10, narrow)
        self.assertLess(narrow + 5, wide)
        self.assertEqual(drawn("Vraiment ?", "fr"), drawn("Vraiment\u202f?", "fr"))
        self.assertNotEqual(drawn("Vraiment\u202f?"), drawn("Vraiment?"))

    def test_the_typography_is_that_of_the_language(self):
        self.assertNotEqual(drawn('"Quoted"', "en"), drawn('"Quoted"', "fr"))

    def test_what_the_font_does_not_have_is_left_out(self):
        self.assertEqual(drawn("Hello 日本😀 world"), drawn("Hello world"))
        self.assertEqual(drawn("日本語"), drawn("Recto Verso"))

    def test_any_title_stays_between_the_margins_and_above_the_site_s_name(self):
        words = "A bilingual blog explains itself at a length that hardly any title has, and yet is allowed to have, "
        for title in ("A", "Django", (words * 2)[:200].strip(), "W" * 200, "w i " * 50, "-", "Ünïcödé " * 12):
            with self.subTest(title):
                left, top, right, bottom = ink_box(drawn(title))
                self.assertGreaterEqual(left, MARGIN - 12)
                self.assertLessEqual(right, WIDTH - MARGIN + 12)
                self.assertGreater(top, 40)
                self.assertLess(bottom, HEIGHT - 20)
                lines, font = social_image._fitting(title)
                self.assertLessEqual(len(lines) * font.size * 1.16, 400)

    def test_lines_are_balanced(self):
        lines, font = social_image._fitting("Limiter le débit d’une API avec Traefik, Docker, Go et du cache")
        lengths = [font.getlength(line) for line in lines]
        self.assertGreater(len(lines), 1)
        self.assertGreater(min(lengths), max(lengths) * 0.6)

    def test_a_short_title_is_set_larger_than_a_long_one(self):
        short, long = (social_image._fitting(title)[1].size for title in ("Django", "Django and more " * 8))
        self.assertGreater(short, long)

    def test_a_verso_mirrors_a_recto(self):
        outer = {0: INKS[1], 1: INKS[0]}
        for side, column in ((0, 2), (1, WIDTH - 3)):
            pixel = drawn("Summer", side=side).getpixel((column, HEIGHT // 2))
            wanted = ImageColor.getrgb(outer[side])
            self.assertTrue(all(abs(a - b) < 12 for a, b in zip(pixel, wanted, strict=True)), (side, pixel, wanted))


class DigestTests(SimpleTestCase):
    def test_it_names_all_that_the_picture_shows(self):
        whole = ("Title", "Site", "en", 0)
        others = [("Other", "Site", "en", 0), ("Title", "Other", "en", 0), ("Title", "Site", "fr", 0)]
        others.append(("Title", "Site", "en", 1))
        self.assertEqual(len({digest(*shown) for shown in (whole, *others)}), 5)
        self.assertRegex(digest(*whole), "^[0-9a-f]{16}$")
