from workplan.sections import SectionConfig


class SocialOrgsConfig(SectionConfig):
    name = "socialorgs"
    verbose_name = "社会组织"
    section_code = "socialorgs"
    icon = "users-group"
    order = 7
