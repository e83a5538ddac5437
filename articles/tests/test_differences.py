import random
import time
from datetime import UTC, datetime

from django.test import SimpleTestCase, TestCase
from django.utils.translation import override

from articles.differences import differences, html_difference, shared_differences, text_differences
from articles.models import Tag
from articles.text import ArticleText
from articles.word_differences import ADDED, REMOVED, block_diff, word_diff

from .examples import change, live, make_article


def told(before, after):
    """Return a difference as one line: [-taken out-]{+put in+}."""
    marks = {REMOVED: "[-{}-]", ADDED: "{{+{}+}}"}
    return "".join(marks.get(piece.kind, "{}").format(piece.text) for piece in word_diff(before, after))


def side(parts, without):
    return "\n".join("".join(piece.text for piece in block.pieces if piece.kind != without) for block in parts)


def every_second_is_new(separator, number):
    """Return two texts in which each match has all that follows looked through again."""
    words = [f"w{count}" for count in range(number)]
    return separator.join(words), separator.join(f"{word}{separator}z" for word in words)


class WordTests(SimpleTestCase):
    def test_only_the_words_that_changed_are_marked(self):
        self.assertEqual(told("The old dog sleeps.", "The young dog sleeps."), "The [-old-]{+young+} dog sleeps.")

    def test_spaces_between_changed_words_belong_to_the_change(self):
        self.assertEqual(told("The big dog ran.", "The small cat ran."), "The [-big dog-]{+small cat+} ran.")

    def test_words_taken_out_at_two_places_stay_two_changes(self):
        self.assertEqual(told("a b c d", "b d"), "[-a -]b[- c-] d")

    def test_an_elided_article_is_a_word_of_its_own(self):
        self.assertEqual(told("L’été", "L’hiver"), "L’[-été-]{+hiver+}")

    def test_whichever_texts_are_compared_both_can_be_read_from_the_difference(self):
        chance = random.Random(5)
        for _ in range(200):
            before, after = ("".join(chance.choice("ab .\n\t") for _ in range(40)) for _ in range(2))
            pieces = word_diff(before, after)
            self.assertEqual("".join(piece.text for piece in pieces if piece.kind != ADDED), before)
            self.assertEqual("".join(piece.text for piece in pieces if piece.kind != REMOVED), after)


class BlockTests(SimpleTestCase):
    def test_a_new_paragraph_leaves_its_neighbours_unchanged(self):
        found = block_diff("One.\n\nThree.\n", "One.\n\nTwo.\n\nThree.\n\nFour.")
        self.assertEqual([block.is_changed for block in found], [False, True, False, True])

    def test_a_changed_paragraph_is_found_below_a_new_one(self):
        found = block_diff("It rains on the whole coast.", "Quite new words.\n\nIt rains on the coast.")
        self.assertEqual([piece.kind for piece in found[0].pieces], [ADDED])
        self.assertIn((REMOVED, "whole "), [(piece.kind, piece.text) for piece in found[1].pieces])

    def test_paragraphs_without_common_words_are_replaced_whole(self):
        found = block_diff("Alpha beta gamma.", "Nothing like it.")
        self.assertEqual([[piece.kind for piece in block.pieces] for block in found], [[REMOVED], [ADDED]])

    def test_no_word_of_either_text_is_missing(self):
        chance = random.Random(5)
        for _ in range(200):
            before, after = ("".join(chance.choice("abc \n\n") for _ in range(30)) for _ in range(2))
            found = block_diff(before, after)
            self.assertEqual(side(found, ADDED).split(), before.split())
            self.assertEqual(side(found, REMOVED).split(), after.split())

    def test_a_text_that_differs_by_a_blank_line_alone_does_differ(self):
        for before, after in (("a", "a\n"), ("a\n\nb", "a\n\n\nb"), ("a\n", "a\n\n")):
            with self.subTest(before=before, after=after):
                self.assertIn("↵", html_difference(before, after))

    def test_large_texts_of_any_kind_are_compared_in_a_moment(self):
        chance = random.Random(5)
        words = [f"word{number}" for number in range(5000)]

        def paragraphs(count, length, vocabulary):
            return "\n\n".join(" ".join(chance.choices(vocabulary, k=length)) for _ in range(count))

        text = paragraphs(400, 40, words)
        hard = [
            (text, text.replace("1", "one")),
            (text, paragraphs(400, 40, words)),
            (paragraphs(1, 15_000, words), paragraphs(1, 15_000, words)),
            (paragraphs(1, 50_000, "ab"), paragraphs(1, 50_000, "ab")),
            (paragraphs(300, 150, "ab"), paragraphs(300, 150, "ab")),
            (paragraphs(33_000, 1, "ab"), paragraphs(33_000, 1, "ab")),
            ("!?" * 50_000, "?!!" * 33_000),
            ("\n" * 100_000, " \n" * 50_000),
            every_second_is_new(" ", 3000),
            every_second_is_new("\n\n", 3000),
            tuple("\n\n".join([text] * 9) for text in every_second_is_new(" ", 2500)),
        ]
        for number, (before, after) in enumerate(hard):
            with self.subTest(number):
                started = time.process_time()
                html_difference(before, after)
                self.assertLess(time.process_time() - started, 3)


class HtmlTests(SimpleTestCase):
    def setUp(self):
        # Whatever language an earlier request left behind.
        self.enterContext(override("en"))

    def test_whatever_a_text_holds_is_shown_and_never_run(self):
        html = html_difference("<script>a</script> & <b>", '<img onerror="x"> & <b>')
        self.assertNotRegex(html, "<(?!/?(div|ins|del)[ >])")
        self.assertIn("&lt;script&gt;", html)
        self.assertIn("onerror=&quot;", html)

    def test_unchanged_paragraphs_are_folded_but_for_one_on_either_side(self):
        before = "\n\n".join(f"Paragraph {number}." for number in range(12))
        html = html_difference(before, before.replace("Paragraph 5.", "Paragraph five."))
        for language, words in (("en", "4 unchanged paragraphs"), ("en", "5 unchanged paragraphs")):
            self.assertIn(f'<summary lang="{language}">{words}</summary>', html)
        shown = html.split("</details>")[1].split("<details>")[0]
        self.assertIn("Paragraph 4.", shown)
        self.assertIn("Paragraph 6.", shown)
        self.assertNotIn("Paragraph 7.", shown)

    def test_unchanged_lines_of_a_long_program_are_folded(self):
        before = "```\n" + "".join(f"line {number}\n" for number in range(30)) + "```\n"
        html = html_difference(before, before.replace("line 15\n", "line fifteen\n"))
        self.assertIn("unchanged lines", html)
        self.assertIn('<div class="block code">', html)

    def test_changed_white_space_is_made_visible(self):
        self.assertIn("<del>··</del>", html_difference("one  \ntwo three", "one\ntwo three"))
        self.assertIn("<ins>°</ins>", html_difference("Quoi !", "Quoi\u202f!"))

    def test_no_text_at_all_is_nothing_to_show(self):
        self.assertEqual(html_difference("", ""), "")


class FieldTests(TestCase):
    def test_fields_that_are_alike_are_not_named(self):
        before = ArticleText(title="A title", slug="a", summary="S", body="B")
        after = ArticleText(title="Another title", slug="a", summary="S", body="C")
        found = text_differences(before, after)
        self.assertEqual([difference.label for difference in found], ["Title", "Body"])
        self.assertEqual(text_differences(before, before), [])

    def test_before_the_first_version_there_was_nothing(self):
        found = text_differences(None, ArticleText(title="T", body="B"))
        self.assertEqual(found[0].html, "<ins>T</ins>")

    def test_dates_are_shown_in_the_time_zone_of_the_site(self):
        text = ArticleText(title="T", published_at=datetime(2026, 7, 1, 12, 30, tzinfo=UTC))
        with self.settings(TIME_ZONE="America/New_York"):
            (found,) = text_differences(ArticleText(title="T"), text)
        self.assertIn("8:30 a.m.", found.html)

    def test_tags_bear_their_names_in_the_active_language(self):
        Tag.objects.create(key="winter", name_en="Winter", name_fr="Hiver")
        before, after = {"tags": []}, {"tags": ["winter", "gone"]}
        for language, name in (("en", "Winter"), ("fr", "Hiver")):
            with override(language):
                (found,) = shared_differences(before, after)
            self.assertEqual(found.html, f"<ins>{name}</ins>, <ins>gone</ins>")

    def test_what_an_old_version_does_not_know_of_is_not_a_difference(self):
        self.assertEqual(shared_differences({}, {"tags": ["winter"], "part": 3}), [])

    def test_two_saved_versions_differ_in_words_and_in_shared_facts(self):
        article = make_article("a", en=live("T"))
        first = article.latest_revision("en")
        article.tags.add(Tag.objects.create(key="winter", name_en="Winter"))
        second = change(article, "en", title="Other words")
        with self.assertNumQueries(1):
            found = differences(first, second)
        self.assertEqual([difference.name for difference in found], ["title", "tags"])
