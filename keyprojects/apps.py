from workplan.sections import SectionConfig


class KeyProjectsConfig(SectionConfig):
    name = "keyprojects"
    verbose_name = "重点工程"
    section_code = "keyprojects"
    icon = "target-arrow"
    order = 2
