from datetime import UTC, date, datetime

from django.test import SimpleTestCase, override_settings
from django.utils.translation import override

from articles.templatetags.dates import long_date


class LongDateTests(SimpleTestCase):
    def test_each_language_writes_dates_its_own_way(self):
        with override("en"):
            self.assertEqual(long_date(date(2026, 11, 16)), "November 16, 2026")
        with override("fr"):
            self.assertEqual(long_date(date(2026, 11, 16)), "16 novembre 2026")

    def test_the_first_of_a_month_is_an_ordinal_in_french(self):
        with override("fr"):
            self.assertEqual(long_date(date(2026, 8, 1)), "1er août 2026")
            self.assertEqual(long_date(date(2026, 8, 21)), "21 août 2026")

    def test_the_day_is_that_of_the_site_s_time_zone(self):
        late = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
        with override("en"), override_settings(TIME_ZONE="Europe/Paris"):
            self.assertEqual(long_date(late), "November 17, 2026")
