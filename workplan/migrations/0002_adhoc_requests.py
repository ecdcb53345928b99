import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.migrating import CreateTogether


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('workplan', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reminderrule',
            name='reminderrule_subject_known',
        ),
        migrations.AlterField(
            model_name='reminderrule',
            name='subject',
            field=models.CharField(choices=[('report', '进展填报'), ('target', '目标时限'), ('record', '证书和年检'), ('order', '督办单'), ('extension', '延期申请'), ('remark', '领导批示'), ('adhoc', '临时填报')], max_length=12, verbose_name='事项'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('subject__in', ['report', 'target', 'record', 'order', 'extension', 'remark', 'adhoc'])), name='reminderrule_subject_known', violation_error_message='提醒事项不在规定范围内。'),
        ),
        CreateTogether([
            migrations.CreateModel(
                name='AdHocRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adhoc_requests', to='workplan.plan', verbose_name='工作要点')),
                    ('app', models.CharField(max_length=40, verbose_name='业务板块')),
                    ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adhoc_requests', to='accounts.orgunit', verbose_name='发起科室')),
                    ('title', models.CharField(max_length=60, verbose_name='标题')),
                    ('reason', models.TextField(verbose_name='填报理由')),
                    ('due', models.DateField(verbose_name='填报截止')),
                    ('expires', models.DateField(verbose_name='有效期至')),
                    ('state', models.CharField(choices=[('draft', '拟稿'), ('asked', '待审批'), ('approved', '填报中'), ('refused', '未批准'), ('withdrawn', '已撤回'), ('expired', '已到期')], default='draft', max_length=10, verbose_name='状态')),
                    ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='拟稿人')),
                    ('drafted_on', models.DateField(verbose_name='拟稿日期')),
                    ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='送审人')),
                    ('sent_on', models.DateField(blank=True, null=True, verbose_name='送审日期')),
                    ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
                    ('approved_on', models.DateField(blank=True, null=True, verbose_name='批准日期')),
                    ('refused_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='未批准人')),
                    ('refused_on', models.DateField(blank=True, null=True, verbose_name='未批准日期')),
                    ('refusal', models.TextField(blank=True, verbose_name='未批准原因')),
                    ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='撤回人')),
                    ('withdrawn_on', models.DateField(blank=True, null=True, verbose_name='撤回日期')),
                    ('withdrawal', models.TextField(blank=True, verbose_name='撤回原因')),
                    ('key', models.CharField(blank=True, editable=False, max_length=160, null=True, unique=True, verbose_name='唯一键')),
                    ('version', models.PositiveIntegerField(default=1, verbose_name='办理次数')),
                ],
                options={
                    'verbose_name': '临时填报',
                    'verbose_name_plural': '临时填报',
                    'ordering': ['-pk'],
                    'indexes': [models.Index(fields=['plan', 'state', 'due'], name='adhoc_of_plan')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'asked', 'approved', 'refused', 'withdrawn'])), name='adhoc_state_known', violation_error_message='临时填报的状态不在规定范围内。'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('reason', ''), _negated=True)), name='adhoc_says_what_and_why', violation_error_message='临时填报须有标题和理由。'), models.CheckConstraint(condition=models.Q(('due__gte', models.F('drafted_on')), ('expires__gte', models.F('due'))), name='adhoc_days_ordered', violation_error_message='日期须满足：拟稿 ≤ 填报截止 ≤ 有效期。'), models.CheckConstraint(condition=models.Q(models.Q(('sent_by__isnull', True), ('sent_on__isnull', True), ('state__in', ['draft', 'withdrawn'])), models.Q(('sent_by__isnull', False), ('sent_on__gte', models.F('drafted_on')), ('sent_on__isnull', False), ('sent_on__lte', models.F('due'))), _connector='OR'), name='adhoc_sent_in_time', violation_error_message='送审须有送审人，且不晚于填报截止。'), models.CheckConstraint(condition=models.Q(models.Q(('approved_by__isnull', True), ('approved_on__isnull', True), models.Q(('state', 'approved'), _negated=True)), models.Q(('approved_by__isnull', False), ('approved_on__isnull', False), ('sent_on__isnull', False), ('approved_on__gte', models.F('sent_on')), ('approved_on__lte', models.F('due')), ('state__in', ['approved', 'withdrawn']), models.Q(('approved_by', models.F('drafted_by')), _negated=True), models.Q(('approved_by', models.F('sent_by')), _negated=True)), _connector='OR'), name='adhoc_approved_by_another', violation_error_message='临时填报须由拟稿人、送审人以外的人批准，且不晚于填报截止。'), models.CheckConstraint(condition=models.Q(models.Q(('refusal', ''), ('refused_by__isnull', True), ('refused_on__isnull', True), models.Q(('state', 'refused'), _negated=True)), models.Q(('refused_by__isnull', False), ('refused_on__isnull', False), models.Q(('refusal', ''), _negated=True)), _connector='OR'), name='adhoc_refused_with_reason', violation_error_message='不批准须写明原因。'), models.CheckConstraint(condition=models.Q(models.Q(('withdrawal', ''), ('withdrawn_by__isnull', True), ('withdrawn_on__isnull', True), models.Q(('state', 'withdrawn'), _negated=True)), models.Q(('state', 'withdrawn'), ('withdrawn_by__isnull', False), ('withdrawn_on__isnull', False), models.Q(('withdrawal', ''), _negated=True)), _connector='OR'), name='adhoc_withdrawn_with_reason', violation_error_message='撤回须写明原因。')],
                },
            ),
            migrations.CreateModel(
                name='AdHocField',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='fields', to='workplan.adhocrequest', verbose_name='临时填报')),
                    ('place', models.PositiveSmallIntegerField(verbose_name='序号')),
                    ('label', models.CharField(max_length=40, verbose_name='填报项')),
                    ('kind', models.CharField(choices=[('number', '数字'), ('text', '文字')], default='number', max_length=10, verbose_name='类型')),
                    ('unit', models.CharField(blank=True, max_length=10, verbose_name='计量单位')),
                    ('required', models.BooleanField(default=True, verbose_name='必填')),
                ],
                options={
                    'verbose_name': '临时填报项',
                    'verbose_name_plural': '临时填报项',
                    'ordering': ['request_id', 'place'],
                    'constraints': [models.UniqueConstraint(fields=('request', 'place'), name='adhocfield_one_place', violation_error_message='序号重复。'), models.UniqueConstraint(fields=('request', 'label'), name='adhocfield_named_once', violation_error_message='填报项名称重复。'), models.CheckConstraint(condition=models.Q(('place__gte', 1), ('place__lte', 10)), name='adhocfield_few', violation_error_message='填报项须为 1 至 10 项。'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'number'), models.Q(('unit', ''), _negated=True)), models.Q(('kind', 'text'), ('unit', '')), _connector='OR'), name='adhocfield_numbers_have_units', violation_error_message='数字须有计量单位，文字没有。')],
                    'indexes': [],
                },
            ),
            migrations.CreateModel(
                name='AdHocAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='workplan.adhocrequest', verbose_name='临时填报')),
                    ('org_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adhoc_answers', to='accounts.orgunit', verbose_name='单位')),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='填报人')),
                    ('answered_on', models.DateField(blank=True, null=True, verbose_name='首次提交')),
                    ('saved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='最近保存')),
                    ('saved_at', models.DateTimeField(blank=True, null=True, verbose_name='最近保存时间')),
                    ('version', models.PositiveIntegerField(default=1, verbose_name='版本')),
                ],
                options={
                    'verbose_name': '临时填报答复',
                    'verbose_name_plural': '临时填报答复',
                    'ordering': ['request_id', 'org_unit__sort', 'org_unit__code'],
                    'constraints': [models.UniqueConstraint(fields=('request', 'org_unit'), name='adhocanswer_one_for_each_unit', violation_error_message='同一单位只填一份。'), models.CheckConstraint(condition=models.Q(models.Q(('answered_by__isnull', True), ('answered_on__isnull', True)), models.Q(('answered_by__isnull', False), ('answered_on__isnull', False), ('saved_by__isnull', False)), _connector='OR'), name='adhocanswer_by_somebody', violation_error_message='提交须有填报人和日期。'), models.CheckConstraint(condition=models.Q(models.Q(('saved_at__isnull', True), ('saved_by__isnull', True)), models.Q(('saved_at__isnull', False), ('saved_by__isnull', False)), _connector='OR'), name='adhocanswer_saved_by_somebody', violation_error_message='保存须有保存人和时间。')],
                    'indexes': [],
                },
            ),
            migrations.CreateModel(
                name='AdHocValue',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='values', to='workplan.adhocanswer', verbose_name='答复')),
                    ('field', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='values', to='workplan.adhocfield', verbose_name='填报项')),
                    ('number', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, verbose_name='数字')),
                    ('text', models.TextField(blank=True, verbose_name='文字')),
                ],
                options={
                    'verbose_name': '临时填报值',
                    'verbose_name_plural': '临时填报值',
                    'ordering': ['answer_id', 'field__place'],
                    'constraints': [models.UniqueConstraint(fields=('answer', 'field'), name='adhocvalue_once', violation_error_message='同一项只有一个值。'), models.CheckConstraint(condition=models.Q(models.Q(('number__gte', 0), ('number__isnull', False), ('text', '')), models.Q(('number__isnull', True), models.Q(('text', ''), _negated=True)), _connector='OR'), name='adhocvalue_number_or_text', violation_error_message='值为不小于零的数字，或文字。')],
                    'indexes': [],
                },
            ),
        ]),
    ]
