"""Rows for tests, with the least that the constraints ask for."""

from datetime import date
from decimal import Decimal

import factory
from django.contrib.auth.hashers import make_password
from django.db.models import Max
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.enums import Role, UnitKind
from accounts.models import Membership, OrgUnit, Remit, User
from workplan import models
from workplan.enums import AssignmentRole, JobState, MessageKind, PlanStatus
from workplan.rules.kinds import Comparator, PaceCurve, Strength, TargetKind

PASSWORD = "Right-Horse-42"


def next_number(parts) -> int:
    """The number after the highest that the plan's sections or tasks have: what a test numbers itself stays free."""
    return (parts.aggregate(last=Max("number"))["last"] or 0) + 1


class OrgUnitFactory(DjangoModelFactory):
    class Meta:
        model = OrgUnit

    code = factory.Sequence(lambda n: f"U{n:05}")
    name = factory.LazyAttribute(lambda o: f"单位{o.code}")
    kind = UnitKind.TOWN


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.LazyAttribute(lambda o: f"测试{o.username}")
    must_change_password = False
    # Hashing is slow on purpose: tests that sign in through the form ask for a password.
    password = factory.Transformer(None, transform=make_password)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    org_unit = factory.SubFactory(OrgUnitFactory)
    role = Role.LIAISON


class RemitFactory(DjangoModelFactory):
    class Meta:
        model = Remit


class PlanFactory(DjangoModelFactory):
    class Meta:
        model = models.Plan

    year = 2024
    title = "2024年全区民政工作要点"
    status = PlanStatus.PUBLISHED


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = models.Section

    number = factory.LazyAttribute(lambda o: next_number(o.plan.sections))
    title = factory.LazyAttribute(lambda o: f"板块{o.number}")
    app = "eldercare"


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = models.Task

    plan = factory.SelfAttribute("section.plan")
    number = factory.LazyAttribute(lambda o: next_number(o.plan.tasks))
    title = factory.LazyAttribute(lambda o: f"任务{o.number}")


class TargetFactory(DjangoModelFactory):
    class Meta:
        model = models.Target

    plan = factory.SelfAttribute("task.plan")
    code = factory.Sequence(lambda n: f"t.{n}")
    measure = factory.LazyAttribute(lambda o: f"目标{o.code}")
    kind = TargetKind.COUNT.value
    strength = Strength.HARD.value
    comparator = Comparator.GE.value
    goal = Decimal(100)
    unit = "户"
    start = date(2024, 1, 1)
    due = date(2024, 12, 31)
    curve = PaceCurve.LINEAR.value


class AllocationFactory(DjangoModelFactory):
    class Meta:
        model = models.Allocation


class AssignmentFactory(DjangoModelFactory):
    class Meta:
        model = models.Assignment

    role = AssignmentRole.REPORT


class ReportFactory(DjangoModelFactory):
    class Meta:
        model = models.ProgressReport

    saved_by = factory.SelfAttribute("drafted_by")
    saved_at = factory.LazyFunction(timezone.now)


class JobFactory(DjangoModelFactory):
    class Meta:
        model = models.Job

    class Params:
        parked = factory.Trait(
            state=JobState.PARKED, attempts=4, error="OperationalError", finished_at=factory.LazyFunction(timezone.now)
        )

    kind = "figures.check"
    key = factory.Sequence(lambda n: f"figures.check:{n}")
    due_at = factory.LazyFunction(timezone.now)
    created_at = factory.LazyFunction(timezone.now)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = models.Message

    kind = MessageKind.NEWS
    key = factory.Sequence(lambda n: f"news:{n}")
    day = date(2024, 10, 15)
    title = "试验消息"
    made_at = factory.LazyFunction(timezone.now)
