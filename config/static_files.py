"""Static files under names that change with their content, the imports between scripts included."""

import re
from collections.abc import Iterator
from pathlib import Path

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Text in quotes, which stays whatever it holds, or a comment; those with an exclamation mark are of the law.
QUOTED_OR_COMMENT = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|/\*(?!!).*?\*/""", re.DOTALL)
LINE_END = re.compile(r"\s*\n\s*")


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True

    def post_process(self, paths: dict, dry_run: bool = False, **options) -> Iterator[tuple]:
        """Make the collected stylesheets as small as they are read by browsers, then name and compress all files."""
        if not dry_run:
            for name in paths:
                if name.endswith(".css"):
                    file = Path(self.path(name))
                    file.write_text(without_comments(file.read_text()))
            # Their names come from what was made of them here, not from their sources.
            paths = {name: (self, name) for name in paths}
        yield from super().post_process(paths, dry_run, **options)


def without_comments(css: str) -> str:
    """Return a stylesheet that means the same, without comments and indentation."""
    return LINE_END.sub("\n", QUOTED_OR_COMMENT.sub(lambda found: found[1] or "", css)).strip() + "\n"
