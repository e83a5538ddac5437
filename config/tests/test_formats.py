from datetime import datetime

from django.test import SimpleTestCase
from django.utils.formats import date_format
from django.utils.translation import override


class FormatTests(SimpleTestCase):
    def test_a_french_date_and_its_time_are_joined_by_a_word(self):
        with override("fr"):
            self.assertEqual(date_format(datetime(2026, 11, 15, 9), "DATETIME_FORMAT"), "15 novembre 2026 à 09:00")
