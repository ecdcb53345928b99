from workplan import sections  # the module: Django would take an imported base class for this app's own


class SocialOrgsConfig(sections.SectionConfig):
    name = "socialorgs"
    verbose_name = "社会组织"
    section_code = "socialorgs"
    icon = "users-group"
    order = 7
