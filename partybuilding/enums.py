"""The fixed words of party building."""

from django.db.models import TextChoices


class SessionKind(TextChoices):
    """Which body met (item 1)."""

    PARTY_GROUP = "party_group", "党组会议"
    STUDY_GROUP = "study_group", "党组理论学习中心组学习"


class CheckKind(TextChoices):
    """Which duty a check of ideological risks fulfils (item 3, reading A09: the first is not one of the second)."""

    START_OF_YEAR = "start_of_year", "年初集中排查"
    MONTHLY = "monthly", "每月动态排查"


class Half(TextChoices):
    FIRST = "first", "上半年"
    SECOND = "second", "下半年"


class DocumentKind(TextChoices):
    """Papers that item 3 asks for."""

    YEAR_PLAN = "year_plan", "意识形态工作年度要点"
    RISK_LEDGER = "risk_ledger", "意识形态风险台账"
    DUTY_LIST = "duty_list", "意识形态工作责任清单"
    GRADING = "grading", "纳入活动申报管理的社会组织等级评估指标体系"
    OTHER = "other", "其他文件"


class EventKind(TextChoices):
    """What brings officials on (items 4 and 5)."""

    TRAINING = "training", "干部培训"
    COMPETITION = "competition", "职业技能竞赛"
    WARNING = "warning", "警示教育"
