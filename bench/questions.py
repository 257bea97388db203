"""The reads that are measured: what the graph is asked, and the one statement a good engineer would write by hand.

A question more is a `Question` more in QUESTIONS. The statement answers the same JSON as the graph; it begins with the
same look-up of the session ($1 is the hash of its token) and of the role held now, and stays in the rows of that role.
It writes no receipt. Where the graph tells a reason, the statement says the same one as a constant.
"""

from __future__ import annotations

from dataclasses import dataclass

MANAGER, OFFICER = "cust_mgr", "pb_officer"
PURPOSE = "purpose: {code: ADVICE}"


@dataclass(frozen=True, slots=True)
class Question:
    """`by_id`: one customer's id is $id and $2. `receipt`: shows confidential cells, so the product records who looked.
    `flat`: the rows it touches do not grow with the bank. `opens`: shows decrypted account numbers."""

    name: str
    about: str
    role: str
    document: str
    statement: str
    by_id: bool = False
    receipt: bool = False
    flat: bool = True
    opens: bool = False


def holds(alias: str) -> str:
    return (
        f"{alias}.valid_from <= now() AND ({alias}.valid_to IS NULL OR now() < {alias}.valid_to)"
        f" AND ({alias}.ended_at IS NULL OR now() < {alias}.ended_at)"
    )


def me(role: str) -> str:
    return f"""WITH me AS MATERIALIZED (
    SELECT f.id, i.acting_path AS path, i.id AS place FROM session n JOIN staff f ON f.id = n.staff_id
    JOIN assignment a ON a.staff_id = f.id AND a.role = '{role}' AND {holds("a")}
    JOIN institution i ON i.id = a.institution_id
    WHERE n.token_hash = $1 AND n.ended_at IS NULL AND now() < n.expires_at
    AND (f.left_at IS NULL OR now() < f.left_at)
    AND NOT EXISTS (SELECT 1 FROM suspension u WHERE u.staff_id = f.id AND {holds("u")}))
    """


def text(value: str) -> str:
    """Text that may hold anything, as JSON."""
    return f"coalesce(to_json({value})::text, 'null')"


def word(value: str) -> str:
    """A word of a closed list, a day, an id: nothing in it needs escaping."""
    return f"coalesce('\"' || {value} || '\"', 'null')"


def money(amount: str, currency: str) -> str:
    """Of currencies with two digits; the town has no other."""
    return (
        f"""'{{"amount":"' || ({amount} / 100.0)::numeric(20, 2) || '","currency":"' || {currency} || '"}}'"""
    )


VISIBLE = '"visibility":"VISIBLE","reason":null'


def joined(alias: str, table: str, condition: str) -> str:
    """The one row of another table, by its index: a planner that reads small tables whole is slower by half."""
    return f"""
    LEFT JOIN LATERAL (SELECT * FROM {table} {alias} WHERE {condition} LIMIT 1) {alias} ON true"""


JOINS = (
    joined("o", "institution", "o.id = c.owner_id")
    + joined("g", "manager_assignment", f"g.customer_id = c.id AND {holds('g')}")
    + joined("s", "staff", "s.id = g.manager_id")
    + joined("b", "membership", "b.customer_id = c.id AND b.state = 'ACTIVE' AND NOT b.over")
    + joined("h", "archive", "h.customer_id = c.id")
    + joined("w", "institution", "w.id = h.custody_centre_id")
)
STATUS = f"""'"status":{{{VISIBLE},"number":' || {text("c.number")} || ',"tier":' || {word("b.tier")}
    || ',"openedOn":' || {word("c.opened_on")} || ',"manager":' || CASE WHEN s.id IS NULL THEN 'null' ELSE
    '{{"staff":{{"number":' || {text("s.number")} || ',"name":' || {text("s.name")} || '}}}}' END || '}}'"""
AROUND = f"""'"id":"' || c.id || '","owner":{{"name":' || {text("o.name")} || ',"code":' || {text("o.code")} || '}},'
    || {STATUS} || ',"archive":' || CASE WHEN h.id IS NULL THEN 'null' ELSE '{{"number":' || {text("h.number")}
    || ',"state":"' || h.state || '","custodyCentre":{{"name":' || {text("w.name")} || '}}}}' END"""
NAME = f"""'"name":{{{VISIBLE},"value":' || {text("c.name")} || '}}'"""
NO_NAME = """'"name":{"visibility":"WITHHELD","reason":{"code":"ROLE_WITHOUT_ACCESS"},"value":null}'"""
ACCOUNT = f"""'"kind":"' || a.kind || '","currency":"' || a.currency || '","openedOn":"' || a.opened_on
    || '","institution":{{"name":' || {text("i.name")} || '}}'"""
OPENED = """'"number":"\u2026' || a.id || '",'"""
"""Where the number goes once it is opened: the id of its account behind a mark that stands nowhere else."""
BANDS = """CASE WHEN e.average_savings >= 500000000 THEN 'FROM_5M' WHEN e.average_savings >= 100000000 THEN 'FROM_1M'
    WHEN e.average_savings >= 50000000 THEN 'FROM_500K' WHEN e.average_savings >= 5000000 THEN 'FROM_50K'
    ELSE 'BELOW_50K' END"""


def rows_of(body: str, source: str) -> str:
    """The rows of a subquery as the inside of a JSON list."""
    return f"coalesce((SELECT string_agg({body}, ',' ORDER BY {source}), '')"


def one(body: str) -> str:
    """The customer whose id is $2, of my branch."""
    return f"""{me(MANAGER)} SELECT '{{"data":{{"customer":{{' || {body} || '}}}}}}'
    FROM me JOIN customer c ON c.id = $2 AND c.owner_path = me.path {JOINS}"""


def page(role: str, size: int, mine: str, body: str, joins: str = JOINS) -> str:
    """The first so many of the customers of `mine`, by number."""
    return f"""{me(role)} SELECT '{{"data":{{"customers":{{"pageInfo":{{"hasNextPage":' || (count(*) > {size})
    || ',"endCursor":' || {text(f"max(r.number) FILTER (WHERE r.place <= {size})")} || '}},"nodes":['
    || coalesce(string_agg(r.body, ',' ORDER BY r.place) FILTER (WHERE r.place <= {size}), '') || ']}}}}}}'
    FROM (SELECT c.place, c.number, '{{' || {body} || '}}' AS body
    FROM (SELECT c.*, row_number() OVER (ORDER BY c.number) AS place FROM {mine}
    ORDER BY c.number LIMIT {size + 1}) c {joins}) r"""


MINE = f"""me JOIN manager_assignment m ON m.manager_id = me.id AND {holds("m")}
    JOIN customer c ON c.id = m.customer_id AND c.owner_path = me.path"""
SOUGHT = "王"
FOUND = f"customer c WHERE c.owner_path = (SELECT path FROM me) AND strpos(c.name, '{SOUGHT}') > 0"
SUBTREE = "customer c WHERE c.tier1_id = (SELECT place FROM me)"


def deep(account: str) -> str:
    accounts = rows_of(
        f"'{{' || {account} || '}}'",
        "a.serial) FROM account a JOIN institution i ON i.id = a.institution_id WHERE a.customer_id = c.id",
    )
    balances = rows_of(
        f"""'{{"accountNumber":' || {text("a.number_mask")} || ',"balance":' || {money("n.amount", "a.currency")}
        || ',"day":"' || n.day || '"}}'""",
        """n.day, n.id) FROM account a JOIN LATERAL (SELECT * FROM balance n WHERE n.account_serial = a.serial
        AND n.kind = 'DAY_END' AND n.superseded_at IS NULL ORDER BY n.day DESC LIMIT 1) n ON true
        WHERE a.customer_id = c.id""",
    )
    lines = rows_of(
        f"""'{{"reference":' || {text("l.reference")} || ',"day":"' || l.day || '","direction":"' || l.direction
        || '","amount":' || {money("l.amount", "l.currency")} || ',"summary":' || {text("l.summary")} || '}}'""",
        """l.day, l.id) FROM (SELECT l.*, a.currency FROM account a JOIN transaction_line l
        ON l.account_serial = a.serial AND l.superseded_at IS NULL WHERE a.customer_id = c.id
        ORDER BY l.day, l.id LIMIT 12) l""",
    )
    return f"""'"id":"' || c.id || '",' || {NAME} || ',"accounts":{{{VISIBLE},"nodes":[' || {accounts}
    || ']}},"assets":{{{VISIBLE},"band":"' || {BANDS} || '","averageSavings12m":' || {money("e.average_savings", "e.currency")}
    || ',"asOf":"' || e.as_of || '","balances":[' || {balances} || ']}},"transactions":{{{VISIBLE},"nodes":['
    || {lines} || ']}}'"""


FIGURES = """JOIN LATERAL (SELECT * FROM evaluation e WHERE e.customer_id = c.id
    ORDER BY e.as_of DESC, e.recorded_at DESC, e.id LIMIT 1) e ON true"""

SECTION = "visibility reason { code }"
G_STATUS = f"status {{ {SECTION} number tier openedOn manager {{ staff {{ number name }} }} }}"
G_AROUND = f"id owner {{ name code }} {G_STATUS} archive {{ number state custodyCentre {{ name }} }}"
G_NAME = f"name {{ {SECTION} value }}"
G_PAGE = "pageInfo { hasNextPage endCursor }"


def g_deep(account: str) -> str:
    return f"""id {G_NAME} accounts {{ {SECTION} nodes {{ {account} kind currency openedOn institution {{ name }} }} }}
    assets {{ {SECTION} band averageSavings12m {{ amount currency }} asOf
    balances {{ accountNumber balance {{ amount currency }} day }} }}
    transactions(first: 12) {{ {SECTION} nodes {{ reference day direction amount {{ amount currency }} summary }} }}"""


def g_mine(fields: str, purpose: str = "") -> str:
    return f"query {{ customers(first: 20, portfolio: MINE{purpose}) {{ {G_PAGE} nodes {{ {fields} }} }} }}"


def g_one(fields: str) -> str:
    return f"query ($id: ID!) {{ customer(id: $id) {{ {fields} }} }}"


QUESTIONS = (
    Question(
        "Q1",
        "one customer, with tier, manager, branch, archive",
        MANAGER,
        g_one(G_AROUND),
        one(AROUND),
        by_id=True,
    ),
    Question(
        "Q1n",
        "Q1 and his name",
        MANAGER,
        g_one(f"{G_AROUND} {G_NAME}"),
        one(f"{AROUND} || ',' || {NAME}"),
        by_id=True,
        receipt=True,
    ),
    Question("M20", "my 20 customers, as in Q1", MANAGER, g_mine(G_AROUND), page(MANAGER, 20, MINE, AROUND)),
    Question(
        "M20n",
        "M20 and their names",
        MANAGER,
        g_mine(f"{G_AROUND} {G_NAME}"),
        page(MANAGER, 20, MINE, f"{AROUND} || ',' || {NAME}"),
        receipt=True,
    ),
    Question(
        "Q2",
        "first 50 of a tier-1 subtree",
        OFFICER,
        f"query {{ customers(first: 50) {{ {G_PAGE} nodes {{ {G_AROUND} {G_NAME} }} }} }}",
        page(OFFICER, 50, SUBTREE, f"{AROUND} || ',' || {NO_NAME}"),
    ),
    Question(
        "Q3",
        "20 customers, their accounts, newest balances, figures, 12 lines each",
        MANAGER,
        g_mine(g_deep(""), f", {PURPOSE}"),
        page(MANAGER, 20, MINE, deep(ACCOUNT), FIGURES),
        receipt=True,
    ),
    Question(
        "Q3o",
        "Q3 and the account numbers, opened",
        MANAGER,
        g_mine(g_deep("number"), f", {PURPOSE}"),
        page(MANAGER, 20, MINE, deep(f"{OPENED} || {ACCOUNT}"), FIGURES),
        receipt=True,
        opens=True,
    ),
    Question(
        "Q4",
        "names of my branch with one character",
        MANAGER,
        f'query {{ customers(first: 20, where: {{name: {{has: "{SOUGHT}"}}}}) {{ {G_PAGE} nodes {{ {G_AROUND} {G_NAME} }} }} }}',
        page(MANAGER, 20, FOUND, f"{AROUND} || ',' || {NAME}"),
        receipt=True,
    ),
    Question(
        "Q5",
        "how many customers a tier-1 subtree has",
        OFFICER,
        "query { customers(first: 1) { totalCount } }",
        f"""{me(OFFICER)} SELECT '{{"data":{{"customers":{{"totalCount":' || (SELECT count(*) FROM customer c
        WHERE c.tier1_id = (SELECT place FROM me)) || '}}}}}}' FROM me""",
        flat=False,
    ),
)
BY_NAME: dict[str, Question] = {question.name: question for question in QUESTIONS}
RECEIPTS = (("Q1", "Q1n"), ("M20", "M20n"))
"""Pairs that differ in one confidential cell a row, and so in a receipt."""
