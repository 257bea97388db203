"""Notice 6: the wealth centre keeps every archive; another outlet serves only with a reason; the manager fills in the form."""

from __future__ import annotations

import pytest

from models.archives import Archive
from models.institutions import Institution
from models.membership import Membership, Registration
from tests.digest import refused


@pytest.mark.measure("N6b")
@pytest.mark.parametrize(
    "centre",
    [
        pytest.param("CD", id="a branch"),
        pytest.param("CDO", id="an outlet"),
        pytest.param("NJW", id="another branch's centre"),
    ],
)
async def test_only_the_owning_branchs_centre_keeps_the_archive(story, centre):
    consent = await story.consent()
    desk = await story.desk()
    async with refused("CENTRE_REQUIRED", desk):
        await story.register(consent, centre_id=story.bank.places[centre].id)
    # Nor when the customer is served there: custody and service are two things.
    async with refused("CENTRE_REQUIRED", desk):
        await story.register(
            consent,
            centre_id=story.bank.places[centre].id,
            servicing_id=story.bank.places["CDO"].id,
            servicing_reason="lives next door",
        )
    await story.register(consent)


@pytest.mark.measure("N6b")
async def test_a_centre_that_was_closed_meanwhile_keeps_no_archive(story):
    filing = await story.submitted()
    await Institution.filter(code="CDW").update(merged_into_id=story.bank.places["NJW"].id)
    async with refused("CENTRE_REQUIRED", await story.desk("bai")):
        await story.record(filing)


@pytest.mark.measure("N6a")
async def test_service_elsewhere_needs_a_reason(story):
    consent, outlet = await story.consent(), story.bank.places["CDO"].id
    for reason in ("", "   "):
        async with refused("SERVICING_REASON_REQUIRED", await story.desk()):
            await story.register(consent, servicing_id=outlet, servicing_reason=reason)
    membership = await story.register(consent, servicing_id=outlet, servicing_reason="lives next door")
    await story.record(await story.submit(membership, await story.evaluation()))
    archive = await Archive.get()
    assert archive.custody_centre_id == story.bank.places["CDW"].id
    assert (archive.servicing_id, archive.servicing_reason) == (outlet, "lives next door")


@pytest.mark.measure("N6a")
async def test_service_in_the_centre_needs_none(story):
    centre = story.bank.places["CDW"].id
    await story.applied(servicing_id=centre)
    assert (await Registration.get()).servicing_id == centre


@pytest.mark.measure("N6c")
async def test_the_form_says_who_filled_it_in_and_what_the_customer_wants(story):
    membership = await story.applied()
    form = await Registration.get(id=membership.registration_id)
    lin = story.bank.staff["lin"].id
    assert (form.customer_id, form.manager_id, form.registered_by_id) == (membership.customer_id, lin, lin)
    assert (form.service_needs, form.contact_preference) == ("advice at home", "mornings")
    assert (form.centre_id, form.servicing_id) == (story.bank.places["CDW"].id,) * 2
    assert form.registered_at == form.recorded_at == story.bank.now


@pytest.mark.measure("N6c")
@pytest.mark.parametrize(("field", "longest"), [("service_needs", 400), ("contact_preference", 80)])
async def test_what_does_not_fit_the_form_is_refused(story, field, longest):
    consent = await story.consent()
    async with refused("BAD_USER_INPUT", await story.desk()):
        await story.register(consent, **{field: "愿" * (longest + 1)})
    await story.register(consent, **{field: "愿" * longest})
    assert await Membership.all().count() == 1
