"""Explanations in the graph: in words, with opaque ids, one answer for absent and hidden, and nothing of hidden cells."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from authz import DataClass, Policy
from authz.policy import POLICY
from desk.desk import Desk, adopt
from models.accounts import Balance, Loan, LoanStanding
from models.customers import Customer, ManagerAssignment
from models.people import Assignment
from models.standards import Evaluation
from models.trail import AccessRecord
from schema import schema
from schema.context import Context
from schema.scalars import global_id
from tests.conftest import NOW
from tests.schema.ask import ask, refused
from tests.schema.documents import selection
from tests.schema.walking import GRAPH
from tests.schema.whole import Whole

WHOLE = f"""
query ($id: ID!, $class: DataClass!, $purpose: PurposeInput, $staff: ID, $case: ID) {{
  explain(id: $id, dataClass: $class, purpose: $purpose, staffId: $staff, caseId: $case)
  {selection(GRAPH.type_map["Explanation"], 3, purpose=False)}
}}
"""
SHORT = "query ($id: ID!, $class: DataClass!, $staff: ID) { explain(id: $id, dataClass: $class, staffId: $staff) { visibility } }"
ADVICE = {"code": "ADVICE"}


async def at_desk(whole: Whole, who: str, policy: Policy) -> Desk:
    return await Desk.take(policy, whole.cast.staff[who].id, NOW)


async def answered(desk: Desk, **variables: Any) -> str:
    """The whole body of an answer, as bytes that a client would compare."""
    answer = await schema.execute(SHORT, variable_values=variables, context_value=Context(desk))
    errors = [{"message": one.message, "path": one.path} for one in answer.errors or ()]
    return json.dumps([answer.data, errors])


async def test_a_manager_reads_why_he_sees_a_colleagues_customer_masked(whole, policy):
    lin, qian = await at_desk(whole, "lin", policy), global_id("customer", whole.ids["customer"]["qian"])
    told = (await ask(lin, WHOLE, **{"id": qian, "class": "ASSET", "purpose": ADVICE}))["explain"]
    assert (told["visibility"], told["reason"]["code"]) == ("MASKED", "NOT_ASSIGNED")
    assert told["policyVersion"] == policy.version
    assert told["rule"]["text"] == "p, cust_mgr, assigned, customer, ASSET, read, assignment, allow"
    assert told["mask"]["text"] == "p, cust_mgr, own_branch, customer, ASSET, read_masked, *, allow"
    lines = POLICY.read_text(encoding="utf-8").splitlines()
    assert lines[told["rule"]["line"] - 1] == told["rule"]["text"]
    held = await Assignment.get(staff_id=lin.staff_id)
    assert told["assignment"] == {
        "__typename": "ExplainedSeat",
        "assignmentId": global_id("assignment", held.id),
        "role": "CUST_MGR",
        "institutionId": global_id("institution", held.institution_id),
        "institutionCode": "CDW",
        "institutionName": "成都理财中心",
    }
    assert told["steps"][0]["held"]
    assert told["steps"][-1]["held"]
    assert told["steps"][-1]["rule"] == told["rule"]
    assert {change["fact"] for change in told["opens"]} == {"ASSIGNMENT", "DELEGATION", "SEAT"}
    assert "您是该客户的客户经理。" in {change["sentenceZh"] for change in told["opens"]}
    request = told["request"]
    assert (request["way"], request["dataClass"]) == ("DELEGATION", "ASSET")
    assert (request["staffId"], request["customerId"]) == (told["staffId"], qian)
    assert request["change"]["fact"] == "DELEGATION"
    assert request["sentence"] == told["reason"]["remedy"]


@pytest.mark.parametrize(("actor", "table"), [("bai", "filing"), ("deng", "exception_case")])
async def test_the_open_case_before_its_decider_is_the_basis(actor, table, whole, policy):
    desk, case = await at_desk(whole, actor, policy), global_id(table, whole.ids[table]["qian"])
    evaluation = global_id("evaluation", whole.ids["evaluation"]["qian"])
    asked = {"id": evaluation, "class": "ASSET"}
    assert (await ask(desk, WHOLE, **asked))["explain"]["reason"]["code"] == "BASIS_REQUIRED"
    told = (await ask(desk, WHOLE, case=case, **asked))["explain"]
    assert (told["visibility"], told["basis"], told["basisId"]) == ("VISIBLE", "FILING", case)
    assert told["reason"] is told["request"] is None
    assert told["opens"] == []


@pytest.mark.parametrize("actor", ["lin", "compliance", "secadmin", "luo"])
async def test_hidden_and_absent_rows_have_one_answer(actor, whole, policy):
    """Whoever it is explained for, and for whom one may not ask as well."""
    desk = await at_desk(whole, actor, policy)
    feng, tang = whole.ids["customer"]["feng"], global_id("staff", whole.cast.staff["tang"].id)
    for staff in (None, tang):
        hidden, absent, malformed = [
            await answered(desk, id=text, staff=staff, **{"class": "ASSET"})
            for text in (global_id("customer", feng), global_id("customer", uuid4()), "unknown")
        ]
        assert hidden == absent == malformed
        assert "There is nothing here that you may see" in hidden
    recorded = await AccessRecord.filter(operation="explain").values_list("decision", "code")
    assert list(recorded) == [("REFUSE", "NOT_FOUND")] * 6


async def test_another_person_only_with_the_permission(whole, policy):
    place = global_id("institution", whole.cast.places["CD"].id)
    lin = global_id("staff", whole.cast.staff["lin"].id)
    asked = {"id": place, "class": "PUBLIC", "staff": lin}
    assert await refused(await at_desk(whole, "luo", policy), SHORT, **asked) == "FORBIDDEN"
    told = await ask(await at_desk(whole, "compliance", policy), WHOLE, **asked)
    assert (told["explain"]["staffId"], told["explain"]["visibility"]) == (lin, "VISIBLE")
    for nobody in (global_id("staff", uuid4()), global_id("customer", whole.ids["customer"]["zhou"]), "x"):
        desk = await at_desk(whole, "compliance", policy)
        assert await refused(desk, SHORT, **asked | {"staff": nobody}) == "NOT_FOUND"


async def test_several_cells_in_one_document(whole, policy):
    zhou = global_id("customer", whole.ids["customer"]["zhou"])
    fields = " ".join(
        f'{cls}: explain(id: "{zhou}", dataClass: {cls}) {{ visibility }}' for cls in ("NAME", "ASSET")
    )
    told = await ask(
        await at_desk(whole, "lin", policy), f"{{ {fields} customers(first: 1) {{ totalCount }} }}"
    )
    assert told == {
        "NAME": {"visibility": "VISIBLE"},
        "ASSET": {"visibility": "MASKED"},
        "customers": {"totalCount": 2},
    }


async def every(whole: Whole, actor: str, policy: Policy) -> str:
    """Every explanation of Qian's rows to one person."""
    desk, found = await at_desk(whole, actor, policy), []
    for table in ("customer", "evaluation", "membership"):
        row = global_id(table, whole.ids[table]["qian"])
        for cls in DataClass:
            found.append(
                await schema.execute(
                    WHOLE, variable_values={"id": row, "class": cls.name}, context_value=Context(desk)
                )
            )
    return json.dumps([(one.data, [str(error) for error in one.errors or ()]) for one in found])


@pytest.mark.parametrize("actor", ["lin", "wu", "bai", "gao"])
async def test_hidden_values_do_not_show(actor, whole, policy):
    """Two banks that differ in the values of Qian's cells, and in who his manager is, explain alike."""
    before = await every(whole, actor, policy)
    qian = whole.ids["customer"]["qian"]
    await Customer.filter(id=qian).update(name="别人", occupation="x", mobile_mask="1")
    await Evaluation.filter(customer_id=qian).update(average_savings=1, passed=False, borderline=False)
    await LoanStanding.filter(
        loan_id__in=await Loan.filter(customer_id=qian).values_list("id", flat=True)
    ).update(outstanding=1)
    await Balance.all().update(amount=1)
    await ManagerAssignment.filter(customer_id=qian).update(manager_id=whole.cast.staff["han"].id)
    assert await every(whole, actor, policy) == before


async def test_neither_manager_nor_branch_is_named(whole, policy):
    heads = Policy.of(
        POLICY.read_text(encoding="utf-8") + "p, auditor, all, customer, NAME, read, *, allow\n"
    )
    await adopt(heads)
    auditor = await at_desk(whole, "auditor", heads)
    feng = await Customer.get(id=whole.ids["customer"]["feng"])
    manager = whole.cast.staff["tang"]
    for who in ("lin", "nan", "han"):
        told = await ask(
            auditor,
            WHOLE,
            **{
                "id": global_id("customer", feng.id),
                "class": "ASSET",
                "staff": global_id("staff", whole.cast.staff[who].id),
            },
        )
        text = json.dumps(told)
        secret = (str(manager.id), global_id("staff", manager.id), feng.owner_path, str(feng.owner_id))
        assert [one for one in secret if one in text] == []
    assert told["explain"]["visibility"] == "ABSENT"
