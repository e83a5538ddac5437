import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0008_who_began_articles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Translation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=10, verbose_name="language")),
                ("is_wanted", models.BooleanField(default=True, verbose_name="translation wanted")),
                ("blocks_behind", models.PositiveIntegerField(default=0, verbose_name="passages behind")),
                ("words_behind", models.PositiveIntegerField(default=0, verbose_name="words behind")),
                ("answered_at", models.DateTimeField(null=True)),
                ("blocks", models.JSONField(default=list)),
                ("blocks_before", models.JSONField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="translations", to="articles.article"
                    ),
                ),
                (
                    "working_copy",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="articles.workingcopy",
                    ),
                ),
            ],
            options={
                "verbose_name": "translation",
                "verbose_name_plural": "translations",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("working_copy", None)),
                        fields=("article", "language"),
                        name="translation_once",
                    ),
                    models.UniqueConstraint(fields=("working_copy",), name="translation_of_copy_once"),
                ],
            },
        ),
    ]
