from workplan.sections import SectionConfig


class ReformConfig(SectionConfig):
    name = "reform"
    verbose_name = "改革创新"
    section_code = "reform"
    icon = "refresh"
    order = 3
