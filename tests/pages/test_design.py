"""The page of the design language: every part in every state, by the parts the real pages use."""

import re

import pytest
from django.template.loader import get_template
from django.urls import reverse

from workplan.rules.kinds import Light
from workplan.ui import marks, orders, specimens

ADDRESS = "workplan:design"


@pytest.fixture
def page(cast, as_user) -> str:
    return as_user(cast.liaison).get(reverse(ADDRESS)).content.decode()


def test_every_sign_is_there(page):
    groups = (marks.LIGHTS, marks.STATUSES, orders.STATES, orders.LIGHTS)
    for mark in (mark for group in groups for mark in group.values()):
        assert str(mark.html) in page, mark


def test_every_anchor_leads_to_a_section(page):
    for anchor, label in specimens.SECTIONS:
        assert f'href="#{anchor}"' in page
        assert page.count(f'id="{anchor}"') == 1, label


def test_no_id_is_given_twice(page):
    ids = re.findall(r' id="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids))


def test_the_table_sorts_and_filters_as_lists_do(cast, as_user):
    client = as_user(cast.liaison)
    found = client.get(reverse(ADDRESS), {"light": Light.RED}).content.decode()
    assert "共 <strong>1</strong> 条" in found
    assert client.get(reverse(ADDRESS), {"sort": "-amount"}).status_code == 200
    assert client.get(reverse(ADDRESS), {"light": "purple"}).status_code == 400
    fragment = client.get(reverse(ADDRESS), {"q": "红灯"}, headers={"HX-Request": "true"}).content.decode()
    assert fragment.lstrip().startswith('<div id="table"')


def test_mistakes_stand_at_their_field(page):
    for words in ("请填写事项。", "请只填写数字", "请填写日期", "请选择类型。"):
        assert words in page
    assert page.count('aria-invalid="true"') == 4


def test_no_style_is_in_the_line(page):
    assert " style=" not in page
    assert "<style" not in page


def test_the_theme_is_set_before_anything_is_painted(page):
    head = page.split("</head>")[0]
    assert head.index("theme.js") < head.index('rel="stylesheet"')
    assert re.search(r'<script src="[^"]*theme[^"]*"></script>', head), "neither deferred nor asynchronous"
    assert {"auto", "light", "dark"} == set(re.findall(r'name="theme" value="(\w+)"', page))


def test_the_printed_order_is_white_on_every_screen():
    assert '<html lang="zh-Hans" data-theme="light">' in get_template("workplan/supervision/print.html").template.source
