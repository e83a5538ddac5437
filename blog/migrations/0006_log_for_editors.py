from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations


def let_editors_read(apps, schema_editor):
    """Let the group of editors, where it is still there, read the log."""
    using = schema_editor.connection.alias
    create_permissions(installed.get_app_config("accounts"), verbosity=0, using=using)
    Group, Permission = (apps.get_model("auth", name) for name in ("Group", "Permission"))
    if editors := Group.objects.using(using).filter(name="Editor").first():
        permission = Permission.objects.using(using).filter(
            content_type__app_label="accounts", codename="view_event"
        )
        editors.permissions.add(*permission)


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0005_redirects_for_editors"),
        ("accounts", "0001_log"),
    ]

    operations = [migrations.RunPython(let_editors_read, migrations.RunPython.noop)]
