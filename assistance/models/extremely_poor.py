"""Extremely poor people, their care agreements, services and self-care assessments (items 17 and 50)."""

from django.db import models
from django.db.models import Q

from people.models import PersonRecord
from people.purposes import Purpose
from workplan.enums import Privacy
from workplan.models import IN_TOWNSHIPS, Register, not_before, once

from ..enums import CarerKind, SelfCareGrade, ServiceKind, SupportForm
from .keeping import one_open

SELF_CARE_ITEMS = ("eats", "dresses", "gets_up", "uses_toilet", "moves_about", "washes")


class ExtremelyPoor(PersonRecord):
    """An extremely poor person from recognition until support ends: at home, or in an institution from a day on."""

    happened_on = models.DateField("认定日期")
    form = models.CharField("供养方式", max_length=12, choices=SupportForm.choices, default=SupportForm.HOME)
    wished_on = models.DateField(
        "提出集中供养意愿日期", null=True, blank=True, help_text="没有集中供养意愿的不填；本人撤回意愿时清空。"
    )
    admitted_on = models.DateField("集中供养入住日期", null=True, blank=True)
    institution = models.CharField("供养机构", max_length=80, blank=True)
    ended_on = models.DateField("终止供养日期", null=True, blank=True)

    purpose = Purpose("办理特困人员救助供养")
    register = Register(
        columns=(
            "person",
            "person_age",
            "org_unit",
            "form",
            "happened_on",
            "wished_on",
            "admitted_on",
            "institution",
            "ended_on",
        ),
        fields=(
            "org_unit",
            "person",
            "happened_on",
            "form",
            "wished_on",
            "admitted_on",
            "institution",
            "ended_on",
            "note",
        ),
        search=("institution",),
        filters=("form",),
        key=("person", "happened_on"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.PERSONS,
        shared_with=("livelihood",),
        hint="一人一条。分散供养转集中供养的改供养方式并填入住日期；集中转分散的填终止日期、另登一条。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "特困人员"
        constraints = [
            *PersonRecord.Meta.constraints,
            models.CheckConstraint(
                condition=Q(form=SupportForm.HOME, admitted_on__isnull=True)
                | Q(form=SupportForm.INSTITUTION, admitted_on__isnull=False),
                name="assistance_extremelypoor_form_with_date",
                violation_error_message="集中供养的须填写入住日期，分散供养的不填。",
            ),
            not_before("wished_on", "happened_on", "提出意愿日期不能早于认定日期。"),
            not_before("admitted_on", "happened_on", "入住日期不能早于认定日期。"),
            not_before("admitted_on", "wished_on", "入住日期不能早于提出意愿日期。"),
            not_before("ended_on", "happened_on", "终止日期不能早于认定日期。"),
            once("person", "happened_on", message="此人这一天的认定已经登记。"),
            one_open("此人已有在册的供养登记，请在原记录修改或先填写终止日期。"),
        ]


class CareAgreement(PersonRecord):
    """The agreement on care for somebody supported at home, with its validity."""

    happened_on = models.DateField("签订日期")
    expires_on = models.DateField("有效期至", help_text="含当日；续签另登一条。")
    carer_kind = models.CharField("照护人类型", max_length=12, choices=CarerKind.choices)
    carer = models.CharField("照护人（单位）", max_length=60, blank=True)
    number = models.CharField("协议编号", max_length=40, blank=True)
    ended_on = models.DateField("提前终止日期", null=True, blank=True)

    purpose = Purpose("落实分散供养特困人员照护责任")
    register = Register(
        columns=("person", "org_unit", "happened_on", "expires_on", "carer_kind", "carer", "ended_on"),
        fields=("org_unit", "person", "happened_on", "expires_on", "carer_kind", "carer", "number", "ended_on", "note"),
        ahead=frozenset({"expires_on"}),
        search=("number",),
        filters=("carer_kind",),
        key=("person", "happened_on"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.PERSONS,
        shared_with=("livelihood",),
        hint="由供养人员所在乡镇（街道）登记；有效期内的协议才计入签订率，到期须续签。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "照护服务协议"
        constraints = [
            *PersonRecord.Meta.constraints,
            not_before("expires_on", "happened_on", "有效期不能早于签订日期。"),
            not_before("ended_on", "happened_on", "终止日期不能早于签订日期。"),
            once("person", "happened_on", message="此人这一天的协议已经登记。"),
        ]


class ServiceVisit(PersonRecord):
    """One service to an extremely poor person, or one look after somebody who cannot manage alone."""

    happened_on = models.DateField("服务日期")
    kind = models.CharField("服务类型", max_length=12, choices=ServiceKind.choices)
    content = models.CharField("服务内容", max_length=100, blank=True, help_text="如助餐、助洁、助医、心理疏导。")
    server = models.CharField("服务人（单位）", max_length=60, blank=True)

    purpose = Purpose("记录特困人员照护服务落实情况")
    register = Register(
        columns=("person", "org_unit", "kind", "happened_on", "content", "server"),
        fields=("org_unit", "person", "happened_on", "kind", "content", "server", "note"),
        search=("content",),
        filters=("kind",),
        key=("person", "happened_on", "kind"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.PERSONS,
        shared_with=("livelihood",),
        hint="每次服务一条；基本照护记录说明协议已经落实，跟踪关注记录用于失能、半失能人员。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "特困照护服务"
        constraints = [
            *PersonRecord.Meta.constraints,
            once("person", "happened_on", "kind", message="此人这一天的同类服务已经登记。"),
        ]


class SelfCareAssessment(PersonRecord):
    """What an extremely poor person manages alone, by the six items; the latest assessment holds."""

    happened_on = models.DateField("评估日期")
    eats = models.BooleanField("自主吃饭", default=False)
    dresses = models.BooleanField("自主穿衣", default=False)
    gets_up = models.BooleanField("自主上下床", default=False)
    uses_toilet = models.BooleanField("自主如厕", default=False)
    moves_about = models.BooleanField("室内自主行走", default=False)
    washes = models.BooleanField("自主洗澡", default=False)
    assessor = models.CharField("评估单位", max_length=80, blank=True)

    purpose = Purpose("评估生活自理能力，确定照料护理档次")
    register = Register(
        columns=("person", "org_unit", "happened_on", "grade", "unmet", "assessor"),
        fields=("org_unit", "person", "happened_on", *SELF_CARE_ITEMS, "assessor", "note"),
        search=("assessor",),
        key=("person", "happened_on"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.SENSITIVE,
        hint="六项能自主完成的逐项勾选：全部达标为全自理，三项以下不达标为半护理，四项以上不达标为全护理。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "自理能力评估"
        constraints = [
            *PersonRecord.Meta.constraints,
            once("person", "happened_on", message="此人这一天的评估已经登记。"),
        ]

    @property
    def unmet(self) -> int:
        """Return how many of the six items are not managed alone."""
        return sum(not getattr(self, item) for item in SELF_CARE_ITEMS)

    unmet.fget.short_description = "未达标项数"

    @property
    def grade(self) -> str:
        """Return the grade of self-care in words."""
        return SelfCareGrade.by_items(self.unmet).label

    grade.fget.short_description = "自理能力"
