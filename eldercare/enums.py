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
