from workplan import sections  # the module: Django would take an imported base class for this app's own


class ElderCareConfig(sections.SectionConfig):
    name = "eldercare"
    verbose_name = "养老服务"
    section_code = "eldercare"
    icon = "old"
    order = 5
