
import articles.models.preview_link
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0006_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PreviewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=articles.models.preview_link.new_token, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='UnsavedText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.UUIDField()),
                ('language', models.CharField(max_length=10)),
                ('kept_at', models.DateTimeField(auto_now=True)),
                ('fields', models.JSONField(default=dict)),
            ],
            options={
                'ordering': ['-kept_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='WorkingCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=10, verbose_name='language')),
            ],
            options={
                'verbose_name': 'working copy',
                'verbose_name_plural': 'working copies',
            },
        ),
        migrations.AlterModelOptions(
            name='article',
            options={'ordering': ['-pk'], 'permissions': [('publish_article', 'Can publish every article'), ('own_article', 'Can write, publish and delete own articles'), ('translate_article', 'Can write every language but the original, without publishing')], 'verbose_name': 'article', 'verbose_name_plural': 'articles'},
        ),
        migrations.RemoveIndex(
            model_name='revision',
            name='revision_latest',
        ),
        migrations.AddField(
            model_name='article',
            name='created_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='revision',
            name='based_on',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.revision'),
        ),
        migrations.AddField(
            model_name='revision',
            name='kind',
            field=models.CharField(choices=[('saved', 'saved'), ('working_copy', 'working copy'), ('set_aside', 'set aside')], default='saved', max_length=20, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='revision',
            name='shared',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='revision',
            name='source_revision',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.revision'),
        ),
        migrations.AddIndex(
            model_name='revision',
            index=models.Index(fields=['article', 'language', 'kind', '-id'], name='revision_latest'),
        ),
        migrations.AddField(
            model_name='previewlink',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='preview_links', to='articles.article'),
        ),
        migrations.AddField(
            model_name='previewlink',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='unsavedtext',
            name='article',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='unsaved_texts', to='articles.article'),
        ),
        migrations.AddField(
            model_name='unsavedtext',
            name='based_on',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.revision'),
        ),
        migrations.AddField(
            model_name='unsavedtext',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='workingcopy',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='working_copies', to='articles.article'),
        ),
        migrations.AddField(
            model_name='workingcopy',
            name='revision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.revision'),
        ),
        migrations.AddConstraint(
            model_name='unsavedtext',
            constraint=models.UniqueConstraint(fields=('user', 'form', 'language'), name='unsaved_text_once'),
        ),
        migrations.AddConstraint(
            model_name='workingcopy',
            constraint=models.UniqueConstraint(fields=('article', 'language'), name='working_copy_once'),
        ),
    ]
