"""The fixed words of place names, divisions and boundaries."""

from django.db.models import TextChoices


class PlaceKind(TextChoices):
    """What bears the name (classes of the regulation on place names, 2022)."""

    NATURAL = "natural", "自然地理实体"
    DIVISION = "division", "行政区划、村（居）民自治组织"
    SETTLEMENT = "settlement", "居民点、自然村"
    ROAD = "road", "道路、街巷"
    BUILDING = "building", "住宅区、楼宇"
    FACILITY = "facility", "交通、水利、公共设施"
    SCENIC = "scenic", "景区、纪念地"


class NameChange(TextChoices):
    """What was decided about the name."""

    NAMED = "named", "命名"
    RENAMED = "renamed", "更名"


class MapKind(TextChoices):
    """Maps on the internet that the plan names (item 35); its list is open."""

    BAIDU = "baidu", "百度地图"
    AMAP = "amap", "高德地图"
    OTHER = "other", "其他地图"


class ListLevel(TextChoices):
    """Who issues a protection list; the city's list is not the district's to issue (reading A12)."""

    CITY = "city", "市级名录"
    DISTRICT = "district", "区级名录"


class LineLevel(TextChoices):
    """What a boundary line parts."""

    DISTRICT = "district", "区县级界线"
    TOWNSHIP = "township", "乡镇级界线"


class MatterKind(TextChoices):
    """Matters of surveying the townships' boundaries (item 36)."""

    DISPUTE = "dispute", "勘界争议处理"
    RESULT = "result", "勘界成果报批"


class StudyKind(TextChoices):
    """Papers about divisions (item 34)."""

    STRATEGY = "strategy", "行政区划战略研究"
    ADJUSTMENT = "adjustment", "乡镇（街道）设置和政府驻地调整研究"
    REQUEST = "request", "请示报告"
