"""Reports through the API: the whole life, refusals as problem objects, and nothing written when refused."""

from datetime import date

import pytest

from accounts.models import Event
from tests.api.conftest import pdf
from workplan import clock
from workplan.models import Allocation, Entry, Figure, ProgressReport

REPORTS = "/api/v1/reports/"


def state(report_id):
    """Return everything of a report that a refused request must leave alone."""
    entries = Entry.objects.filter(report=report_id).order_by("pk").values()
    return ProgressReport.objects.filter(pk=report_id).values().get(), list(entries)


def test_a_report_goes_from_draft_to_figure(district, cast, api):
    liaison, head = api(cast.liaison), api(cast.head)
    body = {"task": district.task.pk, "org_unit": district.township.pk, "period": district.period(10).pk}
    report = liaison.post(REPORTS, body, format="json").json()
    assert report["available_actions"] == ["save", "submit", "discard"]
    url = f"{REPORTS}{report['id']}/"
    homes, staff = district.targets["49.3"].pk, district.targets["22.4"].pk
    saved = liaison.patch(
        url,
        {
            "version": report["version"],
            "narrative": "已完成十二户。",
            "entries": [{"target": homes, "value": "12.50"}, {"target": staff, "numerator": 9, "denominator": 10}],
        },
        format="json",
    ).json()
    assert [entry["value"] for entry in saved["entries"]] == ["12.5", None]
    submitted = liaison.post(f"{url}submit/", {"version": saved["version"]}, format="json").json()
    assert (submitted["status"], submitted["available_actions"]) == ("submitted", [])
    assert head.get(url).json()["available_actions"] == ["approve", "return"]
    returned = head.post(f"{url}return/", {"reason": "请核对户数。"}, format="json").json()
    assert (returned["status"], returned["return_reason"]) == ("returned", "请核对户数。")
    again = liaison.post(f"{url}submit/", {"version": returned["version"]}, format="json").json()
    approved = head.post(f"{url}approve/", {"version": again["version"]}, format="json").json()
    assert (approved["status"], approved["approved_by"]) == ("approved", "演员·head")
    assert Figure.objects.get(target=homes).value == 12.5
    draft = liaison.post(f"{url}correct/", {"reason": "漏计一户。"}, format="json")
    assert draft.status_code == 201
    assert (draft.json()["revision"], draft.json()["corrects"]) == (2, report["id"])


def test_fields_left_out_of_an_entry_stay(district, cast, scene, api):
    homes = district.targets["49.3"].pk
    url = f"{REPORTS}{scene.draft.pk}/"
    body = {"version": scene.draft.version, "entries": [{"target": homes, "remark": "另附名单。"}]}
    saved = api(cast.liaison).patch(url, body, format="json").json()
    entry = next(entry for entry in saved["entries"] if entry["target"]["id"] == homes)
    assert (entry["value"], entry["remark"]) == ("15", "另附名单。")


def test_the_second_saver_is_told_and_nothing_is_overwritten(cast, scene, api):
    url = f"{REPORTS}{scene.draft.pk}/"
    client = api(cast.liaison)
    version = scene.draft.version
    client.patch(url, {"version": version, "narrative": "第一位。"}, format="json")
    answer = client.patch(url, {"version": version, "narrative": "第二位。"}, format="json")
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["code"] == "stale"
    assert (problem["current"]["version"], problem["current"]["saved_by"]) == (version + 1, "演员·liaison")
    assert client.get(url).json()["narrative"] == "第一位。"


def test_values_that_keep_a_report_from_being_submitted_are_listed_by_target(district, cast, scene, api):
    url = f"{REPORTS}{scene.draft.pk}/"
    client = api(cast.liaison)
    body = {"version": scene.draft.version, "entries": [{"target": district.targets["49.3"].pk, "value": None}]}
    version = client.patch(url, body, format="json").json()["version"]
    answer = client.post(f"{url}submit/", {"version": version}, format="json")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert [problem["code"] for problem in answer.json()["errors"]["49.3"]] == ["missing"]
    assert answer.json()["title"] == "数值未通过检查"


def test_values_that_cannot_be_kept_are_refused_whole(district, cast, scene, api):
    before = state(scene.draft.pk)
    body = {
        "version": scene.draft.version,
        "narrative": "不应写入。",
        "entries": [{"target": district.targets["49.3"].pk, "value": "-1"}],
    }
    answer = api(cast.liaison).patch(f"{REPORTS}{scene.draft.pk}/", body, format="json")
    assert answer.status_code == 422
    assert state(scene.draft.pk) == before


def test_a_closed_period_refuses(district, cast, api):
    body = {"task": district.task.pk, "org_unit": district.township.pk, "period": district.period(5).pk}
    answer = api(cast.liaison).post(REPORTS, body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "period_closed")
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("field", ["task", "org_unit", "period"])
def test_foreign_ids_in_a_new_report_are_as_if_they_did_not_exist(field, district, neighbour, cast, api):
    foreign = {"task": neighbour.task, "org_unit": district.other_township, "period": neighbour.period(10)}
    body = {"task": district.task.pk, "org_unit": district.township.pk, "period": district.period(10).pk}
    answers = [api(cast.liaison).post(REPORTS, body | {field: pk}, format="json") for pk in (foreign[field].pk, 2**62)]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].json() == answers[1].json()
    assert not ProgressReport.objects.exists()


def test_foreign_targets_in_entries_are_as_if_they_did_not_exist(neighbour, district, cast, scene, api):
    before = state(scene.draft.pk)
    url = f"{REPORTS}{scene.draft.pk}/"
    bodies = []
    for pk in (neighbour.targets["49.3"].pk, district.targets["46.3"].pk, 2**62):
        sent = {"version": scene.draft.version, "narrative": "不应写入。", "entries": [{"target": pk, "value": "1"}]}
        answer = api(cast.liaison).patch(url, sent, format="json")
        assert answer.status_code == 400
        bodies.append(answer.json())
    assert bodies[0] == bodies[1] == bodies[2]
    assert state(scene.draft.pk) == before


@pytest.mark.parametrize(
    "field,value",
    [
        ("status", "approved"),
        ("late", False),
        ("approved_by", 1),
        ("org_unit", 1),
        ("submitted_on", "2024-01-01"),
        ("x", 1),
    ],
)
def test_fields_that_only_the_portal_writes_are_refused(field, value, cast, scene, api):
    before = state(scene.draft.pk)
    body = {"version": scene.draft.version, "narrative": "不应写入。", field: value}
    answer = api(cast.liaison).patch(f"{REPORTS}{scene.draft.pk}/", body, format="json")
    assert answer.status_code == 400
    assert answer.json()["errors"] == {field: ["没有这个字段，或该字段不能修改。"]}
    assert state(scene.draft.pk) == before


def test_one_target_twice_is_refused(district, cast, scene, api):
    homes = district.targets["49.3"].pk
    entries = [{"target": homes, "value": "1"}, {"target": homes, "value": "2"}]
    body = {"version": scene.draft.version, "entries": entries}
    answer = api(cast.liaison).patch(f"{REPORTS}{scene.draft.pk}/", body, format="json")
    assert answer.json()["errors"] == {"entries": ["同一目标只能出现一次。"]}


def test_a_reviewer_does_not_approve_a_version_he_has_not_read(cast, scene, api):
    url = f"{REPORTS}{scene.submitted.pk}/approve/"
    answer = api(cast.head).post(url, {"version": scene.submitted.version - 1}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")


def test_a_return_needs_a_reason(cast, scene, api):
    answer = api(cast.head).post(f"{REPORTS}{scene.submitted.pk}/return/", {"reason": "  "}, format="json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["reason"])


def test_a_fresh_draft_is_discarded(district, cast, api):
    body = {"task": district.task.pk, "org_unit": district.township.pk, "period": district.period(10).pk}
    client = api(cast.liaison)
    url = f"{REPORTS}{client.post(REPORTS, body, format='json').json()['id']}/"
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404
    assert Event.objects.filter(action="report.discard").exists()


def test_evidence_is_uploaded_listed_and_downloaded_as_attachment(cast, scene, api):
    url = f"{REPORTS}{scene.draft.pk}/evidence/"
    client = api(cast.liaison)
    added = client.post(url, {"file": pdf("现场.pdf", b"%PDF-1.4 second")}, format="multipart").json()
    assert [row["name"] for row in client.get(url).json()] == ["台账.pdf", "现场.pdf"]
    answer = api(cast.head).get(f"/api/v1/evidence/{added['id']}/")
    assert b"".join(answer.streaming_content) == b"%PDF-1.4 second"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert Event.objects.filter(action="evidence.download", actor=cast.head).exists()


def test_removed_evidence_is_gone(cast, scene, api):
    client = api(cast.liaison)
    url = f"/api/v1/evidence/{scene.evidence.pk}/"
    assert client.delete(url).status_code == 204
    assert client.get(url).status_code == 404
    assert client.get(f"{REPORTS}{scene.draft.pk}/").json()["evidence"] == []


@pytest.mark.parametrize(
    "name,content,code",
    [("a.pdf", b"", "empty_file"), ("a.exe", b"MZ", "type_not_allowed"), ("a.pdf", b"MZ", "content_mismatch")],
)
def test_bad_files_are_refused(name, content, code, cast, scene, api):
    url = f"{REPORTS}{scene.draft.pk}/evidence/"
    answer = api(cast.liaison).post(url, {"file": pdf(name, content)}, format="multipart")
    assert (answer.status_code, answer.json()["code"]) == (409, code)


def test_a_share_is_changed_with_reason(district, cast, api):
    share = Allocation.objects.get(target=district.targets["49.3"], org_unit=district.township)
    url = f"/api/v1/allocations/{share.pk}/"
    answer = api(cast.staff).patch(url, {"amount": "60", "reason": "新增任务"}, format="json")
    assert answer.json()["amount"] == "60"
    assert Event.objects.get(action="allocation.change").note == "新增任务"
    answer = api(cast.staff).patch(url, {"amount": "1", "reason": "压减"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "sum_below_goal")
    answer = api(cast.staff).patch(url, {"amount": "61"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "reason_required")
    share.refresh_from_db()
    assert share.amount == 60


def test_a_rate_has_no_share_in_numbers(district, cast, api):
    share = Allocation.objects.get(target=district.targets["22.4"], org_unit=district.township)
    answer = api(cast.staff).patch(f"/api/v1/allocations/{share.pk}/", {"amount": "60"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "ratio_has_no_share")


def test_lists_filter_by_period_status_and_lateness(district, cast, scene, api):
    client = api(cast.liaison)

    def found(query):
        return [row["id"] for row in client.get(f"{REPORTS}?{query}").json()["results"]]

    assert found("") == [scene.draft.pk, scene.submitted.pk, scene.approved.pk]
    assert found("status=approved") == [scene.approved.pk]
    assert found(f"period={district.period(9).pk}") == [scene.submitted.pk]
    assert found("late=true") == [scene.submitted.pk]
    assert found("ordering=period") == [scene.approved.pk, scene.submitted.pk, scene.draft.pk]


def test_only_the_newest_revisions_are_listed_on_request(cast, scene, api):
    with clock.pinned(date(2024, 8, 29)):
        url = f"{REPORTS}{scene.approved.pk}/correct/"
        draft = api(cast.liaison).post(url, {"reason": "漏计一户。"}, format="json").json()
    ids = {
        newest: [row["id"] for row in api(cast.liaison).get(f"{REPORTS}?newest={newest}").json()["results"]]
        for newest in ("true", "false")
    }
    assert scene.approved.pk not in ids["true"] and draft["id"] in ids["true"]
    assert {scene.approved.pk, draft["id"]} <= set(ids["false"])
