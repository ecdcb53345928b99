from workplan import sections  # the module: Django would take an imported base class for this app's own


class CharityConfig(sections.SectionConfig):
    name = "charity"
    verbose_name = "慈善事业"
    section_code = "charity"
    icon = "heart-handshake"
    order = 9
