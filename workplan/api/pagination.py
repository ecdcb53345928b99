"""Pages of lists."""

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import PageNumberPagination

HIGHEST_PAGE = 1_000_000


class Pagination(PageNumberPagination):
    """`page` from 1, `page_size` from 1 to 200 (default 50). Anything else is a 400, never silently mended."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"

    def get_page_size(self, request) -> int:
        return _whole(request, self.page_size_query_param, self.max_page_size, self.page_size)

    def get_page_number(self, request, paginator) -> int:
        return _whole(request, self.page_query_param, HIGHEST_PAGE, 1)

    def paginate_queryset(self, queryset, request, view=None):
        """Return the rows of the page. Raises ValidationError for a page that does not exist."""
        try:
            return super().paginate_queryset(queryset, request, view=view)
        except NotFound as missing:
            raise ValidationError({self.page_query_param: ["没有这一页。"]}) from missing

    def get_schema_operation_parameters(self, view) -> list[dict]:
        """Declare the bounds too."""
        bounds = {
            self.page_query_param: {"type": "integer", "minimum": 1, "maximum": HIGHEST_PAGE},
            self.page_size_query_param: {"type": "integer", "minimum": 1, "maximum": self.max_page_size},
        }
        texts = {
            self.page_query_param: "页码，从 1 开始",
            self.page_size_query_param: f"每页行数，默认 {self.page_size}",
        }
        return [
            {"name": name, "required": False, "in": "query", "description": texts[name], "schema": schema}
            for name, schema in bounds.items()
        ]


def _whole(request, name: str, highest: int, default: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9) or not 1 <= int(text) <= highest:
        raise ValidationError({name: [f"应为 1 至 {highest} 的整数。"]})
    return int(text)
