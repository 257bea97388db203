"""Whose number it is (号段): a card is issued by an institution that its number shows, or that has it from above (Notice 4)."""

from __future__ import annotations

from uuid import UUID

from desk.dialect import Statement, fetch, is_postgres
from models.errors import Refusal
from models.institutions import Institution
from models.paths import stands_under
from models.segments import NumberSegment


class NumberOfAnother(Refusal):
    """A number shows its issuer, so that nobody else issues it."""

    code = "NUMBER_OF_ANOTHER"
    article = "Notice 4"


async def must_show_issuer(product_id: UUID, serial: int, issuer: Institution) -> None:
    """NUMBER_OF_ANOTHER when the number lies in a segment of an institution that is neither the issuer nor above it.

    Numbers in no segment show nobody. The segment is held, and where there is none the product, until the transaction
    ends: nobody divides it meanwhile.
    """
    segment = await NumberSegment.deepest(product_id, serial)
    await _hold("number_segment" if segment else "card_product", segment.id if segment else product_id)
    # Once more: it may have been divided while we waited.
    segment = await NumberSegment.deepest(product_id, serial)
    if segment is None:
        return
    holder = await Institution.get(id=segment.institution_id)
    while holder.merged_into_id is not None:
        holder = await Institution.get(id=holder.merged_into_id)
    if not stands_under(issuer.path, holder.path):
        raise NumberOfAnother(
            f"This number belongs to {holder.name}, and the card would show it as its issuer. Take a card of your own "
            "numbers.",
            field="number",
        )


async def _hold(table: str, row_id: UUID) -> None:
    """Shared, so that issues do not wait for each other. SQLite has one writer anyway."""
    s = Statement(is_postgres())
    if s.postgres:
        await fetch(s, f"SELECT id FROM {table} WHERE id = {s.bind(row_id)} FOR SHARE")
