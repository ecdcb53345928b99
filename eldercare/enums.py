"""The fixed words of elder care."""

from django.db.models import TextChoices


class InstitutionKind(TextChoices):
    """What an institution of elder care is."""

    NURSING_HOME = "nursing_home", "养老院（敬老院）"
    DAY_CARE = "day_care", "养老服务中心（站）"
    MUTUAL_AID = "mutual_aid", "互助养老点"
    MEDICAL = "medical", "医养结合机构"


class CanteenMode(TextChoices):
    """What a canteen is combined with (item 51: 食堂＋健康、文娱、志愿服务)."""

    PLAIN = "plain", "单独助餐"
    HEALTH = "health", "食堂＋健康"
    LEISURE = "leisure", "食堂＋文娱"
    VOLUNTEER = "volunteer", "食堂＋志愿服务"


class EventKind(TextChoices):
    """Meetings, trainings and competitions that the plan asks for (items 20 and 22)."""

    CONFERENCE = "conference", "全区老龄工作会议"
    TRAINING = "training", "养老护理员职业技能培训"
    COMPETITION = "competition", "养老护理员职业技能竞赛"


class HardshipKind(TextChoices):
    """Why an old person is a household in hardship whose home is adapted (items 23 and 49)."""

    EXTREMELY_POOR = "extremely_poor", "特困供养"
    LOW_INCOME = "low_income", "低保"
    LOW_INCOME_EDGE = "low_income_edge", "低保边缘"
    DISABLED = "disabled", "失能、残疾"
    ALONE = "alone", "独居、空巢、留守"
    ADVANCED_AGE = "advanced_age", "高龄"
    OTHER = "other", "其他特殊困难"


class Certificate(TextChoices):
    """Certificates of care workers that count (reading A06: any of this list)."""

    NONE = "", "无"
    BEGINNER = "beginner", "养老护理员五级（初级工）"
    INTERMEDIATE = "intermediate", "养老护理员四级（中级工）"
    SENIOR = "senior", "养老护理员三级（高级工）"
    TECHNICIAN = "technician", "养老护理员技师及以上"
    NURSE = "nurse", "护士执业证书"
    OTHER = "other", "其他护理类职业技能证书"


class VisitKind(TextChoices):
    """What a visit was for (items 21 and 23)."""

    CALL = "call", "探访关爱"
    TIME_BANK = "time_bank", "时间储蓄服务"
