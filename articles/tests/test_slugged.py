from importlib import import_module
from threading import Barrier, Thread

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import TestCase, TransactionTestCase
from django.utils.translation import override

from articles import languages
from articles.models import Author, FormerSlug, Series, Tag


class SlugTests(TestCase):
    def test_a_slug_is_made_from_the_name_by_the_rules_of_each_language(self):
        tag = Tag.objects.create(key="t", name_en="Don’t & do", name_fr="L’œuvre & l’été")
        self.assertEqual((tag.slug_en, tag.slug_fr), ("dont-and-do", "l-oeuvre-et-l-ete"))
        series = Series.objects.create(key="s", title_fr="Première série")
        self.assertEqual((series.slug_en, series.slug_fr), (None, "premiere-serie"))

    def test_a_name_that_is_not_translated_makes_a_slug_in_every_language(self):
        author = Author.objects.create(name="Zoé & Cie")
        self.assertEqual((author.slug_en, author.slug_fr), ("zoe-and-cie", "zoe-et-cie"))

    def test_a_name_without_letters_is_called_by_its_kind(self):
        self.assertEqual(Tag.objects.create(key="t", name_en="日本").slug_en, "tag")

    def test_a_slug_is_unique_in_its_language_and_its_kind_and_free_in_others(self):
        tag = Tag.objects.create(key="a", name_en="Same", name_fr="Same")
        self.assertEqual((tag.slug_en, tag.slug_fr), ("same", "same"))
        self.assertEqual(Tag.objects.create(key="b", name_en="Same").slug_en, "same-2")
        self.assertEqual(Series.objects.create(key="a", title_en="Same").slug_en, "same")
        with self.assertRaises(IntegrityError), transaction.atomic():
            Tag.objects.filter(key="b").update(slug_en="same")

    def test_long_names_are_cut_and_two_that_begin_alike_are_told_apart(self):
        slugs = [Series.objects.create(key=key, title_en="word " * 40).slug_en for key in "ab"]
        self.assertEqual(slugs[1], f"{slugs[0]}-2")
        self.assertLessEqual(len(slugs[1]), 100)

    def test_another_name_leaves_the_address_as_it_is(self):
        tag = Tag.objects.create(key="t", name_en="First")
        tag.name_en = "Second"
        tag.save()
        self.assertEqual(tag.slug_en, "first")
        self.assertFalse(FormerSlug.objects.exists())

    def test_an_emptied_slug_is_made_again_from_the_name(self):
        tag = Tag.objects.create(key="t", name_en="Name", slug_en="own-choice")
        for empty in ("", None):
            tag.slug_en = empty
            tag.save()
            self.assertEqual(tag.slug_en, "name")

    def test_what_has_no_name_in_a_language_has_no_address_there(self):
        nameless = Tag.objects.create(key="a", name_en="Name", slug_fr="sans-nom")
        self.assertIsNone(nameless.slug_fr)
        for key in "bc":
            Tag.objects.create(key=key, slug_fr="")
        nameless.name_en = ""
        nameless.save()
        self.assertIsNone(nameless.slug_en)
        nameless.name_en = "Name"
        nameless.save()
        self.assertEqual(nameless.slug_en, "name")

    def test_the_path_is_that_of_the_language_and_empty_without_a_slug(self):
        tag = Tag.objects.create(key="t", name_en="Summer")
        self.assertEqual((tag.get_absolute_url("en"), tag.get_absolute_url("fr")), ("/en/tags/summer/", ""))
        with override("fr"):
            self.assertEqual(tag.get_absolute_url(), "")

    def test_saving_some_fields_saves_the_slugs_with_them(self):
        tag = Tag.objects.create(key="t", name_en="Summer")
        tag.name_fr = "Été"
        tag.save(update_fields=["name_fr"])
        tag.slug_en = "summertime"
        tag.save(update_fields=["slug_en"])
        tag.refresh_from_db()
        self.assertEqual((tag.slug_en, tag.slug_fr), ("summertime", "ete"))


class FormerSlugTests(TestCase):
    def moved(self, *slugs: str, name: str = "Thing") -> Tag:
        tag = Tag.objects.create(key=name.lower(), name_en=name, slug_en=slugs[0])
        for slug in slugs[1:]:
            tag.slug_en = slug
            tag.save()
        return tag

    def test_a_slug_that_changed_leads_to_the_thing_in_its_own_language_and_kind(self):
        tag = self.moved("first", "second", "third")
        for slug in ("first", "second"):
            self.assertEqual(Tag.objects.once_at_slug(slug, "en").get(), tag)
            self.assertFalse(Tag.objects.once_at_slug(slug, "fr").exists())
            self.assertFalse(Series.objects.once_at_slug(slug, "en").exists())
        self.assertFalse(Tag.objects.once_at_slug("third", "en").exists())

    def test_there_and_back_again_each_address_leads_to_the_thing(self):
        tag = self.moved("first", "second", "first", "second")
        self.assertEqual(Tag.objects.at_slug("second", "en").get(), tag)
        self.assertEqual(Tag.objects.once_at_slug("first", "en").get(), tag)
        self.assertIsNone(tag.full_clean())
        tag.slug_en = "first"
        self.assertIsNone(tag.full_clean())

    def test_the_address_of_a_name_that_was_taken_away_is_remembered(self):
        tag = self.moved("first")
        tag.name_en = ""
        tag.save()
        self.assertEqual(Tag.objects.once_at_slug("first", "en").get(), tag)

    def test_a_new_thing_is_never_given_a_former_slug(self):
        self.moved("first", "second")
        self.assertEqual(Tag.objects.create(key="new", name_en="First").slug_en, "first-2")

    def test_a_former_slug_is_free_again_once_its_thing_is_deleted(self):
        self.moved("first", "second").delete()
        self.assertEqual(Tag.objects.create(key="new", name_en="First").slug_en, "first")
        self.assertFalse(Tag.objects.once_at_slug("second", "en").exists())

    def faults(self, **slugs: str) -> dict:
        other = Tag(key="other", name_en="Other", name_fr="Autre", **slugs)
        with override("en"), self.assertRaises(ValidationError) as caught:
            other.full_clean()
        return caught.exception.message_dict

    def test_a_former_slug_of_another_is_refused_on_its_field_with_the_reason(self):
        self.moved("first", "second", name="Python")
        reason = "This address once led to “Python”, and leads there still."
        self.assertEqual(self.faults(slug_en="first"), {"slug_en": [reason]})
        Tag(key="other", name_en="Other", name_fr="Autre", slug_fr="first").full_clean()

    def test_the_slug_of_another_is_refused_on_its_field_by_the_other_s_name(self):
        self.moved("first", name="Python")
        self.assertEqual(self.faults(slug_en="first"), {"slug_en": ["This address is already used by “Python”."]})

    def test_a_slug_that_no_address_would_have_is_refused_on_its_field(self):
        rule = "Write lower-case letters without accents, digits and single hyphens."
        for slug in ("Upper", "two--hyphens", "-edge", "under_score"):
            with self.subTest(slug):
                self.assertEqual(self.faults(slug_fr=slug)["slug_fr"], [rule])


class TwoWritersTests(TransactionTestCase):
    def test_two_who_make_the_same_slug_at_once_both_get_one(self):
        start, slugs = Barrier(2), []

        def write(key: str) -> None:
            try:
                start.wait()
                slugs.append(Tag.objects.create(key=key, name_en="Same").slug_en)
            finally:
                connection.close()

        threads = [Thread(target=write, args=[key]) for key in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(slugs), ["same", "same-2"])


class MigrationTests(TestCase):
    def test_authors_of_before_get_the_slugs_that_saving_gives(self):
        for name in ("Zoé", "Zoe", "日本"):
            Author.objects.create(name=name)
        columns = [languages.column("slug", code) for code in languages.codes()]
        before = list(Author.objects.order_by("pk").values_list(*columns))
        Author.objects.update(**dict.fromkeys(columns))
        import_module("articles.migrations.0005_slugs_of_authors").give_slugs(apps, None)
        self.assertEqual(list(Author.objects.order_by("pk").values_list(*columns)), before)
        self.assertEqual([slug for slug, _ in before], ["zoe", "zoe-2", "author"])
