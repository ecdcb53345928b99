from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_supervisor'),
        ('socialorgs', '0002_registers'),
        ('workplan', '0004_messages_and_reminders'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='socialorganisation',
            name='licence_until',
            field=models.DateField(blank=True, null=True, verbose_name='登记证书有效期至'),
        ),
        migrations.AddConstraint(
            model_name='socialorganisation',
            constraint=models.CheckConstraint(condition=models.Q(('licence_until__isnull', True), ('licence_until__gte', models.F('happened_on')), _connector='OR'), name='socialorgs_socialorganisation_licence_until_after_happened_on', violation_error_message='不能早于成立登记日期。'),
        ),
    ]
