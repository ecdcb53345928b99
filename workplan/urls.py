"""Addresses of the pages."""

from django.urls import path

from .views import evidence, home, reports, review, succession, unlocks

app_name = "workplan"
urlpatterns = [
    path("", home.home, name="home"),
    path("reports/", reports.reports, name="reports"),
    path("reports/start/", reports.report_start, name="report_start"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/save/", reports.report_save, name="report_save"),
    path("reports/<int:pk>/submit/", reports.report_submit, name="report_submit"),
    path("reports/<int:pk>/discard/", reports.report_discard, name="report_discard"),
    path("reports/<int:pk>/correct/", reports.report_correct, name="report_correct"),
    path("reports/<int:pk>/approve/", review.report_approve, name="report_approve"),
    path("reports/<int:pk>/return/", review.report_return, name="report_return"),
    path("reports/<int:pk>/evidence/", evidence.evidence_add, name="evidence_add"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path("evidence/<int:pk>/remove/", evidence.evidence_remove, name="evidence_remove"),
    path("review/", review.review, name="review"),
    path("unlocks/", unlocks.unlocks, name="unlocks"),
    path("org-units/<int:pk>/merge/", succession.unit_merge, name="unit_merge"),
    path("org-units/<int:pk>/split/", succession.unit_split, name="unit_split"),
    path("org-units/<int:pk>/retire/", succession.unit_retire, name="unit_retire"),
    path("users/<int:pk>/handover/", succession.handover, name="handover"),
]
