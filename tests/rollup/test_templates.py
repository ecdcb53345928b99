"""A template of the bureau's lays reports out from its day on; one that cannot, or that does harm, is refused with a sentence."""

import io
import zipfile
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from accounts.models import Event
from workplan.errors import Refused
from workplan.models import RollupTemplate
from workplan.rollup.templating import sample_template
from workplan.services import rollup as rollups
from workplan.services.rollup_templates import add_template

from .conftest import asked_for, publish, word_of, words_of

pytestmark = pytest.mark.django_db


def docx(*lines: str) -> bytes:
    document, stream = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(stream)
    return stream.getvalue()


def add(district, cast, content: bytes, *, name: str = "模板.docx", day: date = date(2024, 10, 15)) -> RollupTemplate:
    upload = SimpleUploadedFile(name, content)
    return add_template(
        bureau=district.bureau, name="本局模板", upload=upload, active_from=day, actor=cast.administrator
    )


def test_a_report_is_laid_out_by_the_template(told, cast):
    lines = (
        "抬头 {{ bureau }}",
        "{% for s in sections %}板块 {{ s.number }} {{ s.name }}{% endfor %}",
        "{{ body }}",
        "落款 {{ date }}",
    )
    template = add(told, cast, docx(*lines))
    report, _ = rollups.make_report(asked=asked_for(told), actor=cast.leader)
    published = publish(report, cast.leader, date(2024, 10, 15))
    assert published.template == template
    text = [p.text for p in word_of(published).paragraphs]
    assert text[0] == f"抬头 {told.bureau.label}"
    assert "一、总体情况" in text
    assert text[-1] == "落款 2024年10月15日"
    assert len(word_of(published).tables) == 3
    assert Event.objects.filter(action="rollup.template").count() == 1


def test_the_sample_can_be_used_as_it_is(told, cast):
    add(told, cast, sample_template())
    report, _ = rollups.make_report(asked=asked_for(told), actor=cast.leader)
    assert f"{told.bureau.label}文件" in words_of(publish(report, cast.leader, date(2024, 10, 15)))


def test_a_template_is_used_from_its_day_on(told, cast):
    add(told, cast, docx("新模板 {{ title }}"), day=date(2024, 11, 1))
    report, _ = rollups.make_report(asked=asked_for(told), actor=cast.leader)
    published = publish(report, cast.leader, date(2024, 10, 31))
    assert published.template is None
    assert "新模板" not in words_of(published)


def test_braces_in_what_people_wrote_stay_text(told, cast):
    add(told, cast, docx("{{ overview }}", "{{ body }}"))
    report, _ = rollups.make_report(asked=asked_for(told), actor=cast.leader)
    words = "{{ 7*7 }} {% raw %} <w:t> & [[49.3|9户]]"
    report = rollups.save_texts(report=report, texts={"overview": words}, version=1, actor=cast.leader)
    text = words_of(publish(report, cast.leader, date(2024, 10, 15)))
    assert text.count("{{ 7*7 }} {% raw %} <w:t> & 9户") == 2
    assert "49 " not in text.splitlines()[0]


REFUSED = {
    "unknown name": ("{{ secret }}", "模板中有无法识别的变量"),
    "broken mark": ("{% for %}", "模板中的标记写法有误"),
    "way out of the sandbox": ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "模板"),
    "endless": ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "模板太复杂"),
    "huge": ("{{ 'x' * 999999999 }}{{ 'y' * 999999999 }}", "模板"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_template_that_does_not_fill_is_refused(case, told, cast, monkeypatch):
    monkeypatch.setattr("workplan.rollup.templating.WALL_SECONDS", 8)
    line, words = REFUSED[case]
    with pytest.raises(Refused, match=words):
        add(told, cast, docx(line))
    assert not RollupTemplate.objects.exists()


def with_part(name: str, content: bytes = b"x") -> bytes:
    stream = io.BytesIO(docx("{{ body }}"))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "模板.docx", "空文件"),
        (b"PK\x03\x04 nonsense", "模板.docx", "不符"),
        (docx("x"), "模板.doc", "不支持"),
        (b"%PDF-1.4\n", "模板.pdf", r"Word 文档（.docx）"),
        (with_part("word/vbaProject.bin"), "模板.docx", "不符"),
        (with_part("../evil"), "模板.docx", "不符"),
        (with_part("word/media/x.bin", b"\0" * (6 * 2**20)) + b"", "模板.doc", "不支持"),
    ],
)
def test_a_file_that_is_no_clean_word_document_is_refused(content, name, words, told, cast):
    with pytest.raises(Refused, match=words):
        add(told, cast, content, name=name)


def test_only_who_works_on_the_whole_plan_replaces_it(told, cast):
    for name in ("head", "staff", "leader", "auditor", "liaison", "outsider"):
        with pytest.raises(Refused) as refused:
            add_template(
                bureau=told.bureau,
                name="x",
                upload=SimpleUploadedFile("x.docx", docx("x")),
                active_from=date(2024, 10, 15),
                actor=getattr(cast, name),
            )
        assert refused.value.code == "forbidden"


def test_the_page_takes_a_template_and_says_what_is_wrong_at_its_place(told, cast, as_user):
    client, address = as_user(cast.administrator), reverse("workplan:rollup_templates")

    def post(content: bytes, day: str = "2024-10-15"):
        typed = {"bureau": told.bureau.pk, "name": "本局模板", "active_from": day}
        return client.post(address, typed | {"file": SimpleUploadedFile("模板.docx", content)})

    response = post(docx("{{ secret }}"))
    assert response.status_code == 422
    assert "secret" in response.context["form"].errors["file"][0]
    assert 'value="本局模板"' in response.content.decode()
    assert "不能早于今天" in post(docx("x"), "2024-10-14").context["form"].errors["active_from"][0]
    assert post(docx("{{ body }}")).status_code == 302
    assert "本局模板" in client.get(address).content.decode()
    assert "已有模板" in post(docx("{{ body }}")).context["form"].errors["active_from"][0]
    assert RollupTemplate.objects.count() == 1
    sample = client.get(reverse("workplan:rollup_template_sample"))
    assert b"".join(sample.streaming_content).startswith(b"PK")
