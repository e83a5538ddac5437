"""All that a site says, exported, imported into an empty site, and exported again: byte for byte the same."""

import io
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.test import TestCase, override_settings
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from hypothesis.extra.django import TestCase as PropertyTestCase

from articles.files.importing import import_folder
from blog.files import parts

from .generated_sites import empty, make, sites, told

# A failure is not made smaller, which would take minutes: it is to be seen in time.
PHASES = (Phase.explicit, Phase.generate)
# EXAMPLES=200 tries others, and longer.
EXAMPLES = int(os.environ.get("EXAMPLES", "5"))
EVERYTHING = ("--drafts", "--working-copies")


def exported(folder: str | Path, *options: str) -> str:
    out = io.StringIO()
    call_command("export_articles", str(folder), *options, stdout=out)
    return out.getvalue()


def bring_in(folder: str | Path):
    return import_folder(Path(folder), parts=parts())


def files(folder: str | Path) -> dict[str, bytes]:
    root = Path(folder)
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


class RoundTripTests(PropertyTestCase):
    @bounds(
        max_examples=EXAMPLES,
        database=None,
        derandomize="EXAMPLES" not in os.environ,
        deadline=None,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )
    @given(site=sites())
    def test_any_site_comes_back_from_its_folder_as_it_was(self, site):
        with tempfile.TemporaryDirectory() as root:
            first, second = Path(root) / "first", Path(root) / "second"
            with override_settings(MEDIA_ROOT=f"{root}/media"):
                make(site)
                exported(first, *EVERYTHING)
                before = told()
                empty()
            # An empty site has no images either.
            with override_settings(MEDIA_ROOT=f"{root}/other"):
                bring_in(first)
                exported(second, *EVERYTHING)
                self.assertEqual(files(second), files(first))
                self.assertEqual(told(), before)


class ShippedTests(TestCase):
    def test_the_shipped_articles_come_back_as_they_were(self):
        import_folder(Path(settings.CONTENT))
        with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
            exported(one)
            before = told()
            empty()
            bring_in(one)
            self.assertEqual(told(), before)
            exported(two)
            self.assertEqual(files(two), files(one))
