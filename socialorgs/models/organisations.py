"""The register of social organisations, which the other registers of the section and of charity point at."""

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import QuerySet, Value

from workplan.models import AT_OFFICE, Expiry, Record, Register, expiry, not_before, once, steps_follow
from workplan.rules import uscc

from ..enums import Level, OrganisationKind

# Organisations report on the year before by 31 May: 社会团体登记管理条例 art. 28, 民办非企业单位登记管理暂行条例 art. 23.
YEARLY_CHECK_BY = (5, 31)


def owing_yearly_check(organisations: QuerySet, on: date) -> QuerySet:
    """Return the organisations of the year before that have not handed in their yearly check of it."""
    checked = apps.get_model("socialorgs", "AnnualCheck").objects.kept().filter(year=on.year - 1)
    owing = organisations.filter(happened_on__year__lt=on.year, ended_on__isnull=True)
    owing = owing.exclude(pk__in=checked.values("organisation"))
    return owing.annotate(expires=Value(date(on.year, *YEARLY_CHECK_BY), output_field=models.DateField()))


class SocialOrganisation(Record):
    """A registered social organisation. One that is a charity too has both roles in this one record (reading A23)."""

    name = models.CharField("名称", max_length=100)
    code = models.CharField(
        "统一社会信用代码", max_length=30, help_text="18 位。校验不符时可以保存，记录页和列表中会提示核对。"
    )
    kind = models.CharField("类型", max_length=12, choices=OrganisationKind.choices)
    level = models.CharField("登记级别", max_length=10, choices=Level.choices, default=Level.DISTRICT)
    supervisor = models.CharField("业务主管单位", max_length=80, blank=True, help_text="直接登记的不填。")
    happened_on = models.DateField("成立登记日期")
    party_on = models.DateField("党组织建立日期", null=True, blank=True)
    cross_posts_on = models.DateField(
        "双向进入、交叉任职实行日期", null=True, blank=True, help_text="党组织班子与管理层成员实行双向进入、交叉任职。"
    )
    licence_until = models.DateField("登记证书有效期至", null=True, blank=True)
    charity_on = models.DateField("登记（认定）为慈善组织日期", null=True, blank=True)
    ended_on = models.DateField("注销（撤销）登记日期", null=True, blank=True)

    register = Register(
        columns=("name", "code", "kind", "supervisor", "happened_on", "roles", "code_doubt", "ended_on"),
        fields=(
            "org_unit",
            "name",
            "code",
            "kind",
            "level",
            "supervisor",
            "happened_on",
            "party_on",
            "cross_posts_on",
            "licence_until",
            "charity_on",
            "ended_on",
            "note",
        ),
        search=("name", "code", "supervisor"),
        filters=("kind", "level"),
        key=("code",),
        steps=("party_on", "cross_posts_on"),
        ahead=frozenset({"licence_until"}),
        expiries=(
            expiry("licence_until", "登记证书有效期", until="ended_on"),
            Expiry("年度检查报送", owing_yearly_check, ends="截止"),
        ),
        units=AT_OFFICE,
        shared_with=("charity",),
        hint="每个社会组织一条；同时是慈善组织的，在同一条填写登记（认定）为慈善组织的日期，不要另建。",
    )

    class Meta(Record.Meta):
        verbose_name = verbose_name_plural = "社会组织"
        constraints = [
            *Record.Meta.constraints,
            *steps_follow("happened_on", "party_on", "cross_posts_on"),
            not_before("licence_until", "happened_on", "不能早于成立登记日期。"),
            not_before("charity_on", "happened_on", "不能早于成立登记日期。"),
            not_before("ended_on", "happened_on", "不能早于成立登记日期。"),
            once("org_unit", "code", message="这一统一社会信用代码已经登记。"),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        self.code = uscc.normalise(self.code)
        super().clean()

    @property
    def code_doubt(self) -> str:
        return "待核对" if self.doubts else ""

    code_doubt.fget.short_description = "代码校验"

    @property
    def doubts(self) -> list[str]:
        """Return what speaks against the code: real codes that fail the check are in use, so it is no error."""
        found = uscc.doubt_of(uscc.normalise(self.code))
        return [found] if found else []

    @property
    def roles(self) -> str:
        return "社会组织、慈善组织" if self.charity_on else "社会组织"

    roles.fget.short_description = "身份"
