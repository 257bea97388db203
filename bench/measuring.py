"""Rounds of measuring: one connection in short turns, many connections at full load; product and bare handler alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import product
from statistics import median

from bench.client import Probe, throughput
from bench.questions import Question
from bench.readers import House
from bench.serving import Server
from bench.tables import BARE, OURS, Figures

SIDES = (OURS, BARE)
CONNECTIONS = 32
TURN = 0.1
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Target:
    """One house with both handlers on it."""

    label: str
    house: House
    ours: Server
    bare: Server

    def server(self, side: str) -> Server:
        return self.ours if side == OURS else self.bare

    def requests(self, side: str, question: Question) -> list[bytes]:
        return self.house.to_product(question) if side == OURS else self.house.to_bare(question)


@dataclass(slots=True)
class Run:
    rounds: int
    seconds: float
    questions: tuple[Question, ...]
    say: Callable[[str], None]
    p50: Figures = field(default_factory=Figures)
    cpu: Figures = field(default_factory=Figures)
    rate: Figures = field(default_factory=Figures)

    async def latency(self, targets: Sequence[Target], questions: Sequence[Question]) -> None:
        """Rounds at one connection. All targets and both sides of a question take short turns, so that whatever else
        the machine does meets all of them."""
        for number in range(self.rounds):
            for question in questions:
                async with AsyncExitStack() as stack:
                    probes = []
                    for target, side in product(targets, SIDES):
                        probe = await Probe.of(target.server(side).address, target.requests(side, question))
                        stack.callback(probe.close)
                        probes.append((probe, target, side))
                    await self._in_turns(probes, question.name)
            self.say(f"round {number + 1} of {self.rounds}")

    async def _in_turns(self, probes: Sequence[tuple[Probe, Target, str]], question: str) -> None:
        busy = [0.0] * len(probes)
        for turn in range(max(1, round(self.seconds / TURN))):
            for place, (probe, target, side) in list(enumerate(probes))[:: 1 if turn % 2 == 0 else -1]:
                before = target.server(side).cpu_milliseconds()
                await probe.turn(TURN)
                busy[place] += target.server(side).cpu_milliseconds() - before
        for used, (probe, target, side) in zip(busy, probes, strict=True):
            self.p50.add(target.label, question, side, median(probe.milliseconds))
            self.cpu.add(target.label, question, side, used / len(probe.milliseconds))

    async def load(self, target: Target, questions: Sequence[Question]) -> None:
        """Rounds at many connections, each for the whole time, because a queue takes a while to be as long as it gets."""
        for number, question in product(range(self.rounds), questions):
            for side in SIDES[:: 1 if number % 2 == 0 else -1]:
                address, requests = target.server(side).address, target.requests(side, question)
                rate = await throughput(address, requests, CONNECTIONS, self.seconds)
                self.rate.add(target.label, question.name, side, rate)
        self.say(f"{self.rounds} rounds at {CONNECTIONS} connections")
