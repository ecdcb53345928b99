"""Roll-up reports: what they froze, and their words."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from ...enums import RollupKind, RollupLevel, RollupState
from ...models import RollupReport
from ...rules.wording import plain


class RollupSerializer(serializers.ModelSerializer):
    kind = serializers.ChoiceField(RollupKind.choices)
    level = serializers.ChoiceField(RollupLevel.choices)
    state = serializers.ChoiceField(RollupState.choices)

    class Meta:
        model = RollupReport
        fields = [
            "id",
            "plan",
            "kind",
            "level",
            "section",
            "township",
            "start",
            "end",
            "title",
            "state",
            "published_on",
        ]
        read_only_fields = fields


class RollupTextSerializer(serializers.Serializer):
    """A text by place, such as overview or s5.progress. words: as they read, without the keys of their sources."""

    place = serializers.CharField()
    words = serializers.CharField()


class RollupDetailSerializer(RollupSerializer):
    snapshot = serializers.DictField(
        read_only=True, help_text="截至 end 当日的数字、亮灯、填报情况和更正；format 为版式编号"
    )
    texts = serializers.SerializerMethodField()

    class Meta(RollupSerializer.Meta):
        fields = [*RollupSerializer.Meta.fields, "snapshot", "texts"]
        read_only_fields = fields

    @extend_schema_field(RollupTextSerializer(many=True))
    def get_texts(self, report: RollupReport) -> list[dict]:
        return [{"place": place, "words": plain(words)} for place, words in report.texts.items()]
