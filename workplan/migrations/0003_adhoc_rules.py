"""Plans that are there already are reminded of ad-hoc requests that wait for an answer; new ones get the rule from `services.reminder_rules`."""

from django.db import migrations


def add_rules(apps, schema_editor):
    rule = apps.get_model("workplan", "ReminderRule")
    rule.objects.bulk_create(
        rule(plan=plan, subject="adhoc", order_after=None) for plan in apps.get_model("workplan", "Plan").objects.all()
    )


class Migration(migrations.Migration):
    dependencies = [("workplan", "0002_adhoc_requests")]

    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
