"""Writes what the workers are to do into the database of the environment: messages, and files that go into a register.

Each message is for somebody who is told by mail and by a robot. The files feed a target that is computed; beside it stand
approved reports. Workers are told of each job twice.

Usage: python -m tests.jobs.crowd <people> <files> <rows of a file> <address of the robot>
"""

import sys
from datetime import date, time


def main(people: int, files: int, rows: int, robot: str) -> None:
    import django

    django.setup()
    from celery import current_app
    from django.db import transaction

    from workplan.models import Job
    from workplan.services.jobs import TASK

    with transaction.atomic():
        district, cast = _plan()
        batches = [_checked(cast, number, rows) for number in range(files)]
        for part, batch in enumerate(batches):
            _confirm(batch)
            _write_messages(district.bureau, range(part * people // files, (part + 1) * people // files), robot)
    for pk in Job.objects.due().order_by("pk").values_list("pk", flat=True):
        current_app.send_task(TASK, args=[pk])


def _plan():
    """Make a district with a computed target and the approved reports of both townships for two months."""
    from tests import cast as parts
    from tests import steps
    from workplan import clock

    district, neighbour = (parts.build_district(prefix) for prefix in ("F1", "F2"))
    cast = parts.build_cast(district, neighbour)
    homes = district.targets["49.3"]
    homes.computed_by = "eldercare.homes_accepted"
    homes.save()
    for month in (8, 9):
        with clock.pinned(date(2024, month, 25)):
            for unit in (district.township, district.other_township):
                report = steps.fill_and_submit(district, cast, month=month, unit=unit, rate=(month, 10))
                steps.approve(report, cast)
    return district, cast


def _checked(cast, number: int, rows: int):
    """Upload a file of homes and have it checked."""
    from eldercare.models import HomeAdaptation
    from tests.registers.making import run_import, typed_for, workbook
    from workplan.imports.services import start_import

    unit = cast.liaison.home_units[0]
    steps = dict.fromkeys(("happened_on", "planned_on", "built_on", "accepted_on"), date(2024, 9, 20))
    typed = [typed_for(HomeAdaptation, unit, cast.liaison, number * rows + row) | steps for row in range(rows)]
    content = workbook(HomeAdaptation, typed)
    batch = start_import(model=HomeAdaptation, actor=cast.liaison, name=f"{number}.xlsx", content=content)
    run_import(batch)
    return batch


def _confirm(batch) -> None:
    from workplan.imports.services import confirm_import

    confirm_import(batch=batch, actor=batch.created_by, good_only=False)


def _write_messages(bureau, numbers: range, robot: str) -> None:
    from django.utils import timezone

    from accounts.fields import seal
    from accounts.models import User
    from workplan.enums import MessageKind
    from workplan.models import NoticeSetting
    from workplan.services.messages import Draft, write_messages

    drafts = []
    for number in numbers:
        user = User.objects.create(username=f"reader{number}", email=f"reader{number}@example.invalid")
        never = {"quiet_from": time(0), "quiet_to": time(0)}
        setting = NoticeSetting(user=user, mail=True, webhook=True, **never)
        seal(setting, "webhook_url", f"{robot}?reader={number}")
        setting.save()
        line = {"text": f"第 {number} 条", "url": "", "keys": []}
        about = {"kind": MessageKind.NEWS, "key": "crowd", "title": "试验", "lines": [line]}
        drafts.append(Draft(user=user, org_unit=bureau, setting=setting, day=timezone.localdate(), **about))
    write_messages(drafts)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), sys.argv[4])
