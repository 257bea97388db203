"""What Tortoise cannot say of card custody: one holding for each number, segments inside segments, nothing without two
signatures, books that balance, and what stays as it was written. And the two products, the manufacturer and its price."""

from tortoise import migrations
from tortoise.migrations import operations as ops

APPEND_ONLY = ("card_product", "manufacturer", "card_price", "stock_quota", "stock_handover_line", "destruction_line", "card_back", "card_event")
KEPT = ("card_order", "designation", "stock_handover", "stock_movement", "signature", "destruction_list", "card", "stocktake", "number_segment")
"""Rows that change but never go."""
BINARY = (
    ("card_product", "design", 2),
    ("manufacturer", "code", 32),
    ("card_order", "number", 48),
    ("card", "number", 16),
    ("card_report", "number", 32),
)
RANGES = (
    "number_segment", "stock_holding", "movement_line", "stocktake_line", "destruction_line", "stock_handover_line",
)  # fmt: skip
STATES = ("in_stock", "in_transit", "reserved", "issued", "returned", "spoiled", "to_destroy", "destroyed", "missing")


def distinct(*columns: str) -> str:
    """SQL: of these columns no two hold one value. Empty ones are nobody's."""
    pairs = [(one, other) for at, one in enumerate(columns) for other in columns[at + 1 :]]
    return " AND ".join(f"COALESCE({{0}}{one} <> {{0}}{other}, 1 = 1)" for one, other in pairs)


CHECKS = (
    *((table, f"ck_{table}_range", "{0}first_serial >= 0 AND {0}first_serial <= {0}last_serial") for table in RANGES),
    *(
        (table, f"ck_{table}_quantity", "{0}quantity = {0}last_serial - {0}first_serial + 1")
        for table in RANGES if table != "number_segment"
    ),
    (
        "stock_account",
        "ck_stock_account_conserved",
        "{0}received + {0}came_in - {0}went_out = " + " + ".join(f"{{0}}{state}" for state in STATES),
    ),
    ("stock_account", "ck_stock_account_counts", " AND ".join(f"{{0}}{state} >= 0" for state in STATES)),
    ("stock_day", "ck_stock_day_closing", "{0}closing = {0}opening + {0}came_in - {0}went_out AND {0}closing >= 0"),
    ("stock_quota", "ck_stock_quota_quantity", "{0}quantity >= 0"),
    ("card_price", "ck_card_price_positive", "{0}unit_price > 0"),
    ("card_order", "ck_card_order_amount", "{0}quantity > 0 AND {0}amount = {0}quantity * {0}unit_price"),
    ("card_order", "ck_card_order_received", "{0}received >= 0 AND {0}defective >= 0 AND {0}received <= {0}quantity"),
    ("card_order", "ck_card_order_two_persons", distinct("drafted_person_id", "approved_person_id")),
    ("card_order", "ck_card_order_approved", "{0}state IN ('DRAFT', 'CANCELLED') OR {0}approved_person_id IS NOT NULL"),
    (
        "card_order",
        "ck_card_order_settled",
        "{0}state <> 'SETTLED' OR ({0}invoiced IS NOT NULL"
        " AND {0}invoiced = ({0}received - {0}defective) * {0}unit_price)",
    ),
    (
        "destruction_list",
        "ck_destruction_persons",
        distinct("listed_person_id", "accounting_person_id", "audit_person_id"),
    ),
    ("destruction_list", "ck_destruction_witnesses", distinct("listed_by_id", "first_witness_id", "second_witness_id")),
    (
        "destruction_list",
        "ck_destruction_approved",
        "{0}state NOT IN ('APPROVED', 'DESTROYED') OR ({0}accounting_at IS NOT NULL AND {0}audit_at IS NOT NULL)",
    ),
    (
        "destruction_list",
        "ck_destruction_witnessed",
        "{0}state <> 'DESTROYED' OR ({0}first_witnessed_at IS NOT NULL AND {0}second_witnessed_at IS NOT NULL)",
    ),
    ("stock_handover", "ck_stock_handover_persons", distinct("giver_id", "receiver_id", "witness_id", "second_witness_id")),
    (
        "stock_handover",
        "ck_stock_handover_signed",
        "({0}state = 'DONE') = ({0}done_at IS NOT NULL) AND ({0}state <> 'DONE' OR ({0}receiver_signed_at IS NOT NULL"
        " AND {0}witness_signed_at IS NOT NULL AND CASE WHEN {0}second_witness_id IS NULL"
        " THEN {0}giver_signed_at IS NOT NULL ELSE {0}second_witness_signed_at IS NOT NULL END))",
    ),
    ("stocktake", "ck_stocktake_counters", "{0}first_counter_id <> {0}second_counter_id"),
    ("card", "ck_card_number", "{0}state IN ('REQUESTED', 'REFUSED') OR {0}number IS NOT NULL"),
    ("card", "ck_card_term", "{0}state <> 'ISSUED' OR ({0}term_starts IS NOT NULL AND {0}term_ends IS NOT NULL)"),
)  # fmt: skip

UNIQUE = (
    ("card_order", "invoice", "manufacturer_id, invoice_number", "invoice_number <> ''"),
    ("card_back", "card", "card_id", ""),
    ("card", "number", "number", "state <> 'REFUSED'"),
    ("card", "issued", "customer_id", "state = 'ISSUED'"),
    ("card", "under_way", "customer_id", "state IN ('REQUESTED', 'DRAFTED', 'RESERVED')"),
    ("signature", "step", "movement_id, step", "voided_at IS NULL"),
    ("signature", "person", "movement_id, person_id", "voided_at IS NULL"),
    ("stock_movement", "transfer", "source_id", "kind = 'ALLOCATE_IN' AND state <> 'REJECTED'"),
    ("stock_movement", "reverse", "source_id", "kind = 'REVERSE' AND state <> 'REJECTED'"),
    ("stock_movement", "issue", "card_id", "kind = 'ISSUE' AND state <> 'REJECTED'"),
    # The way from a number to its issuer: the last segment that begins at or before it, then up (desk/segments.py).
    ("number_segment", "first", "product_id, first_serial, depth", "withdrawn_at IS NULL"),
    ("stocktake", "open", "institution_id, product_id", "state NOT IN ('CLOSED', 'CALLED_OFF')"),
    ("stock_handover", "open", "giver_id, institution_id", "state = 'DRAWN_UP'"),
)

# What no CHECK can say, because it looks at other rows.
SIGNED_TWICE = (
    "(SELECT count(DISTINCT s.person_id) FROM signature s WHERE s.movement_id = NEW.id AND s.voided_at IS NULL"
    " AND s.digest = NEW.digest) = 2"
)
FOUR_PERSONS = (
    "NOT EXISTS (SELECT 1 FROM signature s JOIN signature o ON o.person_id = s.person_id WHERE s.movement_id = NEW.id"
    " AND s.voided_at IS NULL AND o.movement_id = NEW.source_id AND o.voided_at IS NULL)"
)
MOVEMENT_STATE = "(SELECT m.state FROM stock_movement m WHERE m.id = {0}.movement_id)"
LISTED_STATE = "(SELECT d.state FROM destruction_list d WHERE d.id = NEW.destruction_id)"
STOCKTAKE_STATE = "(SELECT k.state FROM stocktake k WHERE k.id = {0}.stocktake_id)"
WATCHED = (
    "EXISTS (SELECT 1 FROM destruction_list d WHERE d.id = NEW.destruction_id AND d.movement_id = NEW.id"
    " AND d.state = 'APPROVED' AND d.first_witnessed_at IS NOT NULL AND d.second_witnessed_at IS NOT NULL)"
)
HELD = ":held:"
"""The row that is looked at stays as it is until the transaction ends: nobody withdraws a segment beside its division."""
INSIDE = (
    "EXISTS (SELECT 1 FROM number_segment p WHERE p.id = NEW.parent_id AND p.product_id = NEW.product_id"
    " AND p.depth = NEW.depth - 1 AND p.first_serial <= NEW.first_serial AND NEW.last_serial <= p.last_serial"
    f" AND p.withdrawn_at IS NULL{HELD})"
)
CHILDREN = "EXISTS (SELECT 1 FROM number_segment k WHERE k.parent_id = NEW.id AND k.withdrawn_at IS NULL)"

RULES = (
    # table, verb, name, what is broken
    ("stock_movement", "INSERT", "ck_movement_begins", "NEW.state <> 'DRAFT'"),
    ("stock_movement", "UPDATE", "ck_movement_final", "OLD.state IN ('POSTED', 'REJECTED')"),
    ("stock_movement", "UPDATE", "ck_movement_two_signatures", f"NEW.state = 'POSTED' AND NOT {SIGNED_TWICE}"),
    (
        "stock_movement",
        "UPDATE",
        "ck_transfer_four_persons",
        f"NEW.state = 'POSTED' AND NEW.kind = 'ALLOCATE_IN' AND NOT {FOUR_PERSONS}",
    ),
    ("movement_line", "INSERT", "ck_line_of_draft", f"{MOVEMENT_STATE.format('NEW')} <> 'DRAFT'"),
    ("movement_line", "UPDATE", "ck_line_stays", "1 = 1"),
    ("movement_line", "DELETE", "ck_line_of_draft_gone", f"{MOVEMENT_STATE.format('OLD')} <> 'DRAFT'"),
    (
        "signature",
        "INSERT",
        "ck_signature_of_content",
        f"{MOVEMENT_STATE.format('NEW')} NOT IN ('DRAFT', 'SIGNED') OR NEW.digest <>"
        " (SELECT m.digest FROM stock_movement m WHERE m.id = NEW.movement_id)",
    ),
    (
        "signature",
        "UPDATE",
        "ck_signature_stays",
        "OLD.voided_at IS NOT NULL OR NEW.voided_at IS NULL OR OLD.digest <> NEW.digest OR OLD.person_id <> NEW.person_id"
        " OR OLD.movement_id <> NEW.movement_id OR OLD.staff_id <> NEW.staff_id OR OLD.for_staff_id <> NEW.for_staff_id"
        f" OR OLD.step <> NEW.step OR OLD.signed_at <> NEW.signed_at OR {MOVEMENT_STATE.format('NEW')} = 'POSTED'",
    ),
    (
        "stock_movement",
        "UPDATE",
        "ck_destroyed_before_two",
        f"NEW.state = 'POSTED' AND NEW.kind = 'DESTROY' AND NOT {WATCHED}",
    ),
    ("destruction_list", "UPDATE", "ck_destruction_final", "OLD.state IN ('DESTROYED', 'CALLED_OFF')"),
    (
        "destruction_list",
        "UPDATE",
        "ck_destruction_listed_stays",
        "OLD.digest <> NEW.digest OR OLD.quantity <> NEW.quantity OR OLD.first_witness_id <> NEW.first_witness_id"
        " OR OLD.second_witness_id <> NEW.second_witness_id OR OLD.institution_id <> NEW.institution_id",
    ),
    ("destruction_line", "INSERT", "ck_destruction_line_of_draft", f"{LISTED_STATE} <> 'DRAFT'"),
    ("stocktake", "UPDATE", "ck_stocktake_final", "OLD.state IN ('CLOSED', 'CALLED_OFF')"),
    ("stocktake_line", "INSERT", "ck_stocktake_line_of_open", f"{STOCKTAKE_STATE.format('NEW')} <> 'OPEN'"),
    (
        "stocktake_line",
        "UPDATE",
        "ck_stocktake_line_stays",
        f"{STOCKTAKE_STATE.format('NEW')} IN ('CLOSED', 'CALLED_OFF') OR OLD.finding <> NEW.finding"
        " OR OLD.state <> NEW.state OR OLD.first_serial <> NEW.first_serial OR OLD.last_serial <> NEW.last_serial"
        " OR OLD.stocktake_id <> NEW.stocktake_id",
    ),
    (
        "stocktake_line",
        "DELETE",
        "ck_stocktake_line_kept",
        f"{STOCKTAKE_STATE.format('OLD')} <> 'OPEN' OR OLD.finding <> 'COUNTED'",
    ),
    ("stock_holding", "INSERT", "ck_holding_posted", f"{MOVEMENT_STATE.format('NEW')} <> 'POSTED'"),
    ("stock_holding", "UPDATE", "ck_holding_posted_still", f"{MOVEMENT_STATE.format('NEW')} <> 'POSTED'"),
    ("stock_handover", "INSERT", "ck_stock_handover_begins", "NEW.state <> 'DRAWN_UP'"),
    ("stock_handover", "UPDATE", "ck_stock_handover_final", "OLD.state <> 'DRAWN_UP' OR NEW.digest <> OLD.digest"),
    ("number_segment", "INSERT", "ck_segment_inside", f"NEW.depth > 0 AND NOT {INSIDE}"),
    ("number_segment", "INSERT", "ck_segment_top", "(NEW.depth = 0) <> (NEW.parent_id IS NULL)"),
    (
        "number_segment",
        "UPDATE",
        "ck_segment_stays",
        "OLD.withdrawn_at IS NOT NULL OR NEW.withdrawn_at IS NULL OR OLD.first_serial <> NEW.first_serial"
        " OR OLD.last_serial <> NEW.last_serial OR OLD.institution_id <> NEW.institution_id OR OLD.depth <> NEW.depth"
        " OR OLD.product_id <> NEW.product_id OR (OLD.parent_id IS NULL) <> (NEW.parent_id IS NULL)"
        f" OR COALESCE(OLD.parent_id <> NEW.parent_id, 1 = 0) OR {CHILDREN}",
    ),
)

OVERLAPS = (
    # table, name, equal columns, low, high (both included), the rows that count
    ("stock_holding", "ex_one_holding", ("product_id",), "first_serial", "last_serial", "1 = 1"),
    (
        "number_segment", "ex_one_segment", ("product_id", "depth"), "first_serial", "last_serial",
        "{0}withdrawn_at IS NULL",
    ),
)  # fmt: skip

INDEXES = (
    # What is under way to somebody: the quota counts it, and it is little of all there is.
    'CREATE INDEX "idx_stock_holding_coming" ON "stock_holding" ("to_institution_id", "product_id")'
    " WHERE to_institution_id IS NOT NULL",
    # A card is looked for by its number whatever its state, which the partial unique index does not answer.
    'CREATE INDEX "idx_card_number" ON "card" ("number")',
    'CREATE INDEX "idx_number_segment_range" ON "number_segment" ("product_id", "depth", "first_serial")'
    " WHERE withdrawn_at IS NULL",
)

SEEDS = (
    "INSERT INTO card_product (id, tier, design, name, created_at) VALUES"
    " ('00000000-0000-4000-8000-000000000010', 'HEAD_OFFICE', '01', '总行级VIP卡', '1990-01-01 00:00:00+00:00'),"
    " ('00000000-0000-4000-8000-000000000011', 'BRANCH', '01', '分行级VIP卡', '1990-01-01 00:00:00+00:00')",
    "INSERT INTO manufacturer (id, code, name, created_at) VALUES"
    " ('00000000-0000-4000-8000-000000000012', 'TJHQ', '天津环球磁卡公司', '1990-01-01 00:00:00+00:00')",
    # Notice 4: 1.15 CNY a card.
    "INSERT INTO card_price (id, manufacturer_id, currency, unit_price, effective_from, recorded_at) VALUES"
    " ('00000000-0000-4000-8000-000000000013', '00000000-0000-4000-8000-000000000012', 'CNY', 115, '1990-01-01',"
    " '1990-01-01 00:00:00+00:00')",
)


def shared() -> list[str]:
    return [
        f'CREATE UNIQUE INDEX "uq_{table}_{name}" ON "{table}" ({columns})' + (f" WHERE {when}" if when else "")
        for table, name, columns, when in UNIQUE
    ]


def postgres() -> list[str]:
    found = [
        f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE VARCHAR({width}) COLLATE "C"'
        for table, column, width in BINARY
    ]
    found += [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule.format('')})" for table, name, rule in CHECKS
    ]
    found += [
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite()"
        for table in APPEND_ONLY
    ]
    found += [
        f"CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite()"
        for table in KEPT
    ]
    for table, verb, name, broken in RULES:
        row = "OLD" if verb == "DELETE" else "NEW"
        broken = broken.replace(HELD, " FOR SHARE")
        found.append(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {broken} THEN "
            f"RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation'; END IF; RETURN {row}; END $$"
        )
        found.append(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        )
    for table, name, equal, low, high, when in OVERLAPS:
        same = ", ".join(f"{column} WITH =" for column in equal)
        found.append(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist ({same},"
            f" int8range({low}, {high}, '[]') WITH &&) WHERE ({when.format('')})"
        )
    found.append(
        "ALTER TABLE designation ADD CONSTRAINT ex_one_designation EXCLUDE USING gist (staff_id WITH =,"
        " institution_id WITH =, duty WITH =, tstzrange(valid_from, LEAST(valid_to, ended_at)) WITH &&)"
        " WHERE (ended_at IS NULL OR ended_at > valid_from)"
    )
    return found


def sqlite() -> list[str]:
    found = []
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            found.append(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    found += [
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{table} is kept'); END"
        for table in KEPT
    ]
    rules = [(*rule,) for rule in RULES]
    for verb in ("INSERT", "UPDATE"):
        rules += [(table, verb, name, f"NOT ({rule.format('NEW.')})") for table, name, rule in CHECKS]
        for table, name, equal, low, high, when in OVERLAPS:
            same = " AND ".join(f"o.{column} = NEW.{column}" for column in equal)
            rules.append(
                (
                    # Those that are there do not overlap, so of those that begin before its end the last ends last.
                    table, verb, name,
                    f"{when.format('NEW.')} AND (SELECT o.{high} FROM {table} o WHERE o.id <> NEW.id AND {same}"
                    f" AND {when.format('o.')} AND o.{low} <= NEW.{high} ORDER BY o.{low} DESC LIMIT 1) >= NEW.{low}",
                )
            )  # fmt: skip
        rules.append(("designation", verb, "ex_one_designation", _TWICE_DESIGNATED))
    found += [
        f"CREATE TRIGGER {name}_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{name}') WHERE {broken.replace(HELD, '')}; END"
        for table, verb, name, broken in rules
    ]
    return found


# The open end is no number: SQLite would make one of '9999', and every text is greater than any number.
_TWICE_DESIGNATED = (
    "EXISTS (SELECT 1 FROM designation d WHERE d.staff_id = NEW.staff_id AND d.institution_id = NEW.institution_id"
    " AND d.duty = NEW.duty AND d.id <> NEW.id"
    " AND (d.ended_at IS NULL OR d.ended_at > d.valid_from) AND (NEW.ended_at IS NULL OR NEW.ended_at > NEW.valid_from)"
    " AND d.valid_from < MIN(COALESCE(NEW.valid_to, '9999-12-31'), COALESCE(NEW.ended_at, '9999-12-31'))"
    " AND NEW.valid_from < MIN(COALESCE(d.valid_to, '9999-12-31'), COALESCE(d.ended_at, '9999-12-31')))"
)


async def forward(apps, editor) -> None:
    dialect = editor.client.capabilities.dialect
    for statement in (*(postgres() if dialect == "postgres" else sqlite()), *shared(), *INDEXES, *SEEDS):
        await editor.client.execute_query(statement)


class Migration(migrations.Migration):
    dependencies = [("models", "0006_card_custody")]
    initial = False

    operations = [ops.RunPython(forward)]
