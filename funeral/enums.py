"""The fixed words of funeral affairs."""

from django.db.models import TextChoices


class ZoningStep(TextChoices):
    """How the zoning of cremation areas comes about (item 43): the plan, the city's review, the decision."""

    DRAFTED = "drafted", "形成方案初稿"
    REVISED = "revised", "征求意见并修改"
    FINAL = "final", "方案定稿"
    SUBMITTED = "submitted", "报送市民政局"
    REVIEWED = "reviewed", "完成研判论证"
    APPROVED = "approved", "市政府审定"
    IN_FORCE = "in_force", "公布实施"


class MilestoneKind(TextChoices):
    """What the office must bring about once (items 45 and 46)."""

    JOINT_SUPERVISION = "joint_supervision", "纳入殡葬领域跨部门综合监管试点"
    YEARLY_ASSESSMENT = "yearly_assessment", "违建墓地整治纳入年度综合目标考核"


class ProviderKind(TextChoices):
    """Who offers funeral services."""

    FUNERAL_HOME = "funeral_home", "殡仪馆"
    PUBLIC_CEMETERY = "public_cemetery", "公益性公墓"
    COMMERCIAL_CEMETERY = "commercial_cemetery", "经营性公墓"
    SERVICE_STATION = "service_station", "殡仪服务站"
