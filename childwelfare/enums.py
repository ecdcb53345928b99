"""The fixed words of child welfare."""

from django.db.models import TextChoices


class OrphanReason(TextChoices):
    """Why a child counts as an orphan; empty: it does not."""

    NONE = "", "否"
    PARENTS_DEAD = "parents_dead", "父母双亡"
    PARENTS_UNKNOWN = "parents_unknown", "查找不到生父母"


class ParentState(TextChoices):
    """What keeps a parent from caring for the child (民发〔2019〕62号, 民发〔2020〕125号); empty: nothing."""

    NONE = "", "无下列情形"
    DEAD = "dead", "死亡"
    MISSING = "missing", "宣告失踪"
    DISABLED = "disabled", "重残"
    ILL = "ill", "重病"
    PRISON = "prison", "服刑在押"
    DRUG_REHAB = "drug_rehab", "强制隔离戒毒"
    CONFINED = "confined", "被执行其他限制人身自由的措施"
    OUT_OF_TOUCH = "out_of_touch", "失联"
    DEPRIVED = "deprived", "被撤销监护资格"
    DEPORTED = "deported", "被遣送（驱逐）出境"


class HardshipReason(TextChoices):
    """Why a child is in difficulty (国发〔2016〕36号); empty: it is not, or only as an orphan or without care."""

    NONE = "", "否"
    POOR = "poor", "家庭贫困"
    DISABLED = "disabled", "自身残疾"
    UNCARED = "uncared", "监护缺失或不当"


class LeftBehindReason(TextChoices):
    """Why a child in the countryside counts as left behind (国发〔2016〕13号); empty: it does not."""

    NONE = "", "否"
    BOTH_AWAY = "both_away", "父母双方外出务工"
    OTHER_UNABLE = "other_unable", "一方外出务工，另一方无监护能力"


class ExitReason(TextChoices):
    """Why a child left the register; empty: it has not."""

    NONE = "", "未退出"
    GROWN_UP = "grown_up", "年满规定年龄"
    NO_LONGER = "no_longer", "不再符合条件"
    MOVED = "moved", "迁出本区"
    ADOPTED = "adopted", "被收养"
    DEAD = "dead", "死亡"


class GuardianshipKind(TextChoices):
    """On what ground somebody looks after the child (未成年人保护法第二十二条、第九十二条、第九十四条)."""

    STATUTORY = "statutory", "法定监护"
    ENTRUSTED = "entrusted", "委托照护"
    TEMPORARY = "temporary", "临时监护"
    LONG_TERM = "long_term", "长期监护"


class CarerRelation(TextChoices):
    """What the guardian or carer is to the child."""

    PARENT = "parent", "父母"
    GRANDPARENT = "grandparent", "祖父母、外祖父母"
    SIBLING = "sibling", "兄姐"
    RELATIVE = "relative", "其他亲属"
    OTHER = "other", "其他个人或组织"


class CareGrade(TextChoices):
    """What an assessment says of the family's ability to care."""

    GOOD = "good", "良好"
    FAIR = "fair", "一般"
    WEAK = "weak", "较弱"
    ABSENT = "absent", "缺失"


class VisitWay(TextChoices):
    HOME = "home", "入户"
    SCHOOL = "school", "在校"
    PHONE = "phone", "电话、视频"


class BenefitKind(TextChoices):
    """What is paid for a child. The first two are paid by the month."""

    ORPHAN = "orphan", "孤儿基本生活费"
    UNATTENDED = "unattended", "事实无人抚养儿童基本生活补贴"
    TOMORROW = "tomorrow", "“明天计划”医疗康复"
    LOTTERY = "lottery", "“福彩助学”"
    OTHER = "other", "其他救助帮扶"


class Severity(TextChoices):
    """What a screening says. From SERIOUS on, group or individual work is owed (item 48)."""

    NONE = "none", "未见异常"
    MILD = "mild", "轻度"
    SERIOUS = "serious", "较严重"
    SEVERE = "severe", "严重"


class GroupKind(TextChoices):
    """What children were brought together for (item 48)."""

    COUNSELLING = "counselling", "心理健康团辅"
    GROUP_WORK = "group_work", "小组服务"
    FAMILY_TIME = "family_time", "亲情陪伴"
    REUNION = "reunion", "家庭团聚"


class CaseTopic(TextChoices):
    MIND = "mind", "心理疏导"
    CARE = "care", "监护支持"
    SCHOOL = "school", "学业和社会融入"
    SAFETY = "safety", "安全保护"


class DirectorKind(TextChoices):
    """Who works for children in townships and villages."""

    SUPERVISOR = "supervisor", "儿童督导员"
    DIRECTOR = "director", "儿童主任"


class PartnerKind(TextChoices):
    """What kind of specialists work at the district's protection centre (区未保中心)."""

    SOCIAL_WORK = "social_work", "社工机构"
    PSYCHOLOGY = "psychology", "心理服务机构"
    LAW = "law", "法律服务机构"
    MEDICAL = "medical", "医疗康复机构"
    OTHER = "other", "其他社会力量"


class EventKind(TextChoices):
    """What the plan asks the office to hold or to set up (items 27 and 29)."""

    ROLE_MODELS = "role_models", "优秀儿童主任典型选树"
    CASES = "cases", "优秀关爱案例评选推介"
    SKILLS = "skills", "优秀服务技能集中展示"
    MIGRANT_RULES = "migrant_rules", "流动儿童关爱保护制度印发"
    TOGETHER = "together", "“童心相伴”民生实事启动"
