"""A model of card custody that is small enough to be believed: where each number is, and what each paper says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

PERSON = {"ku2": "ku", "ku3": "ku"}
"""Ku has three staff numbers: custodian and supervisor of Sichuan, and custodian of the centre."""
KEEPS = {"ku": "SC", "he": "CDW", "ku3": "CDW", "qi": "NJW"}
"""Who is designated where. Gu is a custodian of Sichuan's whom nobody has designated."""
SUPERVISES = {"jian": "SC", "xu": "SC", "ku2": "SC", "zhao": "CDW", "yue": "NJW"}
CUSTODIANS = (*KEEPS, "gu")
EVERYBODY = (*CUSTODIANS, *SUPERVISES, "pan")
ABOVE = {("SC", "CDW"), ("CDW", "SC")}
SENT = ("IN_STOCK", "SPOILED", "RETURNED")
REVERSIBLE = EDITED = ("RECEIPT", "ALLOCATE_OUT", "VOID", "ADJUST")
AT_HAND = ("ISSUE", "RETURN_IN")
"""Signed only while the card lies where it is taken from."""


@dataclass(frozen=True, slots=True)
class Lies:
    """Where a number is; `under_way` is the transfer that took it out."""

    place: str
    state: str
    under_way: UUID | None = None


@dataclass(slots=True)
class Order:
    id: UUID
    place: str
    left: int


@dataclass(slots=True)
class Paper:
    """A movement: `passages` says of each number from what to what, "" for the manufacturer's."""

    id: UUID
    kind: str
    place: str
    passages: dict[int, tuple[str, str]]
    other: str = ""
    source: Paper | None = None
    order: Order | None = None
    state: str = "DRAFT"
    version: int = 1
    of_card: bool = False
    """Of one customer's card: nobody writes its list anew, or reverses it."""
    signer: str = ""
    second: str = ""

    @property
    def open(self) -> bool:
        return self.state in ("DRAFT", "SIGNED")

    def rewritten(self, passages: dict[int, tuple[str, str]]) -> None:
        """Another list: whatever was signed is void."""
        self.passages, self.state, self.version, self.signer = passages, "DRAFT", self.version + 1, ""

    def source_of(self, number: int) -> Lies | None:
        """Where the number must be for this to be posted."""
        was = self.passages[number][0]
        if not was:
            return None
        if self.kind == "ALLOCATE_IN":
            assert self.source is not None
            return Lies(self.other, was, self.source.id)
        under_way = self.source.id if was == "IN_TRANSIT" and self.source else None
        return Lies(self.place, was, under_way)

    def target_of(self, number: int) -> Lies | None:
        becomes = self.passages[number][1]
        return Lies(self.place, becomes, self.id if becomes == "IN_TRANSIT" else None) if becomes else None


@dataclass(slots=True)
class Model:
    lies: dict[int, Lies] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    orders: dict[str, Order] = field(default_factory=dict)
    counting: set[str] = field(default_factory=set)
    """Where a stocktake is open."""
    line: dict[str, set[str]] = field(
        default_factory=lambda: {
            "ku": {"jian", "ku2"},
            "he": {"zhao"},
            "ku3": {"zhao"},
            "qi": {"yue"},
        }
    )

    def lying(self, place: str, state: str) -> list[int]:
        return sorted(n for n, lies in self.lies.items() if (lies.place, lies.state) == (place, state))

    def there(self, numbers: set[int], place: str, state: str) -> bool:
        return numbers <= set(self.lying(place, state))

    def keeper(self, place: str) -> str:
        return next(who for who, where in KEEPS.items() if where == place)

    def supervisor(self, custodian: str) -> str:
        """One who may countersign for him, and is another person."""
        return min(who for who in self.line[custodian] if not same(who, custodian))

    def may_receive(self, who: str, order: Order, numbers: set[int]) -> bool:
        return KEEPS.get(who) == order.place and len(numbers) <= order.left and self._new(numbers)

    def _new(self, numbers: set[int]) -> bool:
        return not numbers & self.lies.keys()

    def may_send(self, who: str, place: str, to: str, numbers: set[int], state: str) -> bool:
        return (
            KEEPS.get(who) == place
            and (place, to) in ABOVE
            and state in SENT
            and self.there(numbers, place, state)
        )

    def may_reverse(self, who: str, paper: Paper) -> bool:
        again = any(
            it.kind == "REVERSE" and it.source is paper and it.state != "REJECTED" for it in self.papers
        )
        return (
            KEEPS.get(who) == paper.place
            and paper.state == "POSTED"
            and self._reversible(paper)
            and not again
        )

    def _reversible(self, paper: Paper) -> bool:
        arrived = any(
            it.kind == "ALLOCATE_IN" and it.source is paper and it.state == "POSTED" for it in self.papers
        )
        return paper.kind in REVERSIBLE and not paper.of_card and not arrived

    def may_edit(self, who: str, paper: Paper, numbers: set[int]) -> bool:
        passages = set(paper.passages.values())
        if KEEPS.get(who) != paper.place or not paper.open or len(passages) != 1:
            return False
        ((was, _),) = passages
        return (
            paper.kind in EDITED and not paper.of_card and (not was or self.there(numbers, paper.place, was))
        )

    def may_count(self, who: str, paper: Paper, numbers: set[int]) -> bool:
        assert paper.source is not None
        return KEEPS.get(who) == paper.place and paper.open and numbers == paper.source.passages.keys()

    def _ready(self, who: str, paper: Paper) -> bool:
        """Nothing about its kind stands against it."""
        numbers = set(paper.passages)
        if paper.kind == "RECEIPT":
            assert paper.order is not None
            # What is complete takes in no more; and of nothing else is more listed than is to come.
            return 0 < len(numbers) <= paper.order.left and self._new(numbers)
        if paper.kind == "ALLOCATE_IN":
            assert paper.source is not None
            senders = (paper.source.signer, paper.source.second)
            return bool(numbers) and not any(same(who, sender) for sender in senders)
        if paper.kind in AT_HAND:
            return self._lie_there(paper)
        return paper.kind != "REVERSE" or (paper.source is not None and self._reversible(paper.source))

    def _lie_there(self, paper: Paper) -> bool:
        return all(self.lies.get(number) == paper.source_of(number) for number in paper.passages)

    def may_sign(self, who: str, paper: Paper) -> bool:
        return KEEPS.get(who) == paper.place and paper.state == "DRAFT" and self._ready(who, paper)

    def may_countersign(self, who: str, paper: Paper) -> bool:
        if paper.state != "SIGNED" or SUPERVISES.get(who) != paper.place:
            return False
        return (
            not same(who, paper.signer)
            and who in self.line[paper.signer]
            and self._ready(who, paper)
            and self._lie_there(paper)
            and not self.counting & {paper.place, paper.other if paper.kind == "ALLOCATE_IN" else ""}
        )

    def post(self, paper: Paper) -> None:
        """What follows from both signatures."""
        paper.state = "POSTED"
        for number in paper.passages:
            target = paper.target_of(number)
            if target is None:
                del self.lies[number]
            else:
                self.lies[number] = target
        if paper.kind == "RECEIPT" and paper.order:
            paper.order.left -= len(paper.passages)
        if paper.kind == "REVERSE" and paper.source:
            if paper.source.order is not None:
                paper.source.order.left += len(paper.passages)
            for waiting in self.papers:
                if waiting.kind == "ALLOCATE_IN" and waiting.source is paper.source and waiting.open:
                    waiting.state = "REJECTED"


def same(one: str, other: str) -> bool:
    """One human being, under whatever staff numbers."""
    return bool(one) and PERSON.get(one, one) == PERSON.get(other, other)


def runs(numbers: Any) -> list[tuple[int, int]]:
    """As a person would list them."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = found[-1][0], number
        else:
            found.append((number, number))
    return found
