"""Accounts and what the bank knows of them: holders, balances, transaction lines, loans and spend."""

from __future__ import annotations

from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from models.base import Row
from models.customers import Customer
from models.institutions import Institution


class Account(Row):
    """账户. Its figures belong to `customer`, wherever it sits (decisions.md 3, 27)."""

    number_cipher = fields.BinaryField()
    number_mask = fields.CharField(max_length=40)
    number_index = fields.CharField(max_length=64, unique=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="accounts", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="accounts", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    kind = fields.CharField(max_length=16)
    currency = fields.CharField(max_length=3)
    opened_on = fields.DateField()
    closed_on = fields.DateField(null=True)
    balance_kind = fields.CharField(max_length=16, null=True)
    serial = fields.IntField(unique=True)

    class Meta:
        table = "account"
        indexes = [Index(fields=("customer_id",)), Index(fields=("institution_id",))]


class AccountHolder(Row):
    """账户持有人. Secrecy is owed to every holder, while the figures belong to the owner (decisions.md 27)."""

    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="holders", on_delete=fields.RESTRICT
    )
    account_id: UUID
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="holdings", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    role = fields.CharField(max_length=16)

    class Meta:
        table = "account_holder"
        unique_together = (("account", "customer"),)
        indexes = [Index(fields=("customer_id",))]


class Figure(Model):
    """A dated figure of an account. Never changed: a correction supersedes it (decisions.md 25)."""

    id = fields.BigIntField(primary_key=True)
    version = fields.IntField(default=1, db_default=1)
    import_id = fields.UUIDField()
    recorded_at = fields.DatetimeField()
    superseded_at = fields.DatetimeField(null=True)

    class Meta:
        abstract = True


class Balance(Figure):
    """储蓄存款余额. Day-end, or the average of the month that ends on `day`. Minor units of the account's currency."""

    account_serial = fields.IntField()
    kind = fields.CharField(max_length=16)
    day = fields.DateField()
    amount = fields.BigIntField()

    class Meta:
        table = "balance"


class TransactionLine(Figure):
    """账户交易 (Art. 11). Minor units of the account's currency, `amount` positive."""

    account_serial = fields.IntField()
    reference = fields.CharField(max_length=40)
    day = fields.DateField()
    direction = fields.CharField(max_length=8)
    kind = fields.CharField(max_length=24)
    amount = fields.BigIntField()
    balance_after = fields.BigIntField(null=True)
    summary = fields.CharField(max_length=120, null=True)
    counterparty_bank = fields.CharField(max_length=40, null=True)

    class Meta:
        table = "transaction_line"


class Spend(Figure):
    """消费额. What one account spent in one month by one kind, refunds netted. Minor units."""

    account_serial = fields.IntField()
    month = fields.DateField()
    kind = fields.CharField(max_length=24)
    amount = fields.BigIntField()

    class Meta:
        table = "spend"


class Loan(Row):
    """个人贷款. Principal in minor units of its currency."""

    number = fields.CharField(max_length=40, unique=True)
    customer: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="loans", on_delete=fields.RESTRICT
    )
    customer_id: UUID
    institution: fields.ForeignKeyRelation[Institution] = fields.ForeignKeyField(
        "models.Institution", related_name="loans", on_delete=fields.RESTRICT
    )
    institution_id: UUID
    currency = fields.CharField(max_length=3)
    granted_on = fields.DateField()
    principal = fields.BigIntField()
    term_months = fields.IntField()

    class Meta:
        table = "loan"
        indexes = [Index(fields=("customer_id",)), Index(fields=("institution_id",))]


class LoanStanding(Figure):
    """还款情况. A loan's balance, grade and overdue amount on one day. Minor units."""

    loan: fields.ForeignKeyRelation[Loan] = fields.ForeignKeyField(
        "models.Loan", related_name="standings", on_delete=fields.RESTRICT
    )
    loan_id: UUID
    as_of = fields.DateField()
    outstanding = fields.BigIntField()
    classification = fields.CharField(max_length=24)
    overdue = fields.BigIntField(default=0, db_default=0)

    class Meta:
        table = "loan_standing"
