"""Invented plans as structured truth. No district of these names exists; numbers are made up.

A body is written with its targets marked: {{kind comparator value unit|words}}. The words stay in the text, the mark is what a
perfect reader finds there. `Truth.plan(run_on)` numbers the items through the document or anew in each section.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

MARK = re.compile(r"\{\{(?P<marks>[^|{}]+)\|(?P<words>[^{}]*)\}\}")


@dataclass(frozen=True)
class Wanted:
    """A target that is to be found."""

    kind: str
    comparator: str
    value: Decimal
    unit: str


@dataclass(frozen=True)
class TrueItem:
    title: str
    body: str
    targets: tuple[Wanted, ...]
    owners: tuple[str, ...] = ()
    due: str | None = None
    owner_text: str = ""


@dataclass(frozen=True)
class Truth:
    title: str
    letter_title: str
    issuer: str
    number: str
    year: int
    issued: str
    issued_words: str
    opening: str
    closing: str
    sections: tuple[tuple[str, tuple[TrueItem, ...]], ...]
    annexes: int = 0

    def numbered(self, run_on: bool) -> list[tuple[int, str, list[tuple[int, TrueItem]]]]:
        found, count = [], 0
        for at, (title, items) in enumerate(self.sections, 1):
            if not run_on:
                count = 0
            found.append((at, title, [(count + place, item) for place, item in enumerate(items, 1)]))
            count += len(items)
        return found


def item(
    title: str, marked: str, owner_text: str = "", owners: tuple[str, ...] = (), due: str | None = None
) -> TrueItem:
    targets = []
    for match in MARK.finditer(marked):
        for mark in match["marks"].split(";"):
            kind, comparator, value, unit = mark.split()
            targets.append(Wanted(kind, comparator, Decimal(value), unit))
    return TrueItem(title, MARK.sub(lambda match: match["words"], marked), tuple(targets), owners, due, owner_text)


CHENGHU = Truth(
    title="2026年全区民政工作要点",
    letter_title="澄湖区民政局关于印发《2026年全区民政工作要点》的通知",
    issuer="澄湖区民政局",
    number="澄湖民发〔2026〕11号",
    year=2026,
    issued="2026-02-09",
    issued_words="2026年2月9日",
    opening="2026年是“十五五”开局之年。全区民政系统要统一、协调推进各项工作，去年新建食堂5家的做法要总结推广，坚持稳中求进，办好民生实事。",
    closing="各乡镇（街道）要高度重视，细化措施，确保各项任务落地见效。",
    sections=(
        (
            "抓实兜底保障，织密救助网络",
            (
                item(
                    "健全主动发现机制",
                    "完善入户走访制度，{{recurring = 1 次/季度|每季度召开1次联席会议}}，{{recurring >= 2 次/月|每月入户走访不少于2次}}。发挥村级协理员作用，及时发现困难群众。",
                ),
                item(
                    "规范低保审核确认",
                    "优化审核流程，{{rate >= 95 %|低保办理按期办结率达到95%以上}}。加强动态管理，做到有进有出。",
                ),
                item(
                    "做好临时救助",
                    "用好乡镇备用金，对急难对象先行救助。{{coverage = 100 %|逐户建立}}困难群众档案。强化部门协同，避免重复救助。",
                ),
                item(
                    "加强特困供养",
                    "{{coverage = 100 %;coverage = 100 %|逐一签订并落实}}照料协议，改善供养条件。三项制度、五个到位要落到实处。",
                ),
            ),
        ),
        (
            "发展养老服务，应对人口老龄化",
            (
                item(
                    "扩大助餐覆盖",
                    "依托闲置用房，{{count >= 6 家|新建社区食堂6家}}，提升老年食堂运营质量。60岁以上老年人凭证就餐享受优惠。",
                ),
                item(
                    "推进居家适老化",
                    "{{count >= 180 户|完成180户困难老年人家庭改造}}，{{milestone = 1 项|6月底前全部开工}}。{{coverage = 100 %|按照“一户一策”}}制定方案。",
                ),
                item(
                    "建强服务网络",
                    "在柳溪街道、石坪镇{{count = 2 个|建设2个区域养老服务中心}}，{{count >= 35 张|新增护理型床位35张}}。",
                ),
                item(
                    "提升队伍素质",
                    "举办技能竞赛，{{count >= 120 人次|培训养老护理员不少于120人次}}，{{rate >= 92 %|力争年底持证率达到92%}}。",
                ),
            ),
        ),
        (
            "守护儿童成长",
            (
                item(
                    "关爱留守儿童",
                    "对留守儿童{{coverage = 100 %|全覆盖开展心理健康筛查}}，{{count >= 12 场|举办亲子活动12场}}。",
                ),
                item("建强未保阵地", "{{count >= 3 个|打造示范站点三个}}，配齐配强儿童主任。"),
            ),
        ),
        (
            "守牢安全底线",
            (
                item(
                    "压实安全责任",
                    "以“{{ceiling <= 0 起|事故零发生}}、{{ceiling <= 0 件|服务零投诉}}”为目标，严格落实责任。",
                ),
                item("严控违规建墓", "{{coverage >= 80 %|全区80%的行政村建成公益性公墓}}，坚持疏堵结合。"),
            ),
        ),
    ),
)

LANCHUAN = Truth(
    title="岚川县民政局2027年工作计划",
    letter_title="",
    issuer="岚川县民政局",
    number="",
    year=2027,
    issued="2027-01-20",
    issued_words="2027年1月20日",
    opening="为做好全年工作，结合我县实际，制定本计划。2026年全县发放补贴3000万元，新建站点14个。",
    closing="",
    sections=(
        (
            "党建引领",
            (
                item(
                    "加强理论学习",
                    "落实“三会一课”制度，{{recurring = 1 次/月|每月开展1次集中学习}}，用好“两微一端”平台。",
                    "（责任单位：办公室）",
                    ("办公室",),
                ),
                item(
                    "深化作风建设",
                    "{{recurring = 1 次/半年|半年一次开展作风评议}}，{{milestone = 1 项|9月底前完成整改验收}}。",
                    "（责任单位：机关纪委；完成时限：2027年9月底前）",
                    ("机关纪委",),
                    "2027-09-30",
                ),
            ),
        ),
        (
            "社会救助提质",
            (
                item(
                    "扩大监测范围",
                    "{{rate >= 98 %|信息核对准确率不低于百分之九十八}}，将符合条件的对象及时纳入监测。",
                    "（牵头单位：救助科；配合单位：信息中心、各乡镇）",
                    ("救助科", "信息中心", "各乡镇"),
                ),
                item(
                    "规范资金发放",
                    "{{ceiling <= 2 %|差错率控制在2%以内}}，{{ceiling <= 15 个工作日|审批时限压缩至15个工作日以内}}。",
                    "（责任科室：救助科）",
                    ("救助科",),
                ),
                item(
                    "引入社会力量",
                    "{{count >= 5 家|培育5家社会服务机构}}，{{count >= 200 万元|筹集慈善资金200万元以上}}。",
                    "（救助科牵头，慈善总会、各乡镇配合）",
                    ("救助科", "慈善总会", "各乡镇"),
                ),
            ),
        ),
        (
            "养老服务扩面",
            (
                item(
                    "建设服务设施",
                    "{{count >= 4 所|改造提升敬老院4所}}、{{count >= 20 个|新建互助点20个}}，{{count >= 1500 张|养老床位达到1500张}}。",
                    "（责任科室：养老科；完成时限：11月底前）",
                    ("养老科",),
                    "2027-11-30",
                ),
                item(
                    "丰富服务供给",
                    "{{count >= 10000 人次|为1万人次老年人提供上门服务}}，{{recurring >= 4 次/年|每年巡访不少于4次}}。",
                    "（责任科室：养老科）",
                    ("养老科",),
                ),
                item(
                    "落实老年优待",
                    "高龄津贴按每人每月100元标准发放。2万余名老人受益的经验要巩固。",
                    "（责任科室：养老科）",
                    ("养老科",),
                ),
            ),
        ),
        (
            "专项事务规范",
            (
                item(
                    "深化殡葬改革",
                    "{{count >= 2 处|建成城乡公益性安葬设施2处}}，{{rate >= 3 百分点|火化率提高3个百分点}}。",
                    "（责任科室：事务科）",
                    ("事务科",),
                ),
                item(
                    "优化婚姻登记",
                    "{{milestone = 1 项|上半年建成标准化婚姻登记处}}，推广“跨省通办”。",
                    "（责任科室：事务科）",
                    ("事务科",),
                ),
                item(
                    "规范地名管理",
                    "{{count >= 300 条|规范乡村地名300条}}，更新标志牌。",
                    "（责任科室：区划科）",
                    ("区划科",),
                ),
                item(
                    "做好流浪救助",
                    "开展“夏季送清凉”行动，{{recurring >= 3 次/周|街面巡查每周不少于3次}}。",
                    "（责任科室：救助站）",
                    ("救助站",),
                ),
            ),
        ),
    ),
)

WANGCHUAN = Truth(
    title="望川市2026年民政重点任务实施方案",
    letter_title="望川市民政局关于印发《望川市2026年民政重点任务实施方案》的通知",
    issuer="望川市民政局",
    number="望民〔2026〕5号",
    year=2026,
    issued="2026-03-02",
    issued_words="2026年3月2日",
    opening="为贯彻全市民政工作会议精神，制定本实施方案。",
    closing="",
    sections=(
        (
            "聚力民生保障",
            (
                item("提标扩面社会救助", "低保标准适时调整，{{rate >= 90 %|群众满意度达90%以上}}。"),
                item(
                    "织密儿童关爱网",
                    "{{count >= 8 个|建成儿童之家8个}}，{{milestone = 1 项|10月底前完成儿童督导员轮训}}。",
                ),
                item(
                    "推动残疾人福利",
                    "{{coverage = 100 %|100%的乡镇设立服务窗口}}，{{coverage >= 70 %|七成以上的社区建立服务台账}}。",
                ),
            ),
        ),
        (
            "聚力基层治理",
            (
                item(
                    "规范村级组织运行",
                    "{{recurring = 2 次/年|每年组织2次业务培训}}，{{count >= 10 个|创建10—12个示范村}}。",
                ),
                item(
                    "激发社会组织活力",
                    "开展“十个一”行动，{{count >= 30 家|等级评估30家以上}}。抽查发现问题的，限期整改。",
                ),
                item("繁荣慈善事业", "{{count >= 500 万元|募集善款不少于500万元}}，建好“慈善超市”。"),
            ),
        ),
        (
            "聚力专项服务",
            (
                item(
                    "推进精康融合行动",
                    "{{count = 3 个|在清河街道、东岭镇、南庄乡等3个乡镇（街道）开展试点}}，{{rate >= 50 %|登记对象规范服务率50%以上}}。",
                ),
                item(
                    "深化殡葬领域治理",
                    "对散埋乱葬{{rate = 100 %;rate = 100 %|发现一起、制止一起、整治一起}}，{{ceiling <= 0 起|新增违建零增长}}。",
                ),
                item(
                    "提高数字化水平", "{{count >= 1 个|建成1个综合信息平台}}，{{milestone = 1 项|三季度末前上线运行}}。"
                ),
            ),
        ),
    ),
)

PLANS = {"chenghu": CHENGHU, "lanchuan": LANCHUAN, "wangchuan": WANGCHUAN}


@dataclass
class Outcome:
    """What is expected of one text."""

    name: str
    content: bytes
    filename: str
    title: str
    year: int | None
    document_number: str
    issuer: str
    sections: list[dict] = field(default_factory=list)
    annexes: int | None = None
    refused: bool = False
