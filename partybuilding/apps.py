from workplan.sections import SectionConfig


class PartyBuildingConfig(SectionConfig):
    name = "partybuilding"
    verbose_name = "党建统领"
    section_code = "partybuilding"
    icon = "flag"
    order = 1
