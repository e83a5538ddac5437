"""Django's compilemessages without GNU gettext, which a fresh machine does not have."""

from pathlib import Path

import polib
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile the catalogues under locale/ (.po) that are newer than their compiled form (.mo)."

    def handle(self, **options) -> None:
        stale = [catalogue for catalogue in _catalogues() if _is_stale(catalogue)]
        for catalogue in stale:
            # Under its final name only when it is whole.
            unfinished = catalogue.with_suffix(".mo.unfinished")
            polib.pofile(str(catalogue)).save_as_mofile(str(unfinished))
            unfinished.replace(catalogue.with_suffix(".mo"))
        self.stdout.write(f"Catalogues: {len(stale)} compiled.")


def _catalogues() -> list[Path]:
    return [path for folder in settings.LOCALE_PATHS for path in sorted(Path(folder).glob("*/LC_MESSAGES/*.po"))]


def _is_stale(catalogue: Path) -> bool:
    compiled = catalogue.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime <= catalogue.stat().st_mtime
