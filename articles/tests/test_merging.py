import random
import time
from datetime import UTC, datetime

from django.test import SimpleTestCase

from articles.merging import BOTH, THEIRS, TextMerge
from articles.text import ArticleText

BASE = "One.\n\nTwo.\n\nThree.\n\nFour.\n"


def merge(mine: str, theirs: str, base: str = BASE) -> TextMerge:
    return TextMerge(*(ArticleText("T", "t", "S", body) for body in (base, mine, theirs)))


class BodyTests(SimpleTestCase):
    def test_changes_of_different_blocks_merge_also_where_they_are_neighbours(self):
        cases = {
            "far apart": ("One, mine.\n\nTwo.\n\nThree.\n\nFour.\n", "One.\n\nTwo.\n\nThree.\n\nFour, theirs.\n"),
            "neighbours": ("One.\n\nTwo, mine.\n\nThree.\n\nFour.\n", "One.\n\nTwo.\n\nThree, theirs.\n\nFour.\n"),
            "added and changed": (
                "One.\n\nNew.\n\nTwo.\n\nThree.\n\nFour.\n",
                "One.\n\nTwo, theirs.\n\nThree.\n\nFour.\n",
            ),
            "taken out and added": ("One.\n\nThree.\n\nFour.\n", "One.\n\nTwo.\n\nThree.\n\nNew.\n\nFour.\n"),
            "added at both ends": (f"New.\n\n{BASE}", f"{BASE}\nLast.\n"),
        }
        expected = {
            "far apart": "One, mine.\n\nTwo.\n\nThree.\n\nFour, theirs.\n",
            "neighbours": "One.\n\nTwo, mine.\n\nThree, theirs.\n\nFour.\n",
            "added and changed": "One.\n\nNew.\n\nTwo, theirs.\n\nThree.\n\nFour.\n",
            "taken out and added": "One.\n\nThree.\n\nNew.\n\nFour.\n",
            "added at both ends": "New.\n\nOne.\n\nTwo.\n\nThree.\n\nFour.\n\nLast.\n",
        }
        for name, (mine, theirs) in cases.items():
            for first, second in ((mine, theirs), (theirs, mine)):
                with self.subTest(name):
                    self.assertEqual(merge(first, second).conflicts, [])
                    self.assertEqual(merge(first, second).text().body, expected[name])

    def test_what_only_one_changed_is_taken_as_it_is_to_the_last_byte(self):
        changed = "\n\n One,  changed.\n\n\n\nTwo.\n   \nThree.\n\nFour.   \n\n\n"
        self.assertEqual(merge(changed, BASE).text().body, changed)
        self.assertEqual(merge(BASE, changed).text().body, changed)
        self.assertEqual(merge(changed, changed).text().body, changed)

    def test_the_same_change_made_by_both_is_made_once(self):
        both = BASE.replace("Two.", "Two, changed.")
        merged = merge(both.replace("One.", "One, mine."), both.replace("Four.", "Four, theirs."))
        self.assertEqual(merged.text().body, "One, mine.\n\nTwo, changed.\n\nThree.\n\nFour, theirs.\n")

    def test_a_block_that_both_changed_shows_the_three_texts_and_nothing_else(self):
        found = merge(BASE.replace("Two.", "Two, mine."), BASE.replace("Two.", "Two, theirs.")).conflicts
        self.assertEqual(
            [(c.name, c.base, c.mine, c.theirs) for c in found],
            [("body-0", ("Two.\n\n",), ("Two, mine.\n\n",), ("Two, theirs.\n\n",))],
        )

    def test_a_block_that_one_changed_and_the_other_took_out_is_a_conflict(self):
        self.assertTrue(merge(BASE.replace("Two.", "Two, mine."), BASE.replace("Two.\n\n", "")).has_conflicts)

    def test_two_who_write_into_one_gap_meet_there(self):
        mine, theirs = (BASE.replace("Two.", f"{word}\n\nTwo.") for word in ("Mine.", "Theirs."))
        merged = merge(mine, theirs)
        self.assertEqual(merged.text({"body-0": BOTH}).body, BASE.replace("Two.", "Theirs.\n\nMine.\n\nTwo."))

    def test_each_conflict_is_decided_by_itself(self):
        mine = BASE.replace("One.", "One, mine.").replace("Four.", "Four, mine.")
        theirs = BASE.replace("One.", "One, theirs.").replace("Four.", "Four, theirs.").replace("Two.", "Two, theirs.")
        merged = merge(mine, theirs)
        self.assertEqual(
            merged.text({"body-1": THEIRS}).body, "One, mine.\n\nTwo, theirs.\n\nThree.\n\nFour, theirs.\n"
        )

    def test_a_fence_is_never_cut(self):
        base = "a\n\n```\none\n\ntwo\n```\n\nb\n"
        merged = merge(base.replace("one", "1"), base.replace("two", "2"), base)
        self.assertEqual(merged.conflicts[0].mine, ("```\n1\n\ntwo\n```\n\n",))

    def test_whatever_two_do_to_different_blocks_both_find_it_again(self):
        """A property of random texts: each writer changes, takes out or adds to blocks of their own."""
        chance = random.Random(7)
        for _ in range(500):
            base = [f"Paragraph {number}." for number in range(chance.randrange(1, 12))]
            owners = [chance.choice(["mine", "theirs", ""]) for _ in base]
            texts = {who: self.edited(chance, base, owners, who) for who in ("mine", "theirs")}
            merged = merge(*("\n\n".join(text) for text in texts.values()), base="\n\n".join(base))
            body = merged.text({conflict.name: BOTH for conflict in merged.conflicts}).body
            for who, text in texts.items():
                for block in set(text) - set(base):
                    self.assertIn(block, body, (base, texts, who))

    def edited(self, chance, base, owners, who):
        text = []
        for block, owner in zip(base, owners, strict=True):
            change = chance.choice(["change", "remove", "add"]) if owner == who else ""
            if change == "change":
                text.append(f"{block} Changed, {who}.")
            elif change != "remove":
                text.append(block)
            if change == "add":
                text.append(f"New after {block}, {who}.")
        return text

    def test_large_texts_of_any_kind_are_merged_in_a_moment(self):
        numbers = range(6000)
        hard = {
            "one block again and again": ("a\n\n" * 60_000, "b\n\n" + "a\n\n" * 60_000, "a\n\n" * 50_000 + "c\n\n"),
            "every second block is new": tuple(
                "".join(form.format(number) for number in numbers) for form in ("{}\n\n", "{}\n\nz\n\n", "y\n\n{}\n\n")
            ),
            "one long program": tuple("```\n" + "a\n" * 90_000 + end for end in ("", "b\n", "c\n")),
            "blank lines": ("\n" * 199_999, "\n" * 199_998 + "a", "b" + "\n" * 199_998),
        }
        for name, (base, mine, theirs) in hard.items():
            with self.subTest(name):
                started = time.process_time()
                found = merge(mine, theirs, base)
                whole = found.text()
                self.assertLess(time.process_time() - started, 3)
                self.assertTrue(found.has_conflicts or whole.body)

    def test_what_is_too_dear_to_compare_is_left_to_the_author(self):
        base, mine, theirs = ("".join(f"{mark}\n\na\n\n" for _ in range(3000)) for mark in "xyz")
        found = merge(mine, theirs, base)
        self.assertTrue(found.has_conflicts)
        self.assertEqual(found.text().body.rstrip(), mine.rstrip())
        choices = {place.name: THEIRS for place in found.conflicts}
        self.assertEqual(found.text(choices).body.rstrip(), theirs.rstrip())


class FieldTests(SimpleTestCase):
    def test_each_field_is_merged_by_itself(self):
        date = datetime(2026, 3, 1, tzinfo=UTC)
        base = ArticleText("Title", "slug", "Summary", "Body", None)
        mine = ArticleText("My title", "slug", "Summary", "Body", date)
        theirs = ArticleText("Title", "their-slug", "Summary", "Their body", None)
        merged = TextMerge(base, mine, theirs)
        self.assertEqual(merged.text(), ArticleText("My title", "their-slug", "Summary", "Their body", date))
        self.assertFalse(merged.has_conflicts)

    def test_a_field_that_both_changed_is_mine_until_i_choose(self):
        base, mine, theirs = (ArticleText(title, summary="S") for title in ("Title", "Mine", "Theirs"))
        merged = TextMerge(base, mine, theirs)
        self.assertEqual([conflict.name for conflict in merged.conflicts], ["title"])
        self.assertEqual((merged.text().title, merged.text({"title": THEIRS}).title), ("Mine", "Theirs"))
        self.assertEqual(merged.text({"title": "nonsense"}).title, "Mine")
