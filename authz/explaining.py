"""Why a cell is to a person what it is, which rule decided, and which single fact would change it.

`explain` gives plain data for one cell of one row. It decides nothing itself: it walks the ladder and the grants of the
gate (`Policy.profile`, `Policy.grants`), and for every change in `opens` and `closes` it has asked the policy with that
one fact changed. Whoever calls it is the desk, which

- reads the facts of the row (`Facts`) and the bases as the gate does, and gives the kind and class;
- must answer ABSENT as it answers a row that does not exist, unless the person asking may know of the row: the
  explanation of an absent row names its class, and would be an oracle;
- explains for oneself; for another person only with the right to, and recorded;
- writes customer, values and places of a customer from its own gate: an explanation holds no value of the row but
  `AccessRequest.customer_id` and `Change.path`, which is INTERNAL and stays in the desk.

What it gives (authz/explanation.py), for the graph and the command line:

- `visibility`, `reason`, `sentence`, `chinese`, `article`: the answer, in words;
- `steps`: the layers in the order they were walked. First whether the row exists, then every rung of the ladder that
  was tried, as a yes-or-no question with its answer (`held`) and the rule behind a yes; the last one held;
- `deciding`: the rule that shows the value, or refuses it, or would show it; None where no rule speaks of him.
  `masking`: the rule that shows the mask. Each with its text, its line in the policy file, and from which seat
  (`seat.assignment_id`) and which authority (`basis_id`) of his it speaks;
- `opens`: what single fact, if he had it, would make it VISIBLE, least power first. `opens_with_purpose`: what would
  together with a purpose, where none was given and neither does alone. `closes`: for VISIBLE, what single fact, if lost, would end that;
- `request`: the access request, filled in; None for VISIBLE.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from authz.changes import Change, Fact, Question, gains, losses
from authz.explanation import AccessRequest, Explanation, Source, Step, Way
from authz.ladder import Rung
from authz.policy import Grant, Policy
from authz.purposes import needed
from authz.reasons import EXPLANATIONS
from authz.rules import Rule
from authz.words import Action, Actor, Basis, DataClass, Effect, Facts, Kind, ReasonCode, Seat, Visibility

__all__ = ["AccessRequest", "Explanation", "Source", "Step", "Way", "explain"]

WAY_TO = {
    Fact.PURPOSE: Way.PURPOSE,
    Fact.PATH: Way.PATH,
    Fact.BASIS: Way.BASIS,
    Fact.ASSIGNMENT: Way.ASSIGNMENT,
    Fact.DELEGATION: Way.DELEGATION,
    Fact.OWNER: Way.TRANSFER,
    Fact.SEAT: Way.ROLE,
    Fact.RECUSAL: Way.COLLEAGUE,
}

REMEDIES: dict[ReasonCode, tuple[Fact, ...]] = {
    ReasonCode.RECUSED: (),
    ReasonCode.PURPOSE_REQUIRED: (Fact.PURPOSE,),
    ReasonCode.NOT_ASSIGNED: (Fact.DELEGATION, Fact.ASSIGNMENT),
    ReasonCode.BASIS_REQUIRED: (Fact.PATH, Fact.BASIS),
    ReasonCode.OTHER_BRANCH: (Fact.OWNER,),
    ReasonCode.AGGREGATES_ONLY: (),
    ReasonCode.ROLE_WITHOUT_ACCESS: (Fact.SEAT,),
}
"""What the remedy of a reason (authz/reasons.py) tells the reader to ask for; nothing for himself: a colleague does it."""

ROW = "Does the row exist for you?", "该记录对您是否存在？"
SHOWN = "Does a rule show you the value?", "是否有规则准许您查看？"
UNSAID = "Does no rule give your role anything of the kind?", "是否没有任何规则准许您的岗位查看此类资料？"
MASK = " And does a rule show you its mask?", "且是否有规则准许您查看掩码？"
ASKED = {
    ReasonCode.RECUSED: ("Is it your own or a relative's file?", "是否属于您本人或亲属的资料？"),
    ReasonCode.PURPOSE_REQUIRED: ("Would you see it if you said what for?", "说明用途后是否可以查看？"),
    ReasonCode.NOT_ASSIGNED: (
        "Is it of your branch, and for its manager to see?",
        "是否归属您所在机构，且仅客户经理可以查看？",
    ),
    ReasonCode.BASIS_REQUIRED: (
        "Would you see it within a filing, case, consent or legal request?",
        "在备案、案件、客户授权或协助查询事项内是否可以查看？",
    ),
    ReasonCode.OTHER_BRANCH: ("Would you see it at your own branch?", "如归属您所在机构，是否可以查看？"),
    ReasonCode.AGGREGATES_ONLY: ("Does it count in your totals?", "是否计入您的汇总数据？"),
    ReasonCode.ROLE_WITHOUT_ACCESS: ("Is it refused to your role?", "您的岗位是否无权查看？"),
}


def explain(
    policy: Policy,
    actor: Actor,
    kind: Kind,
    data_class: DataClass,
    facts: Facts,
    bases: frozenset[Basis],
    purpose_given: bool,
) -> Explanation:
    """Explain one cell, as the gate decides it. The module says what is in it and who may show it."""
    return _Explaining(policy, kind, data_class, Question(actor, facts, bases, purpose_given)).explanation()


class _Explaining:
    def __init__(self, policy: Policy, kind: Kind, data_class: DataClass, asked: Question) -> None:
        self.policy, self.kind, self.data_class, self.asked = policy, kind, data_class, asked

    def explanation(self) -> Explanation:
        rung = self._rung(self.asked)
        row = self._row()
        visibility = rung.visibility if row.held else Visibility.ABSENT
        words = EXPLANATIONS[rung.reason] if rung.reason else None
        visible = visibility is Visibility.VISIBLE
        opens = () if visible else self._turning(gains(self.asked), self.asked, True)
        too = () if visible else self._with_purpose(opens)
        return Explanation(
            visibility,
            rung.reason,
            words.sentence if words else "A rule shows it to you.",
            words.chinese if words else "有规则准许您查看。",
            words.article if words else "",
            (row, *self._tried()),
            self._source(rung),
            self._giving(self.data_class, Action.READ_MASKED)
            if rung.visibility is Visibility.MASKED
            else None,
            self.policy.version,
            opens,
            too,
            self._turning(losses(self.asked), self.asked, False) if visible else (),
            self._request(rung.reason, opens, too) if rung.reason else None,
        )

    def _with_purpose(self, opens: tuple[Change, ...]) -> tuple[Change, ...]:
        """What opens it together with a purpose, where neither does alone."""
        alone = {change.fact for change in opens}
        if self.asked.purpose_given or Fact.PURPOSE in alone:
            return ()
        given = replace(self.asked, purpose_given=True)
        return tuple(change for change in self._turning(gains(given), given, True) if change not in opens)

    def _rung(self, asked: Question) -> Rung:
        """The rung on which the row stands: the gate's own answer."""
        rungs = self.policy.profile(asked.actor, self.kind, self.data_class, asked.bases, asked.purpose_given)
        return next(rung for rung in rungs if rung.holds(asked.facts))

    def _turning(self, changes: Iterator[Change], asked: Question, shown: bool) -> tuple[Change, ...]:
        """Those changes after which the policy does, or does not, show the cell. Each is really asked."""
        found = []
        for change in changes:
            then = change.make(asked)
            if (self._rung(then).visibility is Visibility.VISIBLE) is shown:
                found.append(change)
            if then.actor is not self.asked.actor:
                self.policy.forget(then.actor)
        return tuple(found)

    def _row(self) -> Step:
        asked = self.asked
        held = self.policy.rows_reach(asked.actor, self.kind, asked.bases).covers(asked.facts)
        sources = [
            source
            for cls in DataClass
            for act in (Action.READ, Action.READ_MASKED)
            if held and (source := self._giving(cls, act))
        ]
        return Step(*ROW, held, source=min(sources, key=lambda source: source.line, default=None))

    def _tried(self) -> Iterator[Step]:
        asked = self.asked
        for rung in self.policy.profile(
            asked.actor, self.kind, self.data_class, asked.bases, asked.purpose_given
        ):
            question, chinese = ASKED[rung.reason] if rung.reason else SHOWN
            if rung.reason is ReasonCode.ROLE_WITHOUT_ACCESS and not rung.sources:
                question, chinese = UNSAID
            if rung.visibility is Visibility.MASKED:
                question, chinese = question + MASK[0], chinese + MASK[1]
            held = rung.holds(asked.facts)
            source = self._source(rung) if held else None
            yield Step(question, chinese, held, rung.visibility, rung.reason, source)
            if held:
                return

    def _giving(self, cls: DataClass, act: Action) -> Source | None:
        """The first rule that gives this action on the row."""
        actor, facts = self.asked.actor, self.asked.facts
        for basis in sorted(self.asked.bases):
            if self.policy.reach(actor, self.kind, cls, act, frozenset({basis})).covers(facts):
                for grant in self.policy.grants(actor, self.kind, cls, act, basis):
                    if grant.rule.eft is Effect.ALLOW and grant.clause and grant.clause.covers(facts):
                        return self._told(grant.rule, grant.seat, basis)
        return None

    def _source(self, rung: Rung) -> Source | None:
        """The rule of a rung, and from which seat it speaks: the one that reaches the row, if one does."""
        rule = rung.rule(self.asked.facts)
        if rule is None:
            return None
        asked, found = self.asked, None
        for basis in sorted(Basis, key=lambda basis: (basis not in asked.bases, basis)):
            for grant in self.policy.grants(asked.actor, self.kind, self.data_class, Action.READ, basis):
                if grant.rule != rule:
                    continue
                told = self._told(rule, grant.seat, basis)
                if grant.clause and grant.clause.covers(asked.facts) and self._speaks(rung, grant, basis):
                    return told
                found = found or told
        return found

    def _speaks(self, rung: Rung, grant: Grant, basis: Basis) -> bool:
        """For a value that is shown: is it by this grant, undenied on its basis, and not for want of a purpose?"""
        if rung.visibility is not Visibility.VISIBLE:
            return True
        asked = self.asked
        silent = asked.purpose_given or not needed(self.data_class, grant.seat.role if grant.seat else None)
        reach = self.policy.reach(asked.actor, self.kind, self.data_class, Action.READ, frozenset({basis}))
        return silent and reach.covers(asked.facts)

    def _told(self, rule: Rule, seat: Seat | None, basis: Basis) -> Source:
        customer_id = self.asked.facts.customer_id
        authority = next(
            (
                grant.basis_id
                for grant in self.asked.actor.bases
                if (grant.basis, grant.customer_id) == (basis, customer_id)
            ),
            None,
        )
        line = self.policy.line_of(rule)
        return Source(rule, rule.text, line, self.policy.version, seat, basis, authority)

    def _request(
        self, reason: ReasonCode, opens: tuple[Change, ...], too: tuple[Change, ...]
    ) -> AccessRequest:
        """The way the remedy names, if it would open the cell; else the one of least power; else a colleague.

        Nobody is told to ask for a role because his own does not reach: that is for the owning branch to serve.
        """
        wanted = REMEDIES[reason]
        possible = (*opens, *too)
        change = next((change for fact in wanted for change in possible if change.fact is fact), None)
        if change is None and wanted:
            change = next(
                (change for change in possible if change.fact not in (Fact.SEAT, Fact.RECUSAL)), None
            )
        words = EXPLANATIONS[reason]
        return AccessRequest(
            self.asked.actor.staff_id,
            self.asked.facts.customer_id,
            self.kind,
            self.data_class,
            WAY_TO[change.fact] if change else Way.COLLEAGUE,
            change,
            words.remedy,
            words.remedy_chinese,
        )
