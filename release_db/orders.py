"""What a court's order, or an agency's, leaves of each guardian's rights for one question."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from release_db.records import Guardian, StudentFile
from release_db.terms import CourtOrder
from release_db.words import Audience, OrderEffect, Rights, RightsBasis, Use

#: On what the rights of an educational rights holder rest.
_RIGHTS_HOLDERS = frozenset({RightsBasis.RIGHTS_HOLDER, RightsBasis.AGENCY})


def under_orders(
    file: StudentFile, on: date, *, use: Use | None, audience: Audience | None
) -> StudentFile:
    """The file with the rights that hold on that day for this use and audience.

    ``use`` and ``audience`` None stand for biometric consent, which only an order without a scope
    touches. A relative or contact without any rights may only restrict, order or not.
    """
    active = [order for order in file.orders if _touches(order, on, use, audience)]
    guardians = tuple(_under(guardian, active) for guardian in file.guardians)
    only_holder = any(_needs_rights_holder(order) for order in active)
    if (guardians, only_holder) == (file.guardians, file.is_rights_holder_only):
        return file
    return replace(file, guardians=guardians, is_rights_holder_only=only_holder)


def is_active(order: CourtOrder, on: date) -> bool:
    """Whether the order is in force on that day."""
    return order.starts_on <= on and (order.ends_on is None or on <= order.ends_on)


def _touches(order: CourtOrder, on: date, use: Use | None, audience: Audience | None) -> bool:
    is_in_scope = (not order.uses or use in order.uses) and order.audience in {None, audience}
    return is_in_scope and is_active(order, on)


def _under(guardian: Guardian, orders: list[CourtOrder]) -> Guardian:
    if guardian.rights is not Rights.FULL and guardian.rights is not Rights.UNVERIFIED:
        return guardian
    if any(_takes_rights(order, guardian) for order in orders):
        return replace(guardian, rights=Rights.REMOVED)
    is_holder = guardian.basis in _RIGHTS_HOLDERS
    needs_holder = any(_needs_rights_holder(order) for order in orders)
    if guardian.basis is RightsBasis.OTHER or (needs_holder and not is_holder):
        return replace(guardian, rights=Rights.UNVERIFIED)
    return guardian


def _takes_rights(order: CourtOrder, guardian: Guardian) -> bool:
    if order.guardian_id is None:
        return False
    is_named = order.guardian_id == guardian.guardian_id
    if order.effect is OrderEffect.REMOVES_RIGHTS:
        return is_named
    return order.effect is OrderEffect.SOLE_RIGHTS and not is_named


def _needs_rights_holder(order: CourtOrder) -> bool:
    """An order that names nobody, and so could not be read otherwise, is read strictly too."""
    return order.effect is OrderEffect.RIGHTS_HOLDER_ONLY or order.guardian_id is None
