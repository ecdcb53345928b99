"""Plans that are there already are reminded of remarks that wait for an answer; new ones get the rule from `services.reminder_rules`."""

from django.db import migrations

# As `workplan.services.reminder_rules.REMARKS` had them when this was written.
USUAL = {
    "before": "30-1",
    "overdue_every": 1,
    "supervisor_after": None,
    "office_after": None,
    "leader_after": 1,
    "order_after": None,
}


def add_rules(apps, schema_editor):
    rule = apps.get_model("workplan", "ReminderRule")
    rule.objects.bulk_create(
        rule(plan=plan, subject="remark", **USUAL) for plan in apps.get_model("workplan", "Plan").objects.all()
    )


class Migration(migrations.Migration):
    dependencies = [("workplan", "0010_remarks")]

    operations = [migrations.RunPython(add_rules, migrations.RunPython.noop)]
