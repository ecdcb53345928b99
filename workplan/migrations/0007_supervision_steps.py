"""Plans that are there already get the three usual steps of escalation; new ones get them from `services.supervision`."""

from django.db import migrations

# As `workplan.services.supervision.USUAL_STEPS` had them when this was written.
USUAL = ((1, "提醒", "blue", 5), (2, "警告", "orange", 3), (3, "通报", "red", 2))


def add_steps(apps, schema_editor):
    step = apps.get_model("workplan", "SupervisionStep")
    for plan in apps.get_model("workplan", "Plan").objects.all():
        step.objects.bulk_create(
            step(plan=plan, rank=rank, name=name, colour=colour, reply_days=days) for rank, name, colour, days in USUAL
        )


class Migration(migrations.Migration):
    dependencies = [("workplan", "0006_supervision")]

    operations = [migrations.RunPython(add_steps, migrations.RunPython.noop)]
