from workplan import sections  # the module: Django would take an imported base class for this app's own


class AssistanceConfig(sections.SectionConfig):
    name = "assistance"
    verbose_name = "社会救助"
    section_code = "assistance"
    icon = "lifebuoy"
    order = 4
