import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0003_shows_lag"),
    ]

    operations = [
        migrations.AddField(
            model_name="lastchange",
            name="token",
            field=models.UUIDField(default=uuid.uuid4),
        ),
    ]
