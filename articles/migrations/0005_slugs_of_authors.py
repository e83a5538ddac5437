from django.db import migrations

from articles import languages
from articles.slugs import free, shortened, slugify


def give_slugs(apps, schema_editor):
    """Give each author of before the slugs that saving gives a new one."""
    Author = apps.get_model("articles", "Author")
    columns = {field.name for field in Author._meta.get_fields()}
    for language in languages.codes():
        column, taken = languages.column("slug", language), set()
        # A language of today may have got its columns later.
        if column not in columns:
            continue
        for author in Author.objects.order_by("pk"):
            slug = free(shortened(slugify(author.name, language) or "author", 90), taken.__contains__)
            taken.add(slug)
            Author.objects.filter(pk=author.pk).update(**{column: slug})


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_series_and_slugs")]

    operations = [migrations.RunPython(give_slugs, migrations.RunPython.noop)]
