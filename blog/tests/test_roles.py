from importlib import import_module

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import TestCase


class RolesMigrationTests(TestCase):
    def test_who_could_change_articles_before_there_were_roles_can_publish_them_on(self):
        change = Permission.objects.get(codename="change_article")
        group, user = Group.objects.create(name="Staff"), get_user_model().objects.create_user("staff")
        reader = get_user_model().objects.create_user("reader")
        group.permissions.add(change)
        user.user_permissions.add(change)
        import_module("blog.migrations.0002_roles").let_publish_on(apps, connection.schema_editor())
        self.assertTrue(group.permissions.filter(codename="publish_article").exists())
        self.assertTrue(user.has_perm("articles.publish_article"))
        self.assertFalse(reader.has_perm("articles.publish_article"))
