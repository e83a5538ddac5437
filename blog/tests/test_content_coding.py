"""Which coding a browser gets, by the words of RFC 9110, section 12.5.3."""

import gzip
import random

import brotli
from django.test import SimpleTestCase

from blog.content_coding import CODINGS, IDENTITY, MAX_LENGTH, preferred_coding

BROWSERS = "gzip, deflate, br, zstd"


class PreferredCodingTests(SimpleTestCase):
    def assertPrefers(self, expected: str, *headers: str):  # noqa: N802, like Django's own
        for header in headers:
            with self.subTest(header):
                self.assertEqual(preferred_coding(header), expected)

    def test_browsers_get_brotli(self):
        self.assertPrefers("br", BROWSERS, "br", "gzip, br", "br, gzip", "BR", "gzip,br", " gzip ,\tbr ")

    def test_who_knows_no_brotli_gets_gzip(self):
        self.assertPrefers("gzip", "gzip", "gzip, deflate", "GZip", "gzip;q=1.0, zstd", "gzip;q=0.001")

    def test_who_says_nothing_gets_the_page_as_it_is(self):
        self.assertPrefers(IDENTITY, "", "identity", "deflate", "zstd, compress", ",", ",,,")

    def test_the_greatest_weight_decides_and_among_equals_the_smallest_page(self):
        self.assertPrefers("gzip", "br;q=0.5, gzip", "br;q=0.8, gzip;q=0.9", "gzip;q=0.2,br;q=0.199")
        self.assertPrefers("br", "gzip;q=0.5, br;q=0.5", "identity;q=0.5, gzip;q=0.5, br;q=0.5", "gzip;q=0.8,br;q=0.80")
        self.assertPrefers(IDENTITY, "identity, gzip;q=0.5, br;q=0.9", "identity;q=0.3, *;q=0.2")

    def test_a_weight_of_nothing_refuses(self):
        self.assertPrefers("gzip", "br;q=0, gzip", "gzip, br;q=0.000", "*, br;q=0", "gzip , br ; q = 0")
        self.assertPrefers(IDENTITY, "br;q=0", "gzip;q=0, br;q=0.0", "*;q=0")

    def test_a_star_stands_for_every_coding_that_is_not_named(self):
        self.assertPrefers("br", "*", "*;q=0.1", "gzip;q=0.5, *", "identity;q=0, *;q=0.1")
        self.assertPrefers("gzip", "gzip, *;q=0.5", "br;q=0.1, *;q=0.2", "gzip, *;q=0")

    def test_who_refuses_everything_gets_the_page_as_it_is(self):
        self.assertPrefers(IDENTITY, "identity;q=0", "identity;q=0, *;q=0", "*;q=0, gzip;q=0, br;q=0")

    def test_a_malformed_wish_is_no_wish_and_spoils_no_other(self):
        self.assertPrefers(
            IDENTITY, "br;q=2", "br;q=-1", "br;q=", "br;q=0.1234", "br;level=3", "b r", "br;q=1.001", '"br"'
        )
        self.assertPrefers("gzip", "br;q=x, gzip", "gzip, br;q=1;q=1", ";q=1, gzip", "gzip, =, br/1")

    def test_of_one_coding_named_twice_the_last_word_counts(self):
        self.assertPrefers("gzip", "br, gzip, br;q=0")
        self.assertPrefers("br", "br;q=0, gzip, br")

    def test_a_header_that_is_too_long_is_not_read_not_even_in_part(self):
        longest = "br;q=0, gzip".ljust(MAX_LENGTH)
        self.assertPrefers("gzip", longest)
        self.assertPrefers(IDENTITY, longest + " ", "x, " * 10_000 + "br", "x" * (MAX_LENGTH - 2) + ",br;q=0")

    def test_of_what_is_accepted_nothing_has_a_greater_weight(self):
        chance = random.Random(8)
        for _ in range(2000):
            names = chance.sample(["br", "gzip", "identity", "*", "deflate"], chance.randint(1, 5))
            weights = {name: chance.choice([0, 0, 0.001, 0.5, 0.75, 1]) for name in names}
            header = chance.choice([",", ", ", " , "]).join(f"{name};q={weight}" for name, weight in weights.items())
            of_ours = {coding: weights.get(coding, weights.get("*", 0)) for coding in CODINGS}
            of_ours[IDENTITY] = weights.get(IDENTITY, 0)
            coding = preferred_coding(header)
            with self.subTest(header):
                self.assertEqual(of_ours[coding], max(of_ours.values()))

    def test_no_header_whatever_makes_it_fail(self):
        chance = random.Random(8)
        for _ in range(2000):
            header = "".join(
                chance.choice(["br", "gzip", ";", "q", "=", "0", "1", ".", ",", " ", "*", "é"]) for _ in range(20)
            )
            self.assertIn(preferred_coding(header), {*CODINGS, IDENTITY})


class CodingTests(SimpleTestCase):
    page = b"".join(b"<p>A paragraph of number %d.</p>" % number for number in range(500))

    def test_what_is_coded_can_be_read_again_and_is_smaller(self):
        for coding, read in (("br", brotli.decompress), ("gzip", gzip.decompress)):
            coded = CODINGS[coding].compress(self.page)
            self.assertEqual(read(coded), self.page)
            self.assertEqual(CODINGS[coding].decompress(coded), self.page)
            self.assertLess(len(coded), len(self.page) / 3)

    def test_equal_pages_are_equal_bytes_whenever_they_are_coded(self):
        # The time of a gzip file (RFC 1952, section 2.3.1).
        self.assertEqual(CODINGS["gzip"].compress(self.page)[4:8], b"\0\0\0\0")
        self.assertEqual({CODINGS["br"].compress(self.page) for _ in range(3)}, {CODINGS["br"].compress(self.page)})
