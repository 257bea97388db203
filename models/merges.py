"""Merges: two customer rows that are one person, and the way back if they were not (decisions.md 27)."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from tortoise import fields
from tortoise.indexes import Index

from models.base import Row
from models.customers import Customer
from models.errors import Refusal, StaleVersion, WrongState
from models.exceptions import ExceptionCase
from models.filing import Filing
from models.membership import Membership, ReasonRequired
from models.vocabulary import ExceptionState, FilingState, MergeState

UNDECIDED = (MergeState.PROPOSED, MergeState.SPLIT_PROPOSED)


class SameCustomer(Refusal):
    code = "SAME_CUSTOMER"


class MergePending(Refusal):
    """One question at a time: whether he is one person with a third is asked when this is decided."""

    code = "MERGE_PENDING"


class MergeOfMember(Refusal):
    """Membership, filing and archive are about one customer row, so that row is the one that is kept."""

    code = "MERGE_OF_MEMBER"
    article = "6"


class CaseUndecided(Refusal):
    """What a filing or an exception was submitted with must not change while it is before somebody."""

    code = "CASE_UNDECIDED"
    article = "6"


class MergedFurther(Refusal):
    """Merges are undone in the order opposite to that in which they were made."""

    code = "MERGED_FURTHER"


class MergeByOne(Refusal):
    """Two persons means two human beings, however many staff numbers they have (decisions.md 27)."""

    code = "MERGE_BY_ONE"


class CustomerMerge(Row):
    """客户合并. Proposed by one person, decided by another, and a wrong one is split the same way. `gone` is no longer seen."""

    kept: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="merges_kept", on_delete=fields.RESTRICT
    )
    kept_id: UUID
    gone: fields.ForeignKeyRelation[Customer] = fields.ForeignKeyField(
        "models.Customer", related_name="merges_gone", on_delete=fields.RESTRICT
    )
    gone_id: UUID
    state = fields.CharField(max_length=16)
    version = fields.IntField(default=1, db_default=1)
    reason = fields.CharField(max_length=400)
    proposed_at = fields.DatetimeField()
    proposed_by_id = fields.UUIDField()
    proposed_person_id = fields.UUIDField()
    decided_at = fields.DatetimeField(null=True)
    decided_by_id = fields.UUIDField(null=True)
    decided_person_id = fields.UUIDField(null=True)
    decision_note = fields.CharField(max_length=400, default="", db_default="")
    split_reason = fields.CharField(max_length=400, default="", db_default="")
    split_proposed_at = fields.DatetimeField(null=True)
    split_proposed_by_id = fields.UUIDField(null=True)
    split_proposed_person_id = fields.UUIDField(null=True)
    split_at = fields.DatetimeField(null=True)
    split_by_id = fields.UUIDField(null=True)
    split_person_id = fields.UUIDField(null=True)
    split_note = fields.CharField(max_length=400, default="", db_default="")

    class Meta:
        table = "customer_merge"
        indexes = [Index(fields=("kept_id",)), Index(fields=("gone_id",))]

    @property
    def customer_id(self) -> UUID:
        """Whose record the trail writes it to: he who stays."""
        return self.kept_id

    def must_be_two(self) -> None:
        if self.kept_id == self.gone_id:
            raise SameCustomer("Both are the same customer. Name the other one.", field="goneId")
        if not self.reason:
            raise ReasonRequired("Write how it is known that both are one person.", field="reason")

    async def must_be_mergeable(self, kept: Customer, gone: Customer) -> None:
        """Both are settled: nothing of either is before somebody, and the one that goes is no member (decisions.md 27)."""
        both = (kept.id, gone.id)
        if kept.merged_into_id is not None or gone.merged_into_id is not None:
            raise MergedFurther("One of them has been merged into a third customer. Name that one instead.")
        if await Membership.exists(customer_id=gone.id, over=False):
            raise MergeOfMember(
                "The customer who would go has a membership or an application. Keep that one instead.",
                field="goneId",
            )
        await _must_be_decided(both)
        await self._must_be_the_only_question(both)

    async def _must_be_the_only_question(self, both: tuple[UUID, UUID]) -> None:
        open_ones = CustomerMerge.filter(state__in=UNDECIDED).exclude(id=self.id)
        if (
            await open_ones.filter(kept_id__in=both).exists()
            or await open_ones.filter(gone_id__in=both).exists()
        ):
            raise MergePending(
                "Another merge or split of one of them is not decided yet. Have it decided first."
            )

    def must_await(self, state: MergeState, version: int) -> None:
        """In this state, and as it was when it was looked at."""
        if self.version != version:
            raise StaleVersion(
                "This merge has changed since you looked at it. Look again, then decide.", field="version"
            )
        if self.state != state:
            raise WrongState(f"This merge is {self.state}; this needs {state}. Look at its state.")

    def must_be_decided_by(self, person_id: UUID) -> None:
        """By another person than the one who proposed what is to be decided (decisions.md 27)."""
        splitting = self.state == MergeState.SPLIT_PROPOSED
        if person_id == (self.split_proposed_person_id if splitting else self.proposed_person_id):
            raise MergeByOne("Who proposed this does not decide it. Ask another officer above both branches.")

    async def decide(self, state: MergeState, note: str, *, at: dt.datetime, by: UUID, person: UUID) -> None:
        """MERGED, or REFUSED with a note that says why."""
        _must_say_why(state == MergeState.REFUSED, note)
        self.decision_note, self.decided_at, self.decided_by_id, self.decided_person_id = note, at, by, person
        await self._become(state, "decision_note", "decided_at", "decided_by_id", "decided_person_id")

    async def propose_split(
        self, kept: Customer, reason: str, *, at: dt.datetime, by: UUID, person: UUID
    ) -> None:
        """They were two after all. What an earlier, refused proposal said gives way to this one."""
        if not reason:
            raise ReasonRequired("Write how it is known that they are two persons.", field="reason")
        if kept.merged_into_id is not None:
            raise MergedFurther("The customer who was kept has himself been merged. Split that merge first.")
        await self._must_be_the_only_question((self.kept_id, self.gone_id))
        self.split_reason, self.split_proposed_at = reason, at
        self.split_proposed_by_id, self.split_proposed_person_id = by, person
        self.split_at = self.split_by_id = self.split_person_id = None
        self.split_note = ""
        await self._become(MergeState.SPLIT_PROPOSED, *_SPLIT)

    async def must_be_splittable(self, kept: Customer) -> None:
        """Nothing of `kept` is before somebody, who would see other figures than were submitted."""
        await _must_be_decided((kept.id,))

    async def decide_split(
        self, state: MergeState, note: str, *, at: dt.datetime, by: UUID, person: UUID
    ) -> None:
        """SPLIT, or still MERGED with a note that says why not."""
        _must_say_why(state == MergeState.MERGED, note)
        self.split_note, self.split_at, self.split_by_id, self.split_person_id = note, at, by, person
        await self._become(state, *_SPLIT)

    async def _become(self, state: MergeState, *changed: str) -> None:
        self.state = state
        self.version += 1
        await self.save(update_fields=["state", "version", *changed])


_SPLIT = (
    "split_reason",
    "split_proposed_at",
    "split_proposed_by_id",
    "split_proposed_person_id",
    "split_at",
    "split_by_id",
    "split_person_id",
    "split_note",
)


async def _must_be_decided(customers: tuple[UUID, ...]) -> None:
    filing = await Filing.exists(customer_id__in=customers, state=FilingState.SUBMITTED)
    if filing or await ExceptionCase.exists(customer_id__in=customers, state=ExceptionState.SUBMITTED):
        raise CaseUndecided(
            "A filing or an exception of one of them is not decided yet. Have it decided first, then come back."
        )


def _must_say_why(refused: bool, note: str) -> None:
    if refused and not note:
        raise ReasonRequired("Write why not, for whoever proposed it.", field="note")


class MergedRow(Row):
    """A row that passed from `gone` to `kept`, so that a split gives back exactly what came."""

    merge: fields.ForeignKeyRelation[CustomerMerge] = fields.ForeignKeyField(
        "models.CustomerMerge", related_name="rows", on_delete=fields.RESTRICT
    )
    merge_id: UUID
    table_name = fields.CharField(max_length=40)
    row_id = fields.UUIDField()

    class Meta:
        table = "merged_row"
        unique_together = (("merge", "table_name", "row_id"),)
