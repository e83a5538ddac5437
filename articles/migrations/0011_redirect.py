import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0010_shows_lag"),
    ]

    operations = [
        migrations.CreateModel(
            name="Redirect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "old_path",
                    models.CharField(
                        help_text="The path that readers may still know, like /2020/01/hello/.",
                        max_length=500,
                        unique=True,
                        verbose_name="old address",
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                (
                    "new_path",
                    models.CharField(
                        blank=True,
                        help_text="A path of this site, like /en/tags/django/.",
                        max_length=500,
                        verbose_name="leads to",
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="redirects",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
            ],
            options={
                "verbose_name": "redirect",
                "verbose_name_plural": "redirects",
                "ordering": ["old_path"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("article", None), ("language", ""), ("new_path__startswith", "/")),
                            models.Q(("article__isnull", False), ("language__gt", ""), ("new_path", "")),
                            _connector="OR",
                        ),
                        name="redirect_leads_to_one_place",
                        violation_error_message="A redirect leads to an article or to a path.",
                    )
                ],
            },
        ),
    ]
