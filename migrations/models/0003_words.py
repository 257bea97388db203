"""A longer word for the state of a membership. SQLite holds nobody to a width, and would lose triggers and indexes by it."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Widen(ops.AlterField):
    """Alter a column where its width counts. SQLite would write the table anew, without what 0002_guards gave it."""

    async def database_forward(self, app_label, old_state, new_state, state_editor=None) -> None:
        if state_editor and state_editor.client.capabilities.dialect == "postgres":
            await super().database_forward(app_label, old_state, new_state, state_editor)


class Migration(migrations.Migration):
    dependencies = [("models", "0002_guards")]
    initial = False

    operations = [
        Widen(model_name="Membership", name="state", field=fields.CharField(max_length=20)),
    ]
