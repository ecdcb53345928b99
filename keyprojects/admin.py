"""The section's part of the plan, and its registers, in the data maintenance site."""

from workplan.admin.sections import register_section

from .models import Target, Task

register_section(Task, Target)
