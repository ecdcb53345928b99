from workplan import sections  # the module: Django would take an imported base class for this app's own


class ReformConfig(sections.SectionConfig):
    name = "reform"
    verbose_name = "改革创新"
    section_code = "reform"
    icon = "refresh"
    order = 3
