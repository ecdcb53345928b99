"""All addresses of the portal."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from . import health, metrics

urlpatterns = [
    # Pages name their icon; browsers ask here on behalf of those that do not (the admin, the API's pages).
    path("favicon.ico", RedirectView.as_view(url="/static/favicon.svg"), name="favicon"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/", include("workplan.api.urls")),
    path("", include("accounts.urls")),
    path("", include("workplan.urls")),
    path("", include("people.urls")),
]

handler400 = "workplan.views.errors.bad_request"
handler403 = "workplan.views.errors.permission_denied"
handler404 = "workplan.views.errors.page_not_found"
handler500 = "workplan.views.errors.server_error"
