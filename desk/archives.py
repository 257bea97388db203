"""Archives: one for every VIP customer, opened with the recorded filing and closed with the membership."""

from __future__ import annotations

from desk.desk import Desk
from models.archives import Archive, gaps_of, must_keep_archives
from models.customers import Customer
from models.institutions import Institution
from models.membership import Consent, Membership, Registration
from models.vocabulary import ArchiveState


async def open_archive(
    desk: Desk,
    customer: Customer,
    membership: Membership,
    registration: Registration,
    consent: Consent,
    number: str,
) -> Archive:
    """建档 (Art. 10), within the act that records the filing. A customer who comes back gets his own back.

    CENTRE_REQUIRED when the registration's centre no longer acts for the owning branch (Notice 6).
    """
    centre = await Institution.get(id=registration.centre_id)
    must_keep_archives(centre, customer.owner_path)
    archive = await Archive.get_or_none(customer_id=customer.id) or Archive(
        number=number, customer_id=customer.id
    )
    await archive.begin(membership, registration, gaps_of(customer, consent), at=desk.now, by=desk.staff_id)
    return archive


async def close_archive(membership: Membership) -> None:
    """Within the act that ends the membership. One that was never active has no archive to close."""
    archive = await Archive.get_or_none(membership_id=membership.id)
    if archive is not None and archive.state != ArchiveState.CLOSED:
        await archive.close()
