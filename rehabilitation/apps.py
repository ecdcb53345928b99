from workplan.sections import SectionConfig


class RehabilitationConfig(SectionConfig):
    name = "rehabilitation"
    verbose_name = "精神康复"
    section_code = "rehabilitation"
    icon = "stethoscope"
    order = 10
