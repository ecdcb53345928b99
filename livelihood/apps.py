from workplan.sections import SectionConfig


class LivelihoodConfig(SectionConfig):
    name = "livelihood"
    verbose_name = "民生实事"
    section_code = "livelihood"
    icon = "home-heart"
    order = 12
