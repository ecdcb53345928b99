"""Pages of refusal."""

import pytest
from django.test import RequestFactory

from workplan.views.errors import server_error


def test_unknown_addresses_get_a_chinese_page(cast, as_user):
    response = as_user(cast.leader).get("/no/such/page/")
    assert response.status_code == 404
    assert "没有找到该内容，或您无权查看。" in response.content.decode()


def test_a_missing_right_is_named(cast, addresses, as_user):
    response = as_user(cast.head).get(addresses["leader"])
    assert response.status_code == 403
    assert "您没有进行此操作的权限。" in response.content.decode()


@pytest.mark.django_db
def test_the_page_of_last_resort_asks_nothing_of_the_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "服务暂时出现问题" in response.content.decode()
