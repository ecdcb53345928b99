"""Place names: the section's view of the plan, and its registers."""

from django.db import models

from accounts.models import OrgUnit
from workplan.models import AT_OFFICE, IN_TOWNSHIPS, Record, Register, not_before, once, steps_follow
from workplan.models import Target as PlanTarget
from workplan.models import Task as PlanTask
from workplan.proxies import SectionTargetManager, SectionTaskManager

from .enums import LineLevel, ListLevel, MapKind, MatterKind, NameChange, PlaceKind, StudyKind


class Task(PlanTask):
    """The plan's tasks that belong to this section."""

    objects = SectionTaskManager("placenames")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "工作任务"


class Target(PlanTarget):
    """The plan's targets that belong to this section."""

    objects = SectionTargetManager("placenames")

    class Meta:
        proxy = True
        verbose_name = verbose_name_plural = "目标"


class PlaceName(Record):
    """A standard place name, from its approval to filing and announcement (item 35)."""

    name = models.CharField("标准地名", max_length=60)
    change = models.CharField("事项", max_length=8, choices=NameChange.choices, default=NameChange.NAMED)
    former_name = models.CharField("原名", max_length=60, blank=True, help_text="更名的填写。")
    kind = models.CharField("地名类别", max_length=12, choices=PlaceKind.choices)
    rural = models.BooleanField("乡村地名", default=False)
    happened_on = models.DateField("批准日期")
    approval = models.CharField("批准文号", max_length=60, blank=True)
    filed_on = models.DateField("备案日期", null=True, blank=True)
    announced_on = models.DateField("公告日期", null=True, blank=True)

    register = Register(
        columns=("name", "org_unit", "change", "kind", "rural", "happened_on", "filed_on", "announced_on"),
        fields=(
            "org_unit",
            "name",
            "change",
            "former_name",
            "kind",
            "rural",
            "happened_on",
            "approval",
            "filed_on",
            "announced_on",
            "note",
        ),
        search=("name", "former_name", "approval"),
        filters=("change", "kind", "rural"),
        key=("name", "happened_on"),
        units=IN_TOWNSHIPS,
        hint="经批准的命名、更名逐条登记；备案、公告后补填日期，两项齐全的计入备案公告比例。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "标准地名"
        constraints = [
            *Record.Meta.constraints,
            not_before("filed_on", "happened_on", "备案日期不能早于批准日期。"),
            not_before("announced_on", "happened_on", "公告日期不能早于批准日期。"),
            models.CheckConstraint(
                condition=~models.Q(change=NameChange.RENAMED) | ~models.Q(former_name=""),
                name="placenames_placename_former_name_given",
                violation_error_message="更名的须填写原名。",
            ),
            once("org_unit", "name", "happened_on", message="这一天批准的同名地名已经登记。"),
        ]

    def __str__(self):
        return self.name


class MapUpload(Record):
    """A place name put on one map of the internet, and when it was checked that it shows rightly (item 35)."""

    place = models.ForeignKey(PlaceName, models.PROTECT, related_name="uploads", verbose_name="标准地名")
    map = models.CharField("地图", max_length=8, choices=MapKind.choices)
    happened_on = models.DateField("上图日期")
    checked_on = models.DateField("核对无误日期", null=True, blank=True)

    register = Register(
        columns=("place", "org_unit", "map", "happened_on", "checked_on"),
        fields=("org_unit", "place", "map", "happened_on", "checked_on", "note"),
        search=("place__name",),
        filters=("map",),
        key=("place", "map"),
        steps=("checked_on",),
        units=IN_TOWNSHIPS,
        hint="同一地名在每家地图各登记一条。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "地名上图"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "checked_on"),
            once("place", "map", message="该地名在这家地图已经登记。"),
        ]

    def __str__(self):
        return f"{self.place} {self.get_map_display()}"


class HistoricList(Record):
    """A batch of the protection list of historic place names, until it is issued (item 35, reading A12)."""

    name = models.CharField("名录名称", max_length=80)
    level = models.CharField("级别", max_length=10, choices=ListLevel.choices)
    batch_number = models.PositiveSmallIntegerField("批次", help_text="第几批。")
    happened_on = models.DateField("启动普查推荐日期")
    submitted_on = models.DateField("申报（报审）日期", null=True, blank=True)
    published_on = models.DateField("公布日期", null=True, blank=True)

    register = Register(
        columns=("name", "level", "batch_number", "happened_on", "submitted_on", "published_on"),
        fields=(
            "org_unit",
            "name",
            "level",
            "batch_number",
            "happened_on",
            "submitted_on",
            "published_on",
            "note",
        ),
        search=("name",),
        filters=("level",),
        key=("level", "batch_number"),
        steps=("submitted_on", "published_on"),
        units=AT_OFFICE,
        hint="每批名录一条；市级名录由市里公布，本区负责申报。公布后计为建立，附公布文件。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "历史地名保护名录"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "submitted_on", "published_on"),
            once("org_unit", "level", "batch_number", message="这一批名录已经登记。"),
        ]

    def __str__(self):
        return self.name


class HistoricName(Record):
    """A name that a list protects or is to protect."""

    name = models.CharField("历史地名", max_length=60)
    in_list = models.ForeignKey(HistoricList, models.PROTECT, related_name="names", verbose_name="所属名录")
    place = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name="所在乡镇（街道）")
    happened_on = models.DateField("推荐日期")
    included_on = models.DateField("列入日期", null=True, blank=True)
    origin = models.CharField("由来和价值", max_length=200, blank=True)

    register = Register(
        columns=("name", "in_list", "place", "happened_on", "included_on"),
        fields=("org_unit", "in_list", "name", "place", "happened_on", "included_on", "origin", "note"),
        search=("name", "origin"),
        key=("in_list", "name"),
        steps=("included_on",),
        units=AT_OFFICE,
        hint="推荐列入名录的历史地名逐条登记，列入后填写日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "历史地名"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "included_on"),
            once("in_list", "name", message="这一名录中已有该地名。"),
        ]

    def __str__(self):
        return self.name


class BoundaryLine(Record):
    """A boundary line that the district keeps up (item 36)."""

    name = models.CharField("界线名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=LineLevel.choices)
    happened_on = models.DateField("勘定日期")
    length = models.DecimalField("长度（公里）", max_digits=8, decimal_places=3, null=True, blank=True)
    markers = models.PositiveIntegerField("界桩数", null=True, blank=True)

    register = Register(
        columns=("name", "level", "happened_on", "length", "markers"),
        fields=("org_unit", "name", "level", "happened_on", "length", "markers", "note"),
        search=("name",),
        filters=("level",),
        key=("name",),
        units=AT_OFFICE,
        hint="本区各条行政区域界线，如涪陵武隆线。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "行政区域界线"
        constraints = [
            *Record.Meta.constraints,
            once("org_unit", "name", message="这条界线已经登记。"),
        ]

    def __str__(self):
        return self.name


class JointInspection(Record):
    """An inspection of a line together with the neighbour, who may lead it (item 36)."""

    line = models.ForeignKey(BoundaryLine, models.PROTECT, related_name="inspections", verbose_name="界线")
    leader = models.CharField("牵头方", max_length=40)
    happened_on = models.DateField("启动日期")
    finished_on = models.DateField("完成日期", null=True, blank=True)
    findings = models.CharField("检查情况", max_length=200, blank=True)

    register = Register(
        columns=("line", "leader", "happened_on", "finished_on", "findings"),
        fields=("org_unit", "line", "leader", "happened_on", "finished_on", "findings", "note"),
        search=("line__name", "leader"),
        key=("line", "happened_on"),
        steps=("finished_on",),
        units=AT_OFFICE,
        hint="每条界线每轮联合检查一条，检查报告双方签字后填写完成日期，附报告。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "界线联合检查"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "finished_on"),
            once("line", "happened_on", message="该界线这一天启动的检查已经登记。"),
        ]

    def __str__(self):
        return f"{self.line} 联合检查"


class Dispute(Record):
    """A dispute about a boundary, from the day it was raised to the day it was settled (item 36)."""

    place = models.CharField("争议地点", max_length=80)
    level = models.CharField("界线级别", max_length=10, choices=LineLevel.choices)
    parties = models.CharField("争议各方", max_length=80, help_text="填写单位，不填写个人姓名。")
    happened_on = models.DateField("发生日期")
    settled_on = models.DateField("妥善处置日期", null=True, blank=True)
    outcome = models.CharField("处置结果", max_length=200, blank=True)

    register = Register(
        columns=("place", "org_unit", "level", "parties", "happened_on", "settled_on"),
        fields=("org_unit", "place", "level", "parties", "happened_on", "settled_on", "outcome", "note"),
        search=("place", "parties"),
        filters=("level",),
        key=("place", "happened_on"),
        steps=("settled_on",),
        units=IN_TOWNSHIPS,
        hint="发生即登记，妥善处置后填写日期和结果；没有争议的不登记。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "边界争议"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "settled_on"),
            once("org_unit", "place", "happened_on", message="该地点这一天的争议已经登记。"),
        ]

    def __str__(self):
        return f"{self.place} 争议"


class SurveyMatter(Record):
    """A matter of surveying the townships' boundaries: a dispute dealt with, or a result sent up (item 36)."""

    kind = models.CharField("事项", max_length=8, choices=MatterKind.choices)
    name = models.CharField("名称", max_length=80, help_text="如某两个乡镇之间的界线。")
    happened_on = models.DateField("受理日期")
    done_on = models.DateField("处理完成（上报）日期", null=True, blank=True)
    approved_on = models.DateField("批准日期", null=True, blank=True)

    register = Register(
        columns=("name", "kind", "happened_on", "done_on", "approved_on"),
        fields=("org_unit", "kind", "name", "happened_on", "done_on", "approved_on", "note"),
        search=("name",),
        filters=("kind",),
        key=("kind", "name"),
        steps=("done_on", "approved_on"),
        units=AT_OFFICE,
        hint="勘界争议处理完成、勘界成果上报后填写日期，即计为一件。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "乡镇勘界事项"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "done_on", "approved_on"),
            once("org_unit", "kind", "name", message="这一勘界事项已经登记。"),
        ]

    def __str__(self):
        return self.name


class Study(Record):
    """A paper about divisions: a study, or a request to the authority above (item 34)."""

    kind = models.CharField("类型", max_length=12, choices=StudyKind.choices)
    title = models.CharField("题目", max_length=120)
    happened_on = models.DateField("立项（起草）日期")
    finished_on = models.DateField("形成成果（上报）日期", null=True, blank=True)

    register = Register(
        columns=("title", "kind", "happened_on", "finished_on"),
        fields=("org_unit", "kind", "title", "happened_on", "finished_on", "note"),
        search=("title",),
        filters=("kind",),
        key=("title",),
        steps=("finished_on",),
        units=AT_OFFICE,
        hint="研究课题和请示报告，形成成果或上报后填写日期，附成果。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "区划研究与请示"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "finished_on"),
            once("org_unit", "title", message="同题的研究已经登记。"),
        ]

    def __str__(self):
        return self.title
