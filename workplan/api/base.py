"""What all API views share: strict query strings, one representation, rows through the scope only."""

from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.viewsets import GenericViewSet

from ..ui.params import printable
from .parsers import BoundedJSONParser

TEXT_LIMIT = 100


class OneRepresentation(DefaultContentNegotiation):
    """There is only JSON: what a client says it accepts changes nothing, so there is no 406."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class StrictView:
    """Mixin of all views: unknown, repeated, over-long or unreadable query parameters are a 400.

    query_params: names that the view takes beside those of its filters.
    """

    parser_classes = [BoundedJSONParser]
    content_negotiation_class = OneRepresentation
    metadata_class = None  # OPTIONS would describe forms; the schema does
    query_params: tuple[str, ...] = ()

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        refuse_strange_parameters(request, self.known_parameters())

    def known_parameters(self) -> set[str]:
        return set(self.query_params)


def refuse_strange_parameters(request, known: set[str]) -> None:
    """Raise ValidationError that names the parameter and what is wrong with it."""
    for name, values in request.query_params.lists():
        if name not in known:
            raise ValidationError({name[:TEXT_LIMIT]: ["没有这个查询参数。"]})
        if len(values) > 1:
            raise ValidationError({name: ["查询参数不能重复。"]})
        if len(values[0]) > TEXT_LIMIT or not printable(values[0]):
            raise ValidationError({name: [f"最多 {TEXT_LIMIT} 个字，不能含控制字符。"]})


class ScopedViewSet(StrictView, GenericViewSet):
    """Rows of one model within the user's scope; what lies outside does not exist (404)."""

    lookup_value_converter = "int"
    filterset_class = None

    def get_queryset(self):
        rows = super().get_queryset()
        return rows.none() if getattr(self, "swagger_fake_view", False) else rows.visible_to(self.request.user)

    def get_object(self):
        return self.visible(self.get_queryset())

    def visible(self, rows):
        """Return the row that the URL names. Raises Http404 where it is not among `rows`."""
        row = rows.filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return row

    def known_parameters(self) -> set[str]:
        if self.action != "list":
            return super().known_parameters()
        filters = set(self.filterset_class.base_filters) if self.filterset_class else set()
        return super().known_parameters() | filters | {"page", "page_size"}
