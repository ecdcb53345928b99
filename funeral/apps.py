from workplan import sections  # the module: Django would take an imported base class for this app's own


class FuneralConfig(sections.SectionConfig):
    name = "funeral"
    verbose_name = "殡葬管理"
    section_code = "funeral"
    icon = "leaf"
    order = 11
