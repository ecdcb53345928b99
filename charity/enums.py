"""The fixed words of charity and the welfare lottery."""

from django.db.models import TextChoices


class EventKind(TextChoices):
    """What the year asks for (items 37 and 38)."""

    CHARITY_DAY = "charity_day", "“中华慈善日”集中宣传"
    CHARITY_WEEK = "charity_week", "“重庆慈善周”集中宣传"
    CONFERENCE = "conference", "年度慈善工作会议"
    INSPECTION = "inspection", "慈善组织年报年检"
    AID = "aid", "慈善帮扶活动"


class OutletKind(TextChoices):
    """Where lottery tickets are sold (item 39)."""

    LUCKY_SHOP = "lucky_shop", "“福店”"
    CONVENIENCE = "convenience", "便利店等兼营网点"
    TRADITIONAL = "traditional", "传统投注站"


class Lottery(TextChoices):
    """The lotteries that are sold."""

    COMPUTER = "computer", "电脑票"
    INSTANT = "instant", "即开票"
    KENO = "keno", "基诺型彩票"
