"""What is to be done by a day, without a number: 6月底前完成规划编制."""

import re

from .dates import Deadline
from .model import Confidence, Proposal
from .passage import Passage, trimmed

DOING = re.compile(
    r"完成|建成|制定|出台|印发|启动|投用|投入使用|投入运营|建立|实现|上线|验收|开工|竣工|形成|编制|报送|召开|举办|纳入|优化|搭建|设立|成立|发布|公布|落实|开放|启用|交付|整改|签订|办结|开展|全面推开|运行|挂牌|上报|修订|配齐|达标|下放|建好|推行|压实|取得|基本|完工|完善|到位|销号|清零|竣工|办理|兑现|发放|拆除|迁移|搬迁|移交|登记|换届"
)

SHORTEST = 4  # characters of something that can be done


def from_deadlines(passage: Passage, has_targets: list[tuple[int, int]]) -> list[Proposal]:
    """Return what a sentence promises by a day. has_targets: clauses that state a number, to which the day belongs."""
    found = []
    for at, deadline in enumerate(passage.deadlines):
        if not deadline.certain or passage.is_past(deadline.start):
            continue
        following = passage.deadlines[at + 1].start if at + 1 < len(passage.deadlines) else passage.sentence.end
        start, end, done = _done_by(passage, deadline)
        counted = any(first < end and start < last for first, last in has_targets)
        leads = len(done) < 8 and any(first >= end for first, _ in has_targets)  # 6月底前，完成以下任务：
        if counted or leads or following < end or len(done) < SHORTEST or DOING.search(done) is None:
            continue
        found.append(_milestone(passage, deadline, start, end, done))
    return found


def _done_by(passage: Passage, deadline: Deadline) -> tuple[int, int, str]:
    """Return where it stands what is to be done by the day, and its words."""
    start, end = passage.clause(deadline.start)
    if end - deadline.end <= 2:  # the day stands alone, what is due follows
        end = passage.clause(min(end + 1, passage.sentence.end - 1))[1]
    done = passage.norm[deadline.end : end]
    if len(done.strip("。；，")) < SHORTEST and DOING.search(done):  # 制定办法，6月底前出台
        start = passage.clause(max(passage.sentence.start, start - 2))[0]
        done = passage.norm[start : deadline.start] + done
    return start, end, done


def _milestone(passage: Passage, deadline: Deadline, start: int, end: int, done: str) -> Proposal:
    return passage.propose(
        start,
        end,
        (deadline.start, deadline.end),
        measure=trimmed(done),
        kind="milestone",
        comparator="=",
        value=1,
        unit="项",
        strength="deliverable",
        reason=f"节点：写明{deadline.text}",
        confidence=Confidence.MEDIUM,
    )
