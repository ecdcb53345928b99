"""Word files with what python-docx does not make: automatic lists."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

ID = "77"


def add_numbering(document, levels: list[tuple[str, str]]) -> None:
    """Add one list with the levels' formats and texts."""
    numbering = document.part.numbering_part.element
    inner = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (form, text) in enumerate(levels)
    )
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{ID}">{inner}</w:abstractNum>')
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{ID}"><w:abstractNumId w:val="{ID}"/></w:num>'))


def number(paragraph, level: int, name: str = ID) -> None:
    """Put a paragraph into the list."""
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{name}"/></w:numPr>')
    )


def restart(document, name: str) -> None:
    """Add a list that shares the levels and begins anew."""
    document.part.numbering_part.element.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{name}"><w:abstractNumId w:val="{ID}"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    )
