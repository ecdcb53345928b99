from workplan.sections import SectionConfig


class ChildWelfareConfig(SectionConfig):
    name = "childwelfare"
    verbose_name = "儿童福利"
    section_code = "childwelfare"
    icon = "mood-kid"
    order = 6
