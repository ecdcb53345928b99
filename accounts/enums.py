"""The fixed words of people, units and rights."""

from django.db.models import TextChoices


class UnitKind(TextChoices):
    """What an org unit is. Townships are of four kinds because coverage targets name them apart."""

    CITY = "city", "市级"
    BUREAU = "bureau", "局"
    OFFICE = "office", "科室"
    STREET = "street", "街道"
    TOWN = "town", "镇"
    TOWNSHIP = "township", "乡"
    ETHNIC_TOWNSHIP = "ethnic_township", "民族乡"
    VILLAGE = "village", "村"
    COMMUNITY = "community", "社区"


TOWNSHIP_KINDS = (UnitKind.STREET, UnitKind.TOWN, UnitKind.TOWNSHIP, UnitKind.ETHNIC_TOWNSHIP)
VILLAGE_KINDS = (UnitKind.VILLAGE, UnitKind.COMMUNITY)


class Role(TextChoices):
    """What a membership lets its holder do at a unit; the rights of each are in `accounts.rights`."""

    ADMINISTRATOR = "administrator", "系统管理员"
    STAFF = "staff", "科室经办"
    HEAD = "head", "科室负责人"
    LIAISON = "liaison", "乡镇联络员"
    SUPERVISOR = "supervisor", "乡镇分管负责人"
    LEADER = "leader", "局领导"
    AUDITOR = "auditor", "审计"


class Right(TextChoices):
    """One kind of act. A role is a set of rights; code asks for rights, never for roles."""

    VIEW = "view", "查看"
    REPORT_WRITE = "report_write", "填报"
    REPORT_REVIEW = "report_review", "审核"
    PLAN_EDIT = "plan_edit", "维护计划"
    PLAN_AMEND = "plan_amend", "发布计划调整"
    UNLOCK = "unlock", "开放补报"
    EXPORT = "export", "导出"
    USER_MANAGE = "user_manage", "管理用户"
    AUDIT_READ = "audit_read", "查看审计日志"
    OVERVIEW = "overview", "领导总览"
    RECORD_WRITE = "record_write", "登记台账"
    RECORD_VERIFY = "record_verify", "核查台账"
    PERSONS = "persons", "查看服务对象"
    SENSITIVE = "sensitive", "查看敏感台账"
    REVEAL = "reveal", "查看完整证件号"
    OVERSEE = "oversee", "分管本单位工作"
    SUPERVISE = "supervise", "督办"
    ORDER_DRAFT = "order_draft", "拟办督办单"
    REMARK = "remark", "批示"
    ROLLUP_MAKE = "rollup_make", "编制汇总"
    ROLLUP_PUBLISH = "rollup_publish", "发布汇总"


class SuccessionKind(TextChoices):
    MERGE = "merge", "合并"
    SPLIT = "split", "拆分"
