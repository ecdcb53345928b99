from workplan.sections import SectionConfig


class CharityConfig(SectionConfig):
    name = "charity"
    verbose_name = "慈善事业"
    section_code = "charity"
    icon = "heart-handshake"
    order = 9
