"""explain and matrix on the command line: the gate's answer in two languages, and the policy as its golden text."""

from __future__ import annotations

from authz.policy import POLICY
from models.customers import Customer, ManagerAssignment
from models.database import database
from models.people import Assignment, Staff
from models.trail import AccessRecord
from tests.authz.matrix import GOLDEN
from tests.operations.cli import cli, ok, refused

LIN, HEAD, ADMINISTRATOR = "S100001", "S100002", "D000002"


async def customers(demo: str) -> tuple[str, str]:
    """A customer of Lin's, and one of a colleague at her branch."""
    async with database(demo):
        lin = await Staff.get(number=LIN)
        own = await ManagerAssignment.filter(manager_id=lin.id, ended_at=None, valid_to=None).first()
        assert own is not None
        mine = await Customer.get(id=own.customer_id)
        others = await ManagerAssignment.filter(ended_at=None, valid_to=None).exclude(manager_id=lin.id)
        served = [one.customer_id for one in others]
        other = await Customer.filter(owner_id=mine.owner_id, id__in=served).order_by("number").first()
        assert other is not None
    return mine.number, other.number


async def test_a_manager_is_told_what_his_own_customer_wants_of_him(demo: str) -> None:
    mine, _ = await customers(demo)
    said = await ok(demo, "explain", "--customer", mine, "--class", "ASSET", "--as", LIN)
    assert f"{LIN}, customer {mine}, ASSET, without a purpose\nMASKED PURPOSE_REQUIRED\n" in said
    assert "You may see this when you say what for." in said
    assert "说明用途后方可查看。" in said
    rule = "p, cust_mgr, assigned, customer, ASSET, read, assignment, allow"
    line = POLICY.read_text(encoding="utf-8").splitlines().index(rule) + 1
    assert f"Decided by 判定规则\n  line {line}: {rule}\n  role cust_mgr at " in said
    assert "Masked by 掩码规则" in said
    assert "PURPOSE  You say what for." in said
    assert "way: PURPOSE" in said
    given = await ok(
        demo, "explain", "--customer", mine, "--class", "asset", "--purpose", "ADVICE", "--as", LIN
    )
    assert f"{LIN}, customer {mine}, ASSET, for ADVICE\nVISIBLE\n" in given
    assert "Each of these alone would close it" in given
    assert "Request" not in given


async def test_what_opens_a_colleagues_customer_is_prefilled(demo: str) -> None:
    _, other = await customers(demo)
    said = await ok(
        demo, "explain", "--customer", other, "--class", "ASSET", "--purpose", "ADVICE", "--as", LIN
    )
    assert "MASKED NOT_ASSIGNED" in said
    assert "ASSIGNMENT  You are the customer's manager." in said
    assert "您为该客户的客户经理代班。" in said
    assert "Request 权限申请\n  way: DELEGATION\n  class: ASSET\n" in said
    assert "请向理财中心负责人申请代班或分配该客户。" in said


async def test_another_persons_answer_is_not_everybodys_to_ask(demo: str) -> None:
    mine, _ = await customers(demo)
    asked = ("explain", "--customer", mine, "--class", "NAME")
    await refused(demo, "FORBIDDEN", *asked, "--staff", LIN, "--as", HEAD)
    async with database(demo):
        lin = await Staff.get(number=LIN)
        record = await AccessRecord.get(operation="explain")
        assert (record.decision, record.code, record.object_id) == ("REFUSE", "FORBIDDEN", lin.id)
    # The security administrator may ask for anybody, but not about a customer, whom he never sees.
    done = await cli(demo, *asked, "--staff", LIN, "--as", ADMINISTRATOR)
    assert done.code == 1
    assert "FILTER_NOT_ALLOWED" in done.err


async def test_the_matrix_is_the_golden_one(nowhere: str) -> None:
    assert await ok(nowhere, "matrix") == GOLDEN.read_text(encoding="utf-8")
    one = await ok(nowhere, "matrix", "--role", "AUDITOR")
    assert [line for line in one.splitlines() if line.startswith("== ")] == ["== auditor"]
    assert "explain" in one


async def test_the_matrix_of_a_person_is_that_of_the_roles_he_holds(demo: str) -> None:
    async with database(demo):
        held = await Assignment.filter(staff__number=LIN).values_list("role", flat=True)
    said = await ok(demo, "matrix", "--as", LIN)
    assert [line for line in said.splitlines() if line.startswith("== ")] == [f"== {one}" for one in held]
    await refused(demo, "BAD_USER_INPUT", "matrix", "--role", "teller", "--as", LIN)
