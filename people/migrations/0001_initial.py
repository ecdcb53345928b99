import uuid
from functools import partial

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.fields
from accounts import triggers
from accounts.migrating import CreateTogether

TABLES = ("people_reveal",)


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("people", "0001_persons_and_reveals"),
        ("people", "0002_reveals_append_only"),
        ("people", "0003_lighter_indexes"),
    ]
    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        CreateTogether(
            [
                migrations.CreateModel(
                    name='Household',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                        ('org_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='households', to='accounts.orgunit', verbose_name='居住地')),
                        ('bureau', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='局')),
                        ('code', models.CharField(blank=True, max_length=40, verbose_name='户号')),
                        ('address', accounts.fields.EncryptedField(blank=True, verbose_name='住址')),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                    ],
                    options={
                        'verbose_name': '家庭',
                        'verbose_name_plural': '家庭',
                        'ordering': ['pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('bureau', 'code'), name='household_code_once', violation_error_message='该户号已被使用。')],
                        'indexes': [],
                    },
                ),
                migrations.CreateModel(
                    name='Person',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='编号')),
                        ('name', models.CharField(max_length=60, verbose_name='姓名')),
                        ('name_initials', models.CharField(blank=True, db_index=True, max_length=60, verbose_name='拼音首字母')),
                        ('id_kind', models.CharField(choices=[('resident', '居民身份证'), ('birth_certificate', '出生医学证明'), ('passport', '护照'), ('residence_permit', '港澳台居民居住证'), ('other', '其他证件'), ('none', '无证件')], default='resident', max_length=20, verbose_name='证件类型')),
                        ('id_number', accounts.fields.EncryptedField(blank=True, verbose_name='证件号码')),
                        ('id_digest', models.CharField(blank=True, max_length=64, verbose_name='证件摘要')),
                        ('id_tail', models.CharField(blank=True, max_length=4, verbose_name='证件尾号')),
                        ('sex', models.CharField(blank=True, choices=[('male', '男'), ('female', '女')], max_length=6, verbose_name='性别')),
                        ('birth_date', models.DateField(blank=True, null=True, verbose_name='出生日期')),
                        ('phone', accounts.fields.EncryptedField(blank=True, verbose_name='联系电话')),
                        ('phone_digest', models.CharField(blank=True, max_length=64, verbose_name='电话摘要')),
                        ('phone_tail', models.CharField(blank=True, max_length=4, verbose_name='电话尾号')),
                        ('residence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='residents', to='accounts.orgunit', verbose_name='居住地')),
                        ('household', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='people.household', verbose_name='家庭')),
                        ('relation', models.CharField(blank=True, choices=[('head', '户主'), ('spouse', '配偶'), ('son', '子'), ('daughter', '女'), ('grandchild', '孙子女'), ('parent', '父母'), ('grandparent', '祖父母'), ('sibling', '兄弟姐妹'), ('other', '其他')], max_length=12, verbose_name='与户主关系')),
                        ('merged_into', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='people.person', verbose_name='并入')),
                        ('version', models.PositiveIntegerField(default=1, editable=False, verbose_name='版本')),
                        ('created_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='登记时间')),
                        ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='修改时间')),
                        ('pseudonymised_on', models.DateField(blank=True, editable=False, null=True, verbose_name='假名化日期')),
                    ],
                    options={
                        'verbose_name': '服务对象',
                        'verbose_name_plural': '服务对象',
                        'ordering': ['name_initials', 'pk'],
                        'indexes': [models.Index(fields=['name', 'birth_date'], name='person_name_birth'), models.Index(fields=['id_tail'], name='person_id_tail'), models.Index(fields=['phone_digest'], name='person_phone_digest'), models.Index(fields=['phone_tail'], name='person_phone_tail')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('merged_into__isnull', True), models.Q(('id_digest', ''), _negated=True)), fields=('id_digest',), name='person_id_once', violation_error_message='该证件号码已经登记。'), models.UniqueConstraint(condition=models.Q(('merged_into__isnull', True), ('relation', 'head')), fields=('household',), name='person_one_head', violation_error_message='该户已有户主。'), models.CheckConstraint(condition=models.Q(('id_kind__in', ['resident', 'birth_certificate', 'passport', 'residence_permit', 'other', 'none'])), name='person_id_kind_known', violation_error_message='没有这一证件类型。'), models.CheckConstraint(condition=models.Q(models.Q(('id_kind', 'none'), _negated=True), ('id_number', ''), _connector='OR'), name='person_no_number_without_document', violation_error_message='选择“无证件”时不填写证件号码。'), models.CheckConstraint(condition=models.Q(('household__isnull', False), ('relation', ''), _connector='OR'), name='person_relation_in_household', violation_error_message='未加入家庭时不填写与户主关系。')],
                    },
                ),
                migrations.CreateModel(
                    name='Reveal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reveals', to='people.person', verbose_name='服务对象')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='查看人')),
                        ('org_unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='居住地')),
                        ('label', models.CharField(max_length=40, verbose_name='对象')),
                        ('field', models.CharField(choices=[('id_number', '证件号码'), ('phone', '联系电话')], max_length=12, verbose_name='内容')),
                        ('reason', models.CharField(max_length=200, verbose_name='理由')),
                        ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='时间')),
                    ],
                    options={
                        'verbose_name': '脱敏查看日志',
                        'verbose_name_plural': '脱敏查看日志',
                        'ordering': ['-pk'],
                        'indexes': [models.Index(fields=['user', 'at'], name='reveal_user_at')],
                        'constraints': [],
                    },
                ),
                migrations.CreateModel(
                    name='NotDuplicate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('first', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person', verbose_name='甲')),
                        ('second', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person', verbose_name='乙')),
                        ('dismissed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='时间')),
                    ],
                    options={
                        'verbose_name': '非重复确认',
                        'verbose_name_plural': '非重复确认',
                        'constraints': [models.UniqueConstraint(fields=('first', 'second'), name='notduplicate_once', violation_error_message='已经确认过。'), models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='notduplicate_ordered', violation_error_message='两人次序有误。')],
                        'indexes': [],
                    },
                ),
            ]
        ),
        migrations.RunPython(partial(triggers.install, tables=TABLES), partial(triggers.remove, tables=TABLES)),
    ]
