from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_urban_communities'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='membership',
            name='membership_role_known',
        ),
        migrations.AlterField(
            model_name='membership',
            name='role',
            field=models.CharField(choices=[('administrator', '系统管理员'), ('staff', '科室经办'), ('head', '科室负责人'), ('liaison', '乡镇联络员'), ('supervisor', '乡镇分管负责人'), ('leader', '局领导'), ('auditor', '审计')], max_length=20, verbose_name='角色'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['administrator', 'staff', 'head', 'liaison', 'supervisor', 'leader', 'auditor'])), name='membership_role_known', violation_error_message='角色不在规定范围内。'),
        ),
    ]
