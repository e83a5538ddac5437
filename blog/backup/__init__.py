"""The whole site in one archive, and back: `manage.py backup` and `manage.py restore`.

An archive is a ZIP file of plain parts, which no engine of databases has a say in:

    data/articles.article.jsonl   the rows of a table, each a line of JSON, by column
    media/…                       the stored images, and below originals/ the bytes as they were uploaded
    manifest.json                 size and SHA-256 of each, and the migrations that the rows fit to
"""
