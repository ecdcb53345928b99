"""Reading a notice of 5 MB against the least that could be done with it: one pass of a regular expression over the same text.

Run by `make bench`. Prints processor seconds of both, their ratio, and how the time grows when the text does; fails beyond the limit.
"""

import re
import statistics
import time

from tests.notice.printers import chinese
from workplan.notice import NoticeError, parse_text

SIZE = 5_000_000  # bytes of UTF-8
ROUNDS = 3
LIMIT = 5.0  # seconds on an idle machine; a busy one is told by the ratio
FLOOR = re.compile(r"\d+|[一二三四五六七八九十百]+|[。；]")
HEAD = (
    "某区民政局关于印发《2026年民政工作要点》的通知\n某民发〔2026〕1号\n某区民政局\n2026年1月5日\n2026年民政工作要点\n"
)
PLAIN = "完善工作机制，健全服务体系，加强队伍建设，推动各项政策落到实处，不断增强群众获得感。" * 3
PROMISES = (
    "新建老年食堂2家，推进100户适老化改造。",
    "力争到年底持证率达到90%。",
    "每季度召开1次联席会议，逐一签订服务协议。",
    "实现服务全覆盖，做到安全零事故。",
)
# Texts that make parsers slow: each is repeated to the same number of characters.
HOSTILE = {
    "numbers": "一、",
    "brackets": "（一）",
    "opened": "（牵头",
    "quantities": "1户、",
    "lines": "甲\n",
    "contents": "目录\n一、甲\n",
}


def notice(size: int) -> str:
    """Return a notice of so many bytes in which every second item promises something, about as the real ones do."""
    parts, length, section, count = [HEAD], len(HEAD.encode()), 0, 0
    while length < size:
        if count % 12 == 0:
            section = section % 98 + 1
            parts.append(f"{chinese(section)}、加强第{section}方面工作\n")
            length += len(parts[-1].encode())
        promise = PROMISES[count // 2 % len(PROMISES)] if count % 2 else ""
        parts.append(f"（{chinese(count % 12 + 1)}）推进任务落实。{PLAIN}{promise}\n")
        length += len(parts[-1].encode())
        count += 1
    return "".join(parts)


def spent(function, text: str) -> float:
    begin = time.process_time()
    function(text)
    return time.process_time() - begin


def floor(text: str) -> int:
    return sum(1 for _ in FLOOR.finditer(text))


def read(text: str) -> None:
    try:
        parse_text(text)
    except NoticeError:
        return


def main() -> None:
    text = notice(SIZE)
    found = parse_text(text)
    targets = sum(len(item.targets) for item in found.items)
    print(f"notice: {len(text.encode()) / 1e6:.1f} MB, {len(found.items)} items, {targets} targets")
    rounds = [(spent(read, text), spent(floor, text)) for _ in range(ROUNDS)]
    ours, least = (statistics.median(side) for side in zip(*rounds, strict=True))
    print(f"read {ours:6.2f} s   one pass {least:6.2f} s   ratio {ours / least:5.1f}")
    quarter = statistics.median(spent(read, notice(SIZE // 4)) for _ in range(ROUNDS))
    print(f"four times the text takes {ours / quarter:4.1f} times as long")
    for name, piece in HOSTILE.items():
        small, large = (spent(read, HEAD + piece * (size // len(piece))) for size in (100_000, 400_000))
        print(f"{name:11} 400,000 characters {large:6.2f} s   four times the text {large / small:4.1f} times as long")
    if ours > LIMIT:
        raise SystemExit(f"5 MB took {ours:.1f} s of processor time, the limit is {LIMIT} s")


if __name__ == "__main__":
    main()
