from workplan import sections  # the module: Django would take an imported base class for this app's own


class ChildWelfareConfig(sections.SectionConfig):
    name = "childwelfare"
    verbose_name = "儿童福利"
    section_code = "childwelfare"
    icon = "mood-kid"
    order = 6
