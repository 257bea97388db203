"""The tables that the growth bench prints. They show ratios and the bar beside them; nothing is asserted."""

from __future__ import annotations

from collections.abc import Sequence

from bench.measuring import CONNECTIONS, Run, Target
from bench.questions import RECEIPTS
from bench.tables import BARE, OURS, Figures, spread, table

LOADED = ("Q1", "Q2", "Q3")
RULED = ("Q1", "Q2", "Q3")


def report(run: Run, sized: list[Target], ruled: list[Target]) -> None:
    first, last = sized[0].label, sized[-1].label
    print(
        "\n## Reads by customers, p50 in ms at one connection: ours / bare = ratio, median of rounds [least-most]\n\n"
        "The bar for those whose work does not grow (flat): at most 1.3 from the smallest bank to the largest.\n"
    )
    head = ["", *(f"{it.label}" for it in sized), f"ours {last} / {first}", "bare", "flat", "receipt"]
    print(
        table(
            head,
            [
                [
                    question.name,
                    *(against(run.p50, it.label, question.name) for it in sized),
                    spread(run.p50.growth(last, first, question.name, OURS)),
                    spread(run.p50.growth(last, first, question.name, BARE)),
                    "yes" if question.flat else "no",
                    "yes" if question.receipt else "",
                ]
                for question in run.questions
            ],
        )
    )
    print("\n" + "; ".join(f"{it.name}: {it.about}" for it in run.questions) + ".")
    print(f"\n## Processor time of the server process for one read at {last} customers, in ms\n")
    rows = [[it.name, against(run.cpu, last, it.name)] for it in run.questions]
    print(table(["", "ours / bare"], rows))
    memory = ", ".join(f"{it.label}: {it.ours.megabytes():.0f} / {it.bare.megabytes():.0f}" for it in sized)
    print(f"\nPeak memory of a server in MB, ours / bare: {memory}.")
    print(f"\n## Answers a second at {CONNECTIONS} connections, {last} customers\n")
    print(
        table(
            ["", "ours / bare"], [[it, against(run.rate, last, it, "{:,.0f}")] for it in names(run, LOADED)]
        )
    )
    receipts(run, sized)
    if ruled:
        fewest, most = ruled[0].label, ruled[-1].label
        print(
            f"\n## Reads by rules, {first} customers, p50 in ms at one connection\n\nThe bar: at most 1.1.\n"
        )
        head = ["", *(it.label for it in ruled), f"ours {most} / {fewest}"]
        print(
            table(
                head,
                [
                    [
                        name,
                        *(against(run.p50, it.label, name) for it in ruled),
                        spread(run.p50.growth(most, fewest, name, OURS)),
                    ]
                    for name in names(run, RULED)
                ],
            )
        )


def receipts(run: Run, sized: list[Target]) -> None:
    """The same read with and without one confidential cell a row: what the record costs beside the cell itself."""
    asked = {it.name for it in run.questions}
    rows = []
    for without, with_one in RECEIPTS:
        for target in sized:
            if {without, with_one} <= asked:
                ours = [run.p50.of(target.label, name, OURS) for name in (without, with_one)]
                theirs = [run.p50.of(target.label, name, BARE) for name in (without, with_one)]
                rows.append(
                    [
                        f"{without}, {with_one} at {target.label}",
                        f"{ours[0]:.2f}, {ours[1]:.2f}",
                        f"{ours[1] - ours[0]:+.2f}",
                        f"{theirs[1] - theirs[0]:+.2f}",
                        f"{ours[0] / ours[1]:.2f}",
                    ]
                )
    if rows:
        print(
            "\n## A read that leaves a receipt, for one confidential cell a row, beside one that does not: p50 in ms\n"
        )
        print(table(["", "ours", "difference", "bare's", "speed kept"], rows))


def against(figures: Figures, label: str, name: str, shape: str = "{:.2f}") -> str:
    ours, theirs = (shape.format(figures.of(label, name, side)) for side in (OURS, BARE))
    return f"{ours} / {theirs} = {spread(figures.against(label, name))}"


def names(run: Run, among: Sequence[str]) -> list[str]:
    return [it.name for it in run.questions if it.name in among]
