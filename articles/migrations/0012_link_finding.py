from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0011_redirect"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField()),
                ("links", models.PositiveIntegerField()),
                ("unasked", models.PositiveIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OutsideAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(blank=True, max_length=10, verbose_name="finding")),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("target", models.TextField(blank=True)),
                ("address", models.CharField(max_length=2000, unique=True)),
                ("asked_at", models.DateTimeField()),
                ("failing_since", models.DateTimeField(null=True)),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="LinkFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(blank=True, max_length=10, verbose_name="finding")),
                ("reason", models.CharField(blank=True, max_length=20)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("target", models.TextField(blank=True)),
                ("model", models.CharField(max_length=100)),
                ("object_id", models.PositiveBigIntegerField()),
                ("language", models.CharField(blank=True, max_length=10, verbose_name="language")),
                ("address", models.TextField()),
                ("found_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["model", "object_id", "language", "pk"],
                "abstract": False,
                "default_permissions": (),
                "indexes": [models.Index(fields=["model", "object_id", "language"], name="link_finding_of_text")],
            },
        ),
    ]
