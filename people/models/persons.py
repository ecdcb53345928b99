"""People and their households. One row per human being, whatever section keeps records about them."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.crypto import Undecryptable
from accounts.enums import Right
from accounts.fields import EncryptedField, unseal
from accounts.models import OrgUnit
from accounts.scope import ScopedQuerySet

from ..enums import IdKind, Relation, Sex
from ..registry import seen_through_records
from ..rules.masks import mask_name, mask_number, mask_phone

BROKEN = "（无法解密）"


def of_own_units(user, right: str, lookup: str) -> Q:
    """Return the condition that a unit is one where the user keeps registers of every section, and holds the right."""
    condition = Q(pk__in=[])
    for grant in user.scope.grants:
        if grant.apps is None and {Right.RECORD_WRITE, Right.PERSONS, right} <= grant.rights:
            condition |= Q(**{f"{lookup}__path__startswith": grant.unit_path})
    return condition


def seen_with(right: str) -> tuple[str, ...]:
    """Return the rights that have to be held: people are personal data, so plain VIEW never opens them."""
    return (Right.PERSONS,) if right in (Right.VIEW, Right.PERSONS) else (Right.PERSONS, right)


class PersonQuerySet(ScopedQuerySet):
    """People are seen by those who see a record about them, and by those who keep the registers where they live."""

    scope_units = ("residence",)
    scope_apps = ()

    def visible_to(self, user, right: str = Right.PERSONS) -> "PersonQuerySet":
        if not getattr(user, "is_active", False):
            return self.none()
        seen = self
        for needed in seen_with(right):
            seen = seen.filter(of_own_units(user, needed, "residence") | seen_through_records(user, needed))
        return seen

    def current(self) -> "PersonQuerySet":
        """Return people without the rows that were merged into others."""
        return self.filter(merged_into__isnull=True)

    def with_context(self) -> "PersonQuerySet":
        return self.select_related("residence", "residence__parent", "household")


class HouseholdQuerySet(ScopedQuerySet):
    """A household is seen by those who see one of its members, and where it lives like a person."""

    scope_units = ("org_unit",)
    scope_apps = ()

    def visible_to(self, user, right: str = Right.PERSONS) -> "HouseholdQuerySet":
        if not getattr(user, "is_active", False):
            return self.none()
        members = Person.objects.visible_to(user, right).filter(household__isnull=False)
        own = of_own_units(user, right if right != Right.VIEW else Right.PERSONS, "org_unit")
        return self.filter(own | Q(pk__in=members.values("household")))


class Household(models.Model):
    """People who live together and are assessed together."""

    uid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="households", verbose_name="居住地")
    bureau = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="局", editable=False)
    code = models.CharField("户号", max_length=40, blank=True)
    address = EncryptedField("住址", blank=True)
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "家庭"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bureau", "code"],
                condition=~Q(code=""),
                name="household_code_once",
                violation_error_message="该户号已被使用。",
            )
        ]

    def __str__(self):
        return self.code or f"家庭 {str(self.uid)[:8]}"

    def audit_position(self):
        return self.org_unit, ""


class Person(models.Model):
    """One human being. Number and phone are tokens of `accounts.crypto`; digests find them, tails help to search."""

    uid = models.UUIDField("编号", default=uuid4, unique=True, editable=False)
    name = models.CharField("姓名", max_length=60)
    name_initials = models.CharField("拼音首字母", max_length=60, blank=True, db_index=True)
    id_kind = models.CharField("证件类型", max_length=20, choices=IdKind.choices, default=IdKind.RESIDENT)
    id_number = EncryptedField("证件号码", blank=True)
    id_digest = models.CharField("证件摘要", max_length=64, blank=True)
    id_tail = models.CharField("证件尾号", max_length=4, blank=True)
    sex = models.CharField("性别", max_length=6, choices=Sex.choices, blank=True)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    phone = EncryptedField("联系电话", blank=True)
    phone_digest = models.CharField("电话摘要", max_length=64, blank=True)
    phone_tail = models.CharField("电话尾号", max_length=4, blank=True)
    residence = models.ForeignKey(OrgUnit, models.PROTECT, related_name="residents", verbose_name="居住地")
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="members", verbose_name="家庭"
    )
    relation = models.CharField("与户主关系", max_length=12, choices=Relation.choices, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="absorbed", verbose_name="并入", editable=False
    )
    version = models.PositiveIntegerField("版本", default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,  # nobody asks by it, and imports write every index
        verbose_name="登记人",
        editable=False,
    )
    created_at = models.DateTimeField("登记时间", default=timezone.now, editable=False)
    changed_at = models.DateTimeField("修改时间", default=timezone.now, editable=False)
    pseudonymised_on = models.DateField("假名化日期", null=True, blank=True, editable=False)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务对象"
        ordering = ["name_initials", "pk"]
        indexes = [
            models.Index(fields=["name", "birth_date"], name="person_name_birth"),
            models.Index(fields=["id_tail"], name="person_id_tail"),
            models.Index(fields=["phone_digest"], name="person_phone_digest"),
            models.Index(fields=["phone_tail"], name="person_phone_tail"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["id_digest"],
                condition=Q(merged_into__isnull=True) & ~Q(id_digest=""),
                name="person_id_once",
                violation_error_message="该证件号码已经登记。",
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(relation=Relation.HEAD, merged_into__isnull=True),
                name="person_one_head",
                violation_error_message="该户已有户主。",
            ),
            models.CheckConstraint(
                condition=Q(id_kind__in=IdKind.values),
                name="person_id_kind_known",
                violation_error_message="没有这一证件类型。",
            ),
            models.CheckConstraint(
                condition=~Q(id_kind=IdKind.NONE) | Q(id_number=""),
                name="person_no_number_without_document",
                violation_error_message="选择“无证件”时不填写证件号码。",
            ),
            models.CheckConstraint(
                condition=Q(household__isnull=False) | Q(relation=""),
                name="person_relation_in_household",
                violation_error_message="未加入家庭时不填写与户主关系。",
            ),
        ]

    def __str__(self):
        """Return the masked name: labels of logs and of pages that must not name anybody come from here."""
        return mask_name(self.name)

    def audit_position(self):
        return self.residence, ""

    @property
    def residence_label(self) -> str:
        return self.residence.label

    @property
    def masked_id(self) -> str:
        """Return the document number masked, "" where there is none."""
        return self._masked("id_number", mask_number)

    @property
    def masked_phone(self) -> str:
        return self._masked("phone", mask_phone)

    def _masked(self, field: str, mask) -> str:
        try:
            return mask(unseal(self, field))
        except Undecryptable:  # one broken row must not take the list with it
            return BROKEN

    def age_on(self, day) -> int | None:
        """Return the age in full years on the day, None where the birth date is not known."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day)) if born else None
