"""What organisations do and learn: declared activities, meetings and courses, guiding texts, the campaign (items 31, 32)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from workplan.models import AT_OFFICE, Record, Register, once, steps_follow

from ..enums import ActivityKind, DocumentKind, EventKind
from .organisations import SocialOrganisation

ACTIONS = 10  # of the campaign “十个一” (item 32)


class Event(Record):
    """A meeting or course for social organisations that was held (item 31)."""

    kind = models.CharField("类型", max_length=10, choices=EventKind.choices)
    name = models.CharField("名称", max_length=120)
    happened_on = models.DateField("举办日期")
    place = models.CharField("地点", max_length=80, blank=True)
    organisations = models.PositiveIntegerField("参加组织数", null=True, blank=True)
    attendance = models.PositiveIntegerField("参加人数", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "happened_on", "place", "organisations", "attendance"),
        fields=("org_unit", "kind", "name", "happened_on", "place", "organisations", "attendance", "note"),
        search=("name", "place"),
        filters=("kind",),
        key=("name", "happened_on"),
        units=AT_OFFICE,
        hint="座谈会、轮训、专题培训办完后登记，附通知、签到表或照片。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "座谈轮训培训"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "name", "happened_on", message="这一天的同名活动已经登记。"),
        ]

    def __str__(self):
        return self.name


class Document(Record):
    """A text that guides organisations, in the version that was issued on a day (item 31)."""

    kind = models.CharField("类型", max_length=10, choices=DocumentKind.choices)
    title = models.CharField("文本名称", max_length=120)
    edition = models.CharField("版次", max_length=20, blank=True, help_text="如 2024 年版；修订的另登一条。")
    happened_on = models.DateField("印发日期")

    register = Register(
        columns=("title", "kind", "edition", "happened_on"),
        fields=("org_unit", "kind", "title", "edition", "happened_on", "note"),
        search=("title",),
        filters=("kind",),
        key=("title", "happened_on"),
        units=AT_OFFICE,
        hint="章程示范文本、换届选举指引等制度文本印发后登记，附正文；同名文本修订多次只计一份。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "制度文本"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "title", "happened_on", message="这一天印发的同名文本已经登记。"),
        ]

    def __str__(self):
        return f"{self.title} {self.edition}".strip()


class CampaignAction(Record):
    """Something that a trade association does for the campaign “十个一” (item 32; the notice does not list the ten)."""

    number = models.PositiveSmallIntegerField(
        "第几项",
        validators=[
            MinValueValidator(1, "“十个一”分为第 1 至第 10 项。"),
            MaxValueValidator(ACTIONS, "“十个一”分为第 1 至第 10 项。"),
        ],
    )
    name = models.CharField("行动内容", max_length=120)
    organisation = models.ForeignKey(
        SocialOrganisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name="承担的行业协会商会",
    )
    happened_on = models.DateField("启动日期")
    done_on = models.DateField("完成日期", null=True, blank=True)

    register = Register(
        columns=("name", "number", "organisation", "happened_on", "done_on"),
        fields=("org_unit", "number", "name", "organisation", "happened_on", "done_on", "note"),
        search=("name", "organisation__name"),
        key=("number", "name"),
        steps=("done_on",),
        units=AT_OFFICE,
        hint="一项行动可由几家协会商会分别承担、分别登记；同一项有一家完成即计为完成。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "“十个一”行动"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "done_on"),
            once("org_unit", "number", "name", message="这一项的同名行动已经登记。"),
        ]

    def __str__(self):
        return self.name


class ActivityDeclaration(Record):
    """An activity that an organisation declares before holding it: forums, lectures, yearly meetings and the like."""

    organisation = models.ForeignKey(
        SocialOrganisation, models.PROTECT, related_name="declarations", verbose_name="社会组织"
    )
    kind = models.CharField("活动类型", max_length=10, choices=ActivityKind.choices)
    title = models.CharField("活动名称", max_length=120)
    happened_on = models.DateField("申报日期")
    answered_on = models.DateField("答复日期", null=True, blank=True)
    held_on = models.DateField("举办日期", null=True, blank=True)

    register = Register(
        columns=("title", "organisation", "kind", "happened_on", "answered_on", "held_on"),
        fields=("org_unit", "organisation", "kind", "title", "happened_on", "answered_on", "held_on", "note"),
        search=("title", "organisation__name"),
        filters=("kind",),
        key=("organisation", "title", "happened_on"),
        steps=("answered_on", "held_on"),
        units=AT_OFFICE,
        hint="论坛、讲坛、讲座、年会、报告会、研讨会等活动，申报一次登记一条。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "活动申报"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "answered_on", "held_on"),
            once("organisation", "title", "happened_on", message="该组织这一天的同名活动已经申报。"),
        ]

    def __str__(self):
        return self.title
