"""schema: print the graph as SDL, for schema.graphql and for clients."""

from __future__ import annotations

import click

from schema import schema as the_schema


@click.command("schema")
def schema() -> None:
    """Print the schema of this release, as schema.graphql has it."""
    click.echo(the_schema.as_str())
