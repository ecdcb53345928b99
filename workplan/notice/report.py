"""A notice as JSON and as an outline to be read."""

from datetime import date
from decimal import Decimal

from .model import Annex, Due, Item, Notice, Owner, Proposal, Section, Span, Stated

KINDS = {
    "count": "数量",
    "rate": "比率",
    "coverage": "覆盖",
    "ceiling": "控制上限",
    "milestone": "节点",
    "recurring": "频次",
}
SURE = {"high": "", "medium": "（需核对）", "low": "（没有把握）"}


def as_data(notice: Notice) -> dict:
    """Return the notice as plain data, ready for JSON. Spans are [start, end] in the text as read."""
    header = notice.header
    return {
        "title": _value(header.title),
        "year": header.year,
        "document_number": _value(header.document_number),
        "issuer": _value(header.issuer),
        "issued": _value(header.issued),
        "published": _value(header.published),
        "notice_title": _value(header.notice_title),
        "confidence": notice.confidence.value,
        "sections": [_section(section) for section in notice.sections],
        "annexes": [_annex(annex) for annex in notice.annexes],
        "duplicates": [
            {"first": list(found.first), "second": list(found.second), "reason": found.reason}
            for found in notice.duplicates
        ],
        "warnings": notice.warnings,
    }


def _value(stated: Stated | None) -> str:
    return stated.value if stated else ""


def _span(span: Span) -> list[int]:
    return [span.start, span.end]


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _node(node: Section | Item) -> dict:
    return {
        "no": node.no,
        "title": node.title,
        "text": node.text,
        "targets": [_target(target) for target in node.targets],
        "owners": [owner.name for owner in node.owners],
        "owner_roles": [_owner(owner) for owner in node.owners],
        "due": _day(node.due.day) if node.due else None,
        "due_text": node.due.text if node.due else "",
        "span": _span(node.span),
        "title_span": _span(node.title_span),
        "confidence": node.confidence.value,
    }


def _section(section: Section) -> dict:
    return _node(section) | {"items": [_item(item) for item in section.items]}


def _item(item: Item) -> dict:
    return _node(item) | {"label": item.label, "group": item.group, "reason": item.reason}


def _owner(owner: Owner) -> dict:
    return {"name": owner.name, "role": owner.role, "span": _span(owner.span)}


def _target(target: Proposal) -> dict:
    return {
        "text": target.text,
        "measure": target.measure,
        "kind": target.kind,
        "comparator": target.comparator,
        "value": _number(target.value),
        "value_to": _number(target.value_to),
        "unit": target.unit,
        "due": _day(target.due),
        "due_text": target.due_text,
        "recurrence": target.recurrence,
        "strength": target.strength,
        "scope_units": list(target.scope_units),
        "per": target.per,
        "cooperation": target.cooperation,
        "span": _span(target.span),
        "number_span": _span(target.number_span),
        "reason": target.reason,
        "confidence": target.confidence.value,
    }


def _annex(annex: Annex) -> dict:
    return {
        "title": annex.title,
        "kind": annex.kind,
        "span": _span(annex.span),
        "items": [_item(item) for item in annex.items],
    }


def as_outline(notice: Notice) -> str:
    """Return a readable outline: sections, items, and what each promises."""
    header = notice.header
    lines = [_value(header.title) or "（没有标题）"]
    facts = (
        ("年度", header.year),
        ("文号", _value(header.document_number)),
        ("发文机关", _value(header.issuer)),
        ("成文日期", _value(header.issued)),
    )
    lines.append("  ".join(f"{name} {value}" for name, value in facts if value))
    for section in notice.sections:
        lines += ["", f"{section.no or '·'} {section.title}".rstrip(), *_promises(section, "    ")]
        for item in section.items:
            lines.append(f"    {item.label or item.no or '·'} {item.title}{SURE[item.confidence]}")
            lines += _promises(item, "        ")
    lines += [f"\n附件：{annex.title}（{len(annex.items)} 项）" for annex in notice.annexes]
    lines += [f"\n疑似重复：{_pair(notice, found)}" for found in notice.duplicates]
    lines += [f"\n注意：{warning}" for warning in notice.warnings]
    return "\n".join(lines)


def _pair(notice: Notice, found) -> str:
    items = notice.items
    names = [f"{items[at].label}{items[at].targets[place].text}" for at, place in (found.first, found.second)]
    return f"{names[0]} ／ {names[1]}（{found.reason}）"


def _promises(node: Section | Item, indent: str) -> list[str]:
    found = [f"{indent}→ {_line(target)}" for target in node.targets]
    if node.owners:
        found.append(f"{indent}责任：{'、'.join(owner.name for owner in node.owners)}")
    if node.due:
        found.append(f"{indent}时限：{_due(node.due)}")
    return found


def _due(due: Due) -> str:
    return f"{due.text}（{due.day}）" if due.day else due.text


def _line(target: Proposal) -> str:
    value = _number(target.value)
    when = f"，{target.due} 前" if target.due else ""
    return f"{KINDS[target.kind]} {target.comparator} {value}{target.unit}  {target.measure}{when}{SURE[target.confidence]}"
