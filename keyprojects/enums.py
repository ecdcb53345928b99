"""The fixed words of the key projects."""

from django.db.models import TextChoices


class Partner(TextChoices):
    """With whom the bureau co-operates across the province's border (item 6)."""

    GUANGAN = "guangan", "广安"
    LESHAN = "leshan", "乐山"
    OTHER = "other", "四川其他市（州）"


class CooperationKind(TextChoices):
    AGREEMENT = "agreement", "签订协议"
    EXCHANGE = "exchange", "救助核查信息交换"
    VISIT = "visit", "互访交流"


class PilotKind(TextChoices):
    """What the bureau strives to become a pilot of (item 6)."""

    ELDER_WELFARE = "elder_welfare", "老年福利共享试点"
    OTHER = "other", "其他川渝合作试点"


class DigitalKind(TextChoices):
    """What digital reform brings forth (item 7)."""

    ONBOARDED = "onboarded", "入驻三级治理中心的业务事项"
    CASE = "case", "智慧民政平台典型应用案例"
    SCENE = "scene", "“一件事”场景"


class Field(TextChoices):
    """Which work an accident or a petition is about."""

    ELDERCARE = "eldercare", "养老服务"
    AID = "aid", "社会救助"
    CHILDREN = "children", "儿童福利"
    FUNERAL = "funeral", "殡葬"
    SOCIAL_ORGS = "social_orgs", "社会组织"
    OTHER = "other", "其他"


class AccidentLevel(TextChoices):
    """Grades of 生产安全事故报告和调查处理条例 art. 3; the plan counts them all (reading A08)."""

    ORDINARY = "ordinary", "一般事故"
    SERIOUS = "serious", "较大事故"
    MAJOR = "major", "重大事故"
    GRAVE = "grave", "特别重大事故"


class Channel(TextChoices):
    """How a petition came in."""

    VISIT = "visit", "来访"
    LETTER = "letter", "来信"
    PHONE = "phone", "来电"
    ONLINE = "online", "网上信访"
    HANDED_DOWN = "handed_down", "上级交办"


class DocumentKind(TextChoices):
    """The two lists of item 8."""

    DUTIES = "duties", "领导干部安全生产职责清单"
    KEY_WORK = "key_work", "年度重点工作清单"
    OTHER = "other", "其他文件"


class InspectionKind(TextChoices):
    """What was inspected (item 8)."""

    SAFETY = "safety", "平安民政检查"
    MEDICAL_CARE = "medical_care", "医养结合机构重点检查"
    NETWORK = "network", "网络安全风险隐患排查"


class Frequency(TextChoices):
    """At which of the five frequencies of item 8 an inspection is made."""

    DAY = "day", "每日"
    WEEK = "week", "每周"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"
    YEAR = "year", "每年"
    IRREGULAR = "irregular", "不定期"
