"""The OpenAPI document and its page: complete, without warnings, from the portal's own files."""

import re

import pytest
from django.core.management import call_command
from drf_spectacular.generators import SchemaGenerator

PROBLEM = "application/problem+json"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.I)


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", method, path, operation


def test_the_document_is_valid_and_without_warnings(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "schema.yml"))


def test_every_operation_declares_its_problems(document):
    for name, method, path, operation in operations(document):
        expected = {"400", "401", "403"}
        expected |= {"404"} if "{id}" in path else set()
        expected |= {"409"} if method in ("post", "patch", "delete") else set()
        expected |= {"415"} if "requestBody" in operation else set()
        assert expected <= set(operation["responses"]), name
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == [PROBLEM], name
                assert response["content"][PROBLEM]["examples"], name


def test_every_operation_names_how_to_sign_in_and_what_it_does_in_chinese(document):
    assert set(document["components"]["securitySchemes"]) == {"bearerToken", "cookieAuth"}
    for name, _, _, operation in operations(document):
        assert {"bearerToken": []} in operation["security"], name
        assert not operation["summary"].isascii(), name
        assert not operation.get("description", "说明").isascii(), name


def test_the_document_is_served_to_users(cast, api):
    answer = api(cast.liaison).get("/api/schema/")
    assert answer.status_code == 200
    assert b"/api/v1/reports/{id}/submit/" in answer.content


def test_the_page_needs_no_inline_script_and_no_other_host(cast, as_user):
    client = as_user(cast.liaison)
    page = client.get("/api/docs/")
    text = page.content.decode()
    assert page.status_code == 200
    assert not INLINE.search(text)
    assert not re.search(r'(src|href)="(https?:)?//', text)
    script = client.get(re.search(r'src="(/api/docs/\?script=)"', text).group(1))
    assert script["Content-Type"].startswith("application/javascript")
    assert "SwaggerUIBundle" in script.content.decode()
