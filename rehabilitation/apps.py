from workplan import sections  # the module: Django would take an imported base class for this app's own


class RehabilitationConfig(sections.SectionConfig):
    name = "rehabilitation"
    verbose_name = "精神康复"
    section_code = "rehabilitation"
    icon = "stethoscope"
    order = 10
