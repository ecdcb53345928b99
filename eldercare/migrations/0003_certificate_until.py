from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_supervisor'),
        ('eldercare', '0002_registers'),
        ('people', '0003_lighter_indexes'),
        ('workplan', '0004_messages_and_reminders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='careworker',
            name='certificate_until',
            field=models.DateField(blank=True, help_text='证书没有期限的不填。', null=True, verbose_name='证书有效期至'),
        ),
        migrations.AddConstraint(
            model_name='careworker',
            constraint=models.CheckConstraint(condition=models.Q(('certificate_until__isnull', True), models.Q(('certificate_until__gte', models.F('certified_on')), ('certified_on__isnull', False)), _connector='OR'), name='eldercare_careworker_certificate_until_after_certified', violation_error_message='证书有效期须与发证日期一并填写，且不能早于发证日期。'),
        ),
    ]
