"""The command line: python -m api COMMAND. Every act is a person's: --as names him, his rights decide, the trail tells."""

from __future__ import annotations

import importlib

import click

COMMANDS = {
    "backup": "api.commands.backup:backup",
    "campaign": "api.commands.campaigns:campaign",
    "cards": "api.commands.cards:cards",
    "create-admin": "api.commands.admin:create_administrator",
    "customer": "api.commands.customers:customer",
    "demo": "api.commands.demo:demo",
    "explain": "api.commands.explain:explain",
    "filing": "api.commands.filing:filing",
    "import": "api.commands.imports:import_files",
    "institution": "api.commands.institutions:institution",
    "keys": "api.commands.keys:keys",
    "matrix": "api.commands.explain:print_matrix",
    "migrate": "api.commands.migrate:migrate",
    "month": "api.commands.month:run_a_month",
    "people": "api.commands.absences:people",
    "restore": "api.commands.backup:restore",
    "schema": "api.commands.schema:schema",
    "screen": "api.commands.screen:screen_customers",
    "serve": "api.commands.serve:serve",
    "set-password": "api.commands.admin:set_passwords",
    "standard": "api.commands.standards:standard",
    "what-if": "api.commands.what_if:try_out",
}
"""Where each command is. Its module is loaded when it is asked for, so that none waits for all the others."""


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in sorted(COMMANDS) if self.get_command(ctx, name) is not None]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        place = COMMANDS.get(name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        try:
            found = getattr(importlib.import_module(module), attribute)
        except ModuleNotFoundError as missing:
            if (missing.name or "").partition(".")[0] != "examples":
                raise
            # An image for production has no examples/, so it has no demo either.
            return None
        assert isinstance(found, click.Command)
        return found


@click.command(cls=Commands)
def main() -> None:
    """Guibin (贵宾): the confidential VIP back office of a bank.

    Settings come from the environment (.env.example lists them). Exit codes: 0 done, 1 refused, 2 used wrongly,
    3 a fault of ours with an incident id.
    """


if __name__ == "__main__":
    main(prog_name="python -m api")
