"""Who may make, see and publish which report; published is frozen; two people and two clicks make one."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.enums import Right, Role
from accounts.models import Event, User
from accounts.services.roles import grant_role
from tests import factories as make
from workplan.enums import RollupKind, RollupState
from workplan.errors import Refused
from workplan.models import Message, RollupFile, RollupReport
from workplan.rollup.gather import Asked
from workplan.services import rollup as service

from .conftest import asked_for, content, publish

pytestmark = pytest.mark.django_db
ALL = [
    "administrator",
    "leader",
    "auditor",
    "head",
    "staff",
    "other_head",
    "other_staff",
    "liaison",
    "other_liaison",
    "nobody",
    "outsider",
]
# By subject: who may make a draft, who may publish it, who reads it once it is published.
RIGHTS = {
    "bureau": ({"leader"}, {"leader"}, {"leader", "auditor", "administrator"}),
    "section": (
        {"leader", "head", "staff"},
        {"leader", "head"},
        {"leader", "auditor", "administrator", "head", "staff"},
    ),
    "township": ({"leader"}, {"leader"}, {"leader", "auditor", "administrator", "liaison"}),
}


@pytest.fixture
def subjects(district) -> dict[str, dict]:
    return {"bureau": {}, "section": {"section": district.section}, "township": {"township": district.township}}


def who(cast, act) -> set[str]:
    return {name for name in ALL if act(getattr(cast, name))}


@pytest.mark.parametrize("level", RIGHTS)
def test_rights_by_part(level, subjects, told, cast):
    makers, publishers, readers = RIGHTS[level]
    asked = asked_for(told, **subjects[level])
    assert who(cast, lambda user: service.may(user, Right.ROLLUP_MAKE, asked)) == makers
    report, _ = service.make_report(asked=asked, actor=cast.leader)
    assert who(cast, lambda user: service.holds(user, Right.ROLLUP_MAKE, report)) == makers
    assert who(cast, lambda user: service.holds(user, Right.ROLLUP_PUBLISH, report)) == publishers
    assert who(cast, lambda user: service.holds(user, Right.VIEW, report)) == publishers, "drafts are for publishers"
    for name in ALL:
        if name not in publishers:
            with pytest.raises(Refused):
                publish(report, getattr(cast, name))
    publish(report, cast.leader)
    assert who(cast, lambda user: service.holds(user, Right.VIEW, report)) == readers
    assert who(cast, lambda user: RollupFile.objects.visible_to(user).exists()) == readers


def test_who_made_a_draft_sees_it(told, cast):
    report, _ = service.make_report(asked=asked_for(told, section=told.section), actor=cast.staff)
    assert service.holds(cast.staff, Right.VIEW, report)
    with pytest.raises(Refused):
        publish(report, cast.staff)


def test_who_runs_every_section_publishes_for_the_whole_bureau(told, cast):
    everything = make.UserFactory(name="全局负责人")
    make.MembershipFactory(user=everything, org_unit=told.bureau, role=Role.HEAD)
    report, _ = service.make_report(asked=asked_for(told), actor=everything)
    assert publish(report, everything).is_published


def test_who_may_not_make_one_makes_none(told, cast):
    for name in ("head", "auditor", "liaison", "outsider"):
        with pytest.raises(Refused):
            service.make_report(asked=asked_for(told), actor=getattr(cast, name))
    assert not RollupReport.objects.exists()


def test_a_second_click_finds_the_first(draft, told, cast):
    again, made = service.make_report(asked=asked_for(told), actor=cast.leader)
    assert (again.pk, made) == (draft.pk, False)
    assert Event.objects.filter(action="rollup.make").count() == 1


def test_two_at_once_write_one(told, cast):
    """Both have looked before either has written."""
    first, second = service.look(asked_for(told)), service.look(asked_for(told))
    one, made = service.store(first, cast.leader)
    other, made_too = service.store(second, cast.leader)
    assert (one.pk, made, made_too) == (other.pk, True, False)


def test_on_demand_there_may_be_another_once_the_first_is_published(told, cast):
    asked = Asked(plan=told.plan, kind=RollupKind.ON_DEMAND, start=date(2024, 9, 5), end=date(2024, 9, 20))
    first, _ = service.make_report(asked=asked, actor=cast.leader)
    assert service.make_report(asked=asked, actor=cast.leader) == (first, False)
    publish(first, cast.leader)
    second, made = service.make_report(asked=asked, actor=cast.leader)
    assert made
    assert second.pk != first.pk


def test_the_database_takes_no_report_whose_subject_does_not_fit(draft, told):
    draft.pk = None
    draft.level, draft.end = "section", date(2024, 8, 31)
    with pytest.raises(IntegrityError), transaction.atomic():
        draft.save(force_insert=True)


# --- Words -------------------------------------------------------------------------------------------------------


def test_words_are_kept_and_logged(draft, cast):
    saved = service.save_texts(report=draft, texts={"overview": "改写。"}, version=1, actor=cast.leader)
    assert (saved.texts["overview"], saved.version, saved.saved_by) == ("改写。", 2, cast.leader)
    event = Event.objects.get(action="rollup.save")
    assert event.after == {"overview": "改写。"}
    assert event.before["overview"].startswith("截至2024年9月30日")


def test_the_second_of_two_editors_is_told(draft, cast):
    service.save_texts(report=draft, texts={"overview": "甲。"}, version=1, actor=cast.leader)
    with pytest.raises(Refused) as refused:
        service.save_texts(report=draft, texts={"overview": "乙。"}, version=1, actor=cast.leader)
    assert refused.value.code == "stale"
    with pytest.raises(Refused) as refused:
        publish(draft, cast.leader)
    assert refused.value.code == "stale", "what is published is what was read"
    assert RollupReport.objects.get().texts["overview"] == "甲。"
    assert not RollupFile.objects.exists()


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"s99.progress": "x"}, "foreign_place"),
        ({"snapshot": "x"}, "foreign_place"),
        ({"overview": "字" * 8001}, "too_long"),
    ],
)
def test_words_that_have_no_place_are_refused(draft, cast, texts, code):
    with pytest.raises(Refused) as refused:
        service.save_texts(report=draft, texts=texts, version=1, actor=cast.leader)
    assert refused.value.code == code


def test_the_numbers_cannot_be_edited(draft, cast):
    before = draft.snapshot
    service.save_texts(report=draft, texts={"overview": "改写。"}, version=1, actor=cast.leader)
    assert RollupReport.objects.get().snapshot == before


# --- Published -----------------------------------------------------------------------------------------------------


def test_publishing_stores_all_documents_with_their_digests(published, cast):
    assert (published.state, published.published_by, published.published_on) == (
        RollupState.PUBLISHED,
        cast.leader,
        date(2024, 10, 9),
    )
    event = Event.objects.get(action="rollup.publish")
    for file in published.files.all():
        assert len(content(published, file.kind)) == file.size
        assert event.after[file.kind] == file.sha256
    kinds = set(published.files.values_list("kind", flat=True))
    assert kinds == set(service.kinds_here()) and {"docx", "xlsx"} <= kinds


def test_published_is_final_for_services(published, cast):
    for act in (
        lambda: service.save_texts(report=published, texts={"overview": "x"}, version=1, actor=cast.leader),
        lambda: publish(published, cast.leader),
        lambda: service.discard(report=published, actor=cast.leader),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "published"


@pytest.mark.parametrize("values", [{"texts": {}}, {"snapshot": {}}, {"state": "draft"}, {"title": "x"}])
def test_the_database_refuses_to_change_a_published_report(published, values):
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        RollupReport.objects.filter(pk=published.pk).update(**values)


def test_the_database_refuses_to_change_a_stored_document(published):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        published.files.update(sha256="0" * 64)


@pytest.mark.postgresql
def test_postgresql_refuses_to_delete_a_published_report(published):
    for rows in (RollupFile.objects.all(), RollupReport.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows._raw_delete(rows.db)


def test_a_draft_may_change_in_the_database(draft):
    """Control: the trigger looks at the state."""
    assert RollupReport.objects.filter(pk=draft.pk).update(title="x") == 1


def test_a_draft_is_thrown_away_and_can_be_made_anew(draft, told, cast):
    service.discard(report=draft, actor=cast.leader)
    assert not RollupReport.objects.exists()
    assert Event.objects.filter(action="rollup.discard").count() == 1
    assert service.make_report(asked=asked_for(told), actor=cast.leader)[1]
    with pytest.raises(Refused) as refused:
        service.discard(report=draft, actor=cast.leader)
    assert refused.value.code in ("gone", "forbidden")


def readers_of(report) -> set:
    """Return who has been told of the report, as a draft or published, since the last time."""
    found = set(Message.objects.filter(key__startswith=f"rollup:{report.pk}:").select_related("user"))
    Message.objects.all().delete()
    return {message.user for message in found}


def test_the_note_goes_to_those_who_should_look_at_it(draft, told, cast):
    service.tell_readers(draft)
    assert readers_of(draft) == {cast.leader}
    publish(draft, cast.leader)
    assert readers_of(draft) == {cast.leader, cast.auditor, cast.administrator}
    report, _ = service.make_report(asked=asked_for(told, section=told.section), actor=cast.leader)
    service.tell_readers(report)
    assert readers_of(report) == {cast.leader, cast.head}


def test_the_head_of_the_general_office_publishes_the_bureaus_report(draft, district, cast):
    chief = make.UserFactory(name="演员·chief")
    since = date(2024, 1, 1)
    grant_role(user=chief, org_unit=district.bureau, role=Role.HEAD, actor=cast.administrator, valid_from=since)
    with pytest.raises(Refused):
        publish(draft, cast.head)
    assert publish(draft, User.objects.get(pk=chief.pk)).published_by == chief
