from workplan.sections import SectionConfig


class AssistanceConfig(SectionConfig):
    name = "assistance"
    verbose_name = "社会救助"
    section_code = "assistance"
    icon = "lifebuoy"
    order = 4
