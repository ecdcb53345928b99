import django.db.models.deletion
from django.db import migrations, models

from workplan.migrating import CreateTogether
from workplan.rules.running import Change, running


def add_up(apps, schema_editor):
    """Write the totals of the figures that are there: from now on they follow each change."""
    figures, totals = apps.get_model("workplan", "Figure"), apps.get_model("workplan", "TargetTotal")
    names = ("accepted_on", "replaced_on", "flow", "value", "numerator", "denominator", "verified")
    for target in figures.objects.order_by().values_list("target_id", flat=True).distinct():
        changes = []
        for since, until, flow, *numbers in figures.objects.filter(target_id=target).values_list(*names):
            known = tuple(int(number is not None) for number in numbers)
            if until is None or until > since:
                changes.append(Change(since, 1, 1, int(not flow), tuple(numbers), known))
                changes += [Change(until, -1, 1, int(not flow), tuple(numbers), known)] if until else []
        totals.objects.bulk_create(totals(target_id=target, **one._asdict()) for one in running(changes))


class Migration(migrations.Migration):

    dependencies = [
        ('workplan', '0011_remark_rules'),
    ]

    operations = [
        CreateTogether([migrations.CreateModel(
            name='TargetTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateField(verbose_name='起始日期')),
                ('until', models.DateField(null=True, verbose_name='终止日期')),
                ('value', models.DecimalField(decimal_places=4, max_digits=22, null=True, verbose_name='数值')),
                ('numerator', models.DecimalField(decimal_places=4, max_digits=22, null=True, verbose_name='分子')),
                ('denominator', models.DecimalField(decimal_places=4, max_digits=22, null=True, verbose_name='分母')),
                ('verified', models.DecimalField(decimal_places=4, max_digits=22, null=True, verbose_name='其中经核查')),
                ('units', models.PositiveIntegerField(verbose_name='单位数')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='totals', to='workplan.target', verbose_name='目标')),
            ],
            options={
                'verbose_name': '目标合计',
                'verbose_name_plural': '目标合计',
                'ordering': ['target', 'since'],
                'indexes': [models.Index(fields=['target', 'until'], name='total_as_of')],
                'constraints': [models.UniqueConstraint(fields=('target', 'since'), name='total_once'), models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('target',), name='total_one_open'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='total_interval_ordered')],
            },
        )]),
        migrations.RunPython(add_up, migrations.RunPython.noop, elidable=True),
    ]
