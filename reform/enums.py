"""The fixed words of reform."""

from django.db.models import TextChoices


class Level(TextChoices):
    """Who recognises a pilot, a case or an item."""

    NATIONAL = "national", "国家级"
    MUNICIPAL = "municipal", "市级"
    DISTRICT = "district", "区级"


class PilotKind(TextChoices):
    """What was applied for (items 9 and 12)."""

    REFORM = "reform", "改革试点"
    DEMONSTRATION = "demonstration", "示范项目"
    MODEL = "model", "示范点、改革样板"
    CHARITY_CONSORTIUM = "charity_consortium", "公益慈善服务联合体试点"


class ConsortiumKind(TextChoices):
    """The three consortia (items 10–12)."""

    ASSISTANCE = "assistance", "社会救助服务联合体"
    SOCIAL_ORGANISATIONS = "social_organisations", "社会组织服务联合体"
    CHARITY = "charity", "公益慈善服务联合体"


class EnforcementUnit(TextChoices):
    """Where enforcement officers come from (item 13)."""

    RELIEF_STATION = "relief_station", "区救助站"
    ALLOWANCE_CENTRE = "allowance_centre", "低保中心"
    FUNERAL_OFFICE = "funeral_office", "殡葬管理所"
    OTHER = "other", "其他"


class MechanismKind(TextChoices):
    """What has to be set up for enforcement (item 13)."""

    MECHANISM = "mechanism", "新的民政执法机制"
    TEAM = "team", "执法队伍组建"
