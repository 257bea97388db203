"""Separation of duties by person: distinct where the table says so, and roles that exclude each other."""

from __future__ import annotations

from uuid import uuid4

import pytest

from authz.duties import BUSINESS_ROLES, SEPARATIONS, Duty, DutyRefused, check, incompatible
from authz.words import Role


@pytest.mark.parametrize("duty", SEPARATIONS, ids=lambda duty: duty.name)
def test_distinct_persons_pass_and_any_two_alike_are_refused(duty: Duty) -> None:
    people = [uuid4() for _ in SEPARATIONS[duty].who]
    check(duty, *people)
    for first in range(len(people)):
        for second in range(first):
            alike = list(people)
            alike[first] = alike[second]
            with pytest.raises(DutyRefused) as refused:
                check(duty, *alike)
            assert refused.value.code == duty.value
            assert refused.value.article == SEPARATIONS[duty].article
            assert str(people[second]) not in str(refused.value)
    with pytest.raises(ValueError, match="is between"):
        check(duty, people[0])


def test_every_pair_of_the_table_is_there() -> None:
    bound_to_roles = {Duty.READ_ONLY, Duty.SECURITY}
    assert set(SEPARATIONS) == set(Duty) - bound_to_roles
    assert len({duty.value for duty in Duty}) == len(Duty)


@pytest.mark.parametrize("role", [Role.SEC_ADMIN, Role.SYS_ADMIN, Role.LOG_ADMIN])
def test_an_administrator_holds_nothing_else(role: Role) -> None:
    assert incompatible([role]) is None
    for other in set(Role) - {role}:
        refused = incompatible([other, role])
        assert refused is not None
        assert refused.code == "SECURITY_WITH_BUSINESS"


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.COMPLIANCE, Role.DPO])
def test_who_only_reads_holds_no_business_role(role: Role) -> None:
    assert incompatible([role]) is None
    for other in BUSINESS_ROLES:
        refused = incompatible([role, other])
        assert refused is not None
        assert refused.code == "ROLE_READS_ONLY"


def test_business_roles_go_together() -> None:
    assert incompatible([Role.CUST_MGR, Role.WC_HEAD, Role.ARCHIVE_KEEPER]) is None
    assert incompatible([]) is None
