"""Outages: how a database that is down, starting, full, or not there shows itself before anything was done."""

from __future__ import annotations

import asyncpg
from tortoise.exceptions import DBConnectionError

NO_DATABASE = (
    ConnectionError,
    DBConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.PostgresConnectionError,
    asyncpg.TooManyConnectionsError,
)
