from unittest import mock

from django.db import transaction
from django.test import TransactionTestCase

from articles.kept import kept

from .examples import live, make_article


class KeptTests(TransactionTestCase):
    def test_a_result_is_kept_for_its_arguments_until_something_is_written(self):
        work = mock.Mock(__name__="work", __qualname__="work", __doc__="", side_effect=range(10))
        known = kept(work)
        self.assertEqual([known("en"), known("en"), known("fr"), known("en")], [0, 0, 1, 0])
        make_article("a", en=live("T"))
        self.assertEqual([known("en"), known("en")], [2, 2])
        # What a transaction sees, nobody else may be told.
        with transaction.atomic():
            self.assertEqual([known("en"), known("en")], [3, 4])
        self.assertEqual(known("en"), 2)
