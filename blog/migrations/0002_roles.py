from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

# What a role may do with articles of its own or in a language is decided in articles/permissions.py.
ROLES = {
    "Author": [
        *("articles.add_article", "articles.view_article", "articles.own_article"),
        *("articles.add_tag", "articles.view_tag", "articles.add_series", "articles.view_series"),
        *("articles.view_author", "articles.add_image", "articles.view_image", "blog.view_page"),
    ],
    "Translator": [
        *("articles.view_article", "articles.translate_article"),
        *("articles.view_tag", "articles.view_series", "articles.view_author"),
        *("articles.add_image", "articles.view_image", "blog.view_page"),
    ],
    "Editor": [
        *("articles.add_article", "articles.view_article", "articles.change_article", "articles.delete_article"),
        "articles.publish_article",
        *(
            f"articles.{verb}_{model}"
            for verb in ("add", "view", "change", "delete")
            for model in ("tag", "series", "author", "image", "companion")
        ),
        *("blog.add_page", "blog.view_page", "blog.change_page", "blog.view_site", "blog.change_site"),
    ],
}


def make_permissions(apps, schema_editor):
    """Make what the roles hold; Django itself makes permissions only after all migrations."""
    for label in ("articles", "blog"):
        create_permissions(installed.get_app_config(label), verbosity=0, using=schema_editor.connection.alias)


def let_publish_on(apps, schema_editor):
    """Let whoever could change articles publish them, as it was before publishing had a permission of its own."""
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    change, publish = (
        permissions.filter(content_type__app_label="articles", codename=f"{verb}_article").first()
        for verb in ("change", "publish")
    )
    publish.group_set.add(*change.group_set.all())
    publish.user_set.add(*change.user_set.all())


def make_groups(apps, schema_editor):
    """Make the groups of the roles; a group that has such a name already stays as it is."""
    using = schema_editor.connection.alias
    Group, Permission = (apps.get_model("auth", name) for name in ("Group", "Permission"))
    for name, permissions in ROLES.items():
        group, is_new = Group.objects.using(using).get_or_create(name=name)
        for permission in permissions if is_new else ():
            label, codename = permission.split(".")
            group.permissions.add(
                Permission.objects.using(using).get(content_type__app_label=label, codename=codename)
            )


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0001_site_and_pages"),
        ("articles", "0008_who_began_articles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(step, migrations.RunPython.noop)
        for step in (make_permissions, let_publish_on, make_groups)
    ]
