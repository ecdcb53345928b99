"""The fixed words of the workflow. The words of the number rules are in `workplan.rules.kinds`."""

from django.db.models import TextChoices


class PlanStatus(TextChoices):
    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"
    CLOSED = "closed", "已结束"


class AssignmentRole(TextChoices):
    """Who does what on a task: the first unit named leads, others co-operate, townships report."""

    LEAD = "lead", "牵头"
    COOPERATE = "cooperate", "配合"
    REPORT = "report", "填报"


class AmendmentState(TextChoices):
    """An amendment is a draft whose lines may be edited, and then issued for good."""

    DRAFT = "draft", "草稿"
    ISSUED = "issued", "已发布"


class AmendedField(TextChoices):
    """What of a target or of a task an amendment may change. The last part is the field's name on the row."""

    GOAL = "goal", "目标值"
    TARGET_DUE = "due", "完成时限"
    MEASURE = "measure", "目标内容"
    TITLE = "task.title", "任务标题"
    TASK_DUE = "task.due", "任务时限"

    @property
    def attribute(self) -> str:
        return self.value.rpartition(".")[2]


class PeriodKind(TextChoices):
    MONTH = "month", "月报"
    QUARTER = "quarter", "季报"
    HALF_YEAR = "half_year", "半年报"
    YEAR = "year", "年报"


class ReportStatus(TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"
    APPROVED = "approved", "已通过"


OPEN_STATUSES = (ReportStatus.DRAFT, ReportStatus.SUBMITTED, ReportStatus.RETURNED)
EDITABLE_STATUSES = (ReportStatus.DRAFT, ReportStatus.RETURNED)


class ReportAction(TextChoices):
    """What can be done to a report; `workplan.workflow` says when and by whom."""

    SAVE = "save", "保存"
    SUBMIT = "submit", "提交"
    DISCARD = "discard", "撤销草稿"
    APPROVE = "approve", "通过"
    RETURN = "return", "退回"
    CORRECT = "correct", "更正"


class DutyState(TextChoices):
    """How a report that is owed stands; a list can be filtered by it."""

    HANDED_IN = "handed_in", "已报送"
    ON_TIME = "on_time", "按期报送"
    LATE = "late", "逾期报送"
    MISSING = "missing", "逾期未报"
    WAITING = "waiting", "未到截止日"
    SUBMITTED = "submitted", "待审核"
    RETURNED = "returned", "已退回"


class RecordState(TextChoices):
    """Whether a record of a register counts."""

    VALID = "valid", "有效"
    REJECTED = "rejected", "核查不实"
    REMOVED = "removed", "已删除"


class RecordSource(TextChoices):
    """How a record came into its register."""

    TYPED = "typed", "手工登记"
    IMPORTED = "imported", "表格导入"
    API = "api", "接口写入"
    SAMPLE = "sample", "演示数据"


class Privacy(TextChoices):
    """Who may look into a register: everybody in scope, those who work with people, or the section and the township."""

    OPEN = "open", "普通"
    PERSONS = "persons", "含个人信息"
    SENSITIVE = "sensitive", "敏感个人信息"


class BatchState(TextChoices):
    """The life of an import: checked first, then taken in as a whole, and undone while nothing was built on it."""

    WAITING = "waiting", "正在检查"
    CHECKED = "checked", "待确认"
    QUEUED = "queued", "正在导入"
    DONE = "done", "已导入"
    FAILED = "failed", "未能完成"
    UNDONE = "undone", "已撤销"


class JobState(TextChoices):
    """The life of a background job: it waits until it is due, runs, and is done; after too many failures it is parked."""

    WAITING = "waiting", "等待运行"
    RUNNING = "running", "正在运行"
    DONE = "done", "已完成"
    PARKED = "parked", "已搁置"


class MessageKind(TextChoices):
    """Why somebody gets a message: the reminders of a day, somebody's urging, or news."""

    DIGEST = "digest", "每日提醒"
    URGE = "urge", "催办"
    NEWS = "news", "通知"


class Channel(TextChoices):
    """Where a message goes beside the inbox of the portal."""

    MAIL = "mail", "邮件"
    WEBHOOK = "webhook", "群机器人"


class DeliveryState(TextChoices):
    """What became of a message on one channel. Dropped: before it left, what it was about had been done, or the channel was no longer wanted."""

    WAITING = "waiting", "等待发送"
    SENT = "sent", "已发送"
    DROPPED = "dropped", "无需发送"


class WebhookFormat(TextChoices):
    """Whose group robot takes the message."""

    WECOM = "wecom", "企业微信"
    DINGTALK = "dingtalk", "钉钉"
    FEISHU = "feishu", "飞书"


class ReminderSubject(TextChoices):
    """What can fall due."""

    REPORT = "report", "进展填报"
    TARGET = "target", "目标时限"
    RECORD = "record", "证书和年检"
    ORDER = "order", "督办单"
    EXTENSION = "extension", "延期申请"
    REMARK = "remark", "领导批示"
    ADHOC = "adhoc", "临时填报"


class ReminderLevel(TextChoices):
    """Who is told: those who owe it, and then, the longer it is overdue, those above them."""

    OWN = "own", "责任人"
    SUPERVISOR = "supervisor", "单位分管负责人"
    OFFICE = "office", "主管科室"
    LEADER = "leader", "局领导"
    ORDER = "order", "拟办督办单"


class StepColour(TextChoices):
    """The colour of an escalation step. Bureaus differ in what they take for which, so each plan says it for itself."""

    BLUE = "blue", "蓝"
    YELLOW = "yellow", "黄"
    ORANGE = "orange", "橙"
    RED = "red", "红"


class OrderState(TextChoices):
    """The life of a supervision order. Withdrawn: a draft that was not made an order; it never had a number."""

    DRAFT = "draft", "拟办"
    WITHDRAWN = "withdrawn", "不予立项"
    ISSUED = "issued", "已下发"
    SIGNED = "signed", "已签收"
    REPLIED = "replied", "已反馈"
    STRUCK = "struck", "已销号"
    ARCHIVED = "archived", "已归档"


NUMBERLESS_STATES = (OrderState.DRAFT, OrderState.WITHDRAWN)
RUNNING_STATES = (OrderState.ISSUED, OrderState.SIGNED, OrderState.REPLIED)
ENDED_STATES = (OrderState.STRUCK, OrderState.ARCHIVED)


class OrderAction(TextChoices):
    """What can be done to a supervision order; `workplan.supervising` says when and by whom."""

    DRAFT = "draft", "拟办"
    SAVE = "save", "修改"
    ISSUE = "issue", "立项下发"
    WITHDRAW = "withdraw", "不予立项"
    SIGN = "sign", "签收"
    REPLY = "reply", "反馈"
    ASK = "ask", "申请延期"
    GRANT = "grant", "同意延期"
    REFUSE = "refuse", "不同意延期"
    RETURN = "return", "退回重办"
    STRIKE = "strike", "复核销号"
    ESCALATE = "escalate", "升级督办"
    REOPEN = "reopen", "重新督办"
    ARCHIVE = "archive", "归档"


class ExtensionState(TextChoices):
    """What became of a request for a later deadline, of an order or of a report.

    Lapsed: it was overtaken before it was decided, by the reply or the report, by an escalation, or by the day asked for.
    """

    ASKED = "asked", "待审批"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "未同意"
    LAPSED = "lapsed", "已失效"


class RemarkState(TextChoices):
    """How a leader's remark stands on a day. What is overdue waits as well: the list of those that wait holds it too."""

    WAITING = "waiting", "待回应"
    OVERDUE = "overdue", "逾期未回应"
    ANSWERED = "answered", "已回应"
    ORDERED = "ordered", "已转督办单"


class AdHocState(TextChoices):
    """The life of an ad-hoc request. Expired is never stored: it was approved, and its last day has passed."""

    DRAFT = "draft", "拟稿"
    ASKED = "asked", "待审批"
    APPROVED = "approved", "填报中"
    REFUSED = "refused", "未批准"
    WITHDRAWN = "withdrawn", "已撤回"
    EXPIRED = "expired", "已到期"


class AdHocKind(TextChoices):
    """What a field of an ad-hoc request takes."""

    NUMBER = "number", "数字"
    TEXT = "text", "文字"


class RollupKind(TextChoices):
    """How often a roll-up is made: with the calendar, or when somebody asks for one."""

    MONTH = "month", "月度"
    QUARTER = "quarter", "季度"
    HALF_YEAR = "half_year", "半年"
    YEAR = "year", "年度"
    ON_DEMAND = "on_demand", "专题"


class RollupLevel(TextChoices):
    """Whose figures a roll-up holds."""

    BUREAU = "bureau", "全局"
    SECTION = "section", "板块"
    TOWNSHIP = "township", "乡镇（街道）"


class RollupState(TextChoices):
    """A roll-up is a draft whose words may be edited, and then published for good."""

    DRAFT = "draft", "草稿"
    PUBLISHED = "published", "已发布"


class RollupFileKind(TextChoices):
    WORD = "docx", "Word 报告"
    LEDGER = "xlsx", "任务分解台账"
    PDF = "pdf", "PDF 报告"
