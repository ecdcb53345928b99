"""The tokens keep what docs/design-language.md promises: contrast in both themes, one place for colours and sizes."""

import re
from pathlib import Path

import pytest

from workplan.ui import orders, specimens
from workplan.ui.marks import LIGHTS, STATUSES

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
TOKENS = (STATIC / "tokens.css").read_text()
DOCUMENT = (ROOT / "docs" / "design-language.md").read_text()
TONES = [name for name, _ in specimens.TONES]
DARK_BY_SYSTEM = r':root:not\(\[data-theme="light"\]\) \{(.*?)\}'
DARK_BY_CHOICE = r':root\[data-theme="dark"\] \{(.*?)\}'
SHEETS = sorted(path for path in STATIC.glob("*.css") if path.name != "tokens.css")


def block(css: str, selector: str) -> dict[str, str]:
    """Return the declarations of the first rule with the selector, a regular expression with the body as its group."""
    body = re.search(selector, css, re.S).group(1)
    return dict(re.findall(r"(?:--)?([\w-]+):\s*([^;]+);", body))


def themes(css: str) -> dict[str, dict[str, str]]:
    light = block(css, r":root \{(.*?)\}")
    return {"light": light, "dark": light | block(css, DARK_BY_CHOICE)}


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours after WCAG 2.1."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs() -> list[tuple[str, str, float]]:
    """Return foreground, ground and least ratio of every pair that the document names."""
    table = DOCUMENT.split("### Contrast")[1].split("\n## ")[0]
    found = []
    for what, on, least in re.findall(r"^\| (`.+?) \| (.+?) \| ([\d.]+) \|$", table, re.M):
        for name in re.findall(r"`([^`]+)`", what):
            for ground in re.findall(r"`([^`]+)`", on):
                grounds = [f"{tone}-soft" for tone in TONES] + ["accent-soft"] if ground == "*-soft" else [ground]
                found += [(name, f"{name}-soft" if one == "own" else one, float(least)) for one in grounds]
    return found


def too_weak(css: str) -> list[str]:
    """Return the promised pairs that these tokens do not keep."""
    return [
        f"{theme}: {name} on {ground} is {ratio(tokens[name], tokens[ground]):.2f}, not {least}"
        for theme, tokens in themes(css).items()
        for name, ground, least in pairs()
        if ratio(tokens[name], tokens[ground]) < least
    ]


def test_the_ratio_is_that_of_the_standard():
    assert ratio("#000000", "#ffffff") == pytest.approx(21)
    assert ratio("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_every_promised_pair_can_be_read_in_both_themes():
    assert len(pairs()) > 80
    assert too_weak(TOKENS) == []


@pytest.mark.parametrize(
    "name", ["quiet", "edge", "accent", "yellow", "yellow-fill", "green-soft", "banner-ink", "focus"]
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_token_that_is_changed_badly_is_found(theme, name):
    """The colour moves to where it cannot be told from its counterpart, in one theme at a time."""
    bad = {
        "light": "#808a94" if name.endswith("-soft") else "#e4e8ec",
        "dark": "#909aa4" if name.endswith("-soft") else "#2a323a",
    }
    start = 0 if theme == "light" else re.search(DARK_BY_CHOICE, TOKENS, re.S).start()
    spoilt = TOKENS[:start] + re.sub(rf"--{name}: #\w+", f"--{name}: {bad[theme]}", TOKENS[start:], count=1)
    assert spoilt != TOKENS
    assert any(name in line and line.startswith(theme) for line in too_weak(spoilt))


def test_the_dark_theme_is_the_same_by_system_and_by_choice():
    assert block(TOKENS, DARK_BY_SYSTEM) == block(TOKENS, DARK_BY_CHOICE)
    assert block(TOKENS, DARK_BY_CHOICE)["color-scheme"] == "dark"


def test_the_dark_theme_names_every_colour():
    light, dark = block(TOKENS, r":root \{(.*?)\}"), block(TOKENS, DARK_BY_CHOICE)
    assert {name for name, value in light.items() if value.startswith(("#", "rgb", "light"))} == dark.keys()


def test_paper_is_light():
    """Dark blocks hold for screens only."""
    before = [TOKENS[: found.start()].rsplit("@media", 1)[1] for found in re.finditer(r"  color-scheme: dark;", TOKENS)]
    assert len(before) == 2
    assert all(query.startswith(" screen") for query in before)


@pytest.mark.parametrize("path", [*SHEETS, *STATIC.glob("*.js")], ids=lambda path: path.name)
def test_no_other_file_holds_a_colour(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?!-)|\b(?:rgba?|hsla?|oklch|lab)\(", text) == []
    assert (
        re.findall(r":[^;{}]*\b(?:white|black|gr[ae]y|silver|red|blue|green|yellow|orange)\b(?![-)])[;} ]", text) == []
    )


# Sheets for paper have sizes in points: the printed order follows GB/T 9704, the leader's overview is to fit on one page.
PAPER = ("supervision-print.css", "board-sheet.css")


@pytest.mark.parametrize("path", [path for path in SHEETS if path.name not in PAPER], ids=lambda path: path.name)
def test_letters_have_the_five_sizes(path):
    sizes = re.findall(r"font-size: ([^;}]+)", path.read_text())
    assert [size for size in sizes if not re.fullmatch(r"var\(--t[1-5]\)|inherit|8pt", size.strip())] == []


def test_every_token_that_is_used_exists():
    known = themes(TOKENS)["dark"].keys()
    for path in SHEETS:
        text = path.read_text()
        own = set(re.findall(r"--([\w-]+):", text))
        missing = set(re.findall(r"var\(--([\w-]+)\)", text)) - known - own
        assert missing == set(), path.name


def test_the_page_shows_every_colour_that_there_is():
    shown = [name for name, _ in specimens.NAMED_COLOURS] + TONES + [f"{tone}-soft" for tone in TONES]
    colours = {name for name, value in block(TOKENS, DARK_BY_CHOICE).items() if value.startswith("#")}
    assert colours - {"yellow-fill"} == set(shown)


def test_every_tone_has_its_classes():
    used = {mark.tone for marks in (LIGHTS, STATUSES, orders.STATES, orders.LIGHTS) for mark in marks.values()}
    assert used <= set(TONES)
    sheet = (STATIC / "app.css").read_text()
    for tone in TONES:
        assert f".sign-{tone} " in sheet and f".heat-{tone} " in sheet, tone
