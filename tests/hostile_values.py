"""Texts that somebody may send where something else is expected: in addresses, in forms and in JSON."""

TEXTS = {
    "ten kilobytes": "x" * 10_000,
    "nul": "a\0b",
    "lone surrogate": "\ud800",
    "rare character": "𠮷",
    "full-width digits": "１２",
    "year one": "0001-01-01",
    "year 9999": "9999-12-31",
    "nan": "NaN",
    "infinity": "-Infinity",
    "huge float": "1e30",
    "endless float": "1e999999999",
    "beyond bigint": str(2**63),
    "five thousand digits": "9" * 5000,
    "thirty-eight digits": "9" * 38,
    "thirty-eight places": f"0.{'1' * 38}",
    "negative": "-1",
    "zero": "0",
    "fraction": "1.5",
    "bell": "甲\x07乙",
    "turned direction": "甲\u202e乙",
    "full-width day": "２０２４年３月５日",
    "no such day": "2024-02-30",
    "script": "<script>alert(1)</script>",
    "quote": "'; DROP TABLE x; --",
    "empty": "",
}


def encoded(text: str) -> str:
    """Return the text percent-encoded as a careless client would, lone surrogates included."""
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


FORM = "application/x-www-form-urlencoded"


def form_body(data: dict) -> bytes:
    """Return the fields as the body of a form, whatever their texts are; a list stands for a field sent several times."""
    pairs = [(name, one) for name, value in data.items() for one in (value if isinstance(value, list) else [value])]
    return "&".join(f"{encoded(name)}={encoded(str(one))}" for name, one in pairs).encode()
