from unittest import mock

from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase, override_settings

from articles.models import ArticleImage, Image
from articles.saving import save_language
from articles.text import ArticleText

from .examples import live, make_article
from .image_files import PAYLOAD, SVG, MediaMixin, gradient, jpeg, png, saved, store

LIST = "/admin/articles/image/"
ADD = "/admin/articles/image/add/"


class LibraryTestCase(MediaMixin, TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.user = get_user_model().objects.create_superuser("editor")

    def setUp(self):
        super().setUp()
        self.client.force_login(self.user)

    def upload(self, data: bytes, name="harbour.jpg", language="en", **fields):
        file = SimpleUploadedFile(name, data, "image/jpeg")
        return self.client.post(ADD, {"file": file, **fields}, headers={"Accept-Language": language})

    def form(self, image: Image) -> str:
        return f"/admin/articles/image/{image.pk}/change/"


class UploadTests(LibraryTestCase):
    def test_a_file_becomes_an_image_with_its_key_words_and_uploader(self):
        response = self.upload(jpeg(), alt_en="The harbour", alt_fr="Le port")
        image = Image.objects.get()
        self.assertRedirects(response, self.form(image))
        self.assertContains(self.client.get(self.form(image)), "![The harbour](image:harbour)")
        self.assertEqual((image.key, image.file_name, image.created_by), ("harbour", "harbour.jpg", self.user))
        self.assertEqual((image.alt_en, image.alt_fr), ("The harbour", "Le port"))
        self.assertEqual(self.stored_names(), sorted(image.stored_names()))
        self.assertEqual(LogEntry.objects.get().object_repr, "harbour")

    def test_the_key_can_be_chosen(self):
        self.upload(jpeg(), key="old-harbour")
        self.assertEqual(Image.objects.get().key, "old-harbour")

    def test_a_key_that_is_taken_or_none_is_refused_and_leaves_nothing_behind(self):
        image = store(png(), key="taken")
        for key in ("taken", "No Key"):
            self.assertIn("key", self.upload(jpeg(), key=key).context["adminform"].form.errors)
        self.assertEqual(self.stored_names(), sorted(image.stored_names()))

    def test_a_refused_file_is_told_on_its_field_in_the_language_of_the_author(self):
        for data, reason in (
            (SVG, "SVG is not accepted"),
            (b"", "This file is empty"),
            (b"%PDF-1.7", "This is no JPEG"),
        ):
            response = self.upload(data, name="photo.jpg")
            self.assertIn(reason, response.context["adminform"].form.errors["file"][0])
        with mock.patch("articles.images.decoding._", side_effect="[fr] {}".format):
            self.assertContains(self.upload(SVG, language="fr"), "[fr] SVG")
        self.assertFalse(Image.objects.exists())
        self.assertEqual(self.stored_names(), [])

    def test_the_form_sends_files(self):
        self.assertContains(self.client.get(ADD), '<form enctype="multipart/form-data"')

    def test_a_form_without_a_file_is_refused(self):
        response = self.client.post(ADD, {"key": "a"})
        self.assertEqual(list(response.context["adminform"].form.errors), ["file"])

    @override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=0)
    def test_of_a_file_that_is_too_large_no_more_is_kept_than_needed(self):
        with (
            mock.patch("articles.uploads.MAX_BYTES", 100_000),
            mock.patch("articles.images.decoding.MAX_BYTES", 100_000),
            mock.patch("django.core.files.uploadedfile.TemporaryUploadedFile.write", create=True) as write,
        ):
            response = self.upload(jpeg() + bytes(1_000_000))
        self.assertIn("larger than", response.context["adminform"].form.errors["file"][0])
        self.assertLess(sum(len(call.args[0]) for call in write.call_args_list), 200_000)
        self.assertEqual(self.stored_names(), [])

    @override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=0)
    def test_a_file_that_is_received_on_the_disk_is_read_whole(self):
        self.upload(jpeg())
        self.assertEqual(Image.objects.count(), 1)

    def test_the_same_content_again_is_named_with_a_link(self):
        self.upload(jpeg())
        image = Image.objects.get()
        response = self.upload(jpeg(), name="other.jpg")
        self.assertContains(response, f'The library has this image already: <a href="{self.form(image)}">harbour</a>.')
        self.assertEqual(Image.objects.count(), 1)

    def test_the_same_content_again_puts_back_files_that_were_lost(self):
        self.upload(jpeg())
        image = Image.objects.get()
        (self.media / image.stored_names()[0]).unlink()
        self.upload(jpeg())
        self.assertEqual(self.stored_names(), sorted(image.stored_names()))

    def test_strange_names_of_files_are_made_plain(self):
        for number, (name, plain) in enumerate(
            {
                "../../etc/passwd.jpg": "passwd.jpg",
                "C:\\photos\\port.jpg": "port.jpg",
                "a\tb\x7f.jpg": "ab.jpg",
                "été.jpg": "été.jpg",
                "photo.svg": "photo.svg",
                PAYLOAD.decode() + ".jpg": "script>.jpg",
            }.items()
        ):
            with self.subTest(name):
                self.upload(jpeg(quality=50 + number), name=name)
                self.assertEqual(Image.objects.first().file_name, plain)

    def test_a_failure_after_storing_leaves_nothing_behind(self):
        fails = mock.patch("articles.admin.library.ImageAdmin.log_addition", side_effect=RuntimeError)
        with fails, self.assertRaises(RuntimeError), self.assertLogs("django.request"):
            self.upload(jpeg())
        self.assertFalse(Image.objects.exists())
        self.assertEqual(self.stored_names(), [])

    def test_only_who_may_add_images_can_upload(self):
        self.client.force_login(get_user_model().objects.create_user("reader", is_staff=True))
        with mock.patch("articles.image_store.encode") as encode:
            self.assertEqual(self.upload(jpeg()).status_code, 403)
            self.client.logout()
            self.assertEqual(self.upload(jpeg()).status_code, 302)
        encode.assert_not_called()


class LibraryTests(LibraryTestCase):
    def test_the_list_shows_what_there_is(self):
        image = store(jpeg(), key="harbour", alt_en="The harbour", alt_fr="Le port")
        page = self.client.get(LIST, {"q": "port"})
        self.assertContains(page, f'<img src="{image.url(480, "jpg")}" alt="" width="90" height="60" loading="lazy">')
        for text in ("600 × 400", "The harbour", "Le port"):
            self.assertContains(page, text)
        self.assertNotContains(self.client.get(LIST, {"q": "nothing"}), "The harbour")

    def test_the_list_counts_the_texts_that_show_an_image_as_its_form_names_them(self):
        images = [
            store(jpeg(quality=number), key=key) for number, key in enumerate(("a", "a-b", "copied", "beside"), 50)
        ]
        article = make_article("one", en=live("One", body="![](image:a-b)"), fr=live("Un", body="![](image:a-b)"))
        make_article("two", en=live("Two", body="![](image:a-b) and `image:gone`"))
        ArticleImage.objects.create(article=article, image=images[3], name="b.png")
        text = ArticleText("One", "one", "", "![](image:copied)")
        save_language(article, "en", text, based_on=article.latest_revision("en"), as_working_copy=True)
        # The site is made when it is first asked for.
        self.client.get(LIST)
        with self.assertNumQueries(11):
            listed = self.client.get(LIST).context["cl"].result_list
        self.assertEqual(
            {image.key: image.shown_times for image in listed}, {"a": 0, "a-b": 2, "copied": 1, "beside": 1}
        )
        for image in listed:
            self.assertEqual(len(image.shown_in()), image.shown_times)
        page = self.client.get(LIST, headers={"Accept-Language": "en"})
        # A link around a picture alone would have no name.
        self.assertContains(page, '<th class="field-key"><a')
        self.assertNotContains(page, '<th class="field-thumbnail">')
        for said in ("no text", "1 text", "2 texts"):
            self.assertContains(page, f'<td class="field-shown_times">{said}</td>')

    def test_what_lacks_an_alternative_text_is_marked_and_found(self):
        for number, (key, alts) in enumerate({"both": ("a", "b"), "english": ("a", ""), "none": ("", "")}.items(), 50):
            store(jpeg(quality=number), key=key, alt_en=alts[0], alt_fr=alts[1])
        for value, keys in (
            ("any", {"english", "none"}),
            ("en", {"none"}),
            ("fr", {"english", "none"}),
            ("xx", {"both", "english", "none"}),
        ):
            page = self.client.get(LIST, {"undescribed": value})
            self.assertEqual({image.key for image in page.context["cl"].result_list}, keys)
        self.assertContains(self.client.get(LIST), '<span class="state state-missing">', count=3)

    def test_a_picture_of_any_shape_fits_into_the_list(self):
        for size, shown in (((2000, 10), 'width="120" height="1"'), ((10, 2000), 'width="1" height="60"')):
            store(saved(gradient(*size), "PNG"))
            self.assertContains(self.client.get(LIST), shown)

    def test_the_form_shows_the_markdown_of_each_language_and_where_the_image_is_shown(self):
        image = store(jpeg(), key="harbour", alt_en="A [small] harbour", alt_fr="Le port")
        article = make_article("a", fr=live("Au port", body="![](image:harbour)"))
        page = self.client.get(self.form(image), headers={"Accept-Language": "en"})
        self.assertContains(page, "![A \\[small\\] harbour](image:harbour)")
        self.assertContains(page, "![Le port](image:harbour)")
        self.assertContains(page, f'<a href="/admin/articles/article/{article.pk}/change/">Au port</a>')
        self.assertContains(page, "<picture>")

    def test_the_suggestions_change_and_the_rest_stays(self):
        image = store(jpeg(), key="harbour")
        before = Image.objects.values("digest", "file_name", "widths").get()
        page = self.client.get(self.form(image)).content.decode()
        self.assertNotRegex(page, r'name="(file|key)"')
        fields = {"alt_en": "New", "alt_fr": "", "key": "changed"}
        fields["file"] = SimpleUploadedFile("a.jpg", png())
        self.assertRedirects(self.client.post(self.form(image), fields), LIST)
        image.refresh_from_db()
        self.assertEqual((image.alt_en, image.key), ("New", "harbour"))
        self.assertEqual(Image.objects.values("digest", "file_name", "widths").get(), before)

    def test_an_image_that_no_article_shows_is_deleted_with_its_files(self):
        image = store(jpeg())
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(f"/admin/articles/image/{image.pk}/delete/", {"post": "yes"})
        self.assertFalse(Image.objects.exists())
        self.assertEqual(self.stored_names(), [])

    def test_an_image_that_an_article_shows_is_kept_and_the_page_says_where(self):
        named, beside = store(jpeg(), key="harbour"), store(png(), key="boat")
        article = make_article("a", en=live("At sea", body="![](image:harbour)"))
        ArticleImage.objects.create(article=article, image=beside, name="b.png")
        for image in (named, beside):
            page = self.client.post(f"/admin/articles/image/{image.pk}/delete/", {"post": "yes"})
            self.assertContains(page, "A text shows this image")
            self.assertContains(page, f'/admin/articles/article/{article.pk}/change/">At sea</a>')
        action = {"action": "delete_selected", "_selected_action": [named.pk, beside.pk], "post": "yes"}
        self.assertContains(self.client.post(LIST, action), "At sea")
        self.assertEqual(Image.objects.count(), 2)

    def test_an_image_that_only_a_working_copy_shows_is_kept(self):
        image, article = store(jpeg(), key="harbour"), make_article("a", en=live("At sea"))
        text = ArticleText("At sea", "at-sea", "", "![](image:harbour)")
        save_language(article, "en", text, based_on=article.latest_revision("en"), as_working_copy=True)
        page = self.client.post(f"/admin/articles/image/{image.pk}/delete/", {"post": "yes"})
        self.assertContains(page, "A text shows this image")
        self.assertTrue(Image.objects.exists())

    def test_several_images_are_deleted_with_their_files(self):
        images = [store(jpeg()), store(png())]
        action = {"action": "delete_selected", "_selected_action": [image.pk for image in images], "post": "yes"}
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(LIST, action)
        self.assertEqual((Image.objects.count(), self.stored_names()), (0, []))

    def test_pages_of_the_library_have_no_inline_style_or_script(self):
        image = store(jpeg())
        for url in (LIST, ADD, self.form(image)):
            page = self.client.get(url).content.decode()
            self.assertNotRegex(page, r'<style|\sstyle="|\son\w+="|<script(?![^>]*\s(src|type="application/json"))')
