"""The oracle: reads a policy line by line and answers one question at a time, the slow and obvious way.

It shares no code with the compiler (decisions.md 10): not the parser, not the scopes, not the reasons.
"""

from __future__ import annotations

PLACED = ("own_branch", "branch_and_below", "assigned")
ALL_BASES = ("assignment", "case", "consent", "delegation", "filing", "law")
NEEDS_PURPOSE = {"ASSET": ("cust_mgr",), "IDENTITY_DOC": ("cust_mgr", "wc_head", "archive_keeper")}


class Interpreter:
    def __init__(self, text: str) -> None:
        rows = [[cell.strip() for cell in line.split(",")] for line in text.split("\n")]
        self.rules = [tuple(row[1:]) for row in rows if row[0] == "p"]
        self.about: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        for rule in self.rules:
            self.about.setdefault((rule[2], rule[4]), []).append(rule)
        self.links = [(row[1], row[2]) for row in rows if row[0] == "g"]

    def is_a(self, role, wanted):
        return role == wanted or any(self.is_a(up, wanted) for child, up in self.links if child == role)

    def seats(self, actor, role):
        """The seats that hold the role; staff is held once, without a seat."""
        if role == "staff":
            return [None]
        return [seat for seat in actor.seats if self.is_a(seat.role.value, role)]

    def applies(self, rule, seat, actor, basis, row):
        """Does the rule, held from this seat, reach this row?"""
        scope = rule[1]
        if scope == "all":
            return True
        if scope == "recused":
            return len(actor.recused) > 0 and (row.customer_id is None or row.customer_id in actor.recused)
        if scope == "by_basis":
            return any(b.basis == basis and b.customer_id == row.customer_id for b in actor.bases)
        if seat is None or not seat.path or not row.path:
            return False
        if scope == "branch_and_below":
            return row.path[: len(seat.path)] == seat.path
        if row.path != seat.path:
            return False
        if scope == "own_branch":
            return True
        assert scope == "assigned"
        if basis == "assignment":
            return actor.staff_id in row.managers
        return basis == "delegation" and any(manager in actor.delegated for manager in row.managers)

    def speaks(self, rule, res, cls, act, basis):
        return (
            rule[2] == res
            and rule[3] in (cls, "*")
            and rule[4] == act
            and (basis is None or rule[5] in (basis, "*"))
        )

    def matching(self, actor, res, cls, act, basis, row):
        """Every (rule, seat) that reaches the row."""
        return [
            (rule, seat)
            for rule in self.about.get((res, act), ())
            if self.speaks(rule, res, cls, act, basis)
            for seat in self.seats(actor, rule[0])
            if self.applies(rule, seat, actor, basis, row)
        ]

    def one(self, actor, res, cls, act, basis, row):
        """Some allow and no deny, as in the model's effect."""
        return self.decide(self.matching(actor, res, cls, act, basis, row))

    def decide(self, matching):
        effects = [rule[6] for rule, _ in matching]
        return "allow" in effects and "deny" not in effects

    def allows(self, actor, res, cls, act, bases, row):
        return any(self.one(actor, res, cls, act, basis, row) for basis in bases)

    def row(self, actor, res, classes, bases, row):
        """Does the row exist for him?"""
        return any(
            self.allows(actor, res, cls, act, bases, row)
            for cls in classes
            for act in ("read", "read_masked")
        )

    def cell(self, actor, res, cls, bases, row, purpose):
        """Visibility and reason of a cell, by the words of decisions.md 14 and the order of ReasonCode."""
        told = self.reason(actor, res, cls, bases, row, purpose)
        if told is None:
            return "VISIBLE", None
        masked = self.allows(actor, res, cls, "read_masked", bases, row)
        return ("MASKED" if masked else "WITHHELD"), told

    def reason(self, actor, res, cls, bases, row, purpose):
        granting = [
            seat.role.value if seat else None
            for basis in bases
            if self.one(actor, res, cls, "read", basis, row)
            for rule, seat in self.matching(actor, res, cls, "read", basis, row)
            if rule[6] == "allow"
        ]
        needs = [cls == "TRANSACTION" or role in NEEDS_PURPOSE.get(cls, ()) for role in granting]
        if granting and (purpose or not all(needs)):
            return None
        denies = [
            rule
            for basis in bases
            for rule, _ in self.matching(actor, res, cls, "read", basis, row)
            if rule[6] == "deny"
        ]
        if row.customer_id in actor.recused and any(rule[1] == "recused" for rule in denies):
            return "RECUSED"
        if any(rule[1] != "recused" for rule in denies):
            return "ROLE_WITHOUT_ACCESS"
        if granting:
            return "PURPOSE_REQUIRED"
        held = [
            (rule, seat)
            for rule in self.about.get((res, "read"), ())
            if self.speaks(rule, res, cls, "read", None) and rule[6] == "allow"
            for seat in self.seats(actor, rule[0])
        ]
        if any(rule[1] == "assigned" and seat.path and seat.path == row.path for rule, seat in held):
            return "NOT_ASSIGNED"
        elsewhere = [basis for basis in ALL_BASES if basis not in bases]
        if any(
            rule[1] == "by_basis"
            or any(
                rule[5] in (basis, "*") and self.applies(rule, seat, actor, basis, row) for basis in elsewhere
            )
            for rule, seat in held
        ):
            return "BASIS_REQUIRED"
        if any(rule[1] in PLACED for rule, _ in held):
            return "OTHER_BRANCH"
        if self.allows(actor, res, cls, "aggregate", bases, row):
            return "AGGREGATES_ONLY"
        return "ROLE_WITHOUT_ACCESS"
