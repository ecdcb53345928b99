"""Routes of the API."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from .views import docs, evidence, figures, plan, records, remarks, reports, rollups, spot_checks, supervision

app_name = "api"

router = SimpleRouter(use_regex_path=False)
router.register("plans", plan.PlanViewSet, basename="plan")
router.register("sections", plan.SectionViewSet, basename="section")
router.register("tasks", plan.TaskViewSet, basename="task")
router.register("targets", plan.TargetViewSet, basename="target")
router.register("allocations", plan.AllocationViewSet, basename="allocation")
router.register("org-units", plan.OrgUnitViewSet, basename="org-unit")
router.register("periods", plan.PeriodViewSet, basename="period")
router.register("reports", reports.ReportViewSet, basename="report")
router.register("evidence", evidence.EvidenceViewSet, basename="evidence")
router.register("spot-checks", spot_checks.SpotCheckViewSet, basename="spot-check")
router.register("supervision-orders", supervision.OrderViewSet, basename="supervision-order")
router.register("remarks", remarks.RemarkViewSet, basename="remark")
router.register("problems", supervision.ProblemViewSet, basename="problem")
router.register("rollups", rollups.RollupViewSet, basename="rollup")

RECORDS = "registers/<slug:app>/<slug:name>/records/"

v1 = [
    *router.urls,
    path("registers/", records.RegistersView.as_view(), name="register-list"),
    path(RECORDS, records.RecordsView.as_view(), name="record-list"),
    path(f"{RECORDS}<int:pk>/", records.RecordView.as_view(), name="record-detail"),
    path("figures/", figures.FigureView.as_view(), name="figures"),
    path("lights/", figures.LightsView.as_view(), name="lights"),
    path("me/", figures.MeView.as_view(), name="me"),
]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", docs.SchemaView.as_view(), name="schema"),
    path("docs/", docs.DocsView.as_view(), name="docs"),
    re_path("", docs.nothing_here, name="nothing"),
]
