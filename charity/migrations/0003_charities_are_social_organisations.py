"""Duties of charities point at the register of social organisations instead of repeating name and code."""

import django.db.models.deletion
from django.db import migrations, models

COPIED = ("org_unit_id", "source", "created_by_id", "created_at", "changed_at", "state")


def point(apps, schema_editor):
    """Find each duty's organisation by code, else by name, in its bureau; enter one that is not there."""
    organisations = apps.get_model("socialorgs", "SocialOrganisation").objects
    # The bureau of a district before that of its city.
    bureaus = list(apps.get_model("accounts", "OrgUnit").objects.filter(kind="bureau").order_by("-path"))
    for duty in apps.get_model("charity", "CharityDuty").objects.select_related("org_unit"):
        bureau = next(unit for unit in bureaus if duty.org_unit.path.startswith(unit.path))
        kept = organisations.filter(org_unit__path__startswith=bureau.path).exclude(state="removed")
        by_code = kept.filter(code=duty.code).first() if duty.code else None
        found = by_code or kept.filter(name=duty.name).first() or _entered(organisations, duty)
        if found.charity_on is None:
            found.charity_on = max(found.happened_on, duty.happened_on)
            found.save(update_fields=["charity_on"])
        duty.organisation = found
        duty.save(update_fields=["organisation"])
    # PostgreSQL alters no table whose references are still to be checked.
    schema_editor.connection.check_constraints()


def _entered(organisations, duty):
    copied = {name: getattr(duty, name) for name in COPIED}
    return organisations.create(
        **copied,
        name=duty.name,
        code=duty.code or f"待补{duty.pk}",
        kind="foundation",
        happened_on=duty.happened_on,
        charity_on=duty.happened_on,
        note="由慈善组织台账转入，请核对。",
    )


def name_again(apps, schema_editor):
    for duty in apps.get_model("charity", "CharityDuty").objects.select_related("organisation"):
        duty.name, duty.code = duty.organisation.name[:80], duty.organisation.code[:18]
        duty.save(update_fields=["name", "code"])
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [
        ("charity", "0002_registers"),
        ("socialorgs", "0002_registers"),
    ]

    operations = [
        migrations.AddField(
            model_name="charityduty",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="socialorgs.socialorganisation",
            ),
        ),
        migrations.RemoveConstraint(model_name="charityduty", name="charity_charityduty_once"),
        migrations.AlterField("charityduty", "name", models.CharField(default="", max_length=80)),
        migrations.RunPython(point, name_again),
        migrations.AlterField(
            model_name="charityduty",
            name="organisation",
            field=models.ForeignKey(
                limit_choices_to={"charity_on__isnull": False},
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="socialorgs.socialorganisation",
                verbose_name="慈善组织",
            ),
        ),
        migrations.RemoveField(model_name="charityduty", name="name"),
        migrations.RemoveField(model_name="charityduty", name="code"),
        migrations.AddConstraint(
            model_name="charityduty",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "removed"), _negated=True),
                fields=("organisation", "year"),
                name="charity_charityduty_once",
                violation_error_message="该组织这一年度已经登记。",
            ),
        ),
    ]
