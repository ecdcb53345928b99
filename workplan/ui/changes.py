"""The list of what changed between two days. Rows are `board.Change`."""

import django_tables2 as tables
from django.utils.html import format_html

from .tables import ListTable, MarkColumn


class ChangeTable(ListTable):
    title = "变化情况"
    code = tables.Column("编号", order_by="sort")
    section = tables.Column("板块", visible=False)
    measure = tables.Column("目标", orderable=False)
    old_amount = tables.Column("原实绩", orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    amount = tables.Column("现实绩", orderable=False, attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    old_mark = MarkColumn("原亮灯", orderable=False)
    mark = MarkColumn("现亮灯", order_by=("order",))
    reason = tables.Column("原因", orderable=False)

    class Meta(ListTable.Meta):
        empty_text = "两个日期之间没有变化。"

    def render_measure(self, value, record):
        return format_html(
            '<span class="measure"><a href="{}">{}</a><span class="small quiet">{}</span></span>',
            record.url,
            value,
            record.section,
        )

    def value_measure(self, value):
        return value
