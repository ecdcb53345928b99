"""Single sentences and what is proposed for them, and what is not."""

from datetime import date
from decimal import Decimal

import pytest

from workplan.notice import Confidence, Item, parse_text
from workplan.rules.kinds import Comparator, Recurrence, Strength, TargetKind


def read(sentence: str) -> Item:
    text = f"某区民政局2026年工作要点\n一、板块\n（一）任务标题。{sentence}\n（二）另一任务。加强管理。\n"
    return parse_text(text).items[0]


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("新增养老床位500张以上，其中护理型床位占比不低于60%。", ["count >= 500 张", "rate >= 60 %"]),
        ("建成2个街道中心和15个社区站。", ["count >= 2 个", "count >= 15 个"]),
        ("满意率达到百分之九十五点五。", ["rate >= 95.5 %"]),
        ("主任配备率、培训率均达100%。", ["rate = 100 %", "rate = 100 %"]),
        ("改建敬老院4所（甲石镇、乙水乡各2所）。", ["count >= 4 所"]),
        ("服务覆盖率、补贴发放率均达到100%。", ["coverage = 100 %", "rate = 100 %"]),
        ("持证率和培训率分别达到90%和95%以上。", ["rate >= 90 %", "rate >= 95 %"]),
        ("建档率达到98%、签约率达到80%。", ["rate >= 98 %", "rate >= 80 %"]),
        ("入住率、满意度分别不低于60%、95%，投诉率控制在1%以内。", ["rate >= 60 %", "rate >= 95 %", "ceiling <= 1 %"]),
        ("照护率、救助率分别提高5个百分点、3个百分点。", ["rate >= 5 百分点", "rate >= 3 百分点"]),
        ("八成以上的社区设立议事厅。", ["coverage >= 80 %"]),
        ("培训1.2万人次，募集资金突破1,000万元。", ["count >= 12000 人次", "count > 1000 万元"]),
        ("创建10至15个示范点。", ["count >= 10 个"]),
        ("每半年开展一次督查，每季度至少召开2次例会。", ["recurring = 1 次/半年", "recurring >= 2 次/季度"]),
        ("实行周例会、月调度制度。", ["recurring = 1 次/周", "recurring = 1 次/月"]),
        ("落实“日、周、月”检查机制。", ["recurring = 3 类频次"]),
        ("年初集中部署、每月动态排查。", ["recurring = 1 次/年", "recurring >= 1 次/月"]),
        ("做到安全零事故、群众零投诉。", ["ceiling <= 0 起", "ceiling <= 0 件"]),
        ("确保不发生重大安全事故。", ["ceiling <= 0 起"]),
        ("新增违建墓地为零，服务投诉降至零。", ["ceiling <= 0 起", "ceiling <= 0 件"]),
        ("完成年检的社会组织不低于应检数的92%。", ["rate >= 92 %"]),
        ("护理型床位占总床位的65%以上。", ["rate >= 65 %"]),
        ("证明事项控制在15项以内。", ["ceiling <= 15 项"]),
        ("审批时限由30个工作日压减至20个工作日。", ["ceiling <= 20 个工作日"]),
        ("服务站实现乡镇全覆盖。", ["coverage = 100 %"]),
        ("逐户核查并建档。", ["coverage = 100 %", "coverage = 100 %"]),
        ("对违建发现一处，制止一处，拆除一处。", ["rate = 100 %", "rate = 100 %"]),
        ("在甲石镇、乙水乡打造2个中心。", ["count = 2 个"]),
        ("覆盖甲石镇、乙水乡、丙山街道。", ["coverage = 3 个"]),
        ("6月底前完成规划编制。", ["milestone = 1 项"]),
        ("建成一所敬老院。", ["count >= 1 所"]),
        ("较上年增长5%。", ["rate >= 5 %"]),
        ("在巩固去年成果基础上，再新建3所。", ["count >= 3 所"]),
    ],
)
def test_promises_are_found(sentence, wanted):
    found = [f"{one.kind} {one.comparator} {one.value} {one.unit}" for one in read(sentence).targets]
    assert found == wanted


@pytest.mark.parametrize(
    "sentence",
    [
        "统一、协调推进各项工作。",
        "依托15个镇街、168个村（社区）做好走访。",
        "落实“四个不摘”要求，坚持“三基”建设，擦亮“7个能力”品牌。",
        "2025年建成食堂9家，去年救助300人次。",
        "截至目前，全区共有站点20个。",
        "第三批试点、第2轮巡查持续推进。",
        "60岁以上老年人凭证就餐，18周岁以下儿童免费。",
        "高龄津贴按每人每月100元标准发放。",
        "扣减3次以上的，予以通报。",
        "贯彻《三年行动计划（2024—2026年）》和5G应用。",
        "实施三年行动，落实两项制度，用好12345热线。",
        "以零容忍态度惩治腐败，零距离服务群众。",
        "扩大覆盖面，逐步完善机制。",
        "对收入低于标准150%的家庭给予帮扶。",
        "三家以上的单位联合申报。",
        "打造“15分钟服务圈”，推进“一老一小”工作。",
    ],
)
def test_nothing_is_invented(sentence):
    assert read(sentence).targets == []


def test_words_are_those_of_the_plan():
    sentences = "新建2家。每周检查1次。比例达到90%。年底前完成编制。零事故。每季度召开1次会议。每月不少于2次。全覆盖。每年1次。每半年1次。"
    targets = read(sentences).targets
    assert {one.kind for one in targets} == {kind.value for kind in TargetKind}
    assert {one.comparator for one in targets} <= {one.value for one in Comparator}
    assert {one.strength for one in targets} <= {one.value for one in Strength}
    assert {one.recurrence for one in targets} - {"weekly", "daily", "ten_days"} == {one.value for one in Recurrence}


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("6月底前新建2家。", date(2026, 6, 30)),
        ("到2027年底，新建2家。", date(2027, 12, 31)),
        ("上半年新建2家。", date(2026, 6, 30)),
        ("三季度末前新建2家。", date(2026, 9, 30)),
        ("11月15日前新建2家。", date(2026, 11, 15)),
        ("力争年底建成2家。", date(2026, 12, 31)),
        ("二月底前新建2家。", date(2026, 2, 28)),
        ("全年新建2家。", date(2026, 12, 31)),
        ("新建2家。", None),
        ("9月起新建2家。", None),
        ("2月30日前新建2家。", None),
    ],
)
def test_deadlines_are_the_last_day_named(sentence, day):
    assert read(sentence).targets[0].due == day


def test_a_deadline_of_the_item_holds_for_its_targets():
    item = read("新建2家。（责任单位：甲科；完成时限：10月底前）")
    assert item.targets[0].due == item.due.day == date(2026, 10, 31)


@pytest.mark.parametrize(
    ("words", "owners"),
    [
        ("（牵头单位：甲科；配合单位：乙站、丙所）", {("甲科", "lead"), ("乙站", "cooperate"), ("丙所", "cooperate")}),
        (
            "（甲科牵头，乙局、丙局按职责分工负责）",
            {("甲科", "lead"), ("乙局", "responsible"), ("丙局", "responsible")},
        ),
        ("【责任科室：甲科】", {("甲科", "responsible")}),
        ("\n责任单位：甲科、各乡镇（街道）", {("甲科", "responsible"), ("各乡镇（街道）", "responsible")}),
        ("（困难群众、残疾人）", set()),
    ],
)
def test_owners_stand_in_brackets_or_behind_labels(words, owners):
    assert {(owner.name, owner.role) for owner in read(f"加强管理。{words}").owners} == owners


def test_scope_effort_and_each_are_told():
    item = read("配合市局在甲石镇、乙水乡开展试点，培训20人。每个乡镇至少建成1个站点。")
    trained, built = item.targets
    assert (trained.value, trained.cooperation) == (20, "")
    assert (built.per, built.value, built.comparator) == ("乡镇", 1, ">=")
    named = read("力争在甲石镇、乙水乡建成2个站点。").targets[0]
    assert (named.scope_units, named.cooperation) == (("甲石镇", "乙水乡"), "力争")


def test_guesses_say_that_they_are_guesses():
    assert read("新建2家。").targets[0].confidence == Confidence.HIGH
    assert read("服务全覆盖。").targets[0].confidence == Confidence.MEDIUM
    assert read("对违建实行零容忍。").targets[0].confidence == Confidence.LOW


def test_a_sentence_alone_is_a_title_and_still_promises():
    text = "某区民政局2026年工作要点\n一、板块\n1.新建食堂2家。\n2.改造敬老院3所。\n"
    item = parse_text(text).items[0]
    assert (item.title, item.text) == ("新建食堂2家", "")
    assert item.targets[0].value == Decimal(2)


def test_review_of_the_past_promises_nothing():
    text = "某区2026年工作要点\n一、2025年工作回顾\n（一）救助。救助300人次。\n二、2026年任务\n（一）救助。救助400人次。\n（二）养老。新建2家。\n"
    values = [target.value for item in parse_text(text).items for target in item.targets]
    assert values == [400, 2]


def test_gaps_and_doubles_in_numbers_are_told():
    text = "某区2026年工作要点\n一、板块\n（一）甲。好。\n（二）乙。好。\n（四）丙。好。\n"
    notice = parse_text(text)
    assert [item.no for item in notice.items] == [1, 2, 4]
    assert any("不连续" in warning for warning in notice.warnings)
    assert notice.items[2].confidence == Confidence.LOW


@pytest.mark.parametrize(
    ("band", "wanted"),
    [
        ("一、社会救助", (1, "社会救助")),
        ("（二）社会救助", (2, "社会救助")),
        ("第三部分 社会救助", (3, "社会救助")),
        ("一老一小服务", (None, "一老一小服务")),
        ("2026年重点", (None, "2026年重点")),
    ],
)
def test_a_row_of_one_cell_names_a_section(band, wanted):
    head = "某区民政局2026年重点任务清单\n序号\t工作任务\t目标要求\t责任科室\n"
    rows = "1\t适老化改造\t完成改造100户\t养老科\n2\t老年助餐\t新增食堂5家\t养老科\n"
    (section,) = parse_text(f"{head}{band}\n{rows}").sections
    assert (section.no, section.title) == wanted
    assert [item.title for item in section.items] == ["适老化改造", "老年助餐"]
