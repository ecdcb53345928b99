"""All targets that a stretch of text states, in reading order."""

import re

from .clauses import sentences
from .counting import from_quantities
from .milestones import from_deadlines
from .model import Due, Proposal
from .passage import Passage
from .recurring import from_recurrences
from .view import View
from .wording import from_words

# A sentence without any of these states no target; most sentences have none.
TELLING = re.compile(
    r"\d|百分之|零[发伤死反扩增新事火投差失感逾遗违舆积上案拖复容]|[为至到]零|不发生|不出现|杜绝|全覆盖|全面覆盖|覆盖率百分百|逐[一户人个]|一[户人童老家院]一|发现一|每(?:个|一)?[半季月周年旬]|逐[月季年]|按[月季]|年初"
    r"|[年月季周]一[次报通调例评排检督研会总考主]|[日周旬月季]、?[周旬月季年]、?[旬月季年]|年[底末终内]|[上下]半年|季度[末底内前]|[一二三四]季度|[、“，到行立施建持成][周月季年](?:调度|通报|考核|例会|报告|小结|点评|总结|排查|研判|会商|督查|评估|检查|抽查|分析|评比)|月[份上中下底末]|[两二三四五六七八九十百]{1,4}[个家所处座户人名张场次间件台辆条项万期]"
    r"|至少一|不少于一|(?:新建|建成|打造|创建|新增|设立|建设|培育)一[个所家处座间]|[一两二三四五六七八九]成以上|(?:覆盖|服务|惠及|辐射)[\u4e00-\u9fff]{1,8}(?:街道|镇|乡|社区|村)、"
)
REVIEWING = re.compile(r"回顾|现状|形势|基础$|存在.{0,6}问题|突出问题|总结|成效|成绩|指导思想|背景")


def find_targets(
    view: View, start: int, end: int, year: int | None, item_due: Due | None, without: list[tuple[int, int]]
) -> list[Proposal]:
    """Return the targets of a stretch of the view. without: brackets with owners and other stretches that are no sentences."""
    found: list[Proposal] = []
    for sentence in sentences(view.norm, start, end, without, TELLING):
        found += _of_sentence(Passage(view, sentence, year, item_due))
    return found


def _of_sentence(passage: Passage) -> list[Proposal]:
    counted = from_quantities(passage)
    worded = from_words(passage)
    clauses = [passage.clause(_place(passage, proposal)) for proposal in [*counted, *worded]]
    times = [passage.clause(_place(passage, proposal)) for proposal in counted if proposal.kind == "recurring"]
    recurring = from_recurrences(passage, times)
    clauses += [passage.clause(_place(passage, proposal)) for proposal in recurring]
    found = [*counted, *worded, *recurring, *from_deadlines(passage, clauses)]
    return sorted(_unique(found), key=lambda proposal: (proposal.number_span.start, proposal.number_span.end))


def _place(passage: Passage, proposal: Proposal) -> int:
    return passage.view.place_of(proposal.number_span.start)


def _unique(found: list[Proposal]) -> list[Proposal]:
    """One passage states one target: what two rules found at one place counts once, the first rule's."""
    seen, kept = set(), []
    for proposal in found:
        key = (proposal.number_span, proposal.measure)
        if key not in seen:
            seen.add(key)
            kept.append(proposal)
    return kept


def is_review(title: str) -> bool:
    """Say whether a heading announces what was, not what is to be done."""
    return bool(REVIEWING.search(title))
