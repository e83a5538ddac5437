"""The words that the pipeline itself puts into a text, in the language of the text."""

from django.utils.translation import gettext, override

Words = dict[str, str]


def words_in(language: str) -> Words:
    """Return every word by its name; plain strings, since the renderer's process knows no catalogue."""
    with override(language):
        return {
            "heading_link": gettext("Link to this section"),
            "backlink": gettext("Back to the text of note {}"),
            "notes": gettext("Notes"),
            "table": gettext("Table"),
            "open": gettext("To do"),
            "done": gettext("Done"),
            "note": gettext("Note"),
            "tip": gettext("Tip"),
            "important": gettext("Important"),
            "warning": gettext("Warning"),
            "caution": gettext("Caution"),
        }
