"""Generated policies, actors and rows: look-alike paths, missing facts, wildcards, denies, inheritance, two seats."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from hypothesis import strategies as st

from authz import Actor, Basis, BasisGrant, DataClass, Facts, Kind, Role, Seat

PATHS = ("/1/", "/1/1/", "/1/12/", "/1/120/", "/1/12/3/", "/1/b/", "/1/B/", "/10/", "/2/")
# What only a broken comparison would take for a place below one of these, and rows without an owner.
ROW_PATHS = (*PATHS, "/1/120", "/1/1", "", None)
STAFF = tuple(UUID(int=n) for n in range(1, 4))
CUSTOMERS = tuple(UUID(int=n) for n in range(11, 14))
ROLES = (Role.CUST_MGR, Role.WC_HEAD, Role.ARCHIVE_KEEPER, Role.FILING_RECORDER)
KINDS = (Kind.CUSTOMER, Kind.FILING)
CLASSES = (DataClass.ASSET, DataClass.NAME, DataClass.TRANSACTION, DataClass.IDENTITY_DOC)
ACTS = ("read", "read", "read", "read_masked", "aggregate", "record")
BASES_OF = {
    "assigned": ("*", "*", "assignment", "delegation"),
    "by_basis": ("*", "case", "filing", "law"),
}
ANY_BASIS = ("*", "*", "*", "assignment", "delegation", "filing", "case")


@dataclass(frozen=True)
class World:
    text: str
    actor: Actor
    rows: tuple[Facts, ...]
    bases: frozenset[Basis]


@st.composite
def rules(draw: st.DrawFn) -> str:
    deny = draw(st.integers(0, 6)) == 0
    if deny:
        role, scope = draw(
            st.sampled_from(
                [("staff", "recused"), *[(r.value, "recused") for r in ROLES], ("officer", "all")]
            )
        )
    else:
        role = draw(st.sampled_from(["officer", *(r.value for r in ROLES)] * 3 + ["staff"]))
        scopes = ["all", "by_basis"]
        if role != "staff":
            scopes = [*scopes, *("own_branch", "branch_and_below", "assigned") * 3]
        scope = draw(st.sampled_from(scopes))
    act = draw(st.sampled_from(ACTS))
    cls = "*" if act == "record" else draw(st.sampled_from([*CLASSES, "*"]))
    basis = draw(st.sampled_from(BASES_OF.get(scope, ANY_BASIS)))
    kind = draw(st.sampled_from(KINDS))
    return f"p, {role}, {scope}, {kind.value}, {cls}, {act}, {basis}, {'deny' if deny else 'allow'}"


@st.composite
def policies(draw: st.DrawFn) -> str:
    lines = draw(st.lists(rules(), min_size=draw(st.sampled_from([1, 8, 14])), max_size=18, unique=True))
    order = [*ROLES[:3], "officer"]
    links = [(a, b) for n, a in enumerate(order) for b in order[n + 1 :]]
    chosen = draw(st.lists(st.sampled_from(links), max_size=3, unique=True))
    return "\n".join([*(f"g, {a}, {b}" for a, b in chosen), *lines])


@st.composite
def actors(draw: st.DrawFn) -> Actor:
    seats = draw(
        st.lists(
            st.builds(
                Seat, st.sampled_from(ROLES), st.sampled_from((*PATHS, *PATHS, "")), st.just(UUID(int=99))
            ),
            min_size=draw(st.sampled_from([0, 1, 2, 2, 3, 3])),
            max_size=3,
        )
    )
    bases = draw(
        st.lists(
            st.builds(
                BasisGrant, st.sampled_from(list(Basis)), st.just(UUID(int=98)), st.sampled_from(CUSTOMERS)
            ),
            max_size=3,
        )
    )
    return Actor(
        STAFF[0],
        UUID(int=97),
        tuple(seats),
        draw(st.frozensets(st.sampled_from(STAFF[1:]))),
        tuple(bases),
        draw(st.one_of(st.just(frozenset()), st.frozensets(st.sampled_from(CUSTOMERS), max_size=1))),
    )


def rows(actor: Actor) -> st.SearchStrategy[Facts]:
    own = tuple(seat.path for seat in actor.seats) * 10
    return st.builds(
        Facts,
        st.sampled_from((*own, *ROW_PATHS)),
        st.sampled_from((*CUSTOMERS, *(held.customer_id for held in actor.bases), None)),
        st.one_of(st.just(frozenset(STAFF[:2])), st.frozensets(st.sampled_from(STAFF), max_size=2)),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    actor = draw(actors())
    bases = draw(
        st.sampled_from(
            [
                frozenset({Basis.ASSIGNMENT, Basis.DELEGATION}),
                frozenset({Basis.ASSIGNMENT}),
                frozenset({Basis.FILING}),
                frozenset({Basis.ASSIGNMENT, Basis.DELEGATION, Basis.CASE}),
                frozenset(),
            ]
        )
    )
    return World(draw(policies()), actor, tuple(draw(st.lists(rows(actor), min_size=6, max_size=16))), bases)
