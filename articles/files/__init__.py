"""Articles as Markdown files: the native folder format, imported and written; translations taken away and back.

All share `native.py` (the format), `front_matter.py`, `plain_files.py` (files that somebody else made), `problems.py`,
`stamps.py` (which saved text a file was made from) and `writing.py`.

- In: `importing.py` is the whole of it. `folder.py` looks through all files first, then `article_import.py` brings in
  one article after the other, with `facts.py` and `texts.py`, which ask `bases.py` and `three_way.py`.
- Out: `exporting.py` is the whole of it, `target.py` the folder, `article_files.py` what an article's files say,
  `former_files.py` what is taken away.
- In and out: `images.py`, `library.py`, `subjects.py`, `aliases.py`, `redirects.py`.
- To a translator and back: `pair.py` in `parcels.py`, or `po.py`; then `returning.py`.
"""
