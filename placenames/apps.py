from workplan import sections  # the module: Django would take an imported base class for this app's own


class PlaceNamesConfig(sections.SectionConfig):
    name = "placenames"
    verbose_name = "区划地名"
    section_code = "placenames"
    icon = "map-pin"
    order = 8
