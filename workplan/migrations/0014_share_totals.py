from django.db import migrations, models
from django.db.models import Count, Sum

from workplan import triggers


def add_up(apps, schema_editor):
    """Write the totals of the allocations that are there: from now on they follow each change."""
    allocations, totals = apps.get_model("workplan", "Allocation"), apps.get_model("workplan", "ShareTotal")
    rows = allocations.objects.order_by().values("target_id").annotate(units=Count("pk"), together=Sum("amount"))
    totals.objects.bulk_create(
        totals(target_id=row["target_id"], units=row["units"], amount=row["together"]) for row in rows
    )


class Migration(migrations.Migration):

    dependencies = [
        ('workplan', '0013_flow_of_period'),
    ]

    operations = [
        migrations.CreateModel(
            name='ShareTotal',
            fields=[
                ('target', models.OneToOneField(on_delete=models.CASCADE, primary_key=True, related_name='share', serialize=False, to='workplan.target', verbose_name='目标')),
                ('units', models.PositiveIntegerField(verbose_name='单位数')),
                ('amount', models.DecimalField(decimal_places=4, max_digits=22, null=True, verbose_name='分解合计')),
            ],
            options={
                'verbose_name': '分解合计',
                'verbose_name_plural': '分解合计',
                'ordering': ['target'],
            },
        ),
        migrations.RunPython(add_up, migrations.RunPython.noop, elidable=True),
        migrations.RunPython(triggers.add_up_shares, triggers.stop_adding_shares),
    ]
