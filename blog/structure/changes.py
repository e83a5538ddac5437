"""Where to go for ten ordinary changes: the file, and what to look for in it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .source import ROOT, project_path


@dataclass(frozen=True)
class Target:
    """A file or folder from the project's root, * for the codes of languages; and a dotted name in a Python file."""

    path: str
    name: str = ""

    def paths(self) -> list[str]:
        return sorted(project_path(path) for path in ROOT.glob(self.path))


@dataclass(frozen=True)
class Change:
    what: str | Promise
    targets: tuple[Target, ...]
    remark: str | Promise = ""


CHANGES = (
    Change(_("the words of an address"), (Target("articles/urls.py"), Target("blog/urls.py"))),
    Change(_("what “published” means"), (Target("articles/querysets.py", "ArticleQuerySet.published"),)),
    Change(_("how slugs are made"), (Target("articles/slugs.py", "slugify"),)),
    Change(_("the reading speed"), (Target("articles/reading_time.py", "WORDS_PER_MINUTE"),)),
    Change(_("what the search matches"), (Target("articles/search/words.py"),)),
    Change(
        _("the fields of the author’s form"),
        (Target("articles/forms.py", "ArticleForm"), Target("articles/admin/article.py", "ArticleAdmin.get_fieldsets")),
    ),
    Change(
        _("the site’s name"), (Target("blog/models/site.py", "Site"),), _("The name itself is written in the admin.")
    ),
    Change(_("a word of the interface, in a language other than English"), (Target("locale/*/LC_MESSAGES/django.po"),)),
    Change(_("the look of the pages"), (Target("static/css/site.css"),)),
    Change(_("the colours of code"), (Target("static/css/code.css"),)),
)
