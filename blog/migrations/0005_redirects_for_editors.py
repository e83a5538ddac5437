from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations


def let_editors_redirect(apps, schema_editor):
    """Give the group of editors, where it is still there, what it needs for redirects."""
    using = schema_editor.connection.alias
    create_permissions(installed.get_app_config("articles"), verbosity=0, using=using)
    Group, Permission = (apps.get_model("auth", name) for name in ("Group", "Permission"))
    if editors := Group.objects.using(using).filter(name="Editor").first():
        permissions = Permission.objects.using(using)
        editors.permissions.add(
            *permissions.filter(content_type__app_label="articles", content_type__model="redirect")
        )


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0004_last_change_token"),
        ("articles", "0011_redirect"),
    ]

    operations = [migrations.RunPython(let_editors_redirect, migrations.RunPython.noop)]
