import os
import threading
from concurrent.futures import ThreadPoolExecutor
from unittest import mock

from django.db import connection, models
from django.test import TransactionTestCase
from django.utils.translation import override

from articles import image_store
from articles.models import ArticleImage, Image
from articles.references import images_named

from .examples import live, make_article
from .image_files import ImageTestCase, MediaMixin, jpeg, png, store


class StoringTests(ImageTestCase):
    def test_the_same_file_twice_is_one_image(self):
        first = store(jpeg(), name="one.jpg")
        with mock.patch("articles.image_store.encode") as encode:
            second = store(jpeg(), name="two.jpg")
        encode.assert_not_called()
        self.assertEqual((first, first.file_name), (second, second.file_name))

    def test_the_key_is_made_from_the_name_of_the_file_and_free(self):
        names = ["Le Port d’Été.JPG", "le-port-d-ete.jpg", "...", "x" * 200]
        with override("fr"):
            keys = [store(jpeg(quality=50 + number), name=name).key for number, name in enumerate(names)]
        self.assertEqual(keys, ["le-port-d-ete", "le-port-d-ete-2", "image", "x" * 90])

    def test_files_that_were_lost_are_put_back_by_the_next_upload(self):
        image = store(jpeg())
        (self.media / image.stored_names()[0]).unlink()
        self.assertEqual(store(jpeg()), image)
        self.assertEqual(self.stored_names(), sorted(image.stored_names()))

    def test_the_bytes_as_uploaded_are_kept_where_no_address_leads_put_back_and_taken_away_with_the_image(self):
        image = store(jpeg())
        path = image_store.original(image)
        self.assertEqual((path.read_bytes(), path.name), (jpeg(), image.digest))
        for address in (f"/media/originals/{image.digest}", f"/media/{image.digest}", "/media/originals/"):
            self.assertEqual(self.client.get(address).status_code, 404)
        path.unlink()
        self.assertIsNone(image_store.original(image))
        store(jpeg())
        self.assertEqual(image_store.original(image).read_bytes(), jpeg())
        with self.captureOnCommitCallbacks(execute=True):
            image_store.delete(image)
        self.assertEqual(list((self.media / "originals").iterdir()), [])

    def test_what_a_killed_process_left_is_taken_over_and_cleared_away(self):
        image = store(jpeg())
        Image.objects.filter(pk=image.pk).delete()
        (self.media / image.stored_names()[0]).write_bytes(b"half")
        of_others = [self.media / f"{image_store.WORKSPACE}{name}" for name in ("machine-2-now", "machine-2-old")]
        left = self.media / f"{image_store.OWN_WORKSPACE}left"
        for folder in (left, *of_others):
            folder.mkdir()
            (folder / "x").touch()
        # What another machine holds cannot be seen from here: a day later, it is at work no more.
        os.utime(of_others[1], (1, 1))
        with image_store.workspace() as at_work:
            self.assertEqual(store(jpeg()).digest, image.digest)
            self.opened(image, 480, "avif").load()
            there = [at_work.name, of_others[0].name, "x"]
            self.assertEqual(self.stored_names(), sorted([*image.stored_names(), *there]))

    def test_a_workspace_that_ends_while_another_begins_is_no_fault(self):
        # In the list of the folder, and gone when it is looked at.
        (self.media / f"{image_store.OWN_WORKSPACE}gone").symlink_to("nowhere")
        self.assertTrue(store(jpeg()).pk)

    def test_what_a_failed_transaction_stored_goes_with_it(self):
        with self.assertRaises(RuntimeError), image_store.workspace() as folder:
            image_store.save(Image(file_name="a.jpg"), image_store.prepare(jpeg(), folder))
            Image.objects.all()._raw_delete("default")
            raise RuntimeError
        self.assertEqual(self.stored_names(), [])

    def test_what_an_earlier_upload_stored_stays_when_a_later_one_fails(self):
        image = store(jpeg())
        with self.assertRaises(RuntimeError), image_store.workspace() as folder:
            image_store.encode(jpeg(), folder)
            raise RuntimeError
        self.assertEqual(self.stored_names(), sorted(image.stored_names()))

    def test_files_go_with_the_row_once_that_is_gone_for_good(self):
        image = store(jpeg())
        with self.captureOnCommitCallbacks() as callbacks:
            image_store.delete(image)
        self.assertEqual(self.stored_names(), sorted(image.stored_names()))
        for callback in callbacks:
            callback()
        self.assertEqual(self.stored_names(), [])

    def test_an_image_that_a_text_names_cannot_be_deleted(self):
        image = store(jpeg(), key="harbour")
        other = store(jpeg(quality=50), key="harbour-2")
        article = make_article("a", fr=live("Le port", body="![](image:harbour-2)"))
        self.assertEqual(other.shown_in(), [article])
        self.assertEqual(image.shown_in(), [])
        with self.assertRaises(models.ProtectedError):
            image_store.delete(other)
        image_store.delete(image)
        self.assertTrue(Image.objects.filter(pk=other.pk).exists())

    def test_an_image_that_lay_beside_an_article_cannot_be_deleted(self):
        image = store(jpeg())
        article = make_article("a", en=live("A"))
        ArticleImage.objects.create(article=article, image=image, name="a.jpg")
        self.assertEqual(image.shown_in(), [article])
        with self.assertRaises(models.ProtectedError):
            Image.objects.filter(pk=image.pk).delete()

    def test_images_are_found_by_key_and_by_the_name_beside_an_article_in_two_queries(self):
        harbour, boat = store(jpeg(), key="harbour"), store(png(), key="boat")
        here, elsewhere = make_article("a", en=live("A")), make_article("b", en=live("B"))
        ArticleImage.objects.create(article=here, image=boat, name="b.png")
        ArticleImage.objects.create(article=here, image=harbour, name="h.jpg")
        ArticleImage.objects.create(article=elsewhere, image=harbour, name="b.png")
        asked = [(here.pk, name) for name in ("image:harbour", "b.png", "image:nothing", "nothing.png")]
        asked += [(elsewhere.pk, "b.png"), (elsewhere.pk, "h.jpg"), (None, "image:boat"), (None, "h.jpg")]
        with self.assertNumQueries(2):
            found = images_named(asked)
        expected = {(here.pk, "image:harbour"): harbour, (here.pk, "b.png"): boat}
        expected |= {(elsewhere.pk, "b.png"): harbour, (None, "image:boat"): boat}
        self.assertEqual(found, expected)
        with self.assertNumQueries(0):
            self.assertEqual(images_named([]), {})

    def test_a_text_of_no_article_finds_images_by_key(self):
        boat = store(png(), key="boat")
        found = images_named([(None, "image:boat"), (None, "b.png")])
        self.assertEqual(found, {(None, "image:boat"): boat})


class SimultaneousUploadTests(MediaMixin, TransactionTestCase):
    def test_two_people_who_upload_the_same_file_at_once_share_one_image(self):
        all_encoded = threading.Barrier(4, timeout=60)

        def upload(number: int) -> Image:
            try:
                with image_store.workspace() as folder:
                    prepared = image_store.prepare(jpeg(), folder)
                    all_encoded.wait()
                    return image_store.save(Image(file_name=f"{number}.jpg"), prepared)
            finally:
                connection.close()

        with ThreadPoolExecutor(4) as pool:
            images = list(pool.map(upload, range(4)))
        self.assertEqual(len(set(images)), 1)
        self.assertEqual(Image.objects.count(), 1)
        self.assertEqual(self.stored_names(), sorted(images[0].stored_names()))
