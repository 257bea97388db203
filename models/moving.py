"""What passes from one customer to the other in a merge, row by row, and goes back in a split (decisions.md 27).

That is what carries figures and secrecy. What was made of a customer (evaluations, filings, registrations, memberships,
archives, consents) stays with his row, so that past decisions are unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from models.accounts import Account, AccountHolder, Loan
from models.indicators import IndicatorFigure
from models.merges import CustomerMerge, MergedRow
from models.people import Recusal
from models.vocabulary import HolderRole

Moving = type[Account] | type[AccountHolder] | type[IndicatorFigure] | type[Loan] | type[Recusal]

PASSING: dict[str, Moving] = {
    "account": Account,
    "account_holder": AccountHolder,
    "indicator_figure": IndicatorFigure,
    "loan": Loan,
    "recusal": Recusal,
}
"""Balances, lines and spend hang on an account's serial, standings on a loan, so they come along (ADR 0010)."""
ROLES = "account_holder.role"
"""In place of a table: both held this account, and their roles were exchanged."""
_STRONGER = (HolderRole.OWNER, HolderRole.JOINT, HolderRole.DISPONENT)


async def pass_over(merge: CustomerMerge) -> set[UUID]:
    """Everything of `gone` to `kept`, each row written down. The persons whose recusals changed."""
    kept, gone = merge.kept_id, merge.gone_id
    await _exchange_roles(merge)
    recused: set[UUID] = set()
    for table, model in PASSING.items():
        held = {_once(row) for row in await model.filter(customer_id=kept)} - {None}
        passing = [row for row in await model.filter(customer_id=gone) if _once(row) not in held]
        await model.filter(id__in=[row.id for row in passing]).update(customer_id=kept)
        await _write_down(merge, table, (row.id for row in passing))
        recused |= {row.person_id for row in passing if isinstance(row, Recusal)}
    return recused


async def give_back(merge: CustomerMerge) -> set[UUID]:
    """Exactly what came and is still with `kept`, back to `gone`. The persons whose recusals changed."""
    came: dict[str, list[UUID]] = {}
    for row in await MergedRow.filter(merge_id=merge.id):
        came.setdefault(row.table_name, []).append(row.row_id)
    recused: set[UUID] = set()
    for table, model in PASSING.items():
        still = model.filter(id__in=came.get(table, []), customer_id=merge.kept_id)
        recused |= {row.person_id for row in await still if isinstance(row, Recusal)}
        await still.update(customer_id=merge.gone_id)
    # Whoever was recused from the one person while they were one stays so for both: it cannot be told whose kin he is.
    since = merge.decided_at
    for theirs in await Recusal.filter(customer_id=merge.kept_id, recorded_at__gte=since):
        if not await Recusal.exists(person_id=theirs.person_id, customer_id=merge.gone_id):
            await Recusal.create(
                person_id=theirs.person_id, customer_id=merge.gone_id, relation=theirs.relation, recorded_at=theirs.recorded_at,
                recorded_by_id=theirs.recorded_by_id,
            )  # fmt: skip
            recused.add(theirs.person_id)
    for mine in await AccountHolder.filter(id__in=came.get(ROLES, []), customer_id=merge.kept_id):
        await _exchange(mine, await AccountHolder.get(account_id=mine.account_id, customer_id=merge.gone_id))
    return recused


def _once(row: Account | AccountHolder | IndicatorFigure | Loan | Recusal) -> tuple[object, ...] | None:
    """What a customer has once only, so that it stays with `gone` where `kept` has it too; None when he may have many."""
    if isinstance(row, AccountHolder):
        return (row.account_id,)
    if isinstance(row, IndicatorFigure):
        return (row.indicator_code, row.as_of)
    if isinstance(row, Recusal):
        return (row.person_id,)
    return None


async def _exchange_roles(merge: CustomerMerge) -> None:
    """Where both hold an account both rows stay, and the stronger of the two roles is that of `kept`."""
    kept = {row.account_id: row for row in await AccountHolder.filter(customer_id=merge.kept_id)}
    for his in await AccountHolder.filter(customer_id=merge.gone_id, account_id__in=list(kept)):
        mine = kept[his.account_id]
        if _STRONGER.index(HolderRole(his.role)) < _STRONGER.index(HolderRole(mine.role)):
            await _exchange(mine, his)
            await _write_down(merge, ROLES, (mine.id,))


async def _exchange(mine: AccountHolder, his: AccountHolder) -> None:
    mine.role, his.role = his.role, mine.role
    await mine.save(update_fields=["role"])
    await his.save(update_fields=["role"])


async def _write_down(merge: CustomerMerge, table: str, ids: Iterable[UUID]) -> None:
    await MergedRow.bulk_create(MergedRow(merge_id=merge.id, table_name=table, row_id=id) for id in ids)
