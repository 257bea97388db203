"""What the shipped policy must never give, whatever else changes in it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from authz import (
    ORDINARY,
    Action,
    Actor,
    Basis,
    BasisGrant,
    DataClass,
    Facts,
    Group,
    Kind,
    Policy,
    ReasonCode,
    Role,
    Scope,
    Seat,
    Visibility,
)
from authz.classes import COLUMNS, TABLES
from authz.purposes import SENTENCES, Purpose
from authz.reasons import EXPLANATIONS
from authz.words import CELL_ACTIONS, Effect

POLICY = Policy.load()
ROLES_MD = Path(__file__).parents[2] / "docs" / "roles.md"
ME, HIM, CUSTOMER = uuid4(), uuid4(), uuid4()
HERE = "/1/12/"
MINE = Facts(HERE, CUSTOMER, frozenset({ME}))
SECRET = set(DataClass) - {DataClass.PUBLIC, DataClass.VIP_STATUS}


def sitting(*roles: Role, recused: bool = False, basis: Basis | None = None) -> Actor:
    return Actor(
        ME,
        uuid4(),
        tuple(Seat(role, HERE, uuid4()) for role in roles),
        bases=(BasisGrant(basis, uuid4(), CUSTOMER),) if basis else (),
        recused=frozenset({CUSTOMER}) if recused else frozenset(),
    )


@pytest.mark.measure("A11b")
@pytest.mark.parametrize("role", Role)
def test_own_or_relatives_file_is_a_row_whose_cells_are_refused(role: Role) -> None:
    who = sitting(role, recused=True)
    sees = POLICY.allows(sitting(role), Kind.CUSTOMER, DataClass.VIP_STATUS, Action.READ, MINE)
    assert POLICY.rows_reach(who, Kind.CUSTOMER).covers(MINE) is sees
    for cls in SECRET - {DataClass.AUDIT}:
        seen, why, rule = POLICY.reason(who, Kind.CUSTOMER, cls, MINE, purpose_given=True)
        assert (seen, why) == (Visibility.WITHHELD, ReasonCode.RECUSED) or role.name.endswith("_ADMIN")
        assert rule is not None


@pytest.mark.parametrize("kind", [Kind.CUSTOMER, Kind.REGISTRATION, Kind.FILING])
def test_nobody_acts_on_his_own_or_a_relatives_file(kind: Kind) -> None:
    acts = {rule.act for rule in POLICY.rules if rule.res is kind and rule.act not in CELL_ACTIONS}
    assert acts
    for act in acts:
        allowed = [r for r in Role if POLICY.allows(sitting(r), kind, DataClass.PUBLIC, act, MINE)]
        recused = [
            r for r in Role if POLICY.allows(sitting(r, recused=True), kind, DataClass.PUBLIC, act, MINE)
        ]
        assert allowed
        assert recused == []


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.SEC_ADMIN, Role.LOG_ADMIN])
def test_an_administrator_reads_no_customer_whatever_else_he_is(role: Role) -> None:
    for other in Role:
        who = sitting(role, other)
        assert POLICY.rows_reach(who, Kind.CUSTOMER, frozenset(Basis)).nothing


@pytest.mark.parametrize(
    "role", [Role.TELLER, Role.PARTNER_STAFF, Role.PARTNER_HEAD, Role.COMPLIANCE, Role.AUDITOR]
)
def test_who_has_no_list_of_customers(role: Role) -> None:
    assert not POLICY.rows_reach(sitting(role), Kind.CUSTOMER).covers(MINE)
    assert POLICY.classes_reached(sitting(role), Kind.CUSTOMER, Action.READ) == frozenset()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMPLIANCE])
def test_auditor_and_compliance_never_write(role: Role) -> None:
    """But audit says whether cards may be destroyed: a control of the business, not a part of it (Annex 1)."""
    does = {
        (rule.res, rule.act) for rule in POLICY.rules if rule.role is role and rule.act is not Action.READ
    }
    controls = {(Kind.DESTRUCTION, Action.APPROVE)} if role is Role.AUDITOR else set()
    assert does == {(Kind.STAFF, Action.EXPLAIN)} | controls


def test_the_log_administrator_grants_nothing() -> None:
    assert {
        rule.act for rule in POLICY.rules if rule.role is Role.LOG_ADMIN and rule.eft is Effect.ALLOW
    } == {Action.READ}


@pytest.mark.measure("A11b")
@pytest.mark.parametrize(
    "role", [Role.PB_OFFICER, Role.FILING_RECORDER, Role.EXC_APPROVER, Role.HQ_POLICY, Role.HQ_POLICY_APPR]
)
def test_superior_levels_reach_status_and_totals_only(role: Role) -> None:
    who = sitting(role)
    below = Facts("/1/12/3/", CUSTOMER)
    assert POLICY.classes_reached(who, Kind.CUSTOMER, Action.READ) == {DataClass.VIP_STATUS}
    assert POLICY.classes_reached(who, Kind.CUSTOMER, Action.READ_MASKED) == frozenset()
    assert POLICY.rows_reach(who, Kind.CUSTOMER).covers(below)
    assert not POLICY.rows_reach(who, Kind.CUSTOMER).covers(Facts("/1/120/", CUSTOMER))
    assert POLICY.allows(who, Kind.CUSTOMER, DataClass.ASSET, Action.AGGREGATE, below)


def test_evidence_is_shown_only_on_the_path_of_the_filing() -> None:
    recorder = sitting(Role.FILING_RECORDER, basis=Basis.FILING)
    below = Facts("/1/12/3/", CUSTOMER)
    ask = (recorder, Kind.CUSTOMER, DataClass.ASSET, below)
    assert POLICY.reason(*ask)[:2] == (Visibility.WITHHELD, ReasonCode.BASIS_REQUIRED)
    assert POLICY.reason(*ask, frozenset({Basis.FILING}))[0] is Visibility.VISIBLE
    other = Facts("/1/12/3/", uuid4())
    assert POLICY.reason(recorder, Kind.CUSTOMER, DataClass.ASSET, other, frozenset({Basis.FILING}))[1] is (
        ReasonCode.BASIS_REQUIRED
    )


def test_without_a_seat_only_what_is_public() -> None:
    nobody = sitting()
    for kind in Kind:
        classes = POLICY.classes_reached(nobody, kind, Action.READ, frozenset(Basis))
        assert classes <= {DataClass.PUBLIC}
    assert POLICY.rows_reach(nobody, Kind.INSTITUTION).everything


def test_a_scope_belongs_to_the_seat_that_gives_the_action() -> None:
    """RuoYi's mistake: a wide seat must not widen what a narrow one gives."""
    who = Actor(ME, uuid4(), (Seat(Role.CUST_MGR, "/1/2/", uuid4()), Seat(Role.PB_OFFICER, "/1/", uuid4())))
    mine_elsewhere = Facts("/1/3/", CUSTOMER, frozenset({ME}))
    assert POLICY.rows_reach(who, Kind.CUSTOMER).covers(mine_elsewhere)
    assert not POLICY.allows(who, Kind.CUSTOMER, DataClass.ASSET, Action.READ, mine_elsewhere)


def test_every_row_is_reached_by_its_status_so_that_rows_are_one_plain_predicate() -> None:
    for role in Role:
        for basis in (None, *Basis):
            who = sitting(role, recused=True, basis=basis)
            rows = POLICY.rows_reach(who, Kind.CUSTOMER, ORDINARY | ({basis} if basis else set()))
            assert not rows.others


def test_no_column_of_a_customer_is_public() -> None:
    """A PUBLIC grant on customers would make every row exist for everybody."""
    assert not [r for r in POLICY.rules if r.res is Kind.CUSTOMER and r.cls == DataClass.PUBLIC]
    assert DataClass.PUBLIC not in {
        TABLES["customer"],
        *(c for name, c in COLUMNS.items() if name[:9] == "customer."),
    }


def test_the_docs_name_every_role_and_what_it_is_shown() -> None:
    table = [
        line.split("|")[1:-1]
        for line in ROLES_MD.read_text(encoding="utf-8").splitlines()
        if line[:3] == "| `"
    ]
    told = {cells[0].strip(" `"): set(cells[3].replace("none", "").split()) for cells in table}
    assert set(told) == {role.value for role in Role}
    for role in Role:
        shown = {
            cls.value
            for basis in Basis
            for cls in POLICY.classes_reached(
                sitting(role, basis=basis), Kind.CUSTOMER, Action.READ, frozenset({basis})
            )
        }
        assert told[role] == shown, (
            f"docs/roles.md, {role}: the policy shows {' '.join(sorted(shown)) or 'none'}"
        )


def test_every_field_group_has_one_class_and_casbin_agrees() -> None:
    who = sitting(Role.CUST_MGR)
    for group in Group:
        cls = POLICY.class_of(group)
        for basis in ORDINARY:
            ask = (Action.READ, basis, MINE)
            compiled = POLICY.allows(who, Kind.CUSTOMER, cls, Action.READ, MINE, frozenset({basis}))
            assert POLICY.enforce(who, Kind.CUSTOMER, group, *ask) is compiled
            assert POLICY.enforce(who, Kind.CUSTOMER, cls, *ask) is compiled
    assert {POLICY.class_of(group) for group in Group} == set(DataClass)


def test_the_rule_behind_an_answer() -> None:
    seen, why, rule = POLICY.reason(
        sitting(Role.CUST_MGR), Kind.CUSTOMER, DataClass.ASSET, MINE, purpose_given=True
    )
    assert (seen, why) == (Visibility.VISIBLE, None)
    assert rule is not None
    assert (rule.role, rule.scope, rule.basis) == (Role.CUST_MGR, Scope.ASSIGNED, Basis.ASSIGNMENT)
    his = Facts(HERE, CUSTOMER, frozenset({HIM}))
    seen, why, rule = POLICY.reason(sitting(Role.CUST_MGR), Kind.CUSTOMER, DataClass.ASSET, his)
    assert (seen, why) == (Visibility.MASKED, ReasonCode.NOT_ASSIGNED)
    assert rule is not None
    assert rule.scope is Scope.ASSIGNED


def test_every_ladder_ends_and_every_code_and_purpose_is_explained() -> None:
    for role in Role:
        for cls in DataClass:
            rungs = POLICY.profile(sitting(role), Kind.CUSTOMER, cls)
            assert rungs[-1].when == ()
            assert all(rung.when for rung in rungs[:-1])
            assert all((rung.reason is None) is (rung.visibility is Visibility.VISIBLE) for rung in rungs)
    assert set(EXPLANATIONS) == set(ReasonCode)
    assert all(
        e.sentence and e.chinese and e.article and e.remedy and e.remedy_chinese
        for e in EXPLANATIONS.values()
    )
    assert set(SENTENCES) == set(Purpose)
