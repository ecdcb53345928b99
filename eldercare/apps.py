from workplan.sections import SectionConfig


class ElderCareConfig(SectionConfig):
    name = "eldercare"
    verbose_name = "养老服务"
    section_code = "eldercare"
    icon = "old"
    order = 5
