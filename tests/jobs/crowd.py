"""Writes so many messages into the database of the environment, each to somebody who is told by mail and by a robot.

Usage: python -m tests.jobs.crowd <people> <address of the robot>
"""

import sys


def main(people: int, robot: str) -> None:
    import django

    django.setup()
    from datetime import time

    from django.utils import timezone

    from accounts.enums import UnitKind
    from accounts.fields import seal
    from accounts.models import OrgUnit, User
    from workplan.enums import MessageKind
    from workplan.models import NoticeSetting
    from workplan.services.messages import Draft, write_messages

    bureau = OrgUnit.objects.create(code="F1", name="试验局", kind=UnitKind.BUREAU)
    drafts = []
    for number in range(people):
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
    main(int(sys.argv[1]), sys.argv[2])
