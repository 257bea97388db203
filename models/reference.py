"""Reference data that is nobody's secret: exchange rates and the calendar."""

from __future__ import annotations

from decimal import Decimal

from tortoise import fields

from models.base import Row


class ExchangeRate(Row):
    """汇率. On `published_on`, `unit` of `currency` cost `rate` of `quote_currency`. `rate` is kept as published."""

    published_on = fields.DateField()
    currency = fields.CharField(max_length=3)
    unit = fields.IntField()
    quote_currency = fields.CharField(max_length=3)
    rate = fields.CharField(max_length=24)
    import_id = fields.UUIDField()
    recorded_at = fields.DatetimeField()
    superseded_at = fields.DatetimeField(null=True)

    class Meta:
        table = "exchange_rate"

    @property
    def value(self) -> Decimal:
        return Decimal(self.rate)


class CalendarDay(Row):
    """节假日. A day on which the working calendar differs from Monday to Friday."""

    day = fields.DateField(unique=True)
    kind = fields.CharField(max_length=24)
    name = fields.CharField(max_length=80)

    class Meta:
        table = "calendar_day"
