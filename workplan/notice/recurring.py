"""Targets that come round: 每月动态排查, 半年一次, 年初集中排查, “日周月季年”."""

import re

from .model import Confidence, Proposal
from .passage import Passage, trimmed

SPAN_WORDS = {
    "日": ("daily", "次/日"),
    "天": ("daily", "次/日"),
    "周": ("weekly", "次/周"),
    "旬": ("ten_days", "次/旬"),
    "月": ("monthly", "次/月"),
    "季": ("quarterly", "次/季度"),
    "季度": ("quarterly", "次/季度"),
    "半年": ("half_yearly", "次/半年"),
    "年": ("yearly", "次/年"),
    "年度": ("yearly", "次/年"),
}
SPAN = re.compile(r"(?:每(?:个|一)?|逐|按)(半年|季度|季|月|周|年度?|日|天|旬)(?!份|末|初|人均)")
LAST = re.compile(
    r"(?:(?:每(?:个|一)?|逐|按)(半年|季度|季|月|周|年度?|旬)|(?:^|(?<=[^每半全今本当]))(半年|季度|月|季|年))(?:[^，。；：每]{0,24})$"
)
ONCE = re.compile(
    r"(?:每(?:个|一)?|一(?:个)?)?(半年|季度|季|月|年|周)一(?:次|报|通报|调度|例会|评估|排查|检查|督查|研判|会商|总结|考核|主题)"
)
NOT_OFTEN = re.compile(
    r"(?:[人户生床张]|村|社区)(?:均)?每(?:年|月|天|日)|每(?:年|月|天|日|周)(?:的)?\d|每[年月](?:新增|增长|递增|平均|不低于|不少于|提高)"
)
PER_HEAD = re.compile(r"每[个名位张]?[人户生床位孩童名张村]$")
START_OF_YEAR = re.compile(
    r"年初(?!以来|预算|计划|人代|确定|制定的|部署的|下达)(?P<what>[\u4e00-\u9fff]{2,8}?)(?=[、，。；和及并]|$)"
)
RHYTHM = re.compile(r"(?:[日周旬月季年]、?){3,6}(?=”|“|、?[^日周旬月季年、初底末])")
IN_TURN = re.compile(
    r"(?:^|(?<=[、“，到行立施建持成]))(周|月|季度?|半年|年)(?:调度|通报|考核|例会|报告|小结|点评|总结|排查|研判|会商|督查|评估|检查|抽查|分析|评比)(?=[、”，。；制机工会]|$)"
)
HINT = re.compile(
    r"每|[周月季年](?:调度|通报|考核|例会|报告|小结|点评|总结|排查|研判|会商|督查|评估|检查|抽查|分析|评比)|逐[月季年]|按|[年月季周]一|年初|[日周旬月季]、?[周旬月季年]、?[旬月季年]"
)
VERB = re.compile(
    r"开展|部署|排查|检查|召开|举办|组织|报告|报送|通报|走访|探访|巡查|巡访|督查|督导|调度|评估|考核|研判|公示|公布|更新|演练|培训|宣传|抽查|核查|比对|核对|分析|总结|上报|学习|体检|安排|复核|慰问|维护|活动|例会|会商|发布|盘点|点评|对账|推进会|监测|服务|评选|审核|回访|填报|抓|清理|监督|联系|开放|测评"
)


def span_before(before: str) -> tuple[str, str] | None:
    """Return recurrence and unit where a time is named before a number: 每季度召开, 半年."""
    found = LAST.search(before)
    if found is None:
        return None
    if found[1] is None and found.end(2) != len(before):
        return None
    if PER_HEAD.search(before[: found.start()]) and found[1] in ("年", "月"):
        return None
    return SPAN_WORDS.get(found[1] or found[2])


def from_recurrences(passage: Passage, taken: list[tuple[int, int]]) -> list[Proposal]:
    """Return targets of spans without a counted number. taken: where quantities have made targets already."""
    if HINT.search(passage.norm, passage.sentence.start, passage.sentence.end) is None:
        return []
    found = [*_rhythm(passage), *_once(passage, taken), *_in_turn(passage, taken)]
    for match in SPAN.finditer(passage.norm, passage.sentence.start, passage.sentence.end):
        if (proposal := _every(passage, match, taken)) is not None:
            found.append(proposal)
    for match in START_OF_YEAR.finditer(passage.norm, passage.sentence.start, passage.sentence.end):
        if VERB.search(match["what"]) and not passage.is_past(match.start()):
            found.append(_start_of_year(passage, match))
    return found


def _part(passage: Passage, at: int) -> tuple[int, int]:
    """Return the part of the clause between enumeration commas that holds a place, where each part has a time of its own."""
    start, end = passage.clause(at)
    if len(SPAN.findall(passage.norm[start:end])) + passage.norm.count("年初", start, end) < 2:
        return start, end
    left = passage.norm.rfind("、", start, at)
    right = passage.norm.find("、", at, end)
    return (start if left < 0 else left + 1), (end if right < 0 else right)


def _every(passage: Passage, match: re.Match, taken) -> Proposal | None:
    norm = passage.norm
    start, end = _part(passage, match.start())
    if any(first < end and match.start() < last for first, last in taken):
        return None
    rest = norm[match.end() : end]
    if (match[0][0] == "按" and match[1] in ("年", "日", "天")) or PER_HEAD.search(
        norm[max(start, match.start() - 3) : match.start()]
    ):
        return None
    if re.match(r"[（]?\d+(?:\.\d+)?[元万亿%个]|均|度?考核办法", rest) or re.search(r"\d元|补贴|津贴", rest[:20]):
        return None
    if VERB.search(rest) is None or passage.is_past(match.start()) or _in_name(passage, match):
        return None
    recurrence, unit = SPAN_WORDS[match[1]]
    if recurrence == "daily":
        return None
    return passage.propose(
        start,
        end,
        match.span(),
        measure=_with_times(trimmed(norm[start : match.start()] + rest)),
        kind="recurring",
        comparator="=" if recurrence == "yearly" else ">=",
        value=1,
        unit=unit,
        recurrence=recurrence,
        reason=f"频次：{match[0]}，未写次数，按一次理解",
        confidence=Confidence.MEDIUM,
    )


def _in_name(passage: Passage, match: re.Match) -> bool:
    quoted = passage.sentence.quoted(match.start())
    return quoted is not None and passage.norm[quoted[0]] == "《"


def _with_times(words: str) -> str:
    return words if words.endswith(("次数", "率")) else f"{words}次数"


def _once(passage: Passage, taken: list[tuple[int, int]]) -> list[Proposal]:
    found = []
    for match in ONCE.finditer(passage.norm, passage.sentence.start, passage.sentence.end):
        if passage.is_past(match.start()) or (match[0][0] == "年" and match[0][1:2] != "一"):
            continue
        start, end = passage.clause(match.start())
        if any(first < end and start < last for first, last in taken):
            continue
        recurrence, unit = SPAN_WORDS[match[1]]
        words = passage.norm[start : match.start()] + passage.norm[match.end() : end]
        found.append(
            passage.propose(
                start,
                end,
                match.span(),
                measure=_with_times(trimmed(words)),
                kind="recurring",
                comparator="=",
                value=1,
                unit=unit,
                recurrence=recurrence,
                reason=f"频次：{match[0]}",
            )
        )
    return found


def _in_turn(passage: Passage, taken: list[tuple[int, int]]) -> list[Proposal]:
    """月调度、季通报: the time is the first word of what is done."""
    found = []
    for match in IN_TURN.finditer(passage.norm, passage.sentence.start, passage.sentence.end):
        if passage.is_past(match.start()) or any(first <= match.start() < last for first, last in taken):
            continue
        recurrence, unit = SPAN_WORDS[match[1]]
        found.append(
            passage.propose(
                *match.span(),
                match.span(),
                measure=f"{match[0]}次数",
                kind="recurring",
                comparator="=",
                value=1,
                unit=unit,
                recurrence=recurrence,
                reason=f"频次：{match[0]}，按一次理解",
                confidence=Confidence.MEDIUM,
            )
        )
    return found


def _start_of_year(passage: Passage, match: re.Match) -> Proposal:
    start, end = _part(passage, match.start())
    return passage.propose(
        start,
        end,
        match.span(),
        measure=_with_times(trimmed(passage.norm[start:end])),
        kind="recurring",
        comparator="=",
        value=1,
        unit="次/年",
        recurrence="yearly",
        reason="频次：年初一次，未写日期",
        confidence=Confidence.MEDIUM,
    )


def _rhythm(passage: Passage) -> list[Proposal]:
    """日周月季年: as many kinds of checks as there are words for times."""
    found = []
    for match in RHYTHM.finditer(passage.norm, passage.sentence.start, passage.sentence.end):
        words = [word for word in match[0] if word != "、"]
        if len(set(words)) != len(words) or words != sorted(words, key="日周旬月季年".index):
            continue
        start, end = passage.clause(match.start())
        found.append(
            passage.propose(
                start,
                end,
                match.span(),
                measure=trimmed(passage.norm[start:end]),
                kind="recurring",
                comparator="=",
                value=len(words),
                unit="类频次",
                reason=f"频次：{'、'.join(words)}共{len(words)}类",
                confidence=Confidence.MEDIUM,
            )
        )
    return found
