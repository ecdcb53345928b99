from workplan import sections  # the module: Django would take an imported base class for this app's own


class LivelihoodConfig(sections.SectionConfig):
    name = "livelihood"
    verbose_name = "民生实事"
    section_code = "livelihood"
    icon = "home-heart"
    order = 12
