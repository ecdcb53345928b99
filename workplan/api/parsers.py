"""Request bodies, read within bounds."""

import json

from django.conf import settings
from rest_framework import renderers
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser, MultiPartParser

FRAME = 2**20  # what a multipart body may hold beside the file


class BoundedJSONParser(BaseParser):
    """JSON in UTF-8 of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes, nested as deep as Python's reader goes.

    The framework's own parser reads a body of any size, and a thousand open brackets end it in a 500.
    """

    media_type = "application/json"
    renderer_class = renderers.JSONRenderer

    def parse(self, stream, media_type=None, parser_context=None):
        """Return the parsed body. Raises ParseError for what is too large, too deep or no JSON."""
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise ParseError("请求内容过大。")
        try:
            return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise ParseError("请求内容不是有效的 JSON。") from error


def _refuse_constant(name: str):
    raise ValueError(f"{name} is not JSON")


class BoundedMultiPartParser(MultiPartParser):
    """Multipart bodies around one file. What is announced as too large is refused before it is spooled to disk."""

    def parse(self, stream, media_type=None, parser_context=None):
        """Return fields and files. Raises ParseError for a body that is too large or broken."""
        announced = parser_context["request"].META.get("CONTENT_LENGTH") or "0"
        if not announced.isdigit() or int(announced) > settings.UPLOAD_MAX_BYTES + FRAME:
            raise ParseError(f"文件不能超过 {settings.UPLOAD_MAX_BYTES // 2**20} MB。")
        return super().parse(stream, media_type, parser_context)
