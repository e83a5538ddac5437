from django.db import migrations, models


def read_first_revisions(apps, schema_editor):
    Article, Revision = (apps.get_model("articles", name) for name in ("Article", "Revision"))
    first = Revision.objects.filter(article=models.OuterRef("pk")).order_by("pk").values("created_by")[:1]
    Article.objects.update(created_by=models.Subquery(first))


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_history")]

    operations = [migrations.RunPython(read_first_revisions, migrations.RunPython.noop)]
