from django.test import SimpleTestCase

from articles.reading_time import reading_minutes, word_count


class ReadingTimeTests(SimpleTestCase):
    def test_lone_signs_are_no_words(self):
        self.assertEqual(word_count("Vraiment ? Oui : l'été – 3 jours !"), 5)

    def test_each_language_has_its_own_speed(self):
        text = "mot " * 690
        self.assertEqual(reading_minutes(text, "en"), 3)
        self.assertEqual(reading_minutes(text, "fr"), 4)

    def test_minutes_are_rounded_to_the_nearest(self):
        self.assertEqual(reading_minutes("word " * 341, "en"), 1)
        self.assertEqual(reading_minutes("word " * 342, "en"), 2)

    def test_no_text_is_read_in_no_time_at_all(self):
        self.assertEqual(reading_minutes("", "en"), 1)

    def test_a_language_without_a_line_of_its_own_has_the_mean_speed(self):
        self.assertEqual(reading_minutes("Wort " * 368, "de"), 2)
