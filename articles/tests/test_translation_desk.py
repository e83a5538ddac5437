import re
from collections.abc import Callable
from unittest.mock import patch

from django.contrib.auth.models import Permission
from django.test import TestCase
from django.urls import reverse

from articles.models import Article, Tag, Translation
from articles.saving import end_working_copy
from articles.translating import answering, following, kept
from articles.translating.desk import State, translations, unwanted, worst_first, writable

from .examples import TOMORROW, change, live, make_article
from .people import person
from .test_desk import write_copy

DESK = reverse("admin:articles_article_translations")


def body(changed: int = 0, count: int = 10) -> str:
    """Return paragraphs of an original; in each of the first some words are new that are `changed`."""
    changes = ("with three new words" if number < changed else "" for number in range(count))
    return "\n\n".join(f"Paragraph {number} {new} about the leaves of a tree." for number, new in enumerate(changes))


def answered(key: str, changed: int = 0, **fields) -> Article:
    """Return an article whose French answers all but some passages that changed since."""
    article = make_article(key, en=live(key.title(), body=body()), fr=live(f"{key.title()} français", **fields))
    answering.answer_all(article, "fr")
    if changed:
        change(article, "en", body=body(changed))
    return article


def copied(key: str, changed: int, answers: int, user=None) -> Article:
    """Return an article that is behind, with a working copy that answers some of the changes."""
    article = answered(key, changed)
    write_copy(article, "fr", user)
    keys = [each.key for each in kept.comparison(article, "fr").changes[:answers]]
    if keys:
        answering.answer(article, "fr", keys, by=user)
    return article


class StateTests(TestCase):
    def states(self) -> list[tuple[str, str, str]]:
        return [(row.article.key, row.language, row.state) for row in worst_first(translations())]

    def assert_state(self, article: Article, state: State, passages: int | None = None) -> None:
        row = translations().get(article=article)
        self.assertEqual(row.state, state)
        if passages is not None:
            self.assertEqual(row.passages_left, passages)

    def test_each_translation_is_in_one_state(self):
        dated = {"published_at": TOMORROW}
        cases: dict[str, tuple[State, Callable]] = {
            "missing": (State.MISSING, lambda key: make_article(key, en=live("T"))),
            "missing-of-scheduled": (State.MISSING, lambda key: make_article(key, en=live("T", **dated))),
            "draft": (State.DRAFT, lambda key: make_article(key, en=live("T"), fr={"title": "Un"})),
            "behind": (State.BEHIND, lambda key: answered(key, 1)),
            "scheduled-behind": (State.BEHIND, lambda key: answered(key, 1, **dated)),
            "current": (State.CURRENT, lambda key: answered(key)),
            "scheduled-current": (State.CURRENT, lambda key: answered(key, **dated)),
            "copy-answers-all": (State.BEHIND, lambda key: copied(key, 2, 2)),
            "early": (State.EARLY, lambda key: make_article(key, en={"title": "T"})),
            "early-though-live": (State.EARLY, lambda key: make_article(key, en={"title": "T"}, fr=live("Un"))),
            "unwanted": (State.UNWANTED, self.unwanted),
            "other-way-round": (State.MISSING, lambda key: make_article(key, fr=live("Un"))),
        }
        for key, (state, make) in cases.items():
            with self.subTest(key):
                self.assert_state(make(key), state)

    def unwanted(self, key: str) -> Article:
        article = make_article(key, en=live("T"))
        answering.want(article, "fr", False)
        return article

    def test_the_worst_come_first_and_in_each_rank_what_has_most_words(self):
        answered("current")
        answered("behind-one", 1)
        self.unwanted("unwanted")
        make_article("missing-short", en=live("T", body="Few words."))
        answered("behind-four", 4)
        make_article("draft", en=live("T", body=body(count=30)), fr={"title": "Un", "body": "Un."})
        make_article("missing-long", en=live("T", body=body(count=20)))
        make_article("early", en={"title": "T", "body": body(count=40)})
        copied("behind-five-copy-two", 5, 3)
        expected = ["missing-long", "missing-short", "draft", "behind-four", "behind-five-copy-two", "behind-one"]
        self.assertEqual([key for key, *_ in self.states()], [*expected, "current", "unwanted", "early"])

    def test_what_is_missing_has_all_words_of_its_original_to_do(self):
        article = make_article("a", en=live("Two words", body="And three more."))
        self.assertEqual(translations().get().words_left, 5)
        make_article("b", en=live("T", body="```python\nx = 1 + 2\n```"))
        self.assertEqual(translations().exclude(article=article).get().words_left, 1)

    def test_a_copy_that_answers_more_says_what_is_left_and_what_stands_keeps_its_number(self):
        article = copied("a", 3, 2)
        row = translations().get()
        self.assertEqual((row.passages_left, row.blocks_behind, row.has_own_answers), (1, 3, True))
        end_working_copy(article, "fr")
        row = translations().get()
        self.assertEqual((row.passages_left, row.blocks_behind, row.has_own_answers), (1, 1, False))

    def test_a_copy_that_answers_nothing_changes_nothing(self):
        copied("a", 3, 0)
        row = translations().get()
        self.assertEqual((row.passages_left, row.blocks_behind, row.has_own_answers), (3, 3, False))

    def test_deleted_articles_and_the_language_of_the_original_are_never_there(self):
        gone, swapped = answered("gone", 2), answered("swapped")
        gone.delete()
        answering.want(swapped, "fr", False)
        Article.objects.filter(pk=swapped.pk).update(source_language="fr")
        swapped.refresh_from_db()
        following.swap(swapped, "en")
        self.assertEqual(Translation.objects.filter(article=swapped).count(), 2)
        self.assertEqual(self.states(), [("swapped", "en", State.CURRENT)])
        self.assertFalse(unwanted("fr").exists())

    def test_a_language_is_writable_to_whoever_may_write_it(self):
        ada, zoe = person("ada", "Author"), person("zoe", "Translator")
        own, other = make_article("own", en=live("T")), make_article("other", fr=live("Un"))
        Article.objects.filter(pk=own.pk).update(created_by=ada)
        for user, articles in {ada: {own}, zoe: {own, other}, person("nobody"): set()}.items():
            found = {row.article for row in writable(translations(), user)}
            self.assertEqual(found, articles, user)


class PageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.eve = person("eve", "Editor")
        cls.ada = person("ada", "Author")
        cls.zoe = person("zoe", "Translator")

    def setUp(self):
        self.client.force_login(self.eve)

    def keys(self, query: str = "") -> list[str]:
        return [row.article.key for row in self.client.get(DESK + query).context["page"].object_list]

    def test_it_shows_what_there_is_to_do_and_the_rest_when_asked(self):
        make_article("missing", en=live("T"))
        make_article("draft", en=live("T"), fr={"title": "Un"})
        answered("behind", 2)
        answered("current")
        make_article("early", en={"title": "T"})
        unneeded = make_article("unneeded", en=live("T"))
        answering.want(unneeded, "fr", False)
        cases = {
            "": ["missing", "draft", "behind"],
            "?state=missing": ["missing"],
            "?state=draft": ["draft"],
            "?state=behind": ["behind"],
            "?state=current": ["current"],
            "?state=unwanted": ["unneeded"],
            "?state=early": ["early"],
        }
        for query, keys in cases.items():
            with self.subTest(query):
                self.assertEqual(self.keys(query), keys)
        page = self.client.get(DESK)
        counts = {choice["label"]: choice["count"] for choice in page.context["choices"]}
        self.assertEqual([counts[state.label] for state in State], [1] * 6)
        self.assertEqual(counts["to do"], 3)

    def test_it_filters_by_language_tag_and_title_and_keeps_what_was_asked(self):
        french, english = make_article("fr", fr=live("Un été")), make_article("en", en=live("A summer"))
        tag = Tag.objects.create(key="trees", name_en="Trees", name_fr="Arbres")
        english.tags.add(tag)
        cases = {
            "?language=fr": ["en"],
            "?language=en": ["fr"],
            f"?tag={tag.pk}": ["en"],
            "?q=SUMMER": ["en"],
            "?q=un": ["fr"],
            f"?tag={tag.pk}&language=en": [],
        }
        for query, keys in cases.items():
            with self.subTest(query):
                self.assertCountEqual(self.keys(query), keys)
        page = self.client.get(f"{DESK}?language=fr&q=summer")
        self.assertContains(page, 'href="?language=fr&amp;q=summer&amp;state=missing"')
        self.assertContains(page, '<option value="fr" selected>French</option>')
        self.assertEqual(french.source_language, "fr")

    def test_what_no_form_sends_is_not_found(self):
        make_article("a", en=live("T"))
        for query in ("?language=xx", "?state=xx", "?tag=x", "?tag=999", "?tag=9" + "9" * 30, "?q=%00"):
            self.assertEqual(self.client.get(DESK + query).status_code, 404, query)
        self.assertEqual(self.client.get(f"{DESK}?page=x").status_code, 200)

    def test_the_sum_counts_each_rank_and_the_words_to_do(self):
        make_article("a", en=live("T", body=" ".join(["word"] * 2344)))
        make_article("b", en=live("T", body="One more."))
        answered("c", 1)
        answered("d")
        self.assertEqual(self.client.get(DESK).context["sum"], "2 missing, 1 behind: about 2,400 words.")
        self.assertEqual(
            self.client.get(f"{DESK}?state=behind").context["sum"], "2 missing, 1 behind: about 2,400 words."
        )

    def test_an_empty_desk_says_why(self):
        self.assertContains(self.client.get(DESK), "Nothing waits to be translated")
        self.assertContains(self.client.get(f"{DESK}?q=leaf"), "Nothing that you ask for waits to be translated.")
        self.assertContains(self.client.get(f"{DESK}?state=early"), "There is no translation in this state.")

    def test_a_line_leads_to_the_text_in_its_language(self):
        article = answered("a", 2)
        page = self.client.get(DESK)
        form = reverse("admin:articles_article_change", args=[article.pk])
        self.assertContains(page, f'<a href="{form}" lang="en">A</a>')
        self.assertContains(page, f'href="{form}#id_body_fr"')
        self.assertContains(self.client.get(form), 'id="id_body_fr"')
        self.assertContains(page, "2 passages behind")
        self.assertContains(page, "8 words to translate")

    def test_a_copy_that_waits_is_named_with_what_readers_still_have(self):
        copied("some", 3, 2, self.zoe)
        page = self.client.get(DESK)
        for words in (
            "state-copy",
            "\n1 passage behind\n",
            "readers still have the older text, 3 passages behind",
            "zoe",
        ):
            self.assertContains(page, words)
        Article.objects.all().delete()
        copied("all", 3, 3, self.zoe)
        page = self.client.get(DESK)
        self.assertContains(page, "The working copy is up to date and waits to be published")
        self.assertNotContains(page, "0 passages")
        self.assertEqual(page.context["sum"], "1 behind: no words left to write.")

    def test_it_says_who_changed_each_side_last(self):
        article = answered("a", 1)
        row = self.client.get(DESK).context["page"].object_list[0]
        self.assertEqual(row.source_change, article.latest_revision("en"))
        self.assertEqual(row.change, article.latest_revision("fr"))

    # What nobody waits for

    def test_a_translation_that_is_not_needed_leaves_the_desk_and_comes_back(self):
        article = make_article("a", en=live("T"))
        row = Translation.objects.get()
        for name, is_wanted, query in (("drop", False, ""), ("want", True, "?state=unwanted")):
            self.assertContains(self.client.get(DESK + query), f'name="{name}" value="{row.pk}"')
            response = self.client.post(DESK + query, {name: row.pk})
            self.assertRedirects(response, DESK + query)
            row.refresh_from_db()
            self.assertEqual(row.is_wanted, is_wanted)
        self.assertEqual(self.keys(), [article.key])

    def test_what_is_no_row_of_the_desk_is_not_found(self):
        article = copied("a", 2, 1)
        rows = Translation.objects.exclude(working_copy=None)
        for sent in ({"drop": rows.get().pk}, {"drop": 9999}, {"want": "x"}, {"drop": "9" * 40}, {}):
            self.assertEqual(self.client.post(DESK, sent).status_code, 404, sent)
        row = Translation.objects.get(working_copy=None)
        article.delete()
        self.assertEqual(self.client.post(DESK, {"drop": row.pk}).status_code, 404)

    # Who sees what

    def test_only_what_somebody_may_write_has_links_to_write(self):
        make_article("other", en=live("T"))
        own = make_article("own", en=live("T"))
        Article.objects.filter(pk=own.pk).update(created_by=self.ada)
        for user, count in {self.eve: 2, self.zoe: 2, self.ada: 1, self.viewer(): 0}.items():
            self.client.force_login(user)
            self.assertEqual(len(re.findall("#id_body_fr", self.client.get(DESK).text)), count, user)
        self.client.force_login(self.ada)
        self.assertCountEqual(self.keys(), ["own", "other"])
        self.assertEqual(self.keys("?mine=on"), ["own"])
        row = Translation.objects.exclude(article=own).get()
        self.assertEqual(self.client.post(DESK, {"drop": row.pk}).status_code, 403)
        row.refresh_from_db()
        self.assertTrue(row.is_wanted)

    def viewer(self):
        viewer = person("viewer")
        viewer.user_permissions.add(Permission.objects.get(codename="view_article"))
        return viewer

    def test_whoever_may_see_articles_is_led_to_it(self):
        for path in ("index", "articles_article_changelist"):
            for user in (self.eve, self.ada, self.zoe):
                self.client.force_login(user)
                self.assertContains(self.client.get(reverse(f"admin:{path}")), f'href="{DESK}', msg_prefix=path)
                self.assertContains(self.client.get(reverse("admin:app_list", args=["articles"])), f'href="{DESK}"')

    # How much

    def test_it_costs_the_same_queries_for_three_articles_and_for_thirty_and_loads_no_text(self):
        self.fill(3)
        self.client.get(DESK)
        with self.assertNumQueries(12) as queries:
            self.client.get(DESK)
        for query in queries:
            selected = query["sql"].partition(" FROM ")[0]
            self.assertNotRegex(selected, r'"(body|summary)_(en|fr)"|"blocks"|"blocks_before"|"body"|"shared"')
        self.fill(27)
        with self.assertNumQueries(12):
            self.client.get(DESK)

    def fill(self, count: int) -> None:
        for _ in range(count):
            key = f"a{Article.objects.count()}"
            copied(key, 2, 1, self.zoe) if Article.objects.count() % 2 else make_article(key, en=live("T"))

    def test_a_long_list_is_cut_into_pages_that_keep_what_was_asked(self):
        for number in range(3):
            make_article(f"a{number}", en=live("T"))
        with patch("articles.admin.translation_desk.PAGE_SIZE", 2):
            page = self.client.get(f"{DESK}?language=fr")
            self.assertEqual([row.article.key for row in page.context["page"].object_list], ["a2", "a1"])
            self.assertContains(page, 'href="?language=fr&amp;page=2" rel="next"')
            self.assertEqual(self.keys("?language=fr&page=2"), ["a0"])
