"""The OpenAPI document, its browsable form, and the answer to addresses that do not exist."""

from django.contrib.auth.decorators import login_required
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny, IsAuthenticated

from accounts.middleware import problem

from ..problems import NOT_FOUND, TITLES


class SchemaView(SpectacularAPIView):
    permission_classes = [IsAuthenticated]
    metadata_class = None


@method_decorator(login_required, name="dispatch")
class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from the portal's own files; its start-up script is a second request, as the CSP asks."""

    permission_classes = [AllowAny]
    url_name = "api:schema"
    template_name = "api/docs.html"
    metadata_class = None


@csrf_exempt
def nothing_here(request):
    """Programs get a problem object where no route is, not a page."""
    return problem(404, TITLES[404], NOT_FOUND, "not_found")
