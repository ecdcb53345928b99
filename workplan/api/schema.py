"""What the OpenAPI document says beside the serializers: how to sign in, and every status that can come."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers

from .problems import CONTENT_TYPE, TITLES


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = "accounts.authentication.TokenAuthentication"
    name = "bearerToken"

    def get_security_definition(self, auto_schema):
        return {"type": "http", "scheme": "bearer", "description": "在“我的账号”页面签发的接口令牌。"}


class CurrentSerializer(serializers.Serializer):
    """Who saved the version that is stored now."""

    version = serializers.IntegerField()
    saved_by = serializers.CharField()
    saved_at = serializers.DateTimeField()


class ProblemSerializer(serializers.Serializer):
    """A problem object (RFC 9457)."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="中文说明")
    code = serializers.CharField(help_text="供程序判断的代码")
    errors = serializers.JSONField(required=False, help_text="按字段（422 时按目标编号）列出的错误")
    current = CurrentSerializer(required=False, help_text="版本冲突时，现存版本的信息")


EXAMPLES = {
    400: ("invalid", "提交的内容有误。"),
    401: ("not_authenticated", "身份认证信息未提供。"),
    403: ("permission_denied", "您没有进行此操作的权限。"),
    404: ("not_found", "没有找到该内容，或您无权查看。"),
    409: ("stale", "王小明 已于 10-15 09:30 保存过这份填报，您的修改尚未写入。"),
    415: ("unsupported_media_type", "不支持请求中的媒体类型。"),
    422: ("invalid_entries", "有 1 处需要修改后才能提交。"),
}
ALWAYS = (400, 401, 403)


def with_problems(answers: dict, *statuses: int) -> dict:
    """Return the responses of an operation: its answers, and problems for `statuses` and for what any request may meet."""
    return answers | {(code, CONTENT_TYPE): _problem(code) for code in sorted({*ALWAYS, *statuses})}


def _problem(status: int) -> OpenApiResponse:
    kind, detail = EXAMPLES[status]
    value = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail, "code": kind}
    example = OpenApiExample(TITLES[status], value=value, response_only=True, status_codes=[str(status)])
    return OpenApiResponse(ProblemSerializer, description=TITLES[status], examples=[example])


def drop_english_descriptions(result: dict, **kwargs) -> dict:
    """Keep the docstrings of the code out of the document, whose readers read Chinese."""
    operations = [operation for path in result["paths"].values() for operation in path.values()]
    for part in [*operations, *result["components"]["schemas"].values()]:
        if isinstance(part, dict) and part.get("description", "").isascii():
            part.pop("description", None)
    return result


def declare_removal_bodies(result: dict, **kwargs) -> dict:
    """Say that removing a record takes a reason in the body: the generator knows no bodies of DELETE."""
    schema = {
        "type": "object",
        "properties": {"reason": {"type": "string", "minLength": 1, "maxLength": 300, "description": "删除原因"}},
        "required": ["reason"],
    }
    for operations in result["paths"].values():
        operation = operations.get("delete", {})
        if "415" in operation.get("responses", {}):
            operation["requestBody"] = {"content": {"application/json": {"schema": schema}}, "required": True}
    return result
