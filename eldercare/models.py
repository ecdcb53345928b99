"""Elder care: the section's view of the plan, and its registers."""

from django.db import models
from django.db.models import F, Q

from people.models import PersonRecord
from people.purposes import Purpose
from workplan.enums import Privacy
from workplan.models import AT_OFFICE, IN_TOWNSHIPS, Record, Register, expiry, not_before, once, steps_follow
from workplan.models import Target as PlanTarget
from workplan.models import Task as PlanTask
from workplan.proxies import SectionTargetManager, SectionTaskManager

from .enums import CanteenMode, Certificate, EventKind, HardshipKind, InstitutionKind, VisitKind


class Task(PlanTask):
    """The plan's tasks that belong to this section."""

    objects = SectionTaskManager("eldercare")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "工作任务"


class Target(PlanTarget):
    """The plan's targets that belong to this section."""

    objects = SectionTargetManager("eldercare")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "目标"


class Institution(Record):
    """A place where old people are cared for."""

    name = models.CharField("机构名称", max_length=80)
    kind = models.CharField("机构类型", max_length=20, choices=InstitutionKind.choices)
    happened_on = models.DateField("开办日期")
    beds = models.PositiveIntegerField("床位数", default=0)
    closed_on = models.DateField("停办日期", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "org_unit", "beds", "happened_on", "closed_on"),
        fields=("org_unit", "name", "kind", "happened_on", "beds", "closed_on", "note"),
        search=("name",),
        filters=("kind",),
        key=("name",),
        steps=("closed_on",),
        units=IN_TOWNSHIPS,
        hint="每家机构一条；停办时填写停办日期，不要删除。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "养老机构"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "closed_on"),
            once("org_unit", "name", message="这一单位已登记同名机构。"),
        ]

    def __str__(self):
        return self.name


class FireIssue(Record):
    """An institution that was in use before its fire protection had been accepted, until that is put right (item 22)."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="fire_issues", verbose_name="养老机构")
    happened_on = models.DateField("排查发现日期")
    problem = models.CharField("问题", max_length=200)
    closed_on = models.DateField("整治销号日期", null=True, blank=True)

    register = Register(
        columns=("institution", "org_unit", "problem", "happened_on", "closed_on"),
        fields=("org_unit", "institution", "happened_on", "problem", "closed_on", "note"),
        search=("problem", "institution__name"),
        key=("institution", "happened_on"),
        steps=("closed_on",),
        units=IN_TOWNSHIPS,
        hint="未经消防验收投入使用的机构，逐家登记，整治完成后填写销号日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "消防验收遗留问题"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "closed_on"),
            once("institution", "happened_on", message="该机构这一天的问题已经登记。"),
        ]

    def __str__(self):
        return f"{self.institution} 消防问题"


class Canteen(Record):
    """A canteen for old people (items 23 and 51)."""

    name = models.CharField("食堂名称", max_length=80)
    happened_on = models.DateField("开办日期")
    newly_built = models.BooleanField("新建", default=False, help_text="改造提升原有食堂的不勾选。")
    mode = models.CharField("服务模式", max_length=12, choices=CanteenMode.choices, default=CanteenMode.PLAIN)
    model_on = models.DateField("认定市级示范日期", null=True, blank=True)
    closed_on = models.DateField("停办日期", null=True, blank=True)

    register = Register(
        columns=("name", "org_unit", "newly_built", "mode", "happened_on", "model_on", "closed_on"),
        fields=("org_unit", "name", "happened_on", "newly_built", "mode", "model_on", "closed_on", "note"),
        search=("name",),
        filters=("newly_built", "mode"),
        key=("name",),
        units=IN_TOWNSHIPS,
        shared_with=("livelihood",),
        hint="新建食堂勾选“新建”；被认定为市级示范的填写认定日期，同一食堂可以同时计入两个目标。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "老年食堂"
        constraints = [
            *Record.Meta.constraints,
            not_before("model_on", "happened_on", "认定日期不能早于开办日期。"),
            not_before("closed_on", "happened_on", "停办日期不能早于开办日期。"),
            once("org_unit", "name", message="这一单位已登记同名食堂。"),
        ]

    def __str__(self):
        return self.name


class CommitteeMember(Record):
    """A member unit of the district's committee on ageing, and whether its duties are settled (item 20)."""

    name = models.CharField("成员单位", max_length=80)
    happened_on = models.DateField("列为成员日期")
    settled_on = models.DateField("职责明确日期", null=True, blank=True)
    left_on = models.DateField("退出日期", null=True, blank=True)

    register = Register(
        columns=("name", "happened_on", "settled_on", "left_on"),
        fields=("org_unit", "name", "happened_on", "settled_on", "left_on", "note"),
        search=("name",),
        key=("name",),
        units=AT_OFFICE,
        hint="区老龄委每个成员单位一条；职责分工经确认后填写职责明确日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "老龄委成员单位"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "name", message="该成员单位已经登记。"),
        ]

    def __str__(self):
        return self.name


class Event(Record):
    """A conference, training or competition that was held."""

    kind = models.CharField("类型", max_length=12, choices=EventKind.choices)
    name = models.CharField("名称", max_length=120)
    happened_on = models.DateField("举办日期")
    place = models.CharField("地点", max_length=80, blank=True)
    attendance = models.PositiveIntegerField("参加人数", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "happened_on", "place", "attendance"),
        fields=("org_unit", "kind", "name", "happened_on", "place", "attendance", "note"),
        search=("name", "place"),
        filters=("kind",),
        key=("name", "happened_on"),
        units=AT_OFFICE,
        hint="会议、培训、竞赛办完后登记，附通知、签到表或照片。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "会议培训竞赛"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "name", "happened_on", message="这一天的同名活动已经登记。"),
        ]

    def __str__(self):
        return self.name


class CareWorker(PersonRecord):
    """Somebody who cares for old people at an institution, with the certificate held (item 22)."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="care_workers", verbose_name="养老机构")
    happened_on = models.DateField("入职日期")
    certificate = models.CharField("持证情况", max_length=16, choices=Certificate.choices, blank=True)
    certified_on = models.DateField("发证日期", null=True, blank=True)
    certificate_until = models.DateField("证书有效期至", null=True, blank=True, help_text="证书没有期限的不填。")
    left_on = models.DateField("离职日期", null=True, blank=True)

    purpose = Purpose("统计护理员持证率，安排培训")
    register = Register(
        columns=(
            "person",
            "person_age",
            "institution",
            "org_unit",
            "happened_on",
            "certificate",
            "certified_on",
            "certificate_until",
            "left_on",
        ),
        fields=(
            "org_unit",
            "person",
            "institution",
            "happened_on",
            "certificate",
            "certified_on",
            "certificate_until",
            "left_on",
            "note",
        ),
        search=("institution__name",),
        filters=("certificate",),
        key=("person", "institution"),
        ahead=frozenset({"certificate_until"}),
        expiries=(expiry("certificate_until", "护理员证书有效期", until="left_on"),),
        units=IN_TOWNSHIPS,
        privacy=Privacy.PERSONS,
        hint="全区各类养老机构的护理员，每人每家机构一条；取得证书后填写证书和发证日期。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "养老护理员"
        constraints = [
            *PersonRecord.Meta.constraints,
            not_before("left_on", "happened_on", "离职日期不能早于入职日期。"),
            models.CheckConstraint(
                condition=Q(certificate="", certified_on__isnull=True)
                | (~Q(certificate="") & Q(certified_on__isnull=False)),
                name="eldercare_careworker_certificate_with_date",
                violation_error_message="持证的须填写发证日期，未持证的不填。",
            ),
            models.CheckConstraint(
                condition=Q(certificate_until__isnull=True)
                | Q(certified_on__isnull=False, certificate_until__gte=F("certified_on")),
                name="eldercare_careworker_certificate_until_after_certified",
                violation_error_message="证书有效期须与发证日期一并填写，且不能早于发证日期。",
            ),
            once("person", "institution", message="该护理员在这家机构已经登记。"),
        ]


class HomeAdaptation(PersonRecord):
    """The home of an old person in hardship, made fit for age: one household, one plan, from survey to payment."""

    happened_on = models.DateField("入户评估日期")
    hardship = models.CharField("困难类别", max_length=20, choices=HardshipKind.choices)
    address = models.CharField("改造地址", max_length=120, blank=True, help_text="填到组或门牌号。")
    planned_on = models.DateField("方案确定日期", null=True, blank=True, help_text="一户一案。")
    built_on = models.DateField("施工完成日期", null=True, blank=True)
    accepted_on = models.DateField("验收日期", null=True, blank=True)
    paid_on = models.DateField("拨付日期", null=True, blank=True)
    amount = models.DecimalField("改造金额（元）", max_digits=10, decimal_places=2, null=True, blank=True)

    purpose = Purpose("办理居家适老化改造，核定补助")
    register = Register(
        columns=("person", "org_unit", "hardship", "step", "happened_on", "accepted_on", "amount"),
        fields=(
            "org_unit",
            "person",
            "hardship",
            "address",
            "happened_on",
            "planned_on",
            "built_on",
            "accepted_on",
            "paid_on",
            "amount",
            "note",
        ),
        filters=("hardship",),
        key=("person", "happened_on"),
        steps=("planned_on", "built_on", "accepted_on", "paid_on"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.PERSONS,
        shared_with=("livelihood",),
        notice=("org_unit", "person_name", "hardship", "accepted_on", "amount"),
        hint="每户一条，按评估、方案、施工、验收、拨付依次填写日期；验收后计入完成户数，附验收照片。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "适老化改造"
        constraints = [
            *PersonRecord.Meta.constraints,
            *steps_follow("happened_on", "planned_on", "built_on", "accepted_on", "paid_on"),
            once("person", "happened_on", message="该户这一天的评估已经登记。"),
        ]


class HomeCareBed(PersonRecord):
    """A care bed at somebody's home, served by an institution (items 24 and 49; reading A02: those begun this year)."""

    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, related_name="home_beds", verbose_name="服务机构"
    )
    happened_on = models.DateField("签约日期")
    online_on = models.DateField("设备上线日期", null=True, blank=True, help_text="设备接入平台后计入床位数。")
    ended_on = models.DateField("终止日期", null=True, blank=True)

    purpose = Purpose("办理家庭养老床位服务")
    register = Register(
        columns=("person", "org_unit", "institution", "happened_on", "online_on", "ended_on"),
        fields=("org_unit", "person", "institution", "happened_on", "online_on", "ended_on", "note"),
        key=("person", "happened_on"),
        steps=("online_on", "ended_on"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.PERSONS,
        shared_with=("livelihood",),
        hint="签约并完成设备上线的计入新增床位。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "家庭养老床位"
        constraints = [
            *PersonRecord.Meta.constraints,
            *steps_follow("happened_on", "online_on", "ended_on"),
            once("person", "happened_on", message="该老人这一天的签约已经登记。"),
        ]


class SupportedElder(PersonRecord):
    """An old person in hardship who meets the conditions for support and services, and when it began (item 21)."""

    happened_on = models.DateField("认定符合条件日期")
    hardship = models.CharField("困难类别", max_length=20, choices=HardshipKind.choices)
    included_on = models.DateField("纳入保障服务日期", null=True, blank=True)
    ended_on = models.DateField("不再符合条件日期", null=True, blank=True)
    gathered = models.BooleanField("集中照护", default=False, help_text="低收入家庭失能老年人由机构集中照护的勾选。")

    purpose = Purpose("确认困难老年人应保尽保")
    register = Register(
        columns=("person", "person_age", "org_unit", "hardship", "happened_on", "included_on", "gathered", "ended_on"),
        fields=("org_unit", "person", "hardship", "happened_on", "included_on", "gathered", "ended_on", "note"),
        filters=("hardship", "gathered"),
        key=("person", "happened_on"),
        steps=("included_on",),
        units=IN_TOWNSHIPS,
        privacy=Privacy.PERSONS,
        hint="符合条件的困难老年人逐人登记，纳入保障和服务后填写日期。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "困难老年人"
        constraints = [
            *PersonRecord.Meta.constraints,
            *steps_follow("happened_on", "included_on"),
            not_before("ended_on", "happened_on", "不能早于认定日期。"),
            once("person", "happened_on", message="该老人这一天的认定已经登记。"),
        ]


class Visit(PersonRecord):
    """A visit to an old person (items 21 and 23)."""

    happened_on = models.DateField("探访日期")
    kind = models.CharField("类型", max_length=12, choices=VisitKind.choices, default=VisitKind.CALL)
    visitor = models.CharField("探访人", max_length=40, blank=True)
    points = models.PositiveIntegerField("时间积分", default=0)

    purpose = Purpose("记录探访关爱服务")
    register = Register(
        columns=("person", "org_unit", "kind", "happened_on", "visitor", "points"),
        fields=("org_unit", "person", "happened_on", "kind", "visitor", "points", "note"),
        filters=("kind",),
        key=("person", "happened_on", "kind"),
        units=IN_TOWNSHIPS,
        privacy=Privacy.PERSONS,
        hint="每次上门或电话探访一条。",
    )

    class Meta(PersonRecord.Meta):
        verbose_name = verbose_name_plural = "探访关爱"
        constraints = [
            *PersonRecord.Meta.constraints,
            once("person", "happened_on", "kind", message="该老人这一天的同类探访已经登记。"),
        ]
