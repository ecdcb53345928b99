"""What the tests of reminders share: a plan with its rules, and the reports of both townships."""

from datetime import date, time

import pytest

from workplan import clock
from workplan.models import Job, Message, NoticeSetting
from workplan.reminders import digest
from workplan.services import jobs as service
from workplan.services.reminder_rules import seed_rules
from workplan.services.workdays import seed_calendar

from .servers import mail_server

# The period of October is due on Monday 28 October and closes on 12 November.
SEVEN_BEFORE, DUE_DAY, FIRST_OVERDUE = date(2024, 10, 17), date(2024, 10, 28), date(2024, 10, 29)
NEVER = {"quiet_from": time(0), "quiet_to": time(0)}


@pytest.fixture
def plan(district):
    """Return the district's plan with the usual rules and the official calendar."""
    seed_rules(plan=district.plan)
    seed_calendar(bureau=district.bureau, year=2024)
    return district.plan


@pytest.fixture
def supervisor(cast):
    """Return who answers for the township above its liaison officer."""
    return cast.supervisor


@pytest.fixture
def remind(plan):
    """Write the digests of a day, as the job does."""

    def write(on: date, hour: int = 9, since: date | None = None) -> int:
        with clock.pinned(on):
            effect = digest.look(plan.bureau, on, hour, since)
            return effect() if effect else 0

    return write


@pytest.fixture
def mail(settings, cast):
    """Have the liaison told by mail, on a server of this test."""
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        cast.liaison.email = "liaison@example.invalid"
        cast.liaison.save()
        NoticeSetting.objects.create(user=cast.liaison, mail=True, **NEVER)
        yield server


def texts(user, kind: str = "digest") -> list[str]:
    """Return what the newest message of the kind says to the user; [] where there is none."""
    message = Message.objects.filter(user=user, kind=kind).first()
    return [line["text"] for line in message.lines] if message else []


def run_all() -> None:
    """Do every job that is due, as workers would."""
    for pk in list(Job.objects.due().order_by("pk").values_list("pk", flat=True)):
        service.run(pk)
