"""Accounts and figures: what Article 11 keeps for the owning branch."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar

import strawberry

from authz import DataClass
from models.vocabulary import AccountKind, Direction, HolderRole, LoanClass
from schema.fields import amount_of, column, given, many, one, renamed
from schema.institutions import Institution
from schema.node import Node
from schema.paging import Edge, PageInfo
from schema.scalars import Money
from schema.sections import Confidential, Section

if TYPE_CHECKING:
    from schema.customers import Customer

for _words, _about in (
    (AccountKind, "The kind of an account."),
    (HolderRole, "OWNER: the figures are his. JOINT: a co-holder. DISPONENT: may dispose, owns nothing."),
    (Direction, "CREDIT raises the balance, DEBIT lowers it."),
    (LoanClass, "贷款五级分类. NORMAL is the only good one."),
):
    strawberry.enum(_words, description=_about)


@strawberry.enum(
    description="资产档. What a masked reader sees of the 12-month average savings, in units of the standard's currency."
)
class AssetBand(StrEnum):
    BELOW_50K = "BELOW_50K"
    FROM_50K = "FROM_50K"
    FROM_500K = "FROM_500K"
    FROM_1M = "FROM_1M"
    FROM_5M = "FROM_5M"


@strawberry.type(
    description="账户持有人. Who holds the account; read by who serves its owner, and by no co-holder's manager.",
    directives=[Confidential(class_=DataClass.ACCOUNT)],
)
class AccountHolder:
    role: HolderRole | None = column(about="In which role.")
    customer: Annotated[Customer, strawberry.lazy("schema.customers")] | None = one(
        "customer", "customer", about="Who; null when he is out of reach, as a customer of another branch."
    )


@strawberry.type(
    description="账户. An account of the customer.", directives=[Confidential(class_=DataClass.ACCOUNT)]
)
class Account(Node):
    TABLE: ClassVar[str] = "account"

    number: str | None = column(about="账号, its mask (first 6, last 4), or null.")
    kind: AccountKind | None = column(about="Kind; null when masked.")
    currency: str | None = column(about="ISO 4217 code; null when masked.")
    opened_on: dt.date | None = column(about="开户日期; null when masked.")
    closed_on: dt.date | None = column(about="销户日期.")
    institution: Institution | None = one(
        "institution", "institution", about="开户网点. Where the account sits."
    )
    holders: list[AccountHolder] = many(
        "holders", "account_holder", about="Its owner, co-holders and disponents; none when masked."
    )


@strawberry.type(description="The customer's accounts.", directives=[Confidential(class_=DataClass.ACCOUNT)])
class AccountsSection(Section):
    nodes: list[Account] = many("accounts", "account", about="The accounts; none when withheld.")


@strawberry.type(
    description="The newest balance of one account.", directives=[Confidential(class_=DataClass.ASSET)]
)
class AccountBalance:
    account_number: str | None = column(about="The account, masked.")
    balance: Money | None = amount_of("amount", about="余额.")
    day: dt.date | None = column(about="The data's day.")
    import_id: str | None = column(about="The import that brought the figure.")


@strawberry.type(description="个人贷款.", directives=[Confidential(class_=DataClass.ASSET)])
class Loan(Node):
    TABLE: ClassVar[str] = "loan"

    number: str | None = column(about="Loan number.")
    outstanding: Money | None = amount_of("outstanding", about="贷款余额.")
    principal: Money | None = amount_of("principal", about="Amount granted.")
    granted_on: dt.date | None = column(about="Day it was granted.")
    classification: LoanClass | None = column(about="五级分类 on the day of the standing.")
    overdue: Money | None = amount_of("overdue", about="Amount overdue on that day.")
    standing_as_of: dt.date | None = column(about="The data's day.")


@strawberry.type(
    description="Balances, loans and the figures of the latest evaluation.",
    directives=[Confidential(class_=DataClass.ASSET)],
)
class AssetsSection(Section):
    band: AssetBand | None = column(about="资产档 of the latest evaluation; also shown to a masked reader.")
    average_savings_12m: Money | None = amount_of(
        "average_savings", "figures_currency", about="一年内储蓄存款月均余额 of the latest evaluation."
    )
    loan_balance: Money | None = amount_of(
        "loan_balance", "figures_currency", about="个人贷款余额 of the latest evaluation."
    )
    spend_12m: Money | None = amount_of(
        "spend", "figures_currency", about="一年消费额 of the latest evaluation."
    )
    as_of: dt.date | None = renamed("figures_as_of", about="The day of the latest evaluation.")
    balances: list[AccountBalance] = many("balances", "balance", about="The newest balance of each account.")
    loans: list[Loan] = many("loans", "loan", about="The loans.")


@strawberry.type(description="账户交易. One line.", directives=[Confidential(class_=DataClass.TRANSACTION)])
class TransactionLine:
    reference: str | None = column(about="The bank's number of the line.")
    account_number: str | None = column(about="The account, masked.")
    day: dt.date | None = column(about="Business day.")
    direction: Direction | None = column(about="CREDIT or DEBIT.")
    kind: str | None = column(about="Kind of business.")
    amount: Money | None = amount_of("amount", about="Always positive.")
    balance_after: Money | None = amount_of("balance_after", about="Balance after the line, where stated.")
    summary: str | None = column(about="摘要.")
    counterparty_bank: str | None = column(about="The other side's bank.")


@strawberry.type(
    description="A page of transaction lines, with the section's visibility.",
    directives=[Confidential(class_=DataClass.TRANSACTION)],
)
class TransactionConnection(Section):
    edges: list[Edge[TransactionLine]] = given("The lines with their cursors; none when withheld.")
    nodes: list[TransactionLine] = given("The lines; none when withheld.")
    page_info: PageInfo = given("How to go on.")
    total_count: int = given("All lines that are visible. Counted only when asked.")
