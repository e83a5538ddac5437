from html.parser import HTMLParser

from django.test import SimpleTestCase, override_settings

from articles.models import Image
from articles.pictures import SIZES, picture_html

DIGEST = "0123456789abcdef" * 4


def image(**fields) -> Image:
    values = {"key": "k", "digest": DIGEST, "format": "jpg", "width": 3000, "height": 2000, "widths": [480, 800, 1200]}
    return Image(**values | fields)


class PictureTests(SimpleTestCase):
    def test_the_modern_formats_come_first_and_the_page_does_not_move(self):
        name = "/media/0123456789abcdef"
        self.assertHTMLEqual(
            picture_html(image(), alt="The harbour", is_lazy=True),
            f"""<picture>
            <source type="image/avif" sizes="{SIZES}"
              srcset="{name}-480.avif 480w, {name}-800.avif 800w, {name}-1200.avif 1200w">
            <source type="image/webp" sizes="{SIZES}"
              srcset="{name}-480.webp 480w, {name}-800.webp 800w, {name}-1200.webp 1200w">
            <img src="{name}-800.jpg" sizes="{SIZES}"
              srcset="{name}-480.jpg 480w, {name}-800.jpg 800w, {name}-1200.jpg 1200w"
              alt="The harbour" width="3000" height="2000" loading="lazy" decoding="async">
            </picture>""",
        )

    def test_an_image_on_the_first_screen_is_not_lazy(self):
        self.assertNotIn("loading", picture_html(image(), alt="", is_lazy=False))

    def test_an_image_without_words_is_marked_as_decoration(self):
        html = picture_html(image(), alt="", is_lazy=False)
        self.assertIn(' alt=""', html)
        self.assertNotIn("title", html)

    def test_what_an_author_writes_stays_text(self):
        words = "\"><script>alert('1')</script>&amp;"
        found = []
        parser = HTMLParser()
        parser.handle_starttag = lambda tag, attributes: found.append((tag, dict(attributes)))
        parser.feed(picture_html(image(), alt=words, title=words, is_lazy=False))
        self.assertEqual([tag for tag, _ in found], ["picture", "source", "source", "img"])
        self.assertEqual((found[-1][1]["alt"], found[-1][1]["title"]), (words, words))

    def test_an_animation_stands_still_for_readers_who_prefer_it(self):
        html = picture_html(image(is_animated=True, format="png", widths=[300]), alt="", is_lazy=False)
        still, moving, fallback = html.index("-300.png"), html.index("-300.webp"), html.index("-300.gif")
        self.assertLess(still, moving)
        self.assertLess(moving, fallback)
        self.assertIn('<source media="(prefers-reduced-motion: reduce)" type="image/png"', html)
        self.assertNotIn("avif", html)

    def test_a_small_image_has_the_one_file_that_there_is(self):
        html = picture_html(image(widths=[90], width=90, height=60, format="png"), alt="", is_lazy=False)
        self.assertIn('<img src="/media/0123456789abcdef-90.png"', html)

    @override_settings(MEDIA_URL="/pictures/")
    def test_the_address_is_that_of_the_settings(self):
        self.assertIn('src="/pictures/', picture_html(image(), alt="", is_lazy=False))
