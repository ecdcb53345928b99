"""Targets that are stated in words alone: 零发生, 全覆盖, 逐一签订并落实, 一户一案, 发现一起制止一起, 覆盖甲镇、乙乡."""

import re

from .model import Confidence, Proposal
from .passage import Passage, trimmed

# What a zero is counted in.
ZERO_UNITS = {
    "伤亡": "人",
    "死亡": "人",
    "反弹": "件",
    "投诉": "件",
    "差错": "件",
    "逾期": "件",
    "上访": "件",
    "积压": "件",
    "违规": "件",
    "违纪": "件",
    "拖欠": "件",
    "失误": "件",
    "感染": "例",
    "遗漏": "例",
}
ZERO = re.compile(
    r"零(发生|伤亡|死亡|反弹|扩散|增长|新增|事故|火灾|投诉|差错|失误|感染|逾期|遗漏|违规|违纪|违法|舆情|积压|上访|发案|案件|拖欠|复发|容忍)"
)
NOT_TOLERATED = re.compile(r"(?:的?态度|的?姿态|高压|惩治|方针|要求|理念|原则)")
NONE_HAPPENS = re.compile(
    r"(?:确保|做到|实现|坚决|力争|坚决防止|保证)[^，。；]{0,8}?(?:不发生|不出现|杜绝)(?P<what>[^，。；]{2,40}?(?:事故|事件|案件))"
)
IS_ZERO = re.compile(
    r"(?P<what>[^，。；、：]{0,16}(?:新增|事故|事件|案件|伤亡|死亡|投诉|上访|差错)[^，。；、：]{0,12}?)(?:保持为|控制为|降为|降至|降到|为)零(?![\u4e00-\u9fff])"
)
COVERED = re.compile(r"全覆盖|全面覆盖|覆盖率百分百")
WIDENED = re.compile(r"(?:面|率|范围)$")
ONE_BY_ONE = re.compile(
    r"逐(?:一|户|人|个)(?P<first>签订|建立|落实|核查|排查|走访|探访|评估|建档|登记|入户|核对|复核|回访|开展|制定|完成|检查|上门|销号|整改|摸排|核实|明确|签约|过筛|研判|审核)(?:(?:并|和|、|及)(?P<second>落实|履行|整改|建档|公示|更新|销号|登记|评估|回访|反馈))?"
)
EACH_ITS_OWN = re.compile(r"一([户人童老家院])一([案策档册卡表]|方案|计划|台账)")
AS_FOUND = re.compile(r"发现一([起例件个处户宗])(?:，|、)?(?P<acts>(?:[\u4e00-\u9fff]{2,4}一\1[，、]?){1,6})")
ACT = re.compile(r"([\u4e00-\u9fff]{2,4})一[起例件个处户宗]")
LISTED = re.compile(r"(?:覆盖|服务|惠及|辐射)(?=[\u4e00-\u9fff]{1,8}(?:街道|镇|乡|社区|村)、)")
HINT = re.compile(r"零|不发生|不出现|杜绝|覆盖|逐|一[户人童老家院]一|发现一|服务|惠及|辐射")
PERCENT = re.compile(r"\d ?%|百分之")


def from_words(passage: Passage) -> list[Proposal]:
    """Return the targets that a sentence states without a number."""
    if HINT.search(passage.norm, passage.sentence.start, passage.sentence.end) is None:
        return []
    rules = (_zeros, _is_zero, _none_happens, _covered, _one_by_one, _each_its_own, _as_found, _listed)
    return [proposal for rule in rules for proposal in rule(passage)]


def _found(passage: Passage, pattern: re.Pattern):
    """Yield the matches that are no names in 《》 and not told of the past."""
    for match in pattern.finditer(passage.norm, passage.sentence.start, passage.sentence.end):
        quoted = passage.sentence.quoted(match.start())
        if not (quoted and passage.norm[quoted[0]] == "《") and not passage.is_past(match.start()):
            yield match


def _part(passage: Passage, at: int) -> tuple[int, int]:
    """Return the part of the clause between 、 or quotation marks: 事故零发生、人员零伤亡 are two."""
    start, end = passage.clause(at)
    left = max(passage.norm.rfind(mark, start, at) for mark in "、“，")
    rights = [found for mark in "、”，" if (found := passage.norm.find(mark, at, end)) >= 0]
    return (start if left < 0 else left + 1), min(rights, default=end)


def _zeros(passage: Passage):
    for match in _found(passage, ZERO):
        if match[1] == "容忍" and NOT_TOLERATED.match(passage.norm, match.end()):
            continue
        start, end = _part(passage, match.start())
        clause = passage.clause(match.start())
        own = trimmed(passage.norm[start : match.start()])
        subject = own if len(own) >= 2 else _zero_of(passage, clause[0], match.start())
        yield passage.propose(
            *(clause if len(own) < 2 else (start, end)),
            match.span(),
            measure=f"{subject}未处置数" if match[1] == "容忍" else f"{subject}{match[1]}数",
            kind="ceiling",
            comparator="<=",
            value=0,
            unit=ZERO_UNITS.get(match[1], "起"),
            reason=f"零指标：{match[0]}" + ("，按未处置数理解" if match[1] == "容忍" else ""),
            confidence=Confidence.LOW if match[1] == "容忍" else Confidence.HIGH,
        )


def _zero_of(passage: Passage, start: int, at: int) -> str:
    """Return what is to be zero where it stands before the quotation: 对违建实行“零容忍，确保零增长”."""
    quoted = passage.sentence.quoted(at)
    words = passage.norm[start : quoted[0] if quoted else at]
    return trimmed(re.sub(r"零[^、，“]{2}[、，]?|^.*对|实行$|保持$|坚持$|实现$|做到$|以$|的$", "", trimmed(words)))


def _is_zero(passage: Passage):
    for match in _found(passage, IS_ZERO):
        what = trimmed(match["what"])
        yield passage.propose(
            *match.span(),
            match.span(),
            measure=what if what.endswith("数") else f"{what}数",
            kind="ceiling",
            comparator="<=",
            value=0,
            unit=next((unit for word, unit in ZERO_UNITS.items() if word in what), "起"),
            reason="零指标：写明为零",
            confidence=Confidence.HIGH,
        )


def _none_happens(passage: Passage):
    for match in _found(passage, NONE_HAPPENS):
        yield passage.propose(
            *match.span(),
            match.span(),
            measure=f"{trimmed(match['what'])}数",
            kind="ceiling",
            comparator="<=",
            value=0,
            unit="起",
            reason="零指标：写明不发生",
            confidence=Confidence.MEDIUM,
        )


def _hundred(
    passage: Passage, start: int, end: int, number: tuple[int, int], measure: str, reason: str, kind="coverage"
) -> Proposal:
    return passage.propose(
        start,
        end,
        number,
        measure=measure,
        kind=kind,
        comparator="=",
        value=100,
        unit="%",
        reason=reason,
        confidence=Confidence.MEDIUM,
        scope=passage.scope(start, end),
    )


def _covered(passage: Passage):
    for match in _found(passage, COVERED):
        start, end = passage.clause(match.start())
        if PERCENT.search(passage.norm, start, end) or passage.norm[match.start() - 1 : match.start()] in (
            "未",
            "不",
            "非",
        ):
            continue
        words = trimmed(passage.norm[start : match.start()].removeprefix("对") + passage.norm[match.end() : end])
        yield _hundred(passage, start, end, match.span(), f"{words}覆盖率", f"覆盖：{match[0]}按100%理解")


def _one_by_one(passage: Passage):
    for match in _found(passage, ONE_BY_ONE):
        start, end = passage.clause(match.start())
        thing = trimmed(passage.norm[match.end() : end])
        for name in ("first", "second"):
            if match[name]:
                measure = f"{thing}{match[name]}率"
                yield _hundred(passage, start, end, match.span(), measure, f"覆盖：{match[0][:2]}即每一个，按100%理解")


def _each_its_own(passage: Passage):
    for match in _found(passage, EACH_ITS_OWN):
        start, end = passage.clause(match.start())
        yield _hundred(
            passage, start, end, match.span(), f"{match[0]}落实率", f"覆盖：{match[0]}即每{match[1]}都有，按100%理解"
        )


def _as_found(passage: Passage):
    """发现一起，制止一起: of what is found all is dealt with. What the list is about stands before it."""
    for match in _found(passage, AS_FOUND):
        first = passage.sentence.clause_at(match.start())
        before = passage.norm[max(passage.sentence.start, match.start() - 60) : match.start()]
        subject = re.search(r"对([^，。、“”]{2,20}?)(?:实行|做到|保持|坚持|开展|，|$)", before)
        start, end = passage.sentence.clauses[first].start, match.end()
        for act in ACT.finditer(passage.norm, *match.span("acts")):
            measure = f"{subject[1] if subject else ''}{act[1]}率"
            yield _hundred(
                passage,
                start,
                end,
                act.span(),
                measure,
                f"比率：发现一{match[1]}{act[1]}一{match[1]}，按100%理解",
                kind="rate",
            )


def _listed(passage: Passage):
    """覆盖甲镇、乙乡、丙街道: as many as are named."""
    for match in _found(passage, LISTED):
        names, _, last = passage.places.within(match.end(), match.end() + 1)
        if len(names) < 2:
            continue
        start, end = passage.clause(match.start())
        yield passage.propose(
            start,
            end,
            (match.start(), last),
            measure="被覆盖的点名乡镇（街道）数",
            kind="coverage",
            comparator="=",
            value=len(names),
            unit="个",
            reason=f"覆盖：点名{len(names)}个，数目由名单得出",
            confidence=Confidence.MEDIUM,
            scope=names,
        )
