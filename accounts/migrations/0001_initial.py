import datetime

import django.contrib.auth.validators
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.users
from accounts import triggers
from accounts.migrating import CreateTogether


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("accounts", "0001_users_units_audit"),
        ("accounts", "0002_audit_append_only"),
        ("accounts", "0003_key_check"),
        ("accounts", "0004_urban_communities"),
        ("accounts", "0005_supervisor"),
        ("accounts", "0006_calendar_feed"),
    ]
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name='OrgUnit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=40, unique=True, validators=[django.core.validators.RegexValidator('^[0-9A-Za-z-]+$', '代码只能包含字母、数字和连字符。')], verbose_name='代码')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('short_name', models.CharField(blank=True, max_length=40, verbose_name='简称')),
                        ('kind', models.CharField(choices=[('city', '市级'), ('bureau', '局'), ('office', '科室'), ('street', '街道'), ('town', '镇'), ('township', '乡'), ('ethnic_township', '民族乡'), ('village', '村'), ('community', '社区')], max_length=20, verbose_name='类型')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.orgunit', verbose_name='上级单位')),
                        ('path', models.CharField(editable=False, max_length=255, unique=True, verbose_name='路径')),
                        ('valid_from', models.DateField(default=datetime.date(2000, 1, 1), verbose_name='启用日期')),
                        ('valid_to', models.DateField(blank=True, help_text='从这一天起不再使用；留空表示在用。', null=True, verbose_name='停用日期')),
                        ('proposed', models.BooleanField(default=False, help_text='由系统建议，尚未经本单位确认。', verbose_name='待确认')),
                        ('urban', models.BooleanField(default=False, help_text='社区属于城市社区的勾选，作为覆盖率的分母。', verbose_name='城市社区')),
                        ('sort', models.PositiveIntegerField(default=0, verbose_name='排序')),
                    ],
                    options={
                        'verbose_name': '单位',
                        'verbose_name_plural': '单位',
                        'ordering': ['sort', 'code'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gt', models.F('valid_from')), _connector='OR'), name='orgunit_validity_ordered', violation_error_message='停用日期必须晚于启用日期。'), models.CheckConstraint(condition=models.Q(('urban', False), ('kind', 'community'), _connector='OR'), name='orgunit_urban_communities_only', violation_error_message='只有社区可以标为城市社区。'), models.CheckConstraint(condition=models.Q(('kind__in', ['city', 'bureau', 'office', 'street', 'town', 'township', 'ethnic_township', 'village', 'community'])), name='orgunit_kind_known', violation_error_message='单位类型不在规定范围内。')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='Succession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('predecessor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successions', to='accounts.orgunit', verbose_name='原单位')),
                        ('successor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='origins', to='accounts.orgunit', verbose_name='承接单位')),
                        ('kind', models.CharField(choices=[('merge', '合并'), ('split', '拆分')], max_length=10, verbose_name='方式')),
                        ('on', models.DateField(verbose_name='生效日期')),
                    ],
                    options={
                        'verbose_name': '单位沿革',
                        'verbose_name_plural': '单位沿革',
                        'constraints': [models.UniqueConstraint(fields=('predecessor', 'successor'), name='succession_once', violation_error_message='这一沿革关系已经登记。'), models.CheckConstraint(condition=models.Q(('predecessor', models.F('successor')), _negated=True), name='succession_between_two', violation_error_message='原单位与承接单位不能相同。')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='Remit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remits', to='accounts.orgunit', verbose_name='局')),
                        ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='office_remits', to='accounts.orgunit', verbose_name='科室')),
                        ('app', models.CharField(max_length=40, verbose_name='业务板块')),
                        ('valid_from', models.DateField(default=datetime.date(2000, 1, 1), verbose_name='起始日期')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='终止日期')),
                        ('proposed', models.BooleanField(default=False, verbose_name='待确认')),
                    ],
                    options={
                        'verbose_name': '科室业务',
                        'verbose_name_plural': '科室业务',
                        'ordering': ['bureau', 'app'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('bureau', 'app'), name='remit_one_office_per_app', violation_error_message='该业务板块已有负责科室。')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                        ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                        ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                        ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                        ('name', models.CharField(max_length=60, verbose_name='姓名')),
                        ('must_change_password', models.BooleanField(default=True, verbose_name='下次登录须改密码')),
                        ('password_changed_at', models.DateTimeField(blank=True, null=True, verbose_name='密码修改时间')),
                        ('session_epoch', models.PositiveIntegerField(default=0, editable=False, verbose_name='会话批次')),
                        ('is_demo', models.BooleanField(default=False, editable=False, verbose_name='演示账号')),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': '用户',
                        'verbose_name_plural': '用户',
                        'ordering': ['username'],
                        'indexes': [],
                        'constraints': [],
                    },
                    managers=[
                        ('objects', accounts.models.users.AccountManager()),
                    ],
                ),
                migrations.CreateModel(
                    name='Event',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(db_index=True, verbose_name='时间')),
                        ('business_date', models.DateField(verbose_name='业务日期')),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='操作人')),
                        ('actor_name', models.CharField(blank=True, max_length=60, verbose_name='操作人姓名')),
                        ('action', models.CharField(db_index=True, max_length=60, verbose_name='操作')),
                        ('object_type', models.CharField(blank=True, max_length=80, verbose_name='对象类型')),
                        ('object_id', models.CharField(blank=True, max_length=40, verbose_name='对象编号')),
                        ('object_label', models.CharField(blank=True, max_length=200, verbose_name='对象')),
                        ('org_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='单位')),
                        ('app', models.CharField(blank=True, max_length=40, verbose_name='业务板块')),
                        ('before', models.JSONField(blank=True, default=dict, verbose_name='变更前')),
                        ('after', models.JSONField(blank=True, default=dict, verbose_name='变更后')),
                        ('note', models.TextField(blank=True, verbose_name='说明')),
                        ('request_id', models.CharField(blank=True, max_length=64, verbose_name='请求编号')),
                    ],
                    options={
                        'verbose_name': '审计日志',
                        'verbose_name_plural': '审计日志',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['object_type', 'object_id'], name='event_object')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Seal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.PositiveBigIntegerField(unique=True, verbose_name='序号')),
                        ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal', to='accounts.event', verbose_name='事件')),
                        ('digest', models.CharField(max_length=64, verbose_name='摘要')),
                    ],
                    options={
                        'verbose_name': '日志封印',
                        'verbose_name_plural': '日志封印',
                        'ordering': ['number'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='KeyCheck',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40, unique=True, verbose_name='密钥编号')),
                        ('value', models.TextField(verbose_name='校验值')),
                    ],
                    options={
                        'verbose_name': '密钥校验',
                        'verbose_name_plural': '密钥校验',
                        'ordering': ['name'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='Membership',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                        ('org_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='accounts.orgunit', verbose_name='单位')),
                        ('role', models.CharField(choices=[('administrator', '系统管理员'), ('staff', '科室经办'), ('head', '科室负责人'), ('liaison', '乡镇联络员'), ('supervisor', '乡镇分管负责人'), ('leader', '局领导'), ('auditor', '审计')], max_length=20, verbose_name='角色')),
                        ('valid_from', models.DateField(default=datetime.date(2000, 1, 1), verbose_name='起始日期')),
                        ('valid_to', models.DateField(blank=True, null=True, verbose_name='终止日期')),
                    ],
                    options={
                        'verbose_name': '任职',
                        'verbose_name_plural': '任职',
                        'ordering': ['user', 'org_unit'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('valid_to__isnull', True)), fields=('user', 'org_unit', 'role'), name='membership_once', violation_error_message='该用户在该单位已有这一角色。'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='membership_validity_ordered', violation_error_message='终止日期不能早于起始日期。'), models.CheckConstraint(condition=models.Q(('role__in', ['administrator', 'staff', 'head', 'liaison', 'supervisor', 'leader', 'auditor'])), name='membership_role_known', violation_error_message='角色不在规定范围内。')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='ApiToken',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_tokens', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                        ('name', models.CharField(max_length=80, verbose_name='用途')),
                        ('prefix', models.CharField(editable=False, max_length=8, verbose_name='前缀')),
                        ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                        ('may_write', models.BooleanField(default=False, verbose_name='可写入')),
                        ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='创建时间')),
                        ('expires_at', models.DateTimeField(verbose_name='到期时间')),
                        ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
                        ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='最近使用')),
                    ],
                    options={
                        'verbose_name': '接口令牌',
                        'verbose_name_plural': '接口令牌',
                        'ordering': ['-created_at'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='CalendarFeed',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='calendar_feed', to=settings.AUTH_USER_MODEL, verbose_name='用户')),
                        ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                        ('created_at', models.DateTimeField(verbose_name='创建时间')),
                        ('expires_at', models.DateTimeField(verbose_name='到期时间')),
                        ('last_read_at', models.DateTimeField(blank=True, null=True, verbose_name='最近读取')),
                    ],
                    options={
                        'verbose_name': '日历订阅',
                        'verbose_name_plural': '日历订阅',
                        'ordering': ['user'],
                        'indexes': [],
                        'constraints': [],
                    },
                ),
            ]
        ),
        migrations.RunPython(triggers.install, triggers.remove),
    ]
