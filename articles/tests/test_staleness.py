import random
import time
from dataclasses import replace

from django.test import SimpleTestCase

from articles.text import ArticleText
from articles.translating.source import SourceBlock, source_blocks
from articles.translating.staleness import Comparison, compared, followed, reached, returned

BODY = """\
The harbour lies open to the north, and its wall is low.

Ships that come in at night see two lights, one above the other.

The upper light is red, and it turns slowly.

## The pilots

They live in the white house behind the wall; nobody else has a key.

- a rope of forty metres
- a lamp with oil for a week

```python
def lights(night):
    return ["red", "white"] if night else []
```

> Never trust a harbour that looks empty, said my grandmother.[^1]

[^1]: She was a pilot as well.
"""
TEXT = ArticleText(title="The harbour", summary="What ships see at night.", body=BODY)
ITEMS = "- a rope of forty metres\n- a lamp with oil for a week"
WALL = "The harbour lies open to the north, and its wall is low.\n\n"
UPPER = "The upper light is red, and it turns slowly.\n\n"
PILOTS = "They live in the white house behind the wall; nobody else has a key."


def changed_body(*replacements):
    body = BODY
    for before, after in replacements:
        assert before in body
        body = body.replace(before, after, 1)
    return body


def edited(*replacements):
    return source_blocks(replace(TEXT, body=changed_body(*replacements)))


# What happens to the body of an original: what is reported, of which blocks, and how many words to translate.
CASES = {
    "a comma": (changed_body(("is red, and", "is red and")), ["changed"], ["text"], 0),
    "a paragraph moved": (
        changed_body((WALL, ""), ("## The pilots\n\n", f"## The pilots\n\n{WALL}")),
        ["moved"],
        ["text"],
        0,
    ),
    "a paragraph moved and changed": (
        changed_body((WALL, ""), ("## The pilots\n\n", f"## The pilots\n\n{WALL.replace('low', 'high')}")),
        ["changed"],
        ["text"],
        1,
    ),
    "a paragraph split": (
        changed_body(("house behind the wall; nobody", "house behind the wall.\n\nNobody")),
        ["changed", "added"],
        ["text", "text"],
        5,
    ),
    "two paragraphs merged": (
        changed_body(("above the other.\n\n", "above the other. ")),
        ["changed", "removed"],
        ["text", "text"],
        9,
    ),
    "a paragraph duplicated": (changed_body((UPPER, UPPER + UPPER)), ["added"], ["text"], 9),
    "a list item added": (
        changed_body((ITEMS, f"{ITEMS}\n- a second lamp")),
        ["changed"],
        ["list"],
        3,
    ),
    "a line of code changed": (changed_body(('"white"]', '"green"]')), ["changed"], ["code"], 0),
    "code indented otherwise": (changed_body(("    return", "        return")), ["changed"], ["code"], 0),
    "a heading renamed": (changed_body(("## The pilots", "## Who guides the ships")), ["changed"], ["##"], 4),
    "a heading one level deeper": (changed_body(("## The pilots", "### The pilots")), ["changed"], ["###"], 0),
    "a paragraph added": (changed_body((UPPER, f"{UPPER}Below it stands a bell.\n\n")), ["added"], ["text"], 5),
    "a paragraph removed": (changed_body((UPPER, "")), ["removed"], ["text"], 0),
}


def kinds(changes):
    return [str(change.kind) for change in changes]


class CasesTests(SimpleTestCase):
    """What happens to an original, and what a translator is told."""

    answered = source_blocks(TEXT)

    def report(self, source):
        changes = compared(self.answered, source)
        return kinds(changes), [change.block.kind for change in changes], sum(change.words for change in changes)

    def test_each_edit_is_reported_as_what_it_is(self):
        for name, (body, *expected) in CASES.items():
            with self.subTest(name):
                self.assertEqual(list(self.report(source_blocks(replace(TEXT, body=body)))), expected)
        self.assertEqual(kinds(compared(self.answered, [])), ["removed"] * 11)

    def test_what_no_translation_has_to_follow_is_no_change(self):
        for name, edit in {
            "lines broken elsewhere": ("open to the north, and", "open to the\nnorth, and"),
            "spaces at the end of a line": ("wall is low.", "wall is low.  "),
            "more blank lines": ("low.\n\n", "low.\n\n\n\n"),
            "a no-break space": ("forty metres", "forty\u00a0metres"),
            "a quote broken elsewhere": ("> Never trust a harbour", "> Never trust\n> a harbour"),
            "blank lines at the end of code": ("else []\n```", "else []   \n```"),
        }.items():
            with self.subTest(name):
                self.assertEqual(compared(self.answered, edited(edit)), [])

    def test_a_note_that_another_one_pushed_on_is_no_change(self):
        source = edited(
            ("turns slowly.", "turns slowly.[^1]"), ("said my grandmother.[^1]", "said my grandmother.[^2]")
        )
        source.insert(-1, SourceBlock("body", "[^1]: Once a minute."))
        source[-1] = SourceBlock("body", "[^2]: She was a pilot as well.")
        self.assertEqual(kinds(compared(self.answered, source)), ["changed", "added"])

    def test_ten_paragraphs_written_anew_are_ten_passages(self):
        body = [SourceBlock("body", f"Paragraph number{n} speaks of thing{n} and nothing else{n}.") for n in range(30)]
        source = [
            SourceBlock("body", f"Wholly other{n} words{n} stand{n} here{n}.") if 5 <= n < 15 else block
            for n, block in enumerate(body)
        ]
        changes = compared(body, source)
        self.assertEqual(kinds(changes), ["changed"] * 10)
        self.assertEqual([(change.old, change.new) for change in changes], [(n, n) for n in range(5, 15)])

    def test_title_and_summary_are_passages_like_any_other(self):
        for fields, kind in (({"title": "The port"}, "title"), ({"summary": "Lights."}, "summary")):
            text = ArticleText(**{"title": TEXT.title, "summary": TEXT.summary, "body": BODY} | fields)
            self.assertEqual([c.block.kind for c in compared(self.answered, source_blocks(text))], [kind])
        dropped = source_blocks(ArticleText(title=TEXT.title, body=BODY))
        self.assertEqual(kinds(compared(self.answered, dropped)), ["removed"])

    def test_an_answer_changes_its_own_entry_alone_wherever_it_stands(self):
        source = edited((WALL, ""), ("is red, and", "is green, and"), ("## The pilots\n\n", f"## The pilots\n\n{WALL}"))
        source.append(SourceBlock("body", "One more."))
        changes = compared(self.answered, source)
        self.assertEqual(kinds(changes), ["changed", "moved", "added"])
        for change in changes:
            answered = Comparison(self.answered, source).confirmed({change.key})
            left = {each.key for each in changes} - {change.key}
            self.assertEqual({each.key for each in compared(answered, source)}, left)

    def test_what_is_left_out_stays_out_whatever_becomes_of_it_and_can_be_wanted_again(self):
        source = edited(("is red, and", "is green, and"))
        change = compared(self.answered, source)[0]
        answered = Comparison(self.answered, source).confirmed({change.key}, left_out=True)
        later = edited(("is red, and", "is green by day, and"), (WALL, ""))
        comparison = Comparison(answered, later)
        self.assertEqual(kinds(comparison.changes), ["removed"])
        answered = comparison.settled_by_itself()
        [key], [block] = zip(*Comparison(answered, later).left_out.items(), strict=True)
        self.assertIn("green by day", block.text)
        self.assertEqual(kinds(compared(Comparison(answered, later).reopened({key}), later)), ["removed", "added"])

    def test_a_draft_answers_what_it_has_reached(self):
        source, written = source_blocks(TEXT), source_blocks(ArticleText(title="Le port", body="Un.\n\nDeux.\n"))
        answered = reached([], source, written)
        self.assertEqual(answered, [source[0], *source[2:4]])
        # Behind the second paragraph something was changed that it had not reached, before it something that it had.
        source = edited(("to the north", "to the south"), ("is red", "is green"))
        written += source_blocks(ArticleText(summary="Les feux.", body="Trois.\n\nQuatre.\n"))
        answered = reached(answered, source, written)
        self.assertEqual([c.block.text[:11] for c in compared(answered, source)][:2], ["The harbour", "They live i"])
        everything = reached(answered, source, source)
        self.assertEqual(kinds(compared(everything, source)), ["changed"])

    def test_a_minor_edit_is_followed_and_closes_nothing_else(self):
        before = edited(("is red, and", "is green, and"), (WALL, ""))
        after = edited(("is red, and", "is green, yet"), (WALL, ""), ("white house", "whitewashed house"))
        after.append(SourceBlock("body", "A line that needs no translation."))
        answered = followed(self.answered, before, after)
        changes = compared(answered, after)
        self.assertEqual(
            [(str(c.kind), c.block.text[:9]) for c in changes], [("removed", WALL[:9]), ("changed", "The upper")]
        )
        self.assertIn("is red", changes[1].before.text)

    def test_a_translation_brought_back_answers_what_it_answered_then(self):
        then = source_blocks(TEXT)
        source = edited(("is red", "is green"), ("white house", "blue house"), (WALL, ""))
        # The first change was answered since, the second never.
        comparison = Comparison(then, source)
        answered = comparison.confirmed({c.key for c in comparison.changes if "light" in c.block.text})
        back = returned(answered, source, then)
        self.assertEqual(kinds(compared(back, source)), ["removed", "changed", "changed"])

    def test_a_hostile_text_is_compared_in_a_bounded_time(self):
        many = [SourceBlock("body", "a") for _ in range(20_000)]
        others = [SourceBlock("body", f"b{n % 7} c d") for n in range(20_000)]
        self.assertEqual(len(compared(many, [*others, *many])), 20_000)
        self.assertEqual(len(compared(others, many)), 20_000)

    def test_what_a_save_does_with_many_passages_takes_a_moment(self):
        many = [SourceBlock("body", f"a{n}") for n in range(20_000)]
        every_second = [SourceBlock("body", f"b{n}") if n % 2 else block for n, block in enumerate(many)]
        left_out = [replace(block, is_left_out=True) for block in many]
        start = time.process_time()
        self.assertEqual(Comparison([], many).settled_by_itself(), [])
        self.assertEqual(len(Comparison(every_second, many).changes), 10_000)
        comparison = Comparison(left_out, many)
        self.assertEqual(comparison.reopened(set(comparison.left_out)), [])
        # Where each passage looks at all others, either takes several of these.
        self.assertLess(time.process_time() - start, 5)


class PropertyTests(SimpleTestCase):
    def setUp(self):
        self.chance = random.Random(7)

    def block(self):
        return SourceBlock("body", " ".join(f"w{self.chance.randrange(10**6)}" for _ in range(8)))

    def changed(self, block):
        words = block.text.split()
        words[self.chance.randrange(8)] = f"x{self.chance.randrange(10**6)}"
        return SourceBlock("body", " ".join(words))

    def test_what_is_reported_is_the_edits_that_were_made_and_restoring_clears_them(self):
        for _ in range(300):
            base = [self.block() for _ in range(self.chance.randrange(3, 40))]
            source, made = [], []
            for place, block in enumerate(base):
                edit = self.chance.choice(["", "", "changed", "added", "removed"]) if place % 2 else ""
                made += [edit] if edit else []
                source += {"changed": [self.changed(block)], "added": [self.block(), block], "removed": []}.get(
                    edit, [block]
                )
            self.assertEqual(kinds(compared(base, source)), made)
            self.assertEqual(compared(base, list(base)), [])
            self.close_one_by_one(base, source)

    def test_as_few_blocks_as_possible_are_said_to_have_moved(self):
        for _ in range(200):
            base = [self.block() for _ in range(self.chance.randrange(2, 30))]
            source = list(base)
            moves = self.chance.randrange(1, 4)
            for _ in range(moves):
                source.insert(self.chance.randrange(len(source)), source.pop(self.chance.randrange(len(source))))
            found = compared(base, source)
            self.assertEqual(set(kinds(found)) - {"moved"}, set())
            self.assertLessEqual(len(found), moves)
            self.close_one_by_one(base, source)

    def test_what_moved_far_among_many_is_found(self):
        base = [self.block() for _ in range(120)]
        self.assertEqual(kinds(compared(base, base[::-1])), ["moved"] * 119)

    def test_answering_everything_leaves_nothing_whatever_the_texts(self):
        for _ in range(300):
            pool = [self.block() for _ in range(12)]
            answered, source = (self.chance.choices(pool, k=self.chance.randrange(15)) for _ in range(2))
            comparison = Comparison(answered, source)
            self.assertEqual(comparison.confirmed({c.key for c in comparison.changes}), source)
            self.assertEqual(len({c.key for c in comparison.changes}), len(comparison.changes))

    def close_one_by_one(self, answered, source):
        while changes := compared(answered, source):
            change = self.chance.choice(changes)
            answered = Comparison(answered, source).confirmed({change.key})
            self.assertEqual(
                {each.key for each in compared(answered, source)}, {each.key for each in changes} - {change.key}
            )
        self.assertEqual(answered, source)
