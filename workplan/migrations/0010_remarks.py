import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from workplan.migrating import CreateTogether


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_supervisor'),
        ('workplan', '0009_rollup'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reminderrule',
            name='reminderrule_subject_known',
        ),
        migrations.AlterField(
            model_name='reminderrule',
            name='before',
            field=models.CharField(blank=True, default='7,3,1', max_length=40, validators=[django.core.validators.RegexValidator('^\\d{1,3}(-\\d{1,3})?([,，]\\d{1,3}(-\\d{1,3})?){0,9}$', '请填写用逗号分隔的天数，如 7,3,1；每天提醒写作 5-1。')], verbose_name='提前（工作日）'),
        ),
        migrations.AlterField(
            model_name='reminderrule',
            name='subject',
            field=models.CharField(choices=[('report', '进展填报'), ('target', '目标时限'), ('record', '证书和年检'), ('order', '督办单'), ('extension', '延期申请'), ('remark', '领导批示')], max_length=12, verbose_name='事项'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('subject__in', ['report', 'target', 'record', 'order', 'extension', 'remark'])), name='reminderrule_subject_known', violation_error_message='提醒事项不在规定范围内。'),
        ),
        CreateTogether([
            migrations.CreateModel(
                name='Remark',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('app', models.CharField(max_length=40, verbose_name='业务板块')),
                    ('text', models.TextField(verbose_name='批示内容')),
                    ('answer_due', models.DateField(verbose_name='回应时限')),
                    ('written_on', models.DateField(verbose_name='批示日期')),
                    ('written_at', models.DateTimeField(verbose_name='批示时间')),
                    ('answer', models.TextField(blank=True, verbose_name='回应内容')),
                    ('answered_on', models.DateField(blank=True, null=True, verbose_name='回应日期')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='回应时间')),
                    ('key', models.CharField(blank=True, editable=False, max_length=160, null=True, unique=True, verbose_name='唯一键')),
                    ('version', models.PositiveIntegerField(default=1, verbose_name='办理次数')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='workplan.plan', verbose_name='工作要点')),
                    ('task', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='workplan.task', verbose_name='工作任务')),
                    ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='workplan.target', verbose_name='目标')),
                    ('report', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='workplan.progressreport', verbose_name='进展填报')),
                    ('org_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='accounts.orgunit', verbose_name='回应科室')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批示人')),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='回应人')),
                    ('order', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='remark', to='workplan.supervisionorder', verbose_name='督办单')),
                ],
                options={
                    'verbose_name': '领导批示',
                    'verbose_name_plural': '领导批示',
                    'ordering': ['-pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('report__isnull', True), ('target__isnull', True), ('task__isnull', False)), models.Q(('report__isnull', True), ('target__isnull', False), ('task__isnull', True)), models.Q(('report__isnull', False), ('target__isnull', True), ('task__isnull', True)), _connector='OR'), name='remark_one_subject', violation_error_message='批示须对应一项任务、目标或填报，且只对应一项。'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='remark_says_what', violation_error_message='批示内容不能为空。'), models.CheckConstraint(condition=models.Q(('answer_due__gte', models.F('written_on'))), name='remark_due_after_writing', violation_error_message='回应时限不能早于批示日期。'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True), ('answered_on__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('answered_on__gte', models.F('written_on')), models.Q(('answer', ''), _negated=True), models.Q(('answered_by', models.F('written_by')), _negated=True)), _connector='OR'), name='remark_answered_by_another', violation_error_message='回应须有内容、回应人和日期，且不能由批示人本人回应。')],
                },
            ),
        ]),
    ]
