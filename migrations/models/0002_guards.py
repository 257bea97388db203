"""What Tortoise cannot say: partial unique indexes, exclusions, append-only tables, binary order, and the seeds."""

import re
from uuid import UUID

from tortoise import migrations
from tortoise.migrations import operations as ops

CURRENT = (
    ("balance", "account_serial, kind, day"),
    ("transaction_line", "account_serial, reference"),
    ("spend", "account_serial, month, kind"),
    ("loan_standing", "loan_id, as_of"),
    ("exchange_rate", "published_on, currency, quote_currency"),
)
APPEND_ONLY = ("access_record", "placement", "ownership")
BINARY = (
    ("institution", "path", 200),
    ("institution", "acting_path", 200),
    ("institution", "code", 32),
    ("customer", "owner_path", 200),
    ("customer", "number", 32),
    ("customer", "name", 120),
    ("filing", "submitted_to_path", 200),
    ("staff", "number", 32),
    ("standard", "code", 32),
    ("archive", "number", 48),
    ("screening", "scope_path", 200),
    ("access_record", "actor_path", 200),
)
HOUSE = UUID("00000000-0000-4000-8000-000000000001")
MEASURES = UUID("00000000-0000-4000-8000-000000000002")
CRITERIA = (
    (UUID("00000000-0000-4000-8000-000000000003"), "AVERAGE_SAVINGS", 500_000_00),
    (UUID("00000000-0000-4000-8000-000000000004"), "LOAN_BALANCE", 1_000_000_00),
    (UUID("00000000-0000-4000-8000-000000000005"), "SPEND", 100_000_00),
)

# Nobody is a member without a filing, a tier and a term (Art. 6).
ACTIVE = "state <> 'ACTIVE' OR (filing_id IS NOT NULL AND tier IS NOT NULL AND term_ends IS NOT NULL)"


def shared() -> list[str]:
    """Statements that both databases understand."""
    found = [
        f'CREATE UNIQUE INDEX "uq_{table}_current" ON "{table}" ({key}) WHERE superseded_at IS NULL'
        for table, key in CURRENT
    ]
    found += [
        'CREATE INDEX "ix_transaction_line_day" ON "transaction_line" (account_serial, day, id)',
        # A foreign key that is unique is so only by a statement of its own: the tool writes none for it.
        'CREATE UNIQUE INDEX "uq_archive_customer" ON "archive" (customer_id)',
        'CREATE UNIQUE INDEX "uq_credential_staff" ON "credential" (staff_id)',
        'CREATE UNIQUE INDEX "uq_membership_current" ON "membership" (customer_id) WHERE NOT over',
        "CREATE UNIQUE INDEX \"uq_filing_open\" ON \"filing\" (membership_id) WHERE state IN ('SUBMITTED', 'RECORDED')",
        f"INSERT INTO house (id, tree_epoch, policy_version) VALUES ('{HOUSE}', 0, '')",
        "INSERT INTO standard (id, code, version, name, tier, currency, combine, averaging_rule, spend_kinds, "
        "loan_look_back_months, state, effective_from, source) "
        f"VALUES ('{MEASURES}', 'MEASURES', 1, '个人VIP客户服务管理办法 总行级标准', 'HEAD_OFFICE', 'CNY', 'ANY', "
        "'daily_12', 'card', 24, 'APPROVED', '1990-01-01', 'Measures, Art. 6')",
    ]
    found += [
        "INSERT INTO criterion (id, kind, threshold, standard_id) "
        f"VALUES ('{key}', '{kind}', {threshold}, '{MEASURES}')"
        for key, kind, threshold in CRITERIA
    ]
    return found


def postgres() -> list[str]:
    found = [
        f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE VARCHAR({width}) COLLATE "C"'
        for table, column, width in BINARY
    ]
    found += [
        # A name's characters: the index that a search for one, two or more of them asks (desk/sights/searching.py).
        "CREATE INDEX ix_customer_name_characters ON customer USING gin (string_to_array(name, NULL))",
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        "ALTER TABLE manager_assignment ADD CONSTRAINT ex_one_manager EXCLUDE USING gist ("
        "customer_id WITH =, tstzrange(valid_from, LEAST(valid_to, ended_at)) WITH &&) "
        "WHERE (ended_at IS NULL OR ended_at > valid_from)",
        "ALTER TABLE filing ADD CONSTRAINT ck_filing_two_persons "
        "CHECK (decided_person_id IS NULL OR decided_person_id <> submitted_person_id)",
        f"ALTER TABLE membership ADD CONSTRAINT ck_membership_active CHECK ({ACTIVE})",
        "ALTER TABLE proposal ADD CONSTRAINT ck_proposal_other_decides "
        "CHECK (decided_by_id IS NULL OR decided_by_id <> proposed_by_id)",
        "CREATE FUNCTION refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
    ]
    found += [
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite()"
        for table in APPEND_ONLY
    ]
    return found


def sqlite() -> list[str]:
    found = []
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            found.append(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    overlap = (
        "SELECT RAISE(ABORT, 'ex_one_manager') WHERE EXISTS (SELECT 1 FROM manager_assignment m "
        "WHERE m.customer_id = NEW.customer_id AND m.id <> NEW.id "
        "AND (m.ended_at IS NULL OR m.ended_at > m.valid_from) AND (NEW.ended_at IS NULL OR NEW.ended_at > NEW.valid_from) "
        "AND m.valid_from < MIN(COALESCE(NEW.valid_to, '9999'), COALESCE(NEW.ended_at, '9999')) "
        "AND NEW.valid_from < MIN(COALESCE(m.valid_to, '9999'), COALESCE(m.ended_at, '9999')))"
    )
    two = "SELECT RAISE(ABORT, 'ck_filing_two_persons') WHERE NEW.decided_person_id = NEW.submitted_person_id"
    named = re.sub(r"\b(state|filing_id|tier|term_ends)\b", r"NEW.\1", ACTIVE)
    active = f"SELECT RAISE(ABORT, 'ck_membership_active') WHERE NOT ({named})"
    other = "SELECT RAISE(ABORT, 'ck_proposal_other_decides') WHERE NEW.decided_by_id = NEW.proposed_by_id"
    for table, rule, name in (
        ("manager_assignment", overlap, "one_manager"),
        ("filing", two, "two_persons"),
        ("membership", active, "member_on_record"),
        ("proposal", other, "other_decides"),
    ):
        for verb in ("INSERT", "UPDATE"):
            found.append(f"CREATE TRIGGER {name}_{verb.lower()} BEFORE {verb} ON {table} BEGIN {rule}; END")
    return found


async def forward(apps, editor) -> None:
    dialect = editor.client.capabilities.dialect
    for statement in (postgres() if dialect == "postgres" else sqlite()) + shared():
        await editor.client.execute_query(statement)


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]
    initial = False

    operations = [ops.RunPython(forward)]
