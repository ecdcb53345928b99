"""The fixed words of rehabilitation for people with mental illness (精康融合)."""

from django.db.models import TextChoices


class SiteKind(TextChoices):
    """The three levels at which services are offered (item 40)."""

    DISTRICT = "district", "区级康复中心"
    AREA = "area", "片区型康复服务中心"
    STATION = "station", "“渝康家园”社区康复站点"


class Origin(TextChoices):
    """How a client came to be registered."""

    HOSPITAL = "hospital", "精神卫生医疗机构转介"
    COMMUNITY = "community", "村（社区）转介"
    HEALTH_CENTRE = "health_centre", "基层医疗卫生机构转介"
    SELF = "self", "本人或监护人申请"


class ServiceKind(TextChoices):
    """What was done for a client."""

    MEDICATION = "medication", "服药训练"
    DAILY_LIVING = "daily_living", "生活技能训练"
    SOCIAL = "social", "社会交往训练"
    VOCATIONAL = "vocational", "职业康复训练"
    PEER = "peer", "同伴支持和家庭支持"
    VISIT = "visit", "入户随访"


class ReferralKind(TextChoices):
    """Which way a client was referred."""

    IN = "in", "转入社区康复"
    OUT = "out", "转出就医"
    CLOSED = "closed", "康复转出"


class Platform(TextChoices):
    """The information systems to connect with (item 41)."""

    NATIONAL = "national", "全国精神障碍社区康复服务国家转介信息平台"
    MUNICIPAL = "municipal", "全市精神障碍社区康复服务信息管理系统"
