"""Every page, method and member of the cast: who gets it, who is refused, who is told that there is nothing.

The test walks the URL configuration: a page that is added must be declared here.
"""

from dataclasses import dataclass, field

import pytest
from django.db import transaction
from django.urls import get_resolver, reverse

from .world import World, build_world

pytestmark = pytest.mark.django_db

OVERSEERS = ("administrator", "leader", "auditor")
OFFICE = ("head", "staff")
OTHER_OFFICE = ("other_head", "other_staff")
LIAISONS = ("liaison", "other_liaison")
BUREAU = (*OVERSEERS, *OFFICE, *OTHER_OFFICE, *LIAISONS, "supervisor")
ALL = (*BUREAU, "nobody", "outsider")
READERS = (*OVERSEERS, *OFFICE, "liaison", "supervisor")  # of rows of the township in the office's section
APPLICATIONS = ("accounts", "workplan", "people")
GRANTED = {200, 204, 302, 400, 409, 422}  # an empty form is granted and then found wanting


@dataclass(frozen=True)
class Page:
    """Who sees the row of an address (others: 404), and who may GET or POST it (others who see it: 403).

    arguments: URL arguments as attributes of the world, such as `report.pk`.
    """

    sees: tuple = ALL
    get: tuple | None = None
    post: tuple | None = None
    arguments: dict = field(default_factory=dict)


REPORT = {"pk": "report.pk"}
# A register about people of the office's section: who may look into it, who keeps it, who sees a record of the township.
REGISTER = {"app": "record._meta.app_label", "name": "record._meta.model_name"}
RECORD = REGISTER | {"pk": "record.pk"}
BATCH = {"uid": "batch.uid"}
WRITERS = ("staff", "liaison", "other_liaison", "outsider")
CASEWORKERS = ("head", *WRITERS)
KEEPING = ("leader", *CASEWORKERS)
SEEING = ("leader", *OFFICE, "liaison")
EDITORS = ("administrator", *OFFICE, *OTHER_OFFICE)
AMENDMENT = {"pk": "amendment.pk"}  # a draft of the office
PERSON = {"pk": "cast.liaison.pk"}
ORDER, PROBLEM, REMARK = {"pk": "order.pk"}, {"pk": "problem.pk"}, {"pk": "remark.pk"}
ADHOC, ASKED = {"pk": "adhoc.pk"}, (*READERS, "other_liaison")
PLANNERS = ("administrator", *OFFICE)
DRAFTERS = ("leader", *OFFICE, *OTHER_OFFICE)  # of supervision orders, each in the own sections
SUPERVISORS = ("leader", "head")
UNIT = {"pk": "district.township.pk"}
ADMIN = ("administrator",)
WRITING = ("staff", "other_staff", *LIAISONS, "outsider")  # of reports
ROLLUP = {"pk": "rollup.pk"}
INTAKE = {"pk": "intake.pk"}
WORDING = ("leader", *OFFICE)  # who see the section's draft: those who may publish it, and who made it
MAKING = (*WORDING, *OTHER_OFFICE)


def admin_act(arguments: dict, *, form: bool = False) -> Page:
    """The right is asked for before the row: without it no id tells anything. form: the act has a page of its own."""
    return Page(get=ADMIN if form else None, post=ADMIN, arguments=arguments)


PEOPLE_READERS = ("leader", *OFFICE, *OTHER_OFFICE, *LIAISONS, "outsider")
PAIR = {"one": "resident.uid", "other": "second_resident.uid"}


def resident(*methods: str, arguments: dict | None = None) -> Page:
    """A page about somebody of the township of whom no register keeps a record: to nobody else is there such a person."""
    allowed = dict.fromkeys(methods, ("liaison",))
    return Page(sees=("liaison",), arguments=arguments or {"uid": "resident.uid"}, **allowed)


PAGES = {
    "workplan:home": Page(get=ALL),
    "workplan:plan": Page(get=ALL),
    "workplan:plan_close": Page(get=ADMIN, post=ADMIN),
    "workplan:plan_next": Page(get=ADMIN, post=ADMIN),
    "workplan:intakes": Page(get=ADMIN, post=ADMIN),
    **{
        f"workplan:{name}": Page(sees=ADMIN, arguments=INTAKE, **dict.fromkeys(methods, ADMIN))
        for names, methods in (
            (("intake", "intake_finish"), ("get",)),
            (("intake_sections", "intake_compare"), ("get", "post")),
            (("intake_correct", "intake_undo", "intake_redo", "intake_discard", "intake_draft"), ("post",)),
        )
        for name in names
    },
    "workplan:intake_publish": Page(
        sees=(), post=(), arguments=INTAKE
    ),  # no plan yet; tests/intake/test_pages.py asks further
    "workplan:section": Page(sees=BUREAU, get=BUREAU, arguments={"pk": "district.section.pk"}),
    "workplan:task": Page(
        sees=(*READERS, "other_liaison"), get=(*READERS, "other_liaison"), arguments={"pk": "district.task.pk"}
    ),
    "workplan:target": Page(
        sees=(*READERS, "other_liaison"), get=(*READERS, "other_liaison"), arguments={"pk": "homes.pk"}
    ),
    "workplan:targets": Page(get=ALL),
    "workplan:units": Page(get=ALL),
    "workplan:unit": Page(sees=(*READERS, *OTHER_OFFICE), get=(*READERS, *OTHER_OFFICE), arguments=UNIT),
    "workplan:duties": Page(get=ALL),
    "workplan:year": Page(get=ALL),
    "workplan:year_duties": Page(get=ALL),
    "workplan:burden": Page(get=(*OVERSEERS, *OFFICE, *OTHER_OFFICE)),
    "workplan:feed": Page(get=ALL),
    "workplan:feed_open": Page(post=ALL),
    "workplan:feed_close": Page(post=ALL),
    "workplan:calendar": Page(get=ALL, arguments={"token": "feed"}),  # whoever brings the token
    "workplan:leader": Page(get=OVERSEERS),
    "workplan:leader_changes": Page(get=OVERSEERS),
    "workplan:leader_print": Page(get=OVERSEERS),
    "workplan:leader_pdf": Page(get=OVERSEERS),
    "workplan:leader_wall": Page(get=OVERSEERS),
    "workplan:tasks": Page(get=ALL),
    "workplan:urge": Page(get=None, post=("leader", "head", "other_head")),
    "workplan:inbox": Page(get=ALL),
    "workplan:messages_read": Page(post=ALL),
    "workplan:message_read": Page(sees=("liaison",), post=("liaison",), arguments={"pk": "message.pk"}),
    "workplan:notice_setting": Page(get=ALL, post=ALL),
    "workplan:webhook_test": Page(post=ALL),
    "workplan:leave_add": Page(post=ALL),
    "workplan:leave_cancel": Page(sees=("liaison",), post=("liaison",), arguments={"pk": "leave.pk"}),
    "workplan:outbox": Page(get=ADMIN),
    "workplan:design": Page(get=ALL),
    "workplan:sheet": Page(get=WRITING),
    "workplan:sheet_save": Page(post=ALL),  # an empty form is found wanting; tests/reporting/test_sheet.py asks further
    "workplan:sheet_submit": Page(post=ALL),
    "workplan:sheet_evidence": Page(post=ALL),
    "workplan:assigning": Page(
        sees=(*READERS, "other_liaison"),
        get=("administrator", *OFFICE),
        post=("administrator", *OFFICE),
        arguments={"pk": "district.task.pk"},
    ),
    "workplan:allocation": Page(
        sees=(*READERS, "other_liaison"),
        get=("administrator", *OFFICE),
        post=("administrator", *OFFICE),
        arguments={"pk": "homes.pk"},
    ),
    "workplan:cell_history": Page(
        sees=READERS, get=READERS, arguments={"pk": "homes.pk", "unit": "district.township.pk"}
    ),
    "workplan:sheet_file": Page(get=WRITING),
    "workplan:sheet_upload": Page(get=WRITING, post=WRITING),
    "workplan:sheet_confirm": Page(post=WRITING),
    "workplan:sheet_marked": Page(post=WRITING),
    "workplan:extension_ask": Page(get=WRITING, post=WRITING),
    "workplan:extension_decide": Page(post=("head", "other_head")),
    "workplan:sign": Page(post=WRITING),  # an empty form is found wanting; tests/reporting/test_signing.py asks further
    "workplan:reports": Page(get=ALL),
    "workplan:report_start": Page(post=ALL),
    "workplan:report": Page(sees=READERS, get=READERS, arguments=REPORT),
    "workplan:report_save": Page(sees=READERS, post=("liaison",), arguments=REPORT),
    "workplan:report_submit": Page(sees=READERS, post=("liaison",), arguments=REPORT),
    "workplan:report_discard": Page(sees=READERS, post=("liaison",), arguments=REPORT),
    "workplan:report_correct": Page(sees=READERS, post=("liaison",), arguments=REPORT),
    "workplan:report_approve": Page(sees=READERS, post=("head",), arguments=REPORT),
    "workplan:report_return": Page(sees=READERS, post=("head",), arguments=REPORT),
    "workplan:evidence_add": Page(sees=READERS, post=("liaison",), arguments=REPORT),
    "workplan:evidence": Page(sees=READERS, get=READERS, arguments={"pk": "evidence.pk"}),
    "workplan:evidence_view": Page(sees=READERS, get=READERS, arguments={"pk": "evidence.pk"}),
    "workplan:evidence_pages": Page(sees=READERS, get=READERS, arguments={"pk": "paper.pk"}),
    "workplan:evidence_page": Page(sees=READERS, get=READERS, arguments={"pk": "paper.pk", "number": "first"}),
    "workplan:evidence_remove": Page(sees=READERS, post=("liaison",), arguments={"pk": "evidence.pk"}),
    "workplan:review": Page(get=("head", "other_head")),
    "workplan:review_reasons": Page(get=("head", "other_head"), post=("head", "other_head")),
    "workplan:review_sound": Page(post=("head", "other_head")),
    "workplan:unlocks": Page(get=("administrator", "head", "other_head"), post=("administrator", "head", "other_head")),
    "workplan:org_unit_merge": admin_act(UNIT, form=True),
    "workplan:org_unit_split": admin_act(UNIT, form=True),
    "workplan:org_unit_retire": admin_act(UNIT, form=True),
    "workplan:handover": admin_act(PERSON, form=True),
    "accounts:login": Page(get=ALL, post=ALL),
    "accounts:logout": Page(post=ALL),
    "accounts:account": Page(get=ALL),
    "accounts:password": Page(get=ALL, post=ALL),
    "accounts:sign_out_everywhere": Page(post=ALL),
    "accounts:token_issue": Page(post=ALL),
    "accounts:token_revoke": Page(sees=("liaison",), post=("liaison",), arguments={"pk": "token.pk"}),
    "workplan:jobs": Page(get=ADMIN),
    "workplan:job_retry": admin_act({"pk": "job.pk"}),
    "workplan:users": Page(get=ADMIN),
    "workplan:user_create": Page(get=ADMIN, post=ADMIN),
    "workplan:user": Page(get=ADMIN, arguments=PERSON),
    "workplan:user_change": admin_act(PERSON),
    "workplan:user_grant": admin_act(PERSON),
    "workplan:user_revoke": admin_act(PERSON | {"membership": "membership.pk"}),
    "workplan:user_close": admin_act(PERSON),
    "workplan:user_reopen": admin_act(PERSON),
    "workplan:user_reset": admin_act(PERSON),
    "workplan:user_sign_out": admin_act(PERSON),
    "workplan:registers": Page(get=ALL),
    "workplan:register": Page(sees=KEEPING, get=KEEPING, arguments=REGISTER),
    "workplan:register_search": Page(sees=KEEPING, post=KEEPING, arguments=REGISTER),
    "workplan:register_notice": Page(sees=KEEPING, get=KEEPING, arguments=REGISTER),
    "workplan:register_export": Page(sees=KEEPING, post=CASEWORKERS, arguments=REGISTER),
    "workplan:record_new": Page(sees=KEEPING, get=WRITERS, post=WRITERS, arguments=REGISTER),
    "workplan:import_new": Page(sees=KEEPING, get=WRITERS, post=WRITERS, arguments=REGISTER),
    "workplan:import_template": Page(sees=KEEPING, get=WRITERS, arguments=REGISTER),
    "workplan:import": Page(sees=("liaison",), get=("liaison",), arguments=BATCH),
    "workplan:import_errors": Page(sees=("liaison",), get=("liaison",), arguments=BATCH),
    "workplan:import_confirm": Page(sees=("liaison",), post=("liaison",), arguments=BATCH),
    "workplan:import_undo": Page(sees=("liaison",), post=("liaison",), arguments=BATCH),
    "workplan:record": Page(sees=SEEING, get=SEEING, arguments=RECORD),
    "workplan:record_edit": Page(sees=SEEING, get=("staff", "liaison"), post=("staff", "liaison"), arguments=RECORD),
    "workplan:record_remove": Page(sees=SEEING, post=("staff", "liaison"), arguments=RECORD),
    "workplan:attachment_add": Page(sees=SEEING, post=("staff", "liaison"), arguments=RECORD),
    "workplan:attachment": Page(sees=SEEING, get=SEEING, arguments=RECORD | {"file": "file.pk"}),
    "workplan:attachment_remove": Page(sees=SEEING, post=("staff", "liaison"), arguments=RECORD | {"file": "file.pk"}),
    "workplan:spot_check_draw": Page(sees=(*READERS, "other_liaison"), post=OFFICE, arguments={"pk": "computed.pk"}),
    "workplan:spot_check": Page(sees=(*OVERSEERS, *OFFICE), get=(*OVERSEERS, *OFFICE), arguments={"pk": "check.pk"}),
    "workplan:spot_check_decide": Page(
        sees=(*OVERSEERS, *OFFICE), post=OFFICE, arguments={"pk": "check.pk", "item": "item.pk"}
    ),
    "workplan:orders": Page(get=ALL),
    "workplan:order_new": Page(get=DRAFTERS, post=DRAFTERS),
    "workplan:order": Page(sees=READERS, get=READERS, arguments=ORDER),
    "workplan:order_print": Page(sees=READERS, get=READERS, arguments=ORDER),
    "workplan:order_file": Page(sees=READERS, get=READERS, arguments={"pk": "order_file.pk"}),
    **{
        f"workplan:order_{act}": Page(sees=READERS, post=who, arguments=ORDER)
        for who, acts in (
            (("leader", *OFFICE), ("save", "withdraw")),
            (SUPERVISORS, ("issue", "grant", "refuse", "strike", "return", "escalate", "archive", "reopen")),
            (("liaison",), ("sign", "reply", "ask")),
        )
        for act in acts
    },
    "workplan:remarks": Page(get=ALL),
    "workplan:remark_new": Page(get=("leader",), post=("leader",)),
    "workplan:remark": Page(sees=READERS, get=READERS, arguments=REMARK),
    "workplan:remark_answer": Page(sees=READERS, post=("head",), arguments=REMARK),
    "workplan:adhoc": Page(get=ALL),
    "workplan:adhoc_new": Page(get=(*PLANNERS, *OTHER_OFFICE), post=(*PLANNERS, *OTHER_OFFICE)),
    "workplan:adhoc_request": Page(sees=ASKED, get=ASKED, arguments=ADHOC),
    "workplan:adhoc_edit": Page(sees=ASKED, get=PLANNERS, post=PLANNERS, arguments=ADHOC),
    "workplan:adhoc_send": Page(sees=ASKED, post=PLANNERS, arguments=ADHOC),
    "workplan:adhoc_approve": Page(sees=ASKED, post=SUPERVISORS, arguments=ADHOC),
    "workplan:adhoc_refuse": Page(sees=ASKED, post=SUPERVISORS, arguments=ADHOC),
    "workplan:adhoc_withdraw": Page(sees=ASKED, post=PLANNERS, arguments=ADHOC),
    "workplan:adhoc_answers": Page(sees=ASKED, get=ASKED, arguments=ADHOC),
    "workplan:adhoc_answer": Page(sees=READERS, get=READERS, post=("liaison",), arguments={"pk": "adhoc_answer.pk"}),
    "workplan:amendments": Page(get=ALL),
    "workplan:amendment_new": Page(get=EDITORS, post=EDITORS),
    "workplan:amendment": Page(sees=EDITORS, get=EDITORS, arguments=AMENDMENT),
    **{
        f"workplan:amendment_{act}": Page(sees=EDITORS, post=who, arguments=AMENDMENT)
        for act, who in (
            ("save", ("administrator", *OFFICE)),
            ("lines", ("administrator", *OFFICE)),
            ("line_remove", ("administrator", *OFFICE)),
            ("issue", ("administrator", "head")),
            ("discard", ("administrator", *OFFICE)),
        )
    },
    "workplan:problem_new": Page(
        sees=(*READERS, "other_liaison"),
        get=("leader", *OFFICE, *LIAISONS),
        post=("leader", *OFFICE, *LIAISONS),
        arguments={"pk": "homes.pk"},
    ),
    "workplan:problem": Page(sees=READERS, get=READERS, arguments=PROBLEM),
    "workplan:problem_save": Page(sees=READERS, post=("leader", *OFFICE, "liaison"), arguments=PROBLEM),
    "workplan:problem_check": Page(sees=READERS, post=("leader", *OFFICE), arguments=PROBLEM),
    "workplan:problem_reopen": Page(sees=READERS, post=("leader", *OFFICE), arguments=PROBLEM),
    "workplan:rollups": Page(get=ALL),
    "workplan:rollup_new": Page(get=MAKING, post=MAKING),
    "workplan:rollup_templates": Page(get=ADMIN, post=ADMIN),
    "workplan:rollup_template_sample": Page(get=ADMIN),
    "workplan:rollup": Page(sees=WORDING, get=WORDING, arguments=ROLLUP),
    "workplan:rollup_save": Page(sees=WORDING, post=WORDING, arguments=ROLLUP),
    "workplan:rollup_publish": Page(sees=WORDING, post=("leader", "head"), arguments=ROLLUP),
    "workplan:rollup_discard": Page(sees=WORDING, post=WORDING, arguments=ROLLUP),
    "workplan:rollup_file": Page(sees=WORDING, get=WORDING, arguments=ROLLUP | {"kind": "document"}),
    "workplan:org_units": Page(get=ADMIN),
    "workplan:org_unit_create": Page(get=ADMIN, post=ADMIN),
    "workplan:org_unit": Page(get=ADMIN, arguments=UNIT),
    "workplan:org_unit_rename": admin_act(UNIT),
    "workplan:org_unit_move": admin_act(UNIT),
    "workplan:audit": Page(get=("administrator", "auditor")),
    "people:persons": Page(get=PEOPLE_READERS, post=PEOPLE_READERS),
    "people:person": resident("get"),
    "people:person_edit": resident("get", "post"),
    "people:person_move": resident("post"),
    "people:person_reveal": resident("post", arguments={"uid": "resident.uid", "field": "slug"}),
    "people:duplicates": Page(get=("staff", "other_staff", *LIAISONS, "outsider")),
    "people:merge": resident("get", "post", arguments=PAIR),
    "people:duplicate_dismiss": resident("post", arguments=PAIR),
    "people:reveals": Page(get=("administrator", "auditor")),
}


def declared_addresses() -> set[str]:
    """Return the names of all addresses of the page applications, as the URL configuration has them."""
    parts = [p for p in get_resolver().url_patterns if getattr(p, "namespace", None) in APPLICATIONS]
    return {f"{part.namespace}:{pattern.name}" for part in parts for pattern in part.url_patterns}


def furnished_world() -> World:
    """Return a world with all that the addresses name."""
    from accounts.models import ApiToken
    from accounts.services.tokens import open_feed
    from tests.cast import TODAY
    from workplan import clock

    with clock.pinned(TODAY):
        built = build_world()
    token, _ = ApiToken.build(user=built.cast.liaison, name="测试", days=9, may_write=False)
    token.save()
    built.slug = "id_number"
    built.feed = open_feed(user=built.cast.liaison, actor=built.cast.liaison)[1]
    built.token, built.homes = token, built.district.targets["49.3"]
    built.membership = built.cast.liaison.memberships.get()
    return built


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for the whole table: every cell is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield furnished_world()
        transaction.set_rollback(True)


def value_of(world: World, path: str):
    for name in path.split("."):
        world = getattr(world, name)
    return world


def test_every_address_is_declared():
    assert declared_addresses() == PAGES.keys()


def expected(page: Page, method: str, name: str) -> set[int]:
    allowed = getattr(page, method)
    if allowed is None:
        return {405}
    if name not in page.sees:
        return {404}
    return GRANTED if name in allowed else {403}


@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.parametrize("address", sorted(PAGES))
def test_everybody_gets_what_is_theirs(world, client, address, method):
    page = PAGES[address]
    url = reverse(address, kwargs={key: value_of(world, path) for key, path in page.arguments.items()})
    method_offered = method in ("get", "post")
    wrong = {}
    for name in ALL:
        status = _status(client, getattr(world.cast, name), method, url)
        if status not in (expected(page, method, name) if method_offered else {405}):
            wrong[name] = status
    assert wrong == {}


def _status(client, user, method: str, url: str) -> int:
    point = transaction.savepoint()
    try:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return getattr(client, method)(url).status_code
    finally:
        transaction.savepoint_rollback(point)


@pytest.mark.parametrize("address", sorted(PAGES.keys() - {"accounts:login", "workplan:calendar"}))
def test_strangers_are_sent_to_sign_in(world, client, address):
    page = PAGES[address]
    url = reverse(address, kwargs={key: value_of(world, path) for key, path in page.arguments.items()})
    response = client.get(url) if page.get else client.post(url)
    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:login"))
