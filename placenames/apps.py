from workplan.sections import SectionConfig


class PlaceNamesConfig(SectionConfig):
    name = "placenames"
    verbose_name = "区划地名"
    section_code = "placenames"
    icon = "map-pin"
    order = 8
