import django.db.models.deletion
from django.db import migrations, models

# Its rows bear the numbers of the search entries. No trigger fills it: Django's rebuilding of a table on SQLite would
# drop it without a word.
TABLES = {
    # The tokens are made beforehand; this tokenizer divides them at spaces alone.
    "sqlite": [
        "CREATE VIRTUAL TABLE articles_searchindex"
        " USING fts5(title, labels, summary, body, typed, tokenize = 'ascii', prefix = '3')"
    ],
    "postgresql": [
        "CREATE TABLE articles_searchindex (rowid bigint PRIMARY KEY, document tsvector NOT NULL, tokens text NOT NULL)",
        # In the row itself: the planner does not count what it costs to fetch a vector from elsewhere, and would look
        # through all of them for a rare word.
        "ALTER TABLE articles_searchindex ALTER COLUMN document SET STORAGE MAIN",
        # Without a list of what is still to be indexed: every search would look through it from end to end.
        "CREATE INDEX articles_searchindex_document ON articles_searchindex USING gin (document)"
        " WITH (fastupdate = off)",
    ],
}


def make_table(apps, schema_editor):
    for statement in TABLES[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_table(apps, schema_editor):
    schema_editor.execute("DROP TABLE articles_searchindex")


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_slugs_of_authors")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=10)),
                ("version", models.PositiveIntegerField()),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_entries",
                        to="articles.article",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("article", "language"), name="search_entry_once"),
                ],
            },
        ),
        migrations.RunPython(make_table, drop_table),
    ]
