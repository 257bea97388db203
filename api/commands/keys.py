"""keys: make the keys of the vault, and tell what a change of key concerns."""

from __future__ import annotations

import json

import click

from api.commands.printing import table
from api.commands.running import command, open_house
from api.keys import load_keys, new_keys
from desk import jobs


@click.group()
def keys() -> None:
    """Keys that encrypt what is never stored in the clear (decisions.md 16). A backup never holds them."""


@keys.command()
@click.option("--id", "key_id", type=click.IntRange(1, 255), default=1, help="Id of the encryption key. [1]")
def new(key_id: int) -> None:
    """Print a new set of keys, for GUIBIN_KEYS or for a file of mode 0600 that GUIBIN_KEYS_FILE names.

    Keep a copy where no backup of the database is kept: without the keys a backup cannot be read, by anybody.
    """
    click.echo(json.dumps(new_keys(key_id)))


@keys.command("rotate-info")
@command
async def rotate_info() -> None:
    """Tell how many encrypted values each key holds, and how to begin with a new key.

    Old values stay readable while their key is in the set. The index key is never changed: it is how a customer is
    found by his identity number.
    """
    async with open_house() as house:
        loaded = load_keys(house.settings)
        counts = await jobs.sealed_by_key()
    ids = sorted({*counts, *loaded.encryption})
    table(
        ("key", "values", "loaded", "used for new values"),
        [(key, counts.get(key, 0), key in loaded.encryption, key == loaded.current) for key in ids],
    )
    unused = next(it for it in range(1, 256) if it not in ids)
    click.echo(
        f"\nTo begin with another key: python -m api keys new --id {unused}; put its encryption entry beside the old"
        f" ones, set current to {unused}, keep the old index, restart every worker. A key may be retired when it holds"
        " 0 values here and in every backup that is kept."
    )
