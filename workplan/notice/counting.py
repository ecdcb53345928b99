"""Targets from quantities: 新建老年食堂2家, 持证率达到90%, 60%的乡镇, 每季度召开1次, 控制在5%以内."""

import re
from decimal import Decimal

from .amounts import AT_MOST, Quantity, quantities
from .model import Confidence, Proposal
from .passage import Passage, trimmed
from .recurring import SPAN_WORDS, span_before

HUNDRED = Decimal(100)
TIMES = ("次", "场", "期", "场次", "件次", "人次", "班次", "期班", "期次")
OCCASIONS = ("次", "场", "场次", "班次", "期次", "期", "期班")
DURATIONS = ("分钟", "小时", "个小时", "天", "个工作日", "工作日", "个自然日", "个月", "个季度")
MONEY = ("元", "万元", "亿元")
NO_TARGET = ("岁", "年", "级", "点", "批", "倍", "期", "部", "米", "节", "门", "街道", "乡镇", "社区", "村")
KINDS_OF = ("类", "种")
BUILD = "新建|建成|建设|打造|创建|新增|设立|建立|培育|新设|增设|开设|改建|扩建|改造|完成|举办|开展|组织|召开|推出|开发|落成|启用|启动|新开|布局|选树|评选|培训|培养|发展|引进|引入|配备|建好|办好|推进|争取|申报|推广|挂牌|增加|建"
ACTION = re.compile(BUILD)
ONE_BUILT = re.compile(r"(?:新建|建成|建设|打造|创建|新增|设立|培育|新设|增设|开设|启动|改建|争创|建)(?:好|起|至少)?$")
SETTLED = re.compile(
    r"(?:提高|提升|优化|完善|用好|办好|抓好|做好|落实|抓实|聚焦|围绕|依托|深化|巩固|等|全部|其余|执行|规范|统筹)(?:好|提升|完善)?$"
)
SMALL_PROJECT = re.compile(r"(?:完成|新增|推出|出台|办好|新建|建成)(?:了)?$")
CONDITION = re.compile(r"的?(?:，)?(?:予以|给予|一律|将予|视为|按规定处理|应当|须由|由上级)|的，|之一")
CONDITIONAL = re.compile(
    r"(?:满|凡|超出|逾期|累计|连续|如有|出现|发现|存在|年龄|年满|不足|每逾|每满|每发生|扣|加|减|得)$"
)
GRANT_AFTER = re.compile(r"(?:的)?(?:比例|标准|额度)?(?:给予|补贴|补助|减免|资助|奖励|报销|承担|的?补贴|优惠|折扣)")
GRANT_BEFORE = re.compile(r"(?:减免|补贴|补助|资助|自付|下浮|上浮|优惠|给予|奖励|占|(?<!不)低于|不足)[^，。]{0,6}$")
PART_OF = re.compile(r"占[^，。]{1,10}的?$")  # 护理型床位占总床位的65%以上
AGAINST = re.compile(r"(?P<what>.{2,}?)(?:不低于|不少于)(?P<whole>.{2,})$")  # 年检的社会组织不低于应检数的92%
RAISED = re.compile(
    r"(?:提高|提升|增加|调整|达|不低|不少|投入|投资|募集|筹集|争取|落实|销量|销售|完成|发放|收入|募捐|善款|资金|总额|超过|突破|力争|实现)[^，。]{0,14}$"
)
SHORTENED = re.compile(r"压缩|缩短|控制|不超过|压减|缩减|减少到|降至|不高于")
NAMED_SHARE = re.compile(
    r"的(?!比例|比率|标准|速度|幅度|增速|增长|目标|要求) ?([^，。；、：%\d]{1,24}?)(?=[、，。；：\s]|和\d|和百|与\d|以及|及\d|$|开展|实现|达到|建成|完成|设立|纳入|配备|建立|参加|接受|享受|通过|具备|设有|有)"
)
DONE = re.compile(r"(?:开展|实现|达到|建成|完成|设立|纳入|配备|建立|参加|接受|享受|通过|具备|设有|有)[^，。；]{1,30}")
PER = re.compile(
    r"(?:每(?:一)?(?:个|家|所|处|名|户)?|各)(?P<per>乡镇（街道）|街道（乡镇）|镇（街道）|乡（镇、街道）|乡镇|街道|村（社区）|社区（村）|行政村|村|社区|镇|乡|机构|敬老院|养老机构|站点?|家庭|户|人|村居|区县|县|学校|科室|单位|支部|千人|千名老年人|万人|片区|网格)[^，。；每]{0,12}$"
)
AT_LEAST_EARLIER = re.compile(r"(?:至少|不少于|最少)[^，、\d]{1,12}$")
WHOLE = re.compile(
    r"(?:全区|全县|全市|全省|全镇|全街|我区|我县|我市|辖区内?|现有|所有|下辖)(?:的|共有?)?(?:\d{1,4}[^，、\d]{1,8}[、和及]){0,4}$"
)
OF_EACH = re.compile(r"（[^（）]*各$")  # 改建4所（甲镇、乙乡各2所）: how the number before is made up
MEANS = re.compile(r"(?:依托|利用|发挥|借助)(?:\d{1,5}[^，、\d]{1,12}[、和及与]){0,4}$")
ALL_OF = re.compile(r"全部|均|都|全覆盖|实现")
LINKED = re.compile(r"[×xX+/\-.A-Za-z〔\[]$")
DETERMINED = re.compile(r"(?:第|前|这|那|上述|前述|“|其他|其它|排名|位列|位居|[A-Za-z])$")
DOWN = re.compile(r"降低|下降|减少|压减|缩减")
GROWTH = re.compile(r"增长|提高|提升|增加|上升|增幅|增速|下降|降低|减少")
SHARE = re.compile(r"率|占比|比例|比重|占|增长|增幅|增速|提高|提升|下降|降低|达标|满意度")
COVER = re.compile(r"覆盖")
EACH_TIME = re.compile(r"/(?:人·?)?(?:月|年|季度)")
NAME_LONGEST = 16
WINDOW = 60
RATE = r"[^、，。；：\d]{0,20}?(?:率|满意度|占比)"
RATES = re.compile(
    rf"(?P<names>{RATE}(?:(?:、|和|与|及|以及){RATE}){{1,5}})(?P<each>(?:分别|依次|均|都|要|应|须|全部|保持|力争|提高|提升|增长|下降|降低|达到|达|不低于)*)$"
)
BETWEEN_RATES = re.compile(r"(?<=率|度|比)(?:、|和|与|以及|及)")
BETWEEN_NUMBERS = re.compile(r"(?:以上)?(?:、|和|与|以及|及)(?:达到?|不低于)?$")


def from_quantities(passage: Passage) -> list[Proposal]:
    """Return the targets that the quantities of a sentence state."""
    found, sentence = [], passage.sentence
    waiting: list[str] = []  # rates that were named together and have no number yet
    last = sentence.start
    for quantity in quantities(passage.norm, sentence.start, sentence.end):
        if not BETWEEN_NUMBERS.match(passage.norm[last : quantity.start]):
            waiting = []
        last = quantity.end
        if _is_no_target(passage, quantity):
            continue
        if quantity.unit not in ("%", "‰", "个百分点"):
            found.append(_count(passage, quantity))
            continue
        named, waiting = (waiting[:1], waiting[1:]) if waiting else _rates_before(passage, quantity)
        found += [_share(passage, quantity, name) for name in named or [""]]
    return [proposal for proposal in found if proposal is not None]


def _rates_before(passage: Passage, quantity: Quantity) -> tuple[list[str], list[str]]:
    """Return the rates that are named together before a number, and those of them that the next numbers are about (分别达到).

    Both are empty where a single one is named.
    """
    named = RATES.search(_before(passage, quantity))
    if named is None:
        return [], []
    names = [trimmed(name) for name in BETWEEN_RATES.split(named["names"])]
    one_by_one = "分别" in named["each"] or "依次" in named["each"]
    return (names[:1], names[1:]) if one_by_one else (names, [])


def _before(passage: Passage, quantity: Quantity) -> str:
    """Return what stands before the number in its clause, without the word that bounds it."""
    start = max(passage.clause(quantity.start)[0], quantity.start - WINDOW)
    text = passage.norm[start : quantity.start].rstrip()
    return text.removesuffix(quantity.before).rstrip() if quantity.before else text


def _behind(passage: Passage, quantity: Quantity) -> str:
    return passage.norm[quantity.end : min(passage.clause(quantity.start)[1], quantity.end + WINDOW)]


def _is_no_target(passage: Passage, quantity: Quantity) -> bool:
    before = _before(passage, quantity)
    if LINKED.search(before) or DETERMINED.search(before) or (quantity.unit != "%" and CONDITIONAL.search(before)):
        return True
    quoted = passage.sentence.quoted(quantity.start)
    if quoted and (passage.norm[quoted[0]] == "《" or quoted[1] - quoted[0] <= NAME_LONGEST):
        return True
    behind = passage.norm[quantity.end : quantity.end + 12]
    if quantity.unit != "%" and CONDITION.match(behind):
        return True
    if MEANS.search(before) or OF_EACH.search(passage.norm, max(0, quantity.start - WINDOW), quantity.start):
        return True
    if WHOLE.search(before) and ALL_OF.search(passage.norm, quantity.end, passage.clause(quantity.start)[1]):
        return True
    return _unit_says_no(quantity, before, behind) or passage.is_past(quantity.start)


def _unit_says_no(quantity: Quantity, before: str, behind: str) -> bool:
    unit = quantity.unit
    if unit not in ("%", "‰") and behind.startswith("的"):
        return True  # 三家以上的单位, 1.5万人次的数据: a description
    if unit == "部" and not quantity.words and not re.match(r"[\u4e00-\u9fff]", behind):
        return False  # 宣传片1部
    if unit in NO_TARGET or (quantity.about and unit not in ("%",)):
        return not (
            unit == "期" and (re.match(r"[^，。]{0,12}(?:培训|班)", behind) or re.search(r"班|培训|讲座|活动", before))
        )
    if unit in KINDS_OF:
        return quantity.comparator == ""
    if unit in DURATIONS:
        return not (SHORTENED.search(before) or quantity.before in AT_MOST)
    if unit in MONEY:
        if re.match(r"的?标准", behind):
            return True  # 按每村2万元标准安排
        return RAISED.search(before) is None and quantity.comparator != ">="
    if unit == "%":
        return _is_grant(quantity, before, behind)
    if quantity.words:
        return _is_phrase(quantity, before)
    return quantity.after == "以上" and bool(re.search(r"(?:由|经|与|需|须)$", before))


def _is_grant(quantity: Quantity, before: str, behind: str) -> bool:
    """A percentage that says how much is paid, or who is meant by an income, is no target."""
    if quantity.low > 1000 or GRANT_AFTER.match(behind):
        return True
    if re.search(r"按照?$", before) and re.match(r"[^，。]{0,12}(?:补|奖|发放|给|报销|承担|缴)", behind):
        return True
    if quantity.comparator == ">=" and PART_OF.search(before):
        return False
    threshold = quantity.comparator in ("<", "<=") and behind.startswith("的")
    return threshold or bool(GRANT_BEFORE.search(before) and not re.search(r"率|占比|比例", before))


def _is_phrase(quantity: Quantity, before: str) -> bool:
    """A number in Chinese is a target where something is made of it; 三项制度 and 两个确立 are names."""
    bounded = quantity.comparator != ""
    if quantity.unit in TIMES:
        return not (bounded or span_before(before) or (quantity.low > 1 and ACTION.search(before)))
    if quantity.low == 1:
        return not (
            bounded or (quantity.unit in ("个", "所", "家", "处", "座", "间", "名", "支") and ONE_BUILT.search(before))
        )
    if quantity.unit in ("项", "条", "套", "支", "对", "门", "元"):
        return not (bounded or SMALL_PROJECT.search(before))
    return not (bounded or ACTION.search(before))


def _count(passage: Passage, quantity: Quantity) -> Proposal | None:
    start, end = passage.clause(quantity.start)
    before, behind = _before(passage, quantity), _behind(passage, quantity)
    span = span_before(before)
    if span and quantity.unit in MONEY:
        span_unit = f"{quantity.unit}/{span[1].split('/')[1]}"
        return _counted(passage, quantity, start, end, span_unit)
    if span or _has_span_behind(behind, quantity):
        return _recurring(passage, quantity, start, end, span or _has_span_behind(behind, quantity))
    each = EACH_TIME.match(behind) if quantity.unit in MONEY else None
    return _counted(passage, quantity, start, end, quantity.unit + (each[0] if each else ""))


def _has_span_behind(behind: str, quantity: Quantity):
    """次/月, 次每年: the time stands behind the number."""
    found = re.match(r"[/每](月|季度|季|半年|年|周)", behind) if quantity.unit in OCCASIONS else None
    return SPAN_WORDS[found[1]] if found else None


def _recurring(passage: Passage, quantity: Quantity, start: int, end: int, span: tuple[str, str]) -> Proposal:
    recurrence, per = span
    unit = per if quantity.unit == "次" else f"{quantity.unit}/{per.split('/')[1]}"
    return passage.propose(
        start,
        end,
        (quantity.start, quantity.end),
        measure=_with_suffix(_thing(passage, quantity), quantity.unit),
        kind="recurring",
        comparator=quantity.comparator or (">=" if AT_LEAST_EARLIER.search(_before(passage, quantity)) else "="),
        value=quantity.low,
        unit=unit,
        recurrence=recurrence,
        reason=f"频次：写明每次间隔内{quantity.low}{quantity.unit}",
        value_to=quantity.high,
        per=_per(passage, quantity),
    )


def _counted(passage: Passage, quantity: Quantity, start: int, end: int, unit: str) -> Proposal:
    before = _before(passage, quantity)
    scope = passage.scope(start, end)
    comparator = quantity.comparator
    ceiling = comparator in ("<=", "<")
    if not comparator and AT_LEAST_EARLIER.search(before):
        comparator = ">="
    if not comparator:
        settled = SETTLED.search(before) or SETTLED.search(re.sub(r"(?:重点|当年|年度)$", "", before))
        comparator = (
            "=" if settled or quantity.after == "左右" or (len(scope) > 1 and len(scope) == quantity.low) else ">="
        )
    return passage.propose(
        start,
        end,
        (quantity.start, quantity.end),
        measure=_with_suffix(_thing(passage, quantity), quantity.unit),
        kind="ceiling" if ceiling else "count",
        comparator=comparator,
        value=quantity.low,
        unit=unit,
        reason=f"数量：写明{passage.norm[quantity.start : quantity.end]}" + ("，为上限" if ceiling else ""),
        confidence=Confidence.MEDIUM if quantity.words and quantity.low == 1 else Confidence.HIGH,
        scope=scope,
        value_to=quantity.high,
        per=_per(passage, quantity),
    )


def _per(passage: Passage, quantity: Quantity) -> str:
    found = PER.search(_before(passage, quantity))
    return found["per"] if found else ""


def _thing(passage: Passage, quantity: Quantity) -> str:
    """Return what is counted: what stands behind the number, else what stands before it."""
    behind = re.split(r"、|（[^）]*\d|和\d|及\d", _behind(passage, quantity))[0]
    after = trimmed(behind)
    if len(after) >= 2 and not re.match(r"(?:以上|以内|左右|并|且|后|等)", after):
        return after
    before = _before(passage, quantity)
    return trimmed(re.split(r"[、]|\d[^、]{0,3}?(?:和|及)", before)[-1] or before) or after


def _with_suffix(thing: str, unit: str) -> str:
    if not thing or thing.endswith(("数", "量", "额", "率")) or len(unit) > 2 or unit in MONEY:
        return thing
    return thing + ("户数" if unit == "户" else "人数" if unit in ("人", "名") else "次数" if unit == "次" else "数")


def _share(passage: Passage, quantity: Quantity, name: str = "") -> Proposal:
    """A percentage: of those who are meant (60%的乡镇: coverage), of what is done (…率: rate), of what may not be passed (ceiling).

    name: of the rate, where the words before the number do not tell it.
    """
    start, end = passage.clause(quantity.start)
    before, behind = _before(passage, quantity), _behind(passage, quantity)
    named = NAMED_SHARE.match(behind)
    comparator = quantity.comparator
    ceiling = comparator in ("<=", "<")
    if not comparator:
        comparator = "=" if quantity.low == HUNDRED or quantity.after == "左右" else ">="
    if ceiling:
        kind, reason = "ceiling", "比率上限"
    elif COVER.search(name or before[-8:]) or COVER.match(behind[:3]) or (named and not SHARE.search(before[-6:])):
        kind, reason = "coverage", "覆盖：写明百分比"
    else:
        kind, reason = "rate", "比率：写明百分比"
    return passage.propose(
        start,
        end,
        (quantity.start, quantity.end),
        measure=name or _share_measure(before, behind, named),
        kind=kind,
        comparator=comparator,
        value=quantity.low,
        unit="百分点" if quantity.unit == "个百分点" else quantity.unit,
        reason=reason + ("，较上期变动" if GROWTH.search(before[-8:]) else ""),
        confidence=Confidence.MEDIUM if quantity.after == "左右" else Confidence.HIGH,
        scope=passage.scope(start, end),
        value_to=quantity.high,
    )


def _against(measure: str) -> str:
    """Return what a share is of: 年检组织不低于应检数 says 年检组织占应检数; a rate says it by its name."""
    found = AGAINST.match(measure)
    if found is None:
        return measure
    what = found["what"]
    return what if what.endswith(("率", "占比", "比例", "标准")) else f"{what}占{found['whole']}"


def _share_measure(before: str, behind: str, named) -> str:
    if named is None:
        return _against(trimmed(re.split(r"[、；]", before)[-1]) or trimmed(before))
    doing = DONE.search(behind, named.end())
    return f"{doing[0]}的{named[1]}占比" if doing else f"{trimmed(re.split('[、；]', before)[-1])}{named[1]}占比"
