"""Messages leave by the channels that were chosen: mail and robots, to real servers that write down what comes."""

import base64
import hashlib
import hmac
import socket
from datetime import datetime, time, timedelta
from ipaddress import ip_address
from urllib.parse import parse_qs, quote

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.errors import Refused
from accounts.fields import seal
from tests.steps import fill_and_submit
from workplan.channels import outbox
from workplan.channels.addresses import checked_url, is_public, public_address
from workplan.channels.text import cut
from workplan.channels.webhook import request_of
from workplan.enums import DeliveryState, JobState, WebhookFormat
from workplan.models import Delivery, Job, Message, NoticeSetting
from workplan.services import jobs as service
from workplan.services.notice_settings import test_webhook as try_webhook

from .conftest import NEVER, SEVEN_BEFORE, run_all
from .servers import robot

pytestmark = pytest.mark.django_db
INSIDE = [
    "127.0.0.1",
    "10.0.0.8",
    "172.16.1.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "fe80::1",
    "fd00::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "::127.0.0.1",
]


@pytest.fixture(autouse=True)
def own_cache(settings, tmp_path):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "channels"}}
    cache.clear()
    settings.OUTBOX_DIR = tmp_path / "outbox"


def point(setting: NoticeSetting, url: str, secret: str = "", form: str = WebhookFormat.WECOM) -> NoticeSetting:
    setting.webhook, setting.webhook_format = True, form
    seal(setting, "webhook_url", url)
    seal(setting, "webhook_secret", secret)
    setting.save()
    return setting


@pytest.fixture
def group(settings, cast):
    """Have the liaison told by a robot on a server of this test, which the installation has opened."""
    with robot() as server:
        settings.WEBHOOK_INSIDE_HOSTS = frozenset({"127.0.0.1"})
        server.url = f"http://127.0.0.1:{server.server_port}/send?key=k1"
        stored = NoticeSetting.objects.filter(user=cast.liaison).first()
        point(stored or NoticeSetting(user=cast.liaison, **NEVER), server.url)
        yield server


def delivery(channel: str) -> Delivery:
    return Delivery.objects.get(channel=channel)


def job_of(one: Delivery) -> Job:
    return Job.objects.get(key=f"message.send:{one.pk}")


def test_a_digest_goes_by_mail(settings, cast, mail, remind):
    settings.SITE_URL = "https://workplan.example"
    remind(SEVEN_BEFORE)
    assert mail.letters == [], "nothing leaves inside the transaction"
    run_all()
    (letter,) = mail.letters
    assert letter["To"] == "liaison@example.invalid"
    assert letter["Subject"].strip() == "【督办平台】10月17日工作提醒（1 项）"
    text = letter.get_content()
    assert "D1甲街道 2024年10月进展填报：还有 2 份未报" in text
    assert "https://workplan.example/duties/?period=" in text
    assert delivery("mail").state == DeliveryState.SENT


def test_a_message_of_the_queue_that_comes_twice_sends_one_letter(cast, mail, remind):
    remind(SEVEN_BEFORE)
    run_all()
    job = job_of(delivery("mail"))
    service.run(job.pk)
    Job.objects.filter(pk=job.pk).update(state=JobState.WAITING)
    service.run(job.pk)
    assert len(mail.letters) == 1


def test_a_letter_that_is_sent_again_after_its_worker_died_has_the_same_id(cast, mail, remind):
    remind(SEVEN_BEFORE)
    run_all()
    one = delivery("mail")
    Delivery.objects.update(state=DeliveryState.WAITING, ended_at=None)
    Job.objects.filter(key=f"message.send:{one.pk}").update(state=JobState.WAITING)
    run_all()
    assert len({letter["Message-ID"] for letter in mail.letters}) == 1


def test_what_was_done_before_the_letter_left_is_not_sent(district, cast, mail, remind):
    remind(SEVEN_BEFORE)
    fill_and_submit(district, cast, month=10, homes=1, rate=(9, 10))
    fill_and_submit(district, cast, month=10, tombs=0)
    run_all()
    assert mail.letters == [] and delivery("mail").state == DeliveryState.DROPPED


@pytest.mark.parametrize("change", ["switched off", "no address", "account closed"])
def test_a_channel_that_is_no_longer_wanted_gets_nothing(cast, mail, remind, change):
    remind(SEVEN_BEFORE)
    if change == "switched off":
        NoticeSetting.objects.update(mail=False)
    else:
        values = {"email": ""} if change == "no address" else {"is_active": False}
        type(cast.liaison).objects.filter(pk=cast.liaison.pk).update(**values)
    run_all()
    one = delivery("mail")
    assert mail.letters == [] and one.state == DeliveryState.DROPPED and job_of(one).state == JobState.DONE


def test_a_channel_that_fails_is_tried_again_shown_and_does_not_stop_the_other(cast, mail, group, remind, as_user):
    mail.refusing = True
    remind(SEVEN_BEFORE)
    run_all()
    assert len(group.posts) == 1 and mail.letters == []
    job = job_of(delivery("mail"))
    assert job.state == JobState.WAITING and job.error == "SMTPSenderRefused" and job.due_at > timezone.now()
    page = as_user(cast.liaison).get("/messages/").content.decode()
    assert "邮件：发送失败，将重试（SMTPSenderRefused）" in page and "群机器人：已发送" in page
    mail.refusing = False
    Job.objects.filter(pk=job.pk).update(due_at=timezone.now() - timedelta(seconds=1))
    run_all()
    assert len(mail.letters) == 1 and len(group.posts) == 1


def test_a_digest_goes_to_the_group(cast, group, remind):
    remind(SEVEN_BEFORE)
    run_all()
    ((path, headers, body),) = group.posts
    assert path == "/send?key=k1" and headers["Host"] == f"127.0.0.1:{group.server_port}"
    assert body["msgtype"] == "text" and "还有 2 份未报" in body["text"]["content"]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, {}, b'{"errcode": 93000, "errmsg": "invalid webhook url"}'), "机器人拒收（代码 93000）。"),
        ((404, {}, b""), "机器人返回状态 404。"),
        ((200, {}, b"<html>"), "机器人的回答无法识别。"),
        ((200, {}, b"[]"), "机器人的回答无法识别。"),
        ((302, {"Location": "http://127.0.0.1:1/stolen"}, b""), "机器人返回状态 302。"),
    ],
)
def test_what_the_robot_answers_is_understood_and_redirects_are_not_followed(cast, group, remind, answer, reason):
    group.answer = answer
    remind(SEVEN_BEFORE)
    run_all()
    job = job_of(delivery("webhook"))
    assert job.error == reason and delivery("webhook").state == DeliveryState.WAITING
    assert len(group.posts) == 1, "only the address that was given has been asked"


def test_a_robot_that_is_gone(cast, group, remind):
    point(NoticeSetting.objects.get(), "http://127.0.0.1:9/")
    remind(SEVEN_BEFORE)
    run_all()
    assert job_of(delivery("webhook")).error.startswith("机器人没有响应")


@pytest.mark.parametrize("address", INSIDE)
def test_inside_addresses_are_no_public_ones(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "101.226.129.200", "2400:3200::1"])
def test_public_addresses(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused_on_every_path(cast, address, monkeypatch, remind):
    """The name is public when it is stored; when it is used it leads inside (DNS rebinding)."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: [(family, socket.SOCK_STREAM, 6, "", (address, 443))])
    monkeypatch.setattr("workplan.channels.webhook.settings.DEMO", False)
    point(NoticeSetting(user=cast.liaison, **NEVER), "https://robot.example/send")
    with pytest.raises(Refused, match="内部网络"):
        try_webhook(user=cast.liaison)
    remind(SEVEN_BEFORE)
    run_all()
    assert job_of(delivery("webhook")).error == "不允许发往内部网络地址。"


def test_one_inside_address_among_several_is_enough_to_refuse(monkeypatch):
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 443)) for a in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: both)
    with pytest.raises(Refused):
        public_address("robot.example", 443)


def test_the_connection_goes_to_the_address_that_was_checked(settings, cast, group, monkeypatch):
    """The name is asked once: a second answer would not have been checked."""
    asked = []
    real = socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        asked.append(host)
        return real("127.0.0.1" if host == "robot.internal" else host, port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    settings.WEBHOOK_INSIDE_HOSTS = frozenset({"robot.internal"})
    point(NoticeSetting.objects.get(), f"http://robot.internal:{group.server_port}/send")
    try_webhook(user=cast.liaison)
    assert asked.count("robot.internal") == 1
    assert group.posts[0][1]["Host"] == f"robot.internal:{group.server_port}"


@pytest.mark.parametrize(
    "url",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "ftp://example.com/",
        "https://user:pass@example.com/",
        "https://example.com:8443/",
        "https://example.com:99999/",
        "https:///send",
        "file:///etc/passwd",
        "https://例子.com/",
        "https://exam\nple.com/",
        "//example.com/",
    ],
)
def test_strange_addresses_are_refused(url):
    with pytest.raises(Refused):
        checked_url(url)


def test_signatures_and_formats():
    now, secret = 1_700_000_000, "SEC1"
    query, body = request_of(WebhookFormat.DINGTALK, "文本", secret, now)
    stamp = f"{now}000"
    digest = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    assert parse_qs(query) == {"timestamp": [stamp], "sign": [base64.b64encode(digest).decode()]}
    assert quote(base64.b64encode(digest).decode(), safe="") in query
    assert body == {"msgtype": "text", "text": {"content": "文本"}}
    query, body = request_of(WebhookFormat.FEISHU, "文本", secret, now)
    digest = hmac.new(f"{now}\n{secret}".encode(), b"", hashlib.sha256).digest()
    assert query == "" and body["sign"] == base64.b64encode(digest).decode() and body["timestamp"] == str(now)
    assert request_of(WebhookFormat.FEISHU, "文本", "", now)[1] == {"msg_type": "text", "content": {"text": "文本"}}
    assert "sign" not in request_of(WebhookFormat.DINGTALK, "文本", "", now)[0]


def test_hostile_text_calls_nobody_and_long_text_is_cut_at_a_character():
    text = request_of(WebhookFormat.FEISHU, '<at user_id="all">所有人</at>', "", 0)[1]["content"]["text"]
    assert "<at" not in text
    assert len(request_of(WebhookFormat.WECOM, "汉" * 5000, "", 0)[1]["text"]["content"].encode()) <= 2048
    assert cut("汉字汉字", 9) == "汉字…" and cut("汉字", 6) == "汉字"
    assert cut("\ud800", 10) == "\ud800", "half a character is never sent: JSON escapes it"


def test_a_title_with_a_line_break_adds_no_header(cast, mail, remind):
    remind(SEVEN_BEFORE)
    Message.objects.update(title="提醒\r\nBcc: all@example.invalid")
    run_all()
    assert mail.letters[0]["Bcc"] is None


def test_by_night_mail_waits_for_the_morning(cast, mail, remind, time_machine):
    night = timezone.make_aware(datetime(2024, 10, 17, 22))
    time_machine.move_to(night, tick=False)
    NoticeSetting.objects.update(quiet_from=time(20), quiet_to=time(8))
    remind(SEVEN_BEFORE)
    run_all()
    assert mail.letters == [] and Message.objects.filter(user=cast.liaison).exists(), "the inbox has it at once"
    time_machine.move_to(night + timedelta(hours=10), tick=False)
    run_all()
    assert len(mail.letters) == 1


def test_who_chose_nothing_or_has_no_address_gets_no_mail(cast, mail, remind):
    cast.liaison.email = ""
    cast.liaison.save()
    remind(SEVEN_BEFORE)
    assert not Delivery.objects.exists()


def test_in_the_demo_nothing_leaves_the_machine_and_a_page_shows_what_would(settings, cast, group, remind, as_user):
    settings.WEBHOOK_INSIDE_HOSTS = frozenset()
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = settings.OUTBOX_DIR
    cast.liaison.email = "liaison@example.invalid"
    cast.liaison.save()
    NoticeSetting.objects.update(mail=True)
    point(NoticeSetting.objects.get(), "https://robot.example/send?key=geheim")
    remind(SEVEN_BEFORE)
    run_all()
    assert group.posts == []
    assert {one.channel for one in outbox.sent()} == {"邮件", "群机器人"}
    page = as_user(cast.administrator).get("/messages/outbox/").content.decode()
    assert page.count("还有 2 份未报") == 2 and "企业微信 robot.example" in page
    assert "geheim" not in page and not any("geheim" in p.read_text() for p in settings.OUTBOX_DIR.iterdir())
    settings.DEMO = False
    assert as_user(cast.administrator).get("/messages/outbox/").status_code == 404
