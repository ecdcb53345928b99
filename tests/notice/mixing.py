"""Layouts put together by dice: numbers, stops, breaks, blanks, pages and frames in any combination."""

import random

from tests.notice.printers import chinese, expected, half, item_mark, letter, section_mark, tail, wrap
from tests.notice.truth import PLANS, Outcome, Truth

SECTIONS = {
    "一、": section_mark,
    "第一部分 ": lambda no: f"第{chinese(no)}部分 ",
    "（一）": item_mark,
    "1.": lambda no: f"{no}.",
}
# Marks of items that may stand below each mark of sections.
ITEMS = {
    "一、": (
        item_mark,
        lambda no: f"{no}.",
        lambda no: f"{no}、",
        lambda no: f"({no})",
        lambda no: f"（{chinese(no)})",
    ),
    "第一部分 ": (section_mark, item_mark, lambda no: f"{no}. "),
    "（一）": (lambda no: f"{no}.", lambda no: f"{no}、", lambda no: f"（{no}）"),
    "1.": (lambda no: f"（{no}）", lambda no: f"({no}) "),
}
WIDTHS = (0, 0, 0, 26, 28, 34, 42)


def mixed(seed: int) -> Outcome:
    """Return a plan in the layout that the dice give."""
    dice = random.Random(seed)
    name = dice.choice(list(PLANS))
    truth = PLANS[name]
    mark = dice.choice(list(SECTIONS))
    run_on, stop = dice.random() < 0.5, dice.choice(("。", "。", "。", "：", "\n"))
    paragraphs = _body(truth, mark, dice.choice(ITEMS[mark]), run_on, stop)
    half_width = dice.random() < 0.3
    frame = dice.choice(("letter", "letter", "title"))
    head = letter(truth)[:-1] if frame == "letter" else [truth.title]
    text = _set(dice, head, [letter(truth)[-1], *paragraphs, *tail(truth)], stop)
    outcome = expected(
        truth, f"mixed-{seed}-{name}", half(text) if half_width else text, run_on, change=half if half_width else str
    )
    if frame == "title":
        outcome.document_number, outcome.issuer = "", None
    return outcome


def _body(truth: Truth, mark: str, number, run_on: bool, stop: str) -> list[str]:
    found = []
    for no, title, items in truth.numbered(run_on):
        found.append(SECTIONS[mark](no) + title)
        for count, item in items:
            found += f"{number(count)}{item.title}{stop}{item.body}{item.owner_text}".split("\n")
    return found


def _set(dice: random.Random, head: list[str], body: list[str], stop: str) -> str:
    """Break, indent, space and page the text. Without breaks and stops a title could not be told from its text: then lines stay whole."""
    width, indent = dice.choice(WIDTHS), "　　" if dice.random() < 0.6 or stop == "\n" else ""
    lines = [line for text in body for line in (wrap(text, width, indent) if width else [indent + text])]
    if dice.random() < 0.3:
        rate = dice.choice((0.03, 0.08))
        lines = [
            "".join(word + (" " if word != "　" and dice.random() < rate else "") for word in line) for line in lines
        ]
    if dice.random() < 0.3 and width:
        every = dice.choice((12, 20))
        lines = [part for at, line in enumerate(lines) for part in _paged(at, line, every)]
    between = "\n\n" if not width and dice.random() < 0.3 else "\n"
    return "\n".join(head) + "\n" + between.join(lines) + dice.choice(("", "\n", "\n（此件公开发布）\n"))


def _paged(at: int, line: str, every: int) -> list[str]:
    return [line, "", f"- {at // every + 1} -", ""] if at % every == every - 1 else [line]
