"""The fixed words of social assistance."""

from django.db.models import TextChoices

PARTLY_UNTIL = 3  # of the six items of self-care: so many not managed is a partial loss, more a complete one


class Layer(TextChoices):
    """The layers of the low-income population (item 14; the State Council office's notice of October 2023)."""

    MINIMUM = "minimum", "最低生活保障对象"
    EXTREMELY_POOR = "extremely_poor", "特困人员"
    RELAPSE = "relapse", "防止返贫监测对象"
    EDGE = "edge", "最低生活保障边缘家庭成员"
    RIGID_EXPENSES = "rigid_expenses", "刚性支出困难家庭成员"
    OTHER = "other", "其他困难人员"


class Area(TextChoices):
    """Where a person is registered or a standard holds."""

    URBAN = "urban", "城市"
    RURAL = "rural", "农村"
    BOTH = "both", "城乡统一"


class Cause(TextChoices):
    """Why somebody needs help."""

    ILLNESS = "illness", "因病"
    DISABILITY = "disability", "因残"
    STUDY = "study", "因学"
    ACCIDENT = "accident", "意外事故"
    DISASTER = "disaster", "因灾"
    NO_LABOUR = "no_labour", "缺少劳动力"
    OTHER = "other", "其他"


class StandardKind(TextChoices):
    """What a standard of support is for (item 15 names the first two)."""

    MINIMUM = "minimum", "最低生活保障"
    EXTREMELY_POOR = "extremely_poor", "特困人员基本生活"
    CARE = "care", "特困人员照料护理"


class AidKind(TextChoices):
    """The two kinds of temporary aid."""

    EMERGENCY = "emergency", "急难型"
    EXPENSES = "expenses", "支出型"


class Origin(TextChoices):
    """Where the household of an applicant is registered."""

    LOCAL = "local", "本区户籍"
    CITY = "city", "本市其他区县户籍"
    ELSEWHERE = "elsewhere", "外省市户籍"


class AidOutcome(TextChoices):
    """What became of an application."""

    PENDING = "pending", "办理中"
    GRANTED = "granted", "已救助"
    REFUSED = "refused", "不予救助"


class Refusal(TextChoices):
    """Why an application was refused. Refusing a non-local household is what item 15 forbids."""

    NONE = "", "无"
    NOT_NEEDY = "not_needy", "不符合救助条件"
    REPEATED = "repeated", "同一事由重复申请"
    UNTRUE = "untrue", "申请材料不实"
    NOT_LOCAL = "not_local", "非本地户籍"
    OTHER = "other", "其他"


class FundMove(TextChoices):
    """What a line of a township's reserve fund is."""

    RECEIVED = "received", "拨入"
    SPENT = "spent", "支出"
    RETURNED = "returned", "收回"


class MechanismKind(TextChoices):
    """What the office sets up: channels and mechanisms (items 14, 16 and 18)."""

    MATCHING = "matching", "供需对接帮扶通道"
    DATA_SHARING = "data_sharing", "救助数据共享开放机制"
    CHARITY_LINK = "charity_link", "政府救助和慈善帮扶衔接机制"
    SPECIAL_AID = "special_aid", "专项救助扩围"


class ReferralKind(TextChoices):
    """Who takes over where public assistance ends (item 18)."""

    CHARITY = "charity", "慈善帮扶"
    INSURANCE = "insurance", "商业保险"
    VOLUNTEERS = "volunteers", "志愿服务"


class SupportForm(TextChoices):
    """How an extremely poor person is supported (社会救助暂行办法, art. 19: by own choice)."""

    HOME = "home", "分散供养"
    INSTITUTION = "institution", "集中供养"


class CarerKind(TextChoices):
    """Who has promised the care in an agreement."""

    RELATIVE = "relative", "亲属"
    NEIGHBOUR = "neighbour", "邻居"
    VILLAGE = "village", "村（社区）委员会"
    INSTITUTION = "institution", "供养服务机构"
    ORGANISATION = "organisation", "社会组织"


class ServiceKind(TextChoices):
    """What a service to an extremely poor person was (items 17 and 50)."""

    BASIC = "basic", "基本照护"
    FOLLOW_UP = "follow_up", "跟踪关注"
    WARM = "warm", "“解需暖心”服务"


class SelfCareGrade(TextChoices):
    """How far somebody can look after himself, by six items."""

    FULL = "full", "具备（全自理）"
    PARTIAL = "partial", "部分丧失（半护理）"
    LOST = "lost", "完全丧失（全护理）"

    @classmethod
    def by_items(cls, unmet: int) -> "SelfCareGrade":
        """Return the grade for the number of items that are not managed, 0 to 6."""
        if unmet == 0:
            return cls.FULL
        return cls.PARTIAL if unmet <= PARTLY_UNTIL else cls.LOST
