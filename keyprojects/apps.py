from workplan import sections  # the module: Django would take an imported base class for this app's own


class KeyProjectsConfig(sections.SectionConfig):
    name = "keyprojects"
    verbose_name = "重点工程"
    section_code = "keyprojects"
    icon = "target-arrow"
    order = 2
