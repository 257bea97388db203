"""What Tortoise cannot say of a membership's life: one open case each, two persons, append-only history, binary order."""

import datetime as dt
from uuid import UUID

from tortoise import migrations
from tortoise.migrations import operations as ops

from models.numbers import BadResidentId, resident_id
from models.vault import identity_text, mask_identity, vault

APPEND_ONLY = ("membership_event", "identity_document", "former_name")
BINARY = (
    ("campaign", "code", 32),
    ("campaign", "standard_code", 32),
    ("indicator", "code", 32),
    ("indicator_figure", "indicator_code", 32),
    ("exception_case", "submitted_to_path", 200),
    ("what_if", "scope_path", 200),
)
MEMBERS = "'ACTIVE', 'REVIEW_DUE', 'SUSPENDED'"
# Nobody is a member without a recorded filing or an approved exception, a tier and a term (Art. 6, 7).
ON_RECORD = (
    "{0}state NOT IN (" + MEMBERS + ") OR (({0}filing_id IS NOT NULL OR {0}exception_id IS NOT NULL)"
    " AND {0}tier IS NOT NULL AND {0}term_ends IS NOT NULL)"
)
TWO_PERSONS = (
    ("exception_case", "ck_exception_two_persons", "decided_person_id", "submitted_person_id"),
    ("customer_merge", "ck_merge_two_persons", "decided_person_id", "proposed_person_id"),
    ("customer_merge", "ck_split_two_persons", "split_person_id", "split_proposed_person_id"),
)
# Of one text, one version is law on a day (Notice 1, 2, Art. 5); of one standard, one campaign holds. Two persons made it so.
LAWS = (
    ("standard", "code"),
    ("campaign", "standard_code"),
    ("indicator", "code"),
    ("implementing_rule", "owner_id"),
)
TWO_PERSONS += tuple(
    (table, f"ck_{table}_two_persons", "approved_by_id", "drafted_by_id") for table, _ in LAWS
)
MEETS = (
    "NEW.state = 'APPROVED' AND EXISTS (SELECT 1 FROM {0} o WHERE o.id <> NEW.id AND o.state = 'APPROVED'"
    " AND o.{1} = NEW.{1} AND o.effective_from <= COALESCE(NEW.effective_to, '9999-12-31')"
    " AND NEW.effective_from <= COALESCE(o.effective_to, '9999-12-31'))"
)
DISTINCT = (
    "{0}giver_id <> {0}receiver_id AND {0}giver_id <> {0}witness_id AND {0}receiver_id <> {0}witness_id"
)


def shared() -> list[str]:
    return [
        # A renewal is one more recorded filing of the same membership.
        "CREATE UNIQUE INDEX \"uq_filing_submitted\" ON \"filing\" (membership_id) WHERE state = 'SUBMITTED'",
        "CREATE UNIQUE INDEX \"uq_exception_submitted\" ON \"exception_case\" (membership_id) WHERE state = 'SUBMITTED'",
        "CREATE UNIQUE INDEX \"uq_invitation_open\" ON \"invitation\" (customer_id) WHERE state = 'OPEN'",
        'CREATE UNIQUE INDEX "uq_indicator_figure_current" ON "indicator_figure"'
        " (customer_id, indicator_code, as_of) WHERE superseded_at IS NULL",
        'CREATE UNIQUE INDEX "uq_customer_merge_open" ON "customer_merge" (gone_id)'
        " WHERE state IN ('PROPOSED', 'MERGED', 'SPLIT_PROPOSED')",
        "CREATE UNIQUE INDEX \"uq_handover_open\" ON \"handover\" (giver_id) WHERE state IN ('DRAWN_UP', 'SIGNED')",
    ]


def postgres() -> list[str]:
    found = [
        f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE VARCHAR({width}) COLLATE "C"'
        for table, column, width in BINARY
    ]
    found += [
        "DROP INDEX uq_filing_open",
        "ALTER TABLE membership DROP CONSTRAINT ck_membership_active",
        f"ALTER TABLE membership ADD CONSTRAINT ck_membership_active CHECK ({ON_RECORD.format('')})",
        f"ALTER TABLE handover ADD CONSTRAINT ck_handover_three_persons CHECK ({DISTINCT.format('')})",
    ]
    found += [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({one} IS NULL OR {one} <> {other})"
        for table, name, one, other in TWO_PERSONS
    ]
    found += [
        f"ALTER TABLE {table} ADD CONSTRAINT ex_one_{table} EXCLUDE USING gist ("
        f"{family} WITH =, daterange(effective_from, effective_to, '[]') WITH &&) WHERE (state = 'APPROVED')"
        for table, family in LAWS
    ]
    found += [
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite()"
        for table in APPEND_ONLY
    ]
    return found


def sqlite() -> list[str]:
    found = ["DROP INDEX uq_filing_open"]
    for verb in ("insert", "update"):
        found.append(f"DROP TRIGGER member_on_record_{verb}")
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            found.append(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    rules = [
        ("membership", "member_on_record", "ck_membership_active", f"NOT ({ON_RECORD.format('NEW.')})"),
        (
            "handover",
            "handover_three_persons",
            "ck_handover_three_persons",
            f"NOT ({DISTINCT.format('NEW.')})",
        ),
    ]
    rules += [(table, name[3:], name, f"NEW.{one} = NEW.{other}") for table, name, one, other in TWO_PERSONS]
    rules += [(table, f"one_{table}", f"ex_one_{table}", MEETS.format(table, family)) for table, family in LAWS]
    for table, trigger, name, broken in rules:
        for verb in ("INSERT", "UPDATE"):
            found.append(
                f"CREATE TRIGGER {trigger}_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{name}') WHERE {broken}; END"
            )
    return found


async def full_numbers(client) -> int:
    """Customers who were imported with 15 digits get the 18 characters that those became, as their index is looked up by
    now (decisions.md 27). How many. Found by the mask, which is as long as the number, so no keys are asked for when
    there is nobody. Where the long form is another customer's already, both stay for two people to merge.
    """
    postgres = client.capabilities.dialect == "postgres"
    found = await client.execute_query_dict(
        "SELECT id, identity_cipher FROM customer WHERE identity_kind = 'RESIDENT_ID' AND length(identity_mask) = 15"
    )
    written = 0
    for row in found:
        row_id = UUID(str(row["id"]))
        short = vault().open("customer", "identity_cipher", row_id, bytes(row["identity_cipher"]))
        try:
            number = resident_id(short, dt.date.max).number
        except BadResidentId:
            continue
        index = vault().index("identity", identity_text("RESIDENT_ID", number))
        cipher = vault().seal("customer", "identity_cipher", row_id, number)
        text = (
            "UPDATE customer SET identity_cipher = $1, identity_mask = $2, identity_index = $3 WHERE id = $4"
            " AND NOT EXISTS (SELECT 1 FROM customer o WHERE o.identity_index = $3)"
        )
        values = [cipher, mask_identity(number), index, row_id if postgres else str(row_id)]
        rows, _ = await client.execute_query(text if postgres else text.replace("$", "?"), values)
        written += rows
    return written


async def forward(apps, editor) -> None:
    dialect = editor.client.capabilities.dialect
    for statement in (postgres() if dialect == "postgres" else sqlite()) + shared():
        await editor.client.execute_query(statement)
    await full_numbers(editor.client)


class Migration(migrations.Migration):
    dependencies = [("models", "0004_membership_life")]
    initial = False

    operations = [ops.RunPython(forward)]
