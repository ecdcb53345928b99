"""Village and community organisations that look for people in need, and their rounds (item 19)."""

from django.db import models

from workplan.models import IN_TOWNSHIPS, Record, Register, once, steps_follow


class DiscoveryVillage(Record):
    """A village or community, and whether looking for people in need is among its organisation's duties."""

    name = models.CharField("村（社区）", max_length=40)
    happened_on = models.DateField("建账日期")
    included_on = models.DateField("纳入工作内容日期", null=True, blank=True)

    register = Register(
        columns=("name", "org_unit", "happened_on", "included_on"),
        fields=("org_unit", "name", "happened_on", "included_on", "note"),
        search=("name",),
        key=("name",),
        steps=("included_on",),
        units=IN_TOWNSHIPS,
        hint="辖区每个村（社区）一条，作为覆盖率的分母；党组织把走访发现列为工作内容后填写日期。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "走访发现村社"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "included_on"),
            once("org_unit", "name", message="这个村（社区）已经登记。"),
        ]

    def __str__(self):
        return self.name


class DiscoveryVisit(Record):
    """A round of visits in a village, in numbers of households."""

    village = models.ForeignKey(DiscoveryVillage, models.PROTECT, related_name="visits", verbose_name="村（社区）")
    happened_on = models.DateField("走访日期")
    households = models.PositiveIntegerField("走访户数")
    found = models.PositiveIntegerField("发现困难户数", default=0)
    passed_on = models.PositiveIntegerField("转办救助户数", default=0)

    register = Register(
        columns=("village", "org_unit", "happened_on", "households", "found", "passed_on"),
        fields=("org_unit", "village", "happened_on", "households", "found", "passed_on", "note"),
        search=("village__name",),
        key=("village", "happened_on"),
        units=IN_TOWNSHIPS,
        hint="每次集中走访一条，只填户数；发现的困难群众另在低收入人口或临时救助登记。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "走访发现记录"
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(found__lte=models.F("households"), passed_on__lte=models.F("found")),
                name="assistance_discoveryvisit_numbers_fit",
                violation_error_message="发现户数不能多于走访户数，转办户数不能多于发现户数。",
            ),
            once("village", "happened_on", message="这个村（社区）这一天的走访已经登记。"),
        ]

    def __str__(self):
        return f"{self.village} {self.happened_on} 走访"
