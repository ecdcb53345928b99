"""Quantities in a sentence: number, unit, and the words that say how the number is meant (不少于, 以上, 控制在…以内)."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .numerals import CHINESE, amount

DIGITS = r"\d{1,3}(?:，\d{3}){1,4}(?![\d])|\d{1,12}(?:\.\d{1,4})?"
HAN_NUMBER = rf"[{CHINESE}]{{1,8}}"
# Longer units first. What follows after (?!…) would make another word of the unit.
UNITS = (
    r"个百分点|个工作日|个小时|个自然日|个月|个季度|平方公里|平方千米|平方米|立方米|人次|件次|户次|场次|家次|对次|课时|学时|万千瓦|千瓦时|千瓦|公里|千米|公顷|公斤|千克|小时|分钟|工作日"
    r"|亿元|万元|户(?!籍|外|口|均)|人(?!民|均|大|口|工|才|事|力|员|身|士|次|居|物|群|生|口普查|社|像)|名(?!录|单|称|额|册|字|城|优)|个(?!人|性|体|案|别|维护|确立|意识|自信|倍增|一|方面|层面|环节|月|工作日|百分|小时|季度)"
    r"|家(?!庭|园|长|属|乡|政|风)|张(?!贴)|所(?!有|在|需)|处(?!置|理|罚|于|室|级)|座(?!谈)|场(?!所|地|景|馆|次|面)|次(?!要|序|生|日|全会|会议精神|全体|代表)|项|件(?!套)"
    r"|份(?!额)|条(?!例|件|款|线)|篇|支(?!持|撑|部|付|出|书)|套(?!餐|取)|台(?!账|帐|风)|辆|间(?!隔|接)|亩|元|吨|册|例(?!如|会|行|外)|对(?!接|象|口|标|应|于|照)|村(?!级|民|庄|务)|街道|乡镇|社区"
    r"|门(?!类|户|诊)|节(?!能|约|地|日|点)|部(?!门|分|署|委|属|级|队)|块|轮(?!换|流|训|岗|候)|宗|幅|床(?!位)|眼|口(?!岸|碑|号|径|头)|组(?!织|建|成|合|长|委|团|工)|栋|盏|棵|株|米|只|片(?!区|面)|期(?!间|限|满)|批(?!准|复|次|评)|类|种(?!植)|天|岁|年|倍|级|分钟|点|课|期次|班次|期班|期"
)
BEFORE = re.compile(
    r"(?:(不低于|不少于|不小于|不得少于|不得低于|至少|最少|达到|超过|突破|高于|大于|多于|不超过|不高于|不多于|不大于|控制在|压减至|压缩至|压缩到|缩短至|缩短到"
    r"|降至|降低到|低于|少于|小于|≥|>=|≤|<=)|(?<![<>])([<>])) ?$"
)
LOOK_BACK = 6
QUANTITY = re.compile(
    rf"(?P<low>百分之(?P<words>[{CHINESE}]{{1,6}}(?:点[{CHINESE}]{{1,3}})?)|(?:{DIGITS}|{HAN_NUMBER}) ?(?:[万亿](?!元))?)"
    rf"(?: ?(?:-|—{{1,2}}|~|～|至|到) ?(?P<high>(?:\d{{1,9}}(?:\.\d{{1,4}})?|{HAN_NUMBER})(?:[万亿])?)(?= ?(?:%|{UNITS})))?"
    rf" ?(?P<about>余|多|来)? ?(?P<unit>%|‰|成(?=以上|的|$)|{UNITS})?"
    r" ?(?P<after>(?:（含）|含)?以上|及以上|以内|之内|内|以下|及以下|左右|上下)?"
)
PERCENT = re.compile(rf"百分之([{CHINESE}]{{1,6}})(?:点([{CHINESE}]{{1,3}}))?")
AT_LEAST = ("不低于", "不少于", "不小于", "不得少于", "不得低于", "至少", "最少", "≥", ">=")
MORE = ("超过", "突破", "高于", "大于", "多于", ">")
AT_MOST = (
    "不超过",
    "不高于",
    "不多于",
    "不大于",
    "控制在",
    "压减至",
    "压缩至",
    "压缩到",
    "缩短至",
    "缩短到",
    "≤",
    "<=",
    "降至",
    "降低到",
)
LESS = ("低于", "少于", "小于", "<")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit. words: whether the number is written in Chinese."""

    start: int
    end: int
    low: Decimal
    high: Decimal | None
    unit: str
    before: str
    after: str
    about: bool
    words: bool

    @property
    def comparator(self) -> str:
        """Return how the text bounds the number, "" where it does not say."""
        if self.before in AT_MOST or self.after in ("以内", "之内", "以下", "及以下"):
            return "<="
        if self.before in LESS:
            return "<"
        if self.before in AT_LEAST or self.after.endswith("以上"):
            return ">="
        if self.before in MORE:
            return ">"
        return ">=" if self.about or self.high is not None else ""


def quantities(norm: str, start: int, end: int) -> list[Quantity]:
    """Return all numbers with a unit in the stretch."""
    return [found for match in QUANTITY.finditer(norm, start, end) if (found := _quantity(match)) is not None]


def _quantity(match: re.Match) -> Quantity | None:
    low, unit = match["low"], match["unit"] or ""
    words = not low[0].isdecimal()
    if match["words"]:
        value, unit = _percent(low), "%"
    else:
        value = amount(low)
    if value is None or not unit:
        return None
    high = amount(match["high"]) if match["high"] else None
    if match["high"] and (high is None or high <= value):
        return None
    if unit == "成":
        value, unit = value * 10, "%"
    bound = BEFORE.search(match.string, max(0, match.start() - LOOK_BACK), match.start())
    before = (bound[1] or bound[2]) if bound else ""
    end = match.end() if match["after"] or match["unit"] else match.end("low")
    return Quantity(match.start(), end, value, high, unit, before, match["after"] or "", bool(match["about"]), words)


def _percent(text: str) -> Decimal | None:
    found = PERCENT.match(text)
    if found is None:
        return None
    whole, part = amount(found[1]), found[2]
    digits = [amount(word) for word in part or ""]
    if whole is None or None in digits:
        return None
    return whole + sum(digit / Decimal(10) ** (at + 1) for at, digit in enumerate(digits))
