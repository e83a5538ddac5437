import time

from django.test import SimpleTestCase

from articles.files.prose import prose


class ProseTests(SimpleTestCase):
    def test_code_and_comments_are_blank_and_all_else_stays_in_its_place(self):
        for body, expected in [
            ("a `b` c", "a     c"),
            ("a ``b ` c`` d", "a           d"),
            ("a `b\nc` d", "a   \n   d"),
            ("a `b\n \nc` d", "a `b\n \nc` d"),
            ("a ``b` c", "a ``b` c"),
            ("a <!-- b\n\nc --> d", "a       \n\n      d"),
            ("a <!-- b", "a <!-- b"),
            ("<!--> a --> b", "            b"),
            ("`<!--` a -->", "       a -->"),
            ("x\n```py\na\n```\nb", "x\n     \n \n   \nb"),
            ("> ~~~~\n> ~~~\n> ~~~~~\nb", "      \n     \n       \nb"),
            ("```\na\n\nb", "   \n \n\n "),
            ("```", "```"),
        ]:
            with self.subTest(body=body):
                self.assertEqual(prose(body), expected)

    def test_what_never_ends_takes_no_longer_than_what_does(self):
        runs = "".join("`" * number + "a" for number in range(600))
        tokens = ("<!--", "`", "``a ", "`a\n\n", "](", "```\n", "~~~\n~~~~\n", "> ```\n", "`<!--\n", "\t", "\n \n")
        for body in (runs, *(token * (200_000 // len(token)) for token in tokens)):
            with self.subTest(body=body[:10]):
                started = time.process_time()
                prose(body)
                self.assertLess(time.process_time() - started, 4)
