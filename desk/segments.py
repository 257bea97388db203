"""Number segments (号段): head office divides the numbers, branches divide theirs on, so that a number shows its issuer."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from authz import Action, Facts, Kind, Role
from desk.acts import act
from desk.desk import Desk
from desk.dialect import Statement, as_uuid, fetch, is_postgres
from desk.errors import Stale
from desk.tree import hold_tree
from models.custody import CardState, IssuerBasis
from models.errors import BadInput, Refusal
from models.institutions import Institution
from models.paths import stands_under
from models.products import CardProduct
from models.segments import NumberSegment
from models.serials import BadVipCardNumber, CardNumber, Range, card_number, serial, span
from models.vocabulary import InstitutionKind, Level, Tier

ISSUER_OF = "issuerOf"


class SegmentNotHeld(Refusal):
    """Each institution divides its own numbers, and takes back only what it gave."""

    code = "SEGMENT_NOT_HELD"
    article = "Notice 4"


class SegmentNotBelow(Refusal):
    """Numbers go down the line of command: head office, tier-1 branch, and on to what stands below."""

    code = "SEGMENT_NOT_BELOW"
    article = "Notice 4"


class SegmentInUse(Refusal):
    """What is printed on a card that a customer holds stays true."""

    code = "SEGMENT_IN_USE"
    article = "Notice 4"


class Issuer(NamedTuple):
    """Whose number it is, and by what that is known. No institution: the basis says why."""

    basis: IssuerBasis
    institution_id: UUID | None


@act("divideNumberSegment", NumberSegment)
async def divide(
    desk: Desk,
    *,
    institution_id: UUID,
    first: str,
    last: str,
    product_id: UUID | None = None,
    segment_id: UUID | None = None,
    idempotency_key: str | None = None,
) -> NumberSegment:
    """Head office gives numbers of a product to a tier-1 branch; an officer of who holds a segment gives a part of it to
    an institution below. Serials in up to 12 digits, or whole card numbers (Notice 4).

    SEGMENT_NOT_HELD for a segment of another institution; SEGMENT_NOT_BELOW, INSTITUTION_MERGED for who receives;
    SEGMENT_WITHDRAWN, SEGMENT_OUTSIDE, SEGMENT_OVERLAPS; SEGMENT_IN_USE when an institution that is not in that part of
    the tree has issued one of the numbers; BAD_RANGE, BAD_VIP_CARD_NUMBER; BAD_USER_INPUT unless one of product and
    segment is named.
    """
    to = await desk.open(Institution, institution_id)
    parent = await _mine(desk, segment_id) if segment_id is not None else None
    if parent is None:
        await _must_be_head_office(desk)
    of_product = parent.product_id if parent is not None else product_id
    if of_product is None or (parent is not None and product_id is not None):
        raise BadInput(
            "Name the product, for numbers that nobody holds yet, or the segment to divide: one of the two.",
            field="segment_id",
        )
    product = await desk.open(CardProduct, of_product)
    tier = Tier(product.tier)
    part = span(
        serial(first, tier, product.design, "first"), serial(last, tier, product.design, "last"), "first"
    )
    await hold_tree(desk)
    to.must_be_in_service()
    if parent is None:
        _must_be_tier1(to)
        await CardProduct.filter(id=product.id).select_for_update(no_key=True)
    else:
        _must_be_below(to, await Institution.get(id=parent.institution_id))
        parent = await _held(parent.id)
        parent.must_be_held()
        parent.must_contain(part)
    depth = parent.depth + 1 if parent else 0
    await NumberSegment.must_be_free(product.id, depth, part)
    if await _issued(product, part, to, below=False):
        raise SegmentInUse(
            f"Another institution has issued cards with numbers of {part}. Leave those numbers out.",
            field="first",
        )
    return await NumberSegment.create(
        product_id=product.id,
        first_serial=part.first,
        last_serial=part.last,
        institution_id=to.id,
        parent_id=parent.id if parent else None,
        depth=depth,
        divided_at=desk.now,
        divided_by_id=desk.staff_id,
    )


@act("withdrawNumberSegment", NumberSegment)
async def withdraw(desk: Desk, *, segment_id: UUID, idempotency_key: str | None = None) -> NumberSegment:
    """Who gave a segment takes it back: its numbers are the giver's again, and the row stays as history.

    SEGMENT_NOT_HELD for who did not give it; SEGMENT_WITHDRAWN; SEGMENT_DIVIDED while parts of it are held further
    down; SEGMENT_IN_USE once cards with its numbers have come, or are under way, to its holder or below, or were issued
    there: those numbers stay his. Cards still further up are sent on by another segment, or by none.
    """
    seen = await desk.open(NumberSegment, segment_id, Action.DIVIDE)
    if seen.parent_id is None:
        await _must_be_head_office(desk)
    else:
        _must_be_his(desk, await NumberSegment.get(id=seen.parent_id))
    await hold_tree(desk)
    segment = await _held(seen.id)
    segment.must_be_held()
    await segment.must_not_be_divided()
    holder = await Institution.get(id=segment.institution_id)
    product = await CardProduct.get(id=segment.product_id)
    if await _came(segment, holder) or await _issued(product, segment.range, holder, below=True):
        raise SegmentInUse(
            f"Cards with numbers of {segment.range} have come to {holder.name} or below. These numbers stay there.",
            field="segment_id",
        )
    await segment.withdraw(desk.staff_id, desk.now)
    return segment


async def issuer_of(desk: Desk, number: str) -> Issuer:
    """Everybody signed in may ask whose a card number is: of the institution of the deepest segment that holds it; in
    no segment, of the one that issued the card or has it (an institution that was merged: of the one it went into).

    The answer is the same whether the card is with a customer or in a box. BAD_VIP_CARD_NUMBER.
    """
    at_work = desk.working_on(ISSUER_OF)
    desk.require(Action.READ, Kind.NUMBER_SEGMENT, Facts())
    try:
        asked = card_number(number, "cardNumber")
    except BadVipCardNumber as refused:
        await at_work.refuse("number_segment", refused.code)
        raise
    return await at_work.look_again(lambda: _look(at_work, asked))


async def _look(desk: Desk, number: CardNumber) -> Issuer:
    rows = await fetch(*question(desk, number))
    if not rows:
        raise Stale
    basis, issuer = rows[0]["basis"], rows[0]["institution_id"]
    return Issuer(IssuerBasis(basis), as_uuid(issuer) if issuer is not None else None)


def question(desk: Desk, number: CardNumber) -> tuple[Statement, str]:
    """One statement, whose work does not grow with the segments but by the depth of an index.

    Segments lie inside each other or apart, so the last one that begins at or before a number holds it, or one above
    that does; no holding overlaps another, so only the last that begins at or before it can hold it.
    """
    s = Statement(is_postgres())
    place, whole = s.bind(number.serial), s.bind(str(number))
    product = f"(SELECT id FROM card_product WHERE tier = {s.bind(str(number.tier))} AND design = {s.bind(number.design)})"
    before = f"product_id = {product} AND first_serial <= {place}"
    return s, (
        "WITH RECURSIVE up (institution_id, parent_id, last_serial) AS (SELECT * FROM (SELECT institution_id, parent_id,"
        f" last_serial FROM number_segment WHERE {before} AND withdrawn_at IS NULL"
        " ORDER BY first_serial DESC, depth DESC LIMIT 1) lowest UNION ALL"
        " SELECT p.institution_id, p.parent_id, p.last_serial FROM up JOIN number_segment p ON p.id = up.parent_id"
        f" WHERE up.last_serial < {place}),"
        f" known (rank, basis, institution_id) AS (SELECT 1, '{IssuerBasis.SEGMENT}', institution_id FROM up"
        f" WHERE last_serial >= {place} UNION ALL"
        f" SELECT 2, '{IssuerBasis.MOVEMENT}', issuer_id FROM card"
        f" WHERE number = {whole} AND state <> '{CardState.REFUSED}' AND issued_at IS NOT NULL UNION ALL"
        f" SELECT 3, '{IssuerBasis.MOVEMENT}', institution_id FROM (SELECT institution_id, last_serial"
        f" FROM stock_holding WHERE {before} ORDER BY first_serial DESC LIMIT 1) nearest WHERE last_serial >= {place}),"
        " heir (step, basis, institution_id) AS (SELECT 0, basis, institution_id FROM"
        " (SELECT basis, institution_id FROM known ORDER BY rank LIMIT 1) best UNION ALL"
        " SELECT h.step + 1, h.basis, i.merged_into_id FROM heir h JOIN institution i ON i.id = h.institution_id"
        " WHERE i.merged_into_id IS NOT NULL)"
        f" SELECT COALESCE(h.basis, CASE WHEN {product} IS NULL THEN '{IssuerBasis.NO_PRODUCT}'"
        f" ELSE '{IssuerBasis.NOT_RECEIVED}' END) AS basis, h.institution_id"
        f" FROM (SELECT 1 AS open WHERE {desk.view().fence(s)}) g LEFT JOIN heir h ON 1 = 1"
        " ORDER BY h.step DESC LIMIT 1"
    )


async def _mine(desk: Desk, segment_id: UUID) -> NumberSegment:
    segment = await desk.open(NumberSegment, segment_id, Action.DIVIDE)
    _must_be_his(desk, segment)
    return segment


async def _held(segment_id: UUID) -> NumberSegment:
    """Locked: while it is divided nobody withdraws it, and no two divide it side by side."""
    return await NumberSegment.filter(id=segment_id).select_for_update(no_key=True).get()


def _must_be_his(desk: Desk, segment: NumberSegment) -> None:
    if not any(
        seat.role is Role.PB_OFFICER and seat.institution_id == segment.institution_id
        for seat in desk.actor.seats
    ):
        raise SegmentNotHeld(
            "An officer of the institution that holds the numbers gives parts of them, and takes them back. Ask one.",
            field="segment_id",
        )


async def _must_be_head_office(desk: Desk) -> None:
    """Whole segments are head office's to give. Forbidden."""
    top = await Institution.get(level=Level.HEAD_OFFICE, kind=InstitutionKind.BRANCH)
    desk.require(Action.DIVIDE, Kind.NUMBER_SEGMENT, Facts(path=top.path))


def _must_be_tier1(to: Institution) -> None:
    if to.level != Level.TIER1 or to.kind != InstitutionKind.BRANCH:
        raise SegmentNotBelow(
            f"Head office gives numbers to tier-1 branches, and {to.name} is none. Its branch divides them on.",
            field="institution_id",
        )


def _must_be_below(to: Institution, holder: Institution) -> None:
    if to.id == holder.id or not stands_under(to.path, holder.path):
        raise SegmentNotBelow(
            f"{to.name} does not stand below {holder.name}, which holds these numbers. Choose one that does.",
            field="institution_id",
        )


async def _issued(product: CardProduct, part: Range, place: Institution, *, below: bool) -> bool:
    """Whether cards of these numbers are, or are being, issued at the place or below; or, if not `below`, elsewhere."""
    s = Statement(is_postgres())
    low, high = s.bind(product.number(part.first)), s.bind(product.number(part.last))
    there = f"(i.path >= {s.bind(place.path)} AND i.path < {s.bind(_end(place))})"
    return bool(
        await fetch(
            s,
            "SELECT 1 AS one FROM card c JOIN institution i ON i.id = c.issuer_id"
            f" WHERE c.number BETWEEN {low} AND {high} AND c.state <> '{CardState.REFUSED}'"
            f" AND {there if below else f'NOT {there}'} LIMIT 1",
        )
    )


async def _came(segment: NumberSegment, place: Institution) -> bool:
    """Whether cards of these numbers lie at the place or below, or are under way there."""
    s = Statement(is_postgres())
    product, first, last = (
        s.bind(segment.product_id),
        s.bind(segment.first_serial),
        s.bind(segment.last_serial),
    )
    return bool(
        await fetch(
            s,
            "SELECT 1 AS one FROM stock_holding h JOIN institution i ON i.id IN (h.institution_id, h.to_institution_id)"
            f" WHERE h.product_id = {product} AND h.first_serial <= {last} AND h.last_serial >= {first}"
            # No two overlap, so none begins before the last one that begins at or before the first number.
            f" AND h.first_serial >= COALESCE((SELECT max(b.first_serial) FROM stock_holding b"
            f" WHERE b.product_id = {product} AND b.first_serial <= {first}), {first})"
            f" AND i.path >= {s.bind(place.path)} AND i.path < {s.bind(_end(place))} LIMIT 1",
        )
    )


def _end(place: Institution) -> str:
    """Where the paths below it end (models/paths.py)."""
    return place.path[:-1] + "0"
