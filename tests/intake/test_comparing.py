"""This year's sections find their business line, this year's tasks and targets their counterparts of last year."""

from decimal import Decimal

from workplan.intake.comparing import FormerTarget, FormerTask, compare
from workplan.intake.edits import apply
from workplan.intake.mapping import Earlier, propose_app

from .notice import outline

WORDS = {
    "eldercare": ("养老服务", "适老化改造"),
    "funeral": ("殡葬管理", "公墓"),
    "charity": ("慈善事业", "募捐 公墓"),
}
EARLIER = [
    Earlier("推进“银发”行动，开创养老服务新局面", "eldercare", 2024),
    Earlier("推进“银发”行动，开创养老服务新局面", "charity", 2023),
]
MAPPED = {"edit": "map_sections", "apps": {"s1": "eldercare", "s2": "funeral", "s3": "partybuilding"}}


def former_target(pk: int, measure: str, goal: int, unit: str = "户", kind: str = "count") -> FormerTarget:
    return FormerTarget(pk, f"1.{pk}", measure, kind, ">=", Decimal(goal), unit, "hard")


def test_a_title_of_an_earlier_plan_is_remembered_the_newest_first():
    found = propose_app("推进“银发”行动,开创养老服务新局面", EARLIER, WORDS)
    assert found.app == "eldercare" and "2024年板块同名" in found.reason


def test_a_title_like_an_earlier_one_is_proposed():
    assert propose_app("深入推进“银发”行动，开创养老服务崭新局面", EARLIER, {}).app == "eldercare"


def test_a_new_title_is_read_by_the_words_that_one_business_line_alone_has():
    found = propose_app("巩固殡葬改革成果", [], WORDS)
    assert found.app == "funeral" and "殡葬" in found.reason


def test_where_the_title_says_nothing_its_tasks_do():
    found = propose_app("攻坚行动", [], WORDS, ["巩固殡葬改革成果", "建设公墓"])
    assert found.app == "funeral" and "任务中有“殡葬”" in found.reason


def test_nothing_is_proposed_where_nothing_speaks_for_it_or_two_lines_do_alike():
    assert propose_app("其他工作", EARLIER, WORDS).app == ""
    assert propose_app("养老和慈善", [], WORDS).app == ""


def test_tasks_and_targets_are_new_gone_or_changed():
    homes = former_target(1, "完成适老化改造户数", 100)
    held = FormerTarget(2, "1.2", "护理员持证率", "rate", ">=", Decimal(95), "%", "hard")
    beds = former_target(3, "新增养老床位数", 10, "张")
    former = [
        FormerTask(11, 1, "实施适老化改造", "eldercare", "养老科", (homes, held, beds)),
        FormerTask(12, 2, "颐养之家", "eldercare", "", (former_target(4, "颐养之家户数", 5),)),
    ]
    found = compare(apply(outline(), MAPPED), former)
    first = found.changes[0]
    assert first.old.pk == 11 and first.is_changed
    assert [(one.new and one.new.id, one.old and one.old.pk, one.is_changed) for one in first.targets] == [
        ("t1.1", 1, True),
        ("t1.2", 2, False),
        (None, 3, True),
    ]
    assert [one.new.id for one in found.new] == ["t2", "t3", "t4", "t5"]
    assert [task.pk for task in found.gone] == [12]
    assert [target.pk for target in found.gone_targets] == [4]


def test_the_own_section_is_asked_before_others():
    former = [FormerTask(1, 1, "加强宣传", "eldercare"), FormerTask(2, 2, "加强宣传引导", "partybuilding")]
    found = compare(apply(outline(), MAPPED), former)
    assert found.tasks["t5"].pk == 2


def test_a_task_that_moved_to_another_section_is_found_where_it_is_very_much_alike():
    found = compare(apply(outline(), MAPPED), [FormerTask(1, 1, "违建墓地整治", "eldercare")])
    assert found.tasks["t3"].pk == 1


def test_what_is_left_out_is_not_compared():
    left_out = apply(apply(outline(), MAPPED), {"edit": "drop_task", "task": "t3"})
    assert "t3" not in compare(left_out, [FormerTask(1, 1, "违建墓地整治", "funeral")]).tasks
