"""The words of the rules: what the database and the pages rely on, and that the rules stand alone."""

import subprocess
import sys

import pytest

from workplan.rules import kinds
from workplan.rules.kinds import TargetKind, is_flow

STORED = {
    kinds.TargetKind: {"count", "rate", "coverage", "ceiling", "milestone", "recurring"},
    kinds.Strength: {"hard", "deliverable", "tracked"},
    kinds.Comparator: {">=", ">", "=", "<=", "<"},
    kinds.PaceCurve: {"linear", "monthly", "steps", "at_end"},
    kinds.Recurrence: {"none", "monthly", "quarterly", "half_yearly", "yearly"},
    kinds.Light: {
        "done",
        "done_late",
        "on_pace",
        "behind",
        "red",
        "not_reported",
        "not_started",
        "unlit",
    },
}


@pytest.mark.parametrize("words", STORED, ids=lambda words: words.__name__)
def test_stored_values_never_change(words):
    assert {word.value for word in words} == STORED[words]


@pytest.mark.parametrize("words", [*STORED, kinds.Reason], ids=lambda words: words.__name__)
def test_every_word_has_its_own_chinese_label(words):
    labels = [label for _, label in words.choices()]
    assert len(set(labels)) == len(words)
    assert all("\u4e00" <= label[0] <= "\u9fff" for label in labels)


def test_ceilings_and_recurring_duties_state_the_period_and_all_others_the_year_so_far():
    assert {kind for kind in TargetKind if is_flow(kind)} == {TargetKind.CEILING, TargetKind.RECURRING}


def test_rules_work_without_django():
    modules = "amounts, entries, kinds, lights, pace, uscc"
    code = f"import sys; from workplan.rules import {modules}; print('django' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
