import django.db.models.deletion
import django.db.models.functions.comparison
import workplan.models.rollup
from django.conf import settings
from django.db import migrations, models

from workplan import triggers
from workplan.migrating import CreateTogether


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_supervisor'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('workplan', '0008_supervision_trail_append_only'),
    ]

    operations = [
        migrations.AddField(
            model_name='plan',
            name='rollup_day',
            field=models.PositiveSmallIntegerField(default=5, help_text='每月这一天自动生成上月汇总报告草稿，1 至 28。', verbose_name='月度汇总生成日'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(('rollup_day__gte', 1), ('rollup_day__lte', 28)), name='plan_rollup_day_in_every_month', violation_error_message='月度汇总生成日须在 1 与 28 之间。'),
        ),
        CreateTogether([
            migrations.CreateModel(
                name='RollupTemplate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='名称')),
                    ('file', models.FileField(max_length=120, upload_to=workplan.models.rollup.template_path, verbose_name='文件')),
                    ('size', models.PositiveBigIntegerField(verbose_name='大小（字节）')),
                    ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                    ('active_from', models.DateField(verbose_name='启用日期')),
                    ('uploaded_at', models.DateTimeField(verbose_name='上传时间')),
                    ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rollup_templates', to='accounts.orgunit', verbose_name='局')),
                    ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='上传人')),
                ],
                options={
                    'verbose_name': '报告模板',
                    'verbose_name_plural': '报告模板',
                    'ordering': ['-active_from'],
                    'constraints': [models.UniqueConstraint(fields=('bureau', 'active_from'), name='rolluptemplate_one_a_day', violation_error_message='这一启用日期已有模板。')],
                },
            ),
            migrations.CreateModel(
                name='RollupReport',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('month', '月度'), ('quarter', '季度'), ('half_year', '半年'), ('year', '年度'), ('on_demand', '专题')], max_length=12, verbose_name='类型')),
                    ('level', models.CharField(choices=[('bureau', '全局'), ('section', '板块'), ('township', '乡镇（街道）')], max_length=12, verbose_name='范围')),
                    ('start', models.DateField(verbose_name='起始日期')),
                    ('end', models.DateField(verbose_name='截止日期')),
                    ('title', models.CharField(max_length=120, verbose_name='标题')),
                    ('state', models.CharField(choices=[('draft', '草稿'), ('published', '已发布')], default='draft', max_length=10, verbose_name='状态')),
                    ('snapshot', models.JSONField(default=dict, verbose_name='快照')),
                    ('texts', models.JSONField(default=dict, verbose_name='文字')),
                    ('version', models.PositiveIntegerField(default=1, verbose_name='保存次数')),
                    ('made_at', models.DateTimeField(verbose_name='生成时间')),
                    ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                    ('published_on', models.DateField(blank=True, null=True, verbose_name='发布日期')),
                    ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='生成人')),
                    ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rollups', to='workplan.plan', verbose_name='工作要点')),
                    ('published_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发布人')),
                    ('saved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='最近保存')),
                    ('section', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rollups', to='workplan.section', verbose_name='板块')),
                    ('township', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='rollups', to='accounts.orgunit', verbose_name='乡镇（街道）')),
                    ('template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='workplan.rolluptemplate', verbose_name='模板')),
                ],
                options={
                    'verbose_name': '汇总报告',
                    'verbose_name_plural': '汇总报告',
                    'ordering': ['-end', 'level', 'section__number', 'township__sort', 'pk'],
                    'constraints': [models.UniqueConstraint(models.F('plan'), models.F('kind'), django.db.models.functions.comparison.Coalesce('section', models.Value(0)), django.db.models.functions.comparison.Coalesce('township', models.Value(0)), models.F('end'), condition=models.Q(('kind', 'on_demand'), _negated=True), name='rollup_once', violation_error_message='这一范围、这一期的汇总报告已经有了。'), models.UniqueConstraint(models.F('plan'), django.db.models.functions.comparison.Coalesce('section', models.Value(0)), django.db.models.functions.comparison.Coalesce('township', models.Value(0)), models.F('start'), models.F('end'), condition=models.Q(('kind', 'on_demand'), ('state', 'draft')), name='rollup_one_draft_on_demand', violation_error_message='这一范围、这一时段的专题汇总已有草稿。'), models.CheckConstraint(condition=models.Q(models.Q(('level', 'bureau'), ('section__isnull', True), ('township__isnull', True)), models.Q(('level', 'section'), ('section__isnull', False), ('township__isnull', True)), models.Q(('level', 'township'), ('section__isnull', True), ('township__isnull', False)), _connector='OR'), name='rollup_subject_fits_level', violation_error_message='汇总范围与所选的板块或乡镇（街道）不符。'), models.CheckConstraint(condition=models.Q(('kind__in', ['month', 'quarter', 'half_year', 'year', 'on_demand'])), name='rollup_kind_known', violation_error_message='汇总类型不在规定范围内。'), models.CheckConstraint(condition=models.Q(('end__gte', models.F('start'))), name='rollup_dates_ordered', violation_error_message='截止日期不能早于起始日期。'), models.CheckConstraint(condition=models.Q(models.Q(('published_by__isnull', True), ('published_on__isnull', True), ('state', 'draft')), models.Q(('published_by__isnull', False), ('published_on__isnull', False), ('state', 'published')), _connector='OR'), name='rollup_published_by_somebody', violation_error_message='发布的汇总报告须有发布人和发布日期。')],
                },
            ),
            migrations.CreateModel(
                name='RollupFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('docx', 'Word 报告'), ('xlsx', '任务分解台账'), ('pdf', 'PDF 报告')], max_length=5, verbose_name='种类')),
                    ('file', models.FileField(max_length=120, upload_to=workplan.models.rollup.rollup_path, verbose_name='文件')),
                    ('name', models.CharField(max_length=150, verbose_name='文件名')),
                    ('content_type', models.CharField(max_length=100, verbose_name='类型')),
                    ('size', models.PositiveBigIntegerField(verbose_name='大小（字节）')),
                    ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                    ('report', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='workplan.rollupreport', verbose_name='汇总报告')),
                ],
                options={
                    'verbose_name': '汇总报告文件',
                    'verbose_name_plural': '汇总报告文件',
                    'ordering': ['report', 'kind'],
                    'constraints': [models.UniqueConstraint(fields=('report', 'kind'), name='rollupfile_once', violation_error_message='这份汇总报告已有这种文件。'), models.CheckConstraint(condition=models.Q(('kind__in', ['docx', 'xlsx', 'pdf'])), name='rollupfile_kind_known', violation_error_message='文件种类不在规定范围内。')],
                },
            ),
        ]),
        migrations.RunPython(triggers.freeze_published, triggers.thaw),
    ]
