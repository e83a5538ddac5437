from unittest import mock

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, TestCase

from articles import image_store
from articles.models import Image

from .image_files import SVG, MediaMixin, jpeg, png, store
from .people import person

UPLOAD = "/admin/articles/image/upload/"
DESCRIBE = "/admin/articles/image/describe/"
CHOOSE = "/admin/articles/image/choose/"


class InsertionTestCase(MediaMixin, TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = person("author", "Author")

    def setUp(self):
        super().setUp()
        self.client.force_login(self.user)

    def upload(self, data: bytes, name="harbour.jpg", language="en"):
        file = SimpleUploadedFile(name, data, "image/jpeg")
        return self.client.post(UPLOAD, {"file": file}, headers={"Accept-Language": language})

    def describe(self, key: str, **alts):
        return self.client.post(DESCRIBE, {"key": key} | alts, headers={"Accept-Language": "en"})


class UploadTests(InsertionTestCase):
    def test_a_file_becomes_an_image_and_the_answer_says_what_a_text_needs(self):
        answer = self.upload(jpeg()).json()
        image = Image.objects.get()
        self.assertEqual((image.key, image.file_name, image.created_by), ("harbour", "harbour.jpg", self.user))
        self.assertEqual(self.stored_names(), sorted(image.stored_names()))
        expected = {
            "key": "harbour",
            "thumbnail": image.url(480, "jpg"),
            "width": 600,
            "height": 400,
            "alt": {"en": "", "fr": ""},
            "markdown": {"en": "![](image:harbour)", "fr": "![](image:harbour)"},
            "is_new": True,
        }
        self.assertEqual(answer, expected)
        self.assertEqual(LogEntry.objects.get().object_repr, "harbour")

    def test_the_same_content_again_is_the_image_that_is_there_with_its_words(self):
        store(jpeg(), key="old", alt_en="The harbour")
        answer = self.upload(jpeg()).json()
        self.assertEqual((answer["key"], answer["is_new"], answer["alt"]["en"]), ("old", False, "The harbour"))
        self.assertEqual((Image.objects.count(), LogEntry.objects.count()), (1, 0))

    def test_a_refused_file_is_answered_with_the_reason_in_the_author_s_language(self):
        for data, reason in ((SVG, "SVG is not accepted"), (b"", "This file is empty"), (b"%PDF-1.7", "no JPEG")):
            response = self.upload(data)
            self.assertEqual(response.status_code, 400)
            self.assertIn(reason, response.json()["error"])
        with mock.patch("articles.images.decoding._", side_effect="[fr] {}".format):
            self.assertIn("[fr] SVG", self.upload(SVG, language="fr").json()["error"])
        with mock.patch("articles.images.decoding.MAX_BYTES", 100):
            response = self.upload(jpeg())
        self.assertEqual(response.status_code, 413)
        self.assertIn("larger than", response.json()["error"])
        self.assertEqual(self.client.post(UPLOAD).status_code, 400)
        self.assertFalse(Image.objects.exists())
        self.assertEqual(self.stored_names(), [])

    def test_other_writers_do_not_wait_for_the_encoder(self):
        def prepare(*arguments):
            # One is the test's own.
            self.assertEqual(len(connection.savepoint_ids), 1)
            return unpatched(*arguments)

        unpatched = image_store.prepare
        with mock.patch("articles.image_store.prepare", side_effect=prepare) as prepared:
            self.upload(jpeg())
        prepared.assert_called_once()

    def test_a_failure_after_storing_leaves_nothing_behind(self):
        fails = mock.patch("articles.admin.library.ImageAdmin.log_addition", side_effect=RuntimeError)
        with fails, self.assertRaises(RuntimeError), self.assertLogs("django.request"):
            self.upload(jpeg())
        self.assertFalse(Image.objects.exists())
        self.assertEqual(self.stored_names(), [])

    def test_without_a_login_or_the_right_nothing_is_encoded(self):
        with mock.patch("articles.image_store.encode") as encode:
            for user, status in ((None, 401), (person("staff"), 403)):
                self.client.logout()
                if user:
                    self.client.force_login(user)
                response = self.upload(jpeg())
                self.assertEqual(response.status_code, status)
                self.assertTrue(response.json()["error"])
        encode.assert_not_called()

    def test_a_request_of_another_site_does_nothing(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.user)
        file = SimpleUploadedFile("a.jpg", jpeg())
        for url, sent in ((UPLOAD, {"file": file}), (DESCRIBE, {"key": "a"})):
            self.assertEqual(client.post(url, sent).status_code, 403)
            self.assertEqual(client.get(url).status_code, 405)
        self.assertFalse(Image.objects.exists())


class DescriptionTests(InsertionTestCase):
    def test_the_words_go_into_the_markdown_and_into_what_the_library_lacks(self):
        image = store(jpeg(), key="harbour", alt_fr="Le port", created_by=self.user)
        answer = self.describe("harbour", alt_en="A [small] harbour", alt_fr="Le port de nuit").json()
        self.assertEqual(answer["markdown"]["en"], "![A \\[small\\] harbour](image:harbour)")
        self.assertEqual(answer["markdown"]["fr"], "![Le port de nuit](image:harbour)")
        image.refresh_from_db()
        self.assertEqual((image.alt_en, image.alt_fr), ("A [small] harbour", "Le port"))
        self.assertIn("English", LogEntry.objects.get().change_message)

    def test_a_picture_that_is_decoration_in_a_text_keeps_what_the_library_says(self):
        image = store(jpeg(), key="harbour", alt_en="The harbour", created_by=self.user)
        self.assertEqual(self.describe("harbour", alt_en="").json()["markdown"]["en"], "![](image:harbour)")
        image.refresh_from_db()
        self.assertEqual(image.alt_en, "The harbour")

    def test_somebody_else_s_image_is_described_in_the_library_by_who_may_change_it_alone(self):
        image = store(jpeg(), key="harbour", created_by=get_user_model().objects.create_user("other"))
        self.assertEqual(self.describe("harbour", alt_en="Mine").json()["markdown"]["en"], "![Mine](image:harbour)")
        image.refresh_from_db()
        self.assertFalse(image.alt_en)
        self.client.force_login(person("editor", "Editor"))
        self.describe("harbour", alt_en="The editor's")
        image.refresh_from_db()
        self.assertEqual(image.alt_en, "The editor's")

    def test_what_cannot_be_is_refused_with_a_sentence(self):
        store(jpeg(), key="harbour")
        for key, alt, status in (("gone", "", 404), ("", "", 404), ("a\0", "", 400), ("harbour", "x" * 501, 400)):
            response = self.describe(key, alt_en=alt)
            self.assertEqual(response.status_code, status)
            self.assertTrue(response.json()["error"])


class ChoiceTests(InsertionTestCase):
    def choose(self, **query):
        return self.client.get(CHOOSE, query).json()

    def test_the_newest_come_first_and_others_are_found_by_their_words(self):
        store(jpeg(), key="harbour", alt_fr="Le port")
        store(png(), key="boat")
        self.assertEqual([image["key"] for image in self.choose()["images"]], ["boat", "harbour"])
        found = self.choose(q="PORT")["images"]
        self.assertEqual([image["key"] for image in found], ["harbour"])
        self.assertEqual(found[0]["markdown"]["fr"], "![Le port](image:harbour)")
        self.assertEqual(self.choose(q="nothing\0"), {"images": [], "has_more": False})

    def test_no_more_are_answered_than_fit_and_all_of_them_at_once(self):
        for number in range(4):
            store(jpeg(quality=50 + number))
        with mock.patch("articles.admin.insertion.MAX_CHOICES", 3), self.assertNumQueries(6):
            answer = self.choose()
        self.assertEqual((len(answer["images"]), answer["has_more"]), (3, True))

    def test_who_may_not_see_the_library_is_answered_nothing(self):
        store(jpeg())
        self.client.force_login(person("staff"))
        self.assertEqual(self.client.get(CHOOSE).status_code, 403)
        self.client.logout()
        self.assertEqual(self.client.get(CHOOSE).status_code, 401)
