from workplan import sections  # the module: Django would take an imported base class for this app's own


class PartyBuildingConfig(sections.SectionConfig):
    name = "partybuilding"
    verbose_name = "党建统领"
    section_code = "partybuilding"
    icon = "flag"
    order = 1
