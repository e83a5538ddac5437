import random

from django.test import SimpleTestCase

from articles.blocks import blocks


class BlocksTests(SimpleTestCase):
    def test_a_blank_line_parts_two_blocks_and_stays_with_the_first(self):
        self.assertEqual(blocks("a\nb\n\n\n# c\n\nd"), ["a\nb\n\n\n", "# c\n\n", "d"])

    def test_a_fence_is_one_block_whatever_stands_in_it(self):
        for fence in ("```\na\n\n# b\n```\n\n", "~~~~\na\n\n~~~\n\n~~~~\n\n", "```py\n\n\n```\n\n"):
            self.assertEqual(blocks(f"{fence}end"), [fence, "end"])

    def test_a_fence_that_nobody_closed_goes_on_to_the_end(self):
        self.assertEqual(blocks("a\n\n```\nb\n\nc\n"), ["a\n\n", "```\nb\n\nc\n"])

    def test_backquotes_within_a_line_open_no_fence(self):
        self.assertEqual(blocks("```code``` here\n\nb"), ["```code``` here\n\n", "b"])

    def test_what_is_indented_belongs_to_what_stands_above(self):
        for item in ("- a\n\n  more\n\n      code\n\n", "!!! note\n    a\n\n    b\n\n", "1. a\n\n\tb\n\n"):
            self.assertEqual(blocks(f"{item}end"), [item, "end"])

    def test_blank_lines_at_the_beginning_belong_to_the_first_block(self):
        self.assertEqual(blocks("\n\na\n\nb"), ["\n\na\n\n", "b"])
        self.assertEqual((blocks(""), blocks("\n\n")), ([], ["\n\n"]))

    def test_joined_they_are_the_body_again(self):
        chance = random.Random(1)
        pieces = ["a\n", "\n", "```\n", "~~~\n", "- x\n", "  y\n", "    z\n", "# h\n", " \n", "\u2028", "\x0c\n", "end"]
        for _ in range(2000):
            body = "".join(chance.choices(pieces, k=chance.randrange(14)))
            self.assertEqual("".join(blocks(body)), body)
