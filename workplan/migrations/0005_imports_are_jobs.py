from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def wait_as_jobs(apps, schema_editor):
    """Have jobs take up the imports that were waiting or running."""
    batches = apps.get_model('workplan', 'ImportBatch').objects
    batches.filter(state='checking').update(state='waiting')
    batches.filter(state='applying').update(state='queued')
    now = timezone.now()
    for state, kind in (('waiting', 'import.check'), ('queued', 'import.apply')):
        for batch in batches.filter(state=state):
            apps.get_model('workplan', 'Job').objects.create(
                kind=kind, key=f'{kind}:{batch.pk}', payload={'batch': batch.pk}, org_unit_id=batch.org_unit_id,
                created_by_id=batch.created_by_id, due_at=now, created_at=now,
            )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_supervisor'),
        ('workplan', '0004_messages_and_reminders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='importbatch',
            name='importbatch_state_known',
        ),
        migrations.RunPython(wait_as_jobs, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='importbatch',
            name='attempts',
        ),
        migrations.RemoveField(
            model_name='importbatch',
            name='done_rows',
        ),
        migrations.RemoveField(
            model_name='importbatch',
            name='lease',
        ),
        migrations.AlterField(
            model_name='importbatch',
            name='state',
            field=models.CharField(choices=[('waiting', '正在检查'), ('checked', '待确认'), ('queued', '正在导入'), ('done', '已导入'), ('failed', '未能完成'), ('undone', '已撤销')], default='waiting', max_length=10, verbose_name='状态'),
        ),
        migrations.AddConstraint(
            model_name='importbatch',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'checked', 'queued', 'done', 'failed', 'undone'])), name='importbatch_state_known', violation_error_message='导入状态不在规定范围内。'),
        ),
    ]
