"""The fixed words of social organisations."""

from django.db.models import TextChoices


class OrganisationKind(TextChoices):
    """What kind of social organisation it is registered as."""

    ASSOCIATION = "association", "社会团体"
    SERVICE = "service", "民办非企业单位（社会服务机构）"
    FOUNDATION = "foundation", "基金会"


class Level(TextChoices):
    """Which authority registered it."""

    DISTRICT = "district", "区级登记"
    CITY = "city", "市级登记"


class CheckResult(TextChoices):
    """The conclusion of a yearly check."""

    PASSED = "passed", "合格"
    BASIC = "basic", "基本合格"
    FAILED = "failed", "不合格"
    ABSENT = "absent", "未参检"


class Grade(TextChoices):
    """The grade of an evaluation."""

    AAAAA = "5a", "5A"
    AAAA = "4a", "4A"
    AAA = "3a", "3A"
    AA = "2a", "2A"
    A = "1a", "1A"
    NONE = "none", "未达等级"


class Cleanup(TextChoices):
    """How a dormant organisation was dealt with."""

    CANCELLED = "cancelled", "注销登记"
    REVOKED = "revoked", "撤销登记"
    MERGED = "merged", "合并"
    REVIVED = "revived", "整改恢复"


class Handling(TextChoices):
    """How an illegal organisation was dealt with."""

    BANNED = "banned", "依法取缔"
    DISSOLVED = "dissolved", "劝散"
    REGISTERED = "registered", "引导登记"


class EventKind(TextChoices):
    """Meetings and courses that the plan asks for (item 31)."""

    LIAISON = "liaison", "工作联动对接座谈会"
    ROTATION = "rotation", "专职人员集中轮训"
    COURSE = "course", "负责人专题培训"


class DocumentKind(TextChoices):
    """Texts that guide organisations (item 31; the notice's list is open)."""

    CHARTER = "charter", "章程示范文本"
    ELECTION = "election", "换届选举指引"
    OTHER = "other", "其他制度文本"


class ActivityKind(TextChoices):
    """Activities that organisations declare before they hold them."""

    FORUM = "forum", "论坛"
    PODIUM = "podium", "讲坛"
    LECTURE = "lecture", "讲座"
    ANNUAL = "annual", "年会"
    REPORT = "report", "报告会"
    SEMINAR = "seminar", "研讨会"
    OTHER = "other", "其他"
