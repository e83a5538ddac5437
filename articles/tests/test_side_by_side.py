import random
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.test import SimpleTestCase

from articles.blocks import blocks
from articles.text import ArticleText
from articles.translating.marks import begins_as_copy, is_copied, marks, missing, with_marks_of
from articles.translating.passages import Place, with_passage_moved, with_words, words_at
from articles.translating.side_by_side import side_by_side
from articles.translating.source import BODY, SourceBlock, source_blocks
from articles.translating.staleness import Comparison

ENGLISH = (
    "One paragraph of words.\n\n## A heading\n\n```\ncode\n\nmore\n```\n\n- item\n- item\n\nTwo, the last paragraph."
)
FRENCH = "Un paragraphe de mots.\n\n## Un titre\n\n```\ncode\n\nmore\n```\n\n- point\n- point\n\nDeux, le dernier."

PIECES = [
    "Words.",
    "## Heading",
    "```\na\n\n\nb\n```",
    "- one\n\n  more\n- two",
    "> quote",
    "| a |\n| - |",
    "[^1]: Note",
]
WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota"]
GAPS = ["\n\n", "\n\n\n", "\n \n", "\n\t\n\n"]


def text(body, title="T", summary="S"):
    return ArticleText(title=title, summary=summary, body=body)


def rows(before, after, translation):
    """Return the rows of a translation that answered all of `before`, where the original is `after` by now."""
    return side_by_side(Comparison(source_blocks(text(before)), source_blocks(text(after))), text(translation))


def shown(found):
    return [(row.state, row.original and row.original.text, row.words) for row in found if row.place.field == BODY]


class RowsTests(SimpleTestCase):
    def test_a_translation_that_is_up_to_date_stands_beside_its_original(self):
        found = rows(ENGLISH, ENGLISH, FRENCH)
        self.assertEqual([row.place.field for row in found[:2]], ["title", "summary"])
        pairs = zip(*(map(str.strip, blocks(body)) for body in (ENGLISH, FRENCH)), strict=True)
        self.assertEqual(shown(found), [("done", *pair) for pair in pairs])
        self.assertEqual([row.number for row in found], list(range(1, 8)))

    def test_a_text_that_does_not_exist_has_all_to_translate_each_at_its_place(self):
        comparison = Comparison([], source_blocks(text(ENGLISH)))
        found = side_by_side(comparison, ArticleText())
        self.assertEqual({row.state for row in found}, {"added"})
        self.assertEqual({str(row.place) for row in found}, {"title", "summary", "0-0"})

    def test_what_is_new_has_nothing_beside_it_and_stands_behind_what_precedes_it(self):
        found = rows(ENGLISH, ENGLISH.replace("## A", "A new thought.\n\n## A"), FRENCH)
        new = found[3]
        self.assertEqual((new.state, new.words, str(new.place)), ("added", "", "1-1"))
        self.assertEqual(
            [row.words for row in found if row.state == "done"],
            ["T", "S", *(block.strip() for block in blocks(FRENCH))],
        )

    def test_what_was_written_for_something_new_and_not_answered_yet_stands_beside_it(self):
        found = rows(
            ENGLISH, ENGLISH.replace("## A", "A new thought.\n\n## A"), FRENCH.replace("## U", "Neuf.\n\n## U")
        )
        self.assertIn(("added", "A new thought.", "Neuf."), shown(found))

    def test_what_is_gone_or_moved_keeps_its_words_beside_it(self):
        found = rows(ENGLISH, ENGLISH.replace("## A heading\n\n", ""), FRENCH)
        self.assertIn(("removed", "## A heading", "## Un titre"), shown(found))
        last = "Two, the last paragraph."
        found = rows(ENGLISH, f"{last}\n\n" + ENGLISH.replace(f"\n\n{last}", ""), FRENCH)
        moved = next(row for row in found if row.state == "moved")
        self.assertEqual((moved.words, moved.home, str(moved.place)), ("Deux, le dernier.", 0, "4-5"))

    def test_what_stands_in_the_translation_alone_is_seen_where_it_stands(self):
        found = rows(ENGLISH, ENGLISH, FRENCH.replace("## Un", "<b>Note</b> de la traductrice.\n\n## Un"))
        self.assertEqual([row.state for row in found], ["done"] * 3 + ["alone"] + ["done"] * 4)
        self.assertEqual(found[3].words, "<b>Note</b> de la traductrice.")
        self.assertEqual(found[4].words, "## Un titre")

    def test_a_paragraph_that_was_cut_in_two_stays_one_passage(self):
        before = "A very long paragraph, which says one thing after the other.\n\n## End"
        after = "Un très long paragraphe.\n\nIl dit une chose après l’autre.\n\n## Fin"
        self.assertEqual(
            [words for _state, _original, words in shown(rows(before, before, after))],
            ["Un très long paragraphe.\n\nIl dit une chose après l’autre.", "## Fin"],
        )

    def test_what_was_left_out_says_so_and_shifts_nothing(self):
        answered = [replace(block, is_left_out=block.kind == "##") for block in source_blocks(text(ENGLISH))]
        found = side_by_side(
            Comparison(answered, source_blocks(text(ENGLISH))), text(FRENCH.replace("## Un titre\n\n", ""))
        )
        self.assertEqual(shown(found)[1], ("left_out", "## A heading", ""))
        self.assertTrue(found[3].left_out_key)
        self.assertEqual({row.state for row in found if row is not found[3]}, {"done"})

    def test_a_long_text_with_one_passage_more_is_paired_on_both_sides_of_it(self):
        before = "\n\n".join(f"Paragraph {number}." if number % 9 else f"## {number}" for number in range(900))
        found = rows(before, before, before.replace("Paragraph 300.", "Paragraph 300.\n\n<b>More</b>"))
        self.assertEqual({row.state for row in found if row.original and row.words == row.original.text}, {"done"})
        self.assertEqual([row.words for row in found if row.state != "done"], ["<b>More</b>"])
        self.assertEqual(sum(row.words != "" for row in found), 903)

    def test_every_block_of_any_translation_is_in_exactly_one_row(self):
        chance = random.Random(7)
        for _ in range(300):
            before, after, translation = (
                "\n\n".join(chance.choice(PIECES) + f" {chance.randrange(9)}" for _ in range(chance.randrange(9)))
                for _ in range(3)
            )
            found = rows(before, after, translation)
            places = sorted(
                place for row in found if row.place.field == BODY for place in range(row.place.start, row.place.end)
            )
            self.assertEqual(places, list(range(len(blocks(translation)))))
            self.assertEqual(len({row.name for row in found}), len(found))


class FollowingTests(SimpleTestCase):
    """A translator who writes the original in capitals goes from row to row, after any edits of the original."""

    def test_whoever_follows_row_by_row_ends_with_the_passages_of_the_original_in_its_order(self):
        for seed in range(60):
            chance = random.Random(seed)
            before = [self.passage(chance, number) for number in range(chance.randrange(3, 15))]
            after = self.edited(chance, before)
            answered, source = (source_blocks(text("\n\n".join(parts))) for parts in (before, after))
            translation = text("\n\n".join(before).upper(), title="T", summary="S")
            for _ in range(50):
                comparison = Comparison(answered, source)
                row = next((row for row in side_by_side(comparison, translation) if row.is_open), None)
                if row is None:
                    break
                words = "" if row.is_gone else row.original.text.upper()
                if row.is_elsewhere:
                    translation = with_passage_moved(translation, row.place, row.home, words)
                else:
                    translation = with_words(translation, row.place, words)
                answered = comparison.confirmed({row.key})
            self.assertEqual([part.strip() for part in blocks(translation.body)], [part.upper() for part in after])

    def passage(self, chance, number):
        words = " ".join(chance.choices(WORDS, k=12))
        kinds = [f"{words} {number}."] * 2 + [f"## {number}", f"- {number}\n- {words}", f"```\n{number}\n```"]
        return chance.choice(kinds)

    def edited(self, chance, parts):
        parts = list(parts)
        for number in range(1000, 1000 + chance.randrange(1, 5)):
            at, act = chance.randrange(len(parts)), chance.random()
            if act < 0.3 or len(parts) < 3:
                parts.insert(at, self.passage(chance, number))
            elif act < 0.5:
                parts.pop(at)
            elif act < 0.75:
                parts[at] = parts[at].replace("a", "aa", 1)
            else:
                parts.insert(chance.randrange(len(parts)), parts.pop(at))
        return parts


class WritingTests(SimpleTestCase):
    def bodies(self):
        chance = random.Random(3)
        for _ in range(300):
            pieces = [chance.choice(PIECES) for _ in range(chance.randrange(1, 8))]
            body = "".join(piece + chance.choice(GAPS) for piece in pieces)
            yield chance, chance.choice(["", "\n"]) + (body if chance.random() < 0.5 else body.rstrip())

    def test_another_passage_at_a_place_leaves_every_other_byte_as_it_is(self):
        for chance, body in self.bodies():
            parts = blocks(body)
            at = chance.randrange(len(parts))
            after = with_words(text(body), Place(BODY, at, at + 1), "New words.")
            before, behind = "".join(parts[:at]), "".join(parts[at + 1 :])
            self.assertTrue(after.body.startswith(before) and after.body.endswith(behind))
            self.assertEqual(after.body[len(before) : len(after.body) - len(behind)].strip(), "New words.")
            self.assertEqual((after.title, after.summary), ("T", "S"))
            self.assertEqual(words_at(after, Place(BODY, at, at + 1)).strip(), "New words.")

    def test_the_same_words_give_the_same_bytes(self):
        for chance, body in self.bodies():
            at = chance.randrange(len(blocks(body)))
            place = Place(BODY, at, at + 1)
            self.assertEqual(with_words(text(body), place, words_at(text(body), place)).body, body)

    def test_a_new_passage_stands_between_others_whose_words_stay(self):
        for chance, body in self.bodies():
            parts = blocks(body)
            at = chance.randrange(len(parts) + 1)
            after = blocks(with_words(text(body), Place(BODY, at, at), "New\r\nwords.\n").body)
            self.assertEqual(after[at].strip("\n"), "New\nwords.")
            rest = [*after[:at], *after[at + 1 :]]
            self.assertEqual([part.strip() for part in rest], [part.strip() for part in parts])
            # Only what was last may have got a blank line behind it, and what was first have lost those before it.
            self.assertEqual(rest[: max(at - 1, 0)], parts[: max(at - 1, 0)])
            self.assertEqual(rest[max(at, 1) :], parts[max(at, 1) :])

    def test_a_passage_without_words_is_gone_and_nothing_else(self):
        for chance, body in self.bodies():
            parts = blocks(body)
            at = chance.randrange(len(parts))
            after = with_words(text(body), Place(BODY, at, at + 1), " \n").body
            self.assertEqual(after, "".join([*parts[:at], *parts[at + 1 :]]))

    def test_a_moved_passage_stands_elsewhere_with_the_same_words(self):
        for chance, body in self.bodies():
            parts = [part.strip() for part in blocks(body)]
            at, to = chance.randrange(len(parts)), chance.randrange(len(parts) + 1)
            after = with_passage_moved(text(body), Place(BODY, at, at + 1), to)
            expected = [part for place, part in enumerate(parts) if place != at]
            expected.insert(to - (to > at), parts[at])
            self.assertEqual([part.strip() for part in blocks(after.body)], expected)

    def test_words_that_would_flow_into_their_neighbours_are_refused(self):
        for words in ("```\nnever closed", "Words\n\n~~~"):
            with self.assertRaises(ValidationError):
                with_words(text(FRENCH), Place(BODY, 1, 2), words)

    def test_names_of_places_are_read_back_and_others_are_none(self):
        for place in (Place("title"), Place("summary"), Place(BODY, 0, 0), Place(BODY, 3, 5)):
            self.assertEqual(Place.named(str(place)), place)
        for name in ("", "slug", "5-3", "1", "-1-2", "1-99999999", "title\n", "١-٢"):
            self.assertIsNone(Place.named(name), name)


class MarksTests(SimpleTestCase):
    def test_addresses_images_notes_code_and_numbers_are_named(self):
        found = marks(
            "In 1,945 [a](https://e.org/1?b) ![i](image:k) `run it` said[^n] <https://x.org> 3 or 12.5 things."
        )
        self.assertEqual(
            [(mark.kind, mark.text) for mark in found],
            [
                ("image", "image:k"),
                ("link", "https://e.org/1?b"),
                ("link", "https://x.org"),
                ("note", "[^n]"),
                ("code", "run it"),
                ("number", "1,945"),
                ("number", "12.5"),
            ],
        )

    def test_numbers_are_the_same_however_a_language_writes_them(self):
        self.assertEqual(missing("1,234.5 and 1945", "1 234,5 et 1945".replace(" 2", "\u202f2")), [])

    def test_what_a_translation_lacks_is_named(self):
        lost = missing("See [a](https://e.org/) and `run`[^1] in 2024.", "Voir a et run en 2024.")
        self.assertEqual([mark.text for mark in lost], ["https://e.org/", "[^1]", "run"])

    def test_of_code_nothing_is_asked(self):
        self.assertEqual(marks("```\n[a](b) 1234\n```"), [])

    def test_code_rules_and_addresses_are_taken_over_and_tables_are_begun_with(self):
        kinds = {
            "```\nx\n```": (True, True),
            "---": (True, True),
            "[a]: https://e.org/": (True, True),
            "| a |\n| - |": (False, True),
            "![A](b.png)": (False, True),
            "Words.": (False, False),
            "[^1]: Words": (False, False),
        }
        for words, expected in kinds.items():
            block = SourceBlock(BODY, words)
            self.assertEqual((is_copied(block), begins_as_copy(block)), expected, words)

    def test_signs_that_were_not_typed_are_put_before_the_words(self):
        cases = [
            ("## Heading", "Titre", "## Titre"),
            ("## Heading", "### Titre", "### Titre"),
            ("> A quote", "Une\ncitation", "> Une\n> citation"),
            ("[^a]: Note", "Remarque", "[^a]: Remarque"),
            ("- one\n- two", "un\ndeux", "- un\n- deux"),
            ("3. one\n4. two", "un\n\ndeux", "3. un\n4. deux"),
            ("- one", "* un", "* un"),
            ("Words", "Mots", "Mots"),
            ("## Heading", "Titre\n\nEt plus", "Titre\n\nEt plus"),
            ("## Heading", "", ""),
        ]
        for original, typed, expected in cases:
            self.assertEqual(with_marks_of(SourceBlock(BODY, original), typed), expected)
        self.assertEqual(with_marks_of(SourceBlock("title", "## T"), "T"), "T")
