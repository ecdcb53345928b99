"""What migrations are made of beside Django's own operations."""

from collections.abc import Sequence

from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation, OperationCategory


class CreateTogether(Operation):
    """Create several models of an app in one step.

    After each operation Django builds anew every model that is related to the one it was about. Nearly all are, through units and
    users, so a hundred registers created one by one took forty seconds. Here the models are built once, when all are known.
    """

    category = OperationCategory.ADDITION
    reversible = True

    def __init__(self, models: Sequence[CreateModel]):
        self.models = models

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # built again when it is asked for
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def references_model(self, name, app_label):
        return any(model.references_model(name, app_label) for model in self.models)

    def describe(self):
        return f"Create {len(self.models)} models"
