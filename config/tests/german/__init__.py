"""German, as test_third_language.py adds it: words, an article, and the rules of the language."""
