import accounts.fields
import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


def lay_out_rules(apps, schema_editor):
    """Give the plans that are there the usual rules."""
    rule = apps.get_model('workplan', 'ReminderRule')
    for plan in apps.get_model('workplan', 'Plan').objects.exclude(status='draft'):
        for subject in ('report', 'target', 'record', 'order', 'extension'):
            ordered = {} if subject in ('report', 'target') else {'order_after': None}
            rule.objects.get_or_create(plan=plan, subject=subject, defaults=ordered)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_supervisor'),
        ('workplan', '0003_jobs'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('digest', '每日提醒'), ('urge', '催办'), ('news', '通知')], max_length=10, verbose_name='类型')),
                ('key', models.CharField(max_length=120, verbose_name='唯一键')),
                ('day', models.DateField(verbose_name='日期')),
                ('title', models.CharField(max_length=120, verbose_name='标题')),
                ('lines', models.JSONField(default=list, verbose_name='内容')),
                ('made_at', models.DateTimeField(verbose_name='生成时间')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='阅读时间')),
                ('org_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='单位')),
                ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='发出人')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL, verbose_name='收件人')),
            ],
            options={
                'verbose_name': '消息',
                'verbose_name_plural': '消息',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('mail', '邮件'), ('webhook', '群机器人')], max_length=10, verbose_name='渠道')),
                ('state', models.CharField(choices=[('waiting', '等待发送'), ('sent', '已发送'), ('dropped', '无需发送')], default='waiting', max_length=10, verbose_name='状态')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='workplan.message', verbose_name='消息')),
            ],
            options={
                'verbose_name': '消息发送',
                'verbose_name_plural': '消息发送',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='NoticeSetting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('digest_hour', models.PositiveSmallIntegerField(default=9, validators=[django.core.validators.MinValueValidator(6), django.core.validators.MaxValueValidator(20)], verbose_name='每日提醒时间（时）')),
                ('mail', models.BooleanField(default=False, verbose_name='邮件')),
                ('webhook', models.BooleanField(default=False, verbose_name='群机器人')),
                ('webhook_format', models.CharField(choices=[('wecom', '企业微信'), ('dingtalk', '钉钉'), ('feishu', '飞书')], default='wecom', max_length=10, verbose_name='机器人类型')),
                ('webhook_url', accounts.fields.EncryptedField(blank=True, verbose_name='机器人地址')),
                ('webhook_secret', accounts.fields.EncryptedField(blank=True, verbose_name='签名密钥')),
                ('quiet_from', models.TimeField(default='20:00', verbose_name='免打扰开始')),
                ('quiet_to', models.TimeField(default='08:00', verbose_name='免打扰结束')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='notice_setting', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
            ],
            options={
                'verbose_name': '消息设置',
                'verbose_name_plural': '消息设置',
            },
        ),
        migrations.CreateModel(
            name='ReminderRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(choices=[('report', '进展填报'), ('target', '目标时限'), ('record', '证书和年检'), ('order', '督办单'), ('extension', '延期申请')], max_length=12, verbose_name='事项')),
                ('before', models.CharField(blank=True, default='7,3,1', max_length=40, validators=[django.core.validators.RegexValidator('^\\d{1,3}([,，]\\d{1,3}){0,9}$', '请填写用逗号分隔的天数，如 7,3,1。')], verbose_name='提前（工作日）')),
                ('on_day', models.BooleanField(default=True, verbose_name='当天提醒')),
                ('overdue_every', models.PositiveSmallIntegerField(default=3, verbose_name='逾期后每隔（工作日）')),
                ('supervisor_after', models.PositiveSmallIntegerField(blank=True, default=1, null=True, verbose_name='逾期多久告知分管负责人')),
                ('office_after', models.PositiveSmallIntegerField(blank=True, default=3, null=True, verbose_name='逾期多久告知主管科室')),
                ('leader_after', models.PositiveSmallIntegerField(blank=True, default=6, null=True, verbose_name='逾期多久告知局领导')),
                ('order_after', models.PositiveSmallIntegerField(blank=True, default=9, null=True, verbose_name='逾期多久拟办督办单')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminder_rules', to='workplan.plan', verbose_name='工作要点')),
            ],
            options={
                'verbose_name': '提醒规则',
                'verbose_name_plural': '提醒规则',
                'ordering': ['plan', 'subject'],
            },
        ),
        migrations.CreateModel(
            name='Urge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('app', models.CharField(max_length=40, verbose_name='业务板块')),
                ('missing', models.PositiveSmallIntegerField(verbose_name='未报份数')),
                ('day', models.DateField(verbose_name='催办日期')),
                ('urged_at', models.DateTimeField(verbose_name='催办时间')),
                ('org_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='urges', to='accounts.orgunit', verbose_name='单位')),
                ('period', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='urges', to='workplan.period', verbose_name='报告期')),
                ('urged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='催办人')),
            ],
            options={
                'verbose_name': '催办',
                'verbose_name_plural': '催办',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日期')),
                ('working', models.BooleanField(help_text='勾选为上班（如周末调休），不勾选为放假。', verbose_name='上班')),
                ('name', models.CharField(blank=True, max_length=40, verbose_name='名称')),
                ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_days', to='accounts.orgunit', verbose_name='局')),
            ],
            options={
                'verbose_name': '工作日历',
                'verbose_name_plural': '工作日历',
                'ordering': ['-day'],
                'constraints': [models.UniqueConstraint(fields=('bureau', 'day'), name='calendarday_once', violation_error_message='该日期已在工作日历中。')],
            },
        ),
        migrations.CreateModel(
            name='Leave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField(verbose_name='开始日期')),
                ('last_day', models.DateField(verbose_name='结束日期')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='取消时间')),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='代理人')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to=settings.AUTH_USER_MODEL, verbose_name='休假人')),
            ],
            options={
                'verbose_name': '休假代理',
                'verbose_name_plural': '休假代理',
                'ordering': ['-first_day'],
                'constraints': [models.CheckConstraint(condition=models.Q(('last_day__gte', models.F('first_day'))), name='leave_days_ordered', violation_error_message='结束日期不能早于开始日期。'), models.CheckConstraint(condition=models.Q(('deputy', models.F('user')), _negated=True), name='leave_deputy_is_another', violation_error_message='代理人不能是本人。')],
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('read_at__isnull', True)), fields=['user'], name='message_unread'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('user', 'key'), name='message_once', violation_error_message='这条消息已经生成。'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['digest', 'urge', 'news'])), name='message_kind_known', violation_error_message='消息类型不在规定范围内。'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('message', 'channel'), name='delivery_once', violation_error_message='该渠道已有这条消息。'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='delivery_ended_with_time', violation_error_message='已结束的发送须有完成时间。'),
        ),
        migrations.AddConstraint(
            model_name='noticesetting',
            constraint=models.CheckConstraint(condition=models.Q(('digest_hour__gte', 6), ('digest_hour__lte', 20)), name='noticesetting_hour_of_the_day', violation_error_message='每日提醒时间须在 6 时与 20 时之间。'),
        ),
        migrations.AddConstraint(
            model_name='noticesetting',
            constraint=models.CheckConstraint(condition=models.Q(('webhook', False), models.Q(('webhook_url', ''), _negated=True), _connector='OR'), name='noticesetting_webhook_has_address', violation_error_message='启用群机器人须填写地址。'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.UniqueConstraint(fields=('plan', 'subject'), name='reminderrule_once', violation_error_message='该工作要点对这类事项已有提醒规则。'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.CheckConstraint(condition=models.Q(('subject__in', ['report', 'target', 'record', 'order', 'extension'])), name='reminderrule_subject_known', violation_error_message='提醒事项不在规定范围内。'),
        ),
        migrations.AddConstraint(
            model_name='urge',
            constraint=models.UniqueConstraint(fields=('org_unit', 'period', 'app', 'day'), name='urge_once_a_day', violation_error_message='今天已经催办过。'),
        ),
        migrations.RunPython(lay_out_rules, migrations.RunPython.noop),
    ]
