"""The import and export pages of the data maintenance site: preview first, all or nothing, logged."""

from django import forms
from django.core.exceptions import BadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.encoding import escape_uri_path
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.tmp_storages import CacheStorage

from . import audit
from .enums import Right
from .formats import Csv, Xlsx


class PreviewStorage(CacheStorage):
    """Keeps a previewed file until it is confirmed. In the cache: the next request may reach another process."""

    CACHE_LIFETIME = 3600

    def read(self) -> bytes:
        content = super().read()
        if content is None:
            raise BadRequest("预览已过期，请重新上传文件。")
        return content


class FirstFormat:
    """Mixin of the forms that ask for the format of a file: the usual one is chosen beforehand."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].initial = "0"


class TableImportForm(FirstFormat, ImportForm):
    pass


class TableExportForm(FirstFormat, ExportForm):
    pass


class ConfirmForm(ConfirmImportForm):
    """Takes only what the preview gave out."""

    format = forms.ChoiceField(choices=[("0", ""), ("1", "")], widget=forms.HiddenInput)
    resource = forms.ChoiceField(choices=[("0", "")], widget=forms.HiddenInput, required=False)


class ScopedImportExport(ImportExportMixin):
    """Mixin before ScopedAuditedAdmin; `resource_classes` are ScopedResources."""

    formats = [Xlsx, Csv]
    confirm_form_class = ConfirmForm
    import_form_class = TableImportForm
    export_form_class = TableExportForm
    tmp_storage_class = PreviewStorage
    import_template_name = "admin/imports/import.html"
    skip_admin_log = True  # the audit log has it

    def has_import_permission(self, request) -> bool:
        return self.has_change_permission(request)

    def has_export_permission(self, request) -> bool:
        return request.user.may(Right.EXPORT) and self.has_view_permission(request)

    def get_resource_kwargs(self, request, *args, **kwargs):
        return {"user": request.user}

    def add_data_read_fail_error_to_form(self, form, e):
        form.add_error("import_file", str(e) if isinstance(e, ValueError) else "无法读取文件，请确认文件格式。")

    def process_result(self, result, request):
        """After the confirmation: say what was written, or show what the second look found."""
        if result.has_errors() or result.has_validation_errors():
            sentences = [str(row.error) for row in result.base_errors]
            sentences += [message for row in result.invalid_rows for message in row.error.messages]
            self.message_user(request, "没有导入任何数据：" + "".join(sentences[:10]), level="error")
            return redirect(reverse("admin:{}_{}_import".format(*self.get_model_info())))
        return super().process_result(result, request)

    def get_data_for_export(self, request, queryset, **kwargs):
        kwargs["force_native_type"] = True
        return super().get_data_for_export(request, queryset, **kwargs)

    def get_export_filename(self, request, queryset, file_format):
        return escape_uri_path(f"{self.opts.verbose_name_plural}.{file_format.get_extension()}")

    def _do_file_export(self, file_format, request, queryset, export_form=None):
        """Log and send the file; no cache keeps it."""
        kept = queryset.visible_to(request.user, Right.EXPORT)
        what = {"table": str(self.opts.verbose_name), "rows": kept.count(), "format": file_format.get_extension()}
        audit.record(action="data.export", actor=request.user, after=what)
        response = super()._do_file_export(file_format, request, kept, export_form)
        response["Cache-Control"] = "private, no-store"
        return response
