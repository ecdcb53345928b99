from workplan.sections import SectionConfig


class FuneralConfig(SectionConfig):
    name = "funeral"
    verbose_name = "殡葬管理"
    section_code = "funeral"
    icon = "leaf"
    order = 11
