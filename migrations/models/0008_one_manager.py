"""SQLite: that a customer has one manager at a time counts for assignments without an end too.

The guard of 0002 said '9999' for no end, which SQLite, comparing with a time, takes for a number, and every text is greater
than any number: no overlap was ever found.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

ENDLESS = "'9999-12-31'"
OVERLAP = (
    "SELECT RAISE(ABORT, 'ex_one_manager') WHERE EXISTS (SELECT 1 FROM manager_assignment m "
    "WHERE m.customer_id = NEW.customer_id AND m.id <> NEW.id "
    "AND (m.ended_at IS NULL OR m.ended_at > m.valid_from) AND (NEW.ended_at IS NULL OR NEW.ended_at > NEW.valid_from) "
    f"AND m.valid_from < MIN(COALESCE(NEW.valid_to, {ENDLESS}), COALESCE(NEW.ended_at, {ENDLESS})) "
    f"AND NEW.valid_from < MIN(COALESCE(m.valid_to, {ENDLESS}), COALESCE(m.ended_at, {ENDLESS})))"
)


async def forward(apps, editor) -> None:
    if editor.client.capabilities.dialect == "postgres":
        return
    for verb in ("INSERT", "UPDATE"):
        name = f"one_manager_{verb.lower()}"
        await editor.client.execute_query(f"DROP TRIGGER {name}")
        await editor.client.execute_query(
            f"CREATE TRIGGER {name} BEFORE {verb} ON manager_assignment BEGIN {OVERLAP}; END"
        )


class Migration(migrations.Migration):
    dependencies = [("models", "0007_custody_guards")]
    initial = False

    operations = [ops.RunPython(forward)]
