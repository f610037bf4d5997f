"""What the office's closed choices are called on its pages."""

from __future__ import annotations

from collections.abc import Mapping

from mediacheck.flow.registrars_guardians import VerifiedHow
from release_db.records import Channel, Guardian, StudentFile
from release_db.terms import CourtOrder
from release_db.words import (
    WITHDRAWN,
    Audience,
    ChannelKey,
    GuardianId,
    OrderEffect,
    Rights,
    RightsBasis,
)

AUDIENCES = {
    Audience.HOUSEHOLD: "At home",
    Audience.CLASS: "In class",
    Audience.SCHOOL: "In the school",
    Audience.DISTRICT: "In the district",
    Audience.PUBLIC_WEB: "On public web pages",
    Audience.SOCIAL: "On social networks",
    Audience.PRINT: "In print",
    Audience.PRESS: "For the press",
}
EVERYWHERE = "Everywhere"

#: For the office's own use: it changes nothing, and no teacher ever sees it.
HOLD_KINDS = {
    "safety": "Safety or court order",
    "confidential": "Address confidentiality programme",
    "foster": "Foster care or an agency",
    "custody": "Custody is being settled",
    "family": "The family asked for it",
    "other": "Another reason",
}

ORDER_EFFECTS = {
    OrderEffect.REMOVES_RIGHTS: "This person decides nothing any more",
    OrderEffect.SOLE_RIGHTS: "Only this person decides",
    OrderEffect.RIGHTS_HOLDER_ONLY: "Only the recorded rights holder or agency may say yes",
}

VERIFIED_HOW = {
    VerifiedHow.PHOTO_ID: "Photo identity card seen",
    VerifiedHow.DOCUMENT: "Court's or agency's document seen",
    VerifiedHow.IN_PERSON: "Known to the office in person",
}

BASES = {
    RightsBasis.PARENT: "Parent",
    RightsBasis.LEGAL_GUARDIAN: "Legal guardian",
    RightsBasis.RIGHTS_HOLDER: "Educational rights holder",
    RightsBasis.AGENCY: "Agency",
    RightsBasis.OTHER: "Relative or contact, without rights",
}

RIGHTS = {
    Rights.FULL: "May say yes and no",
    Rights.UNVERIFIED: "Not verified: may only say no",
    Rights.REMOVED: "Rights removed",
}


def name_of(guardian: Guardian) -> str:
    """What a guardian is called: the name, else the address, else the id."""
    return guardian.name or guardian.email or guardian.guardian_id


def guardian_words(file: StudentFile, guardian_id: GuardianId | None) -> str:
    """The name of the guardian that an order names."""
    for guardian in file.guardians:
        if guardian.guardian_id == guardian_id:
            return name_of(guardian)
    return "Somebody who is not on the roster" if guardian_id else "Nobody by name"


def verified_words(how: str) -> str:
    """How somebody was verified, as the register keeps it."""
    if how == WITHDRAWN:
        return "The office has withdrawn it"
    for known, words in VERIFIED_HOW.items():
        if known.value == how:
            return words
    return how


def order_scope_words(order: CourtOrder, uses: Mapping[str, str]) -> str:
    """What an order is about."""
    about = ", ".join(uses[use] for use in order.uses) if order.uses else "Every use"
    return f"{about}; {where_words(None, order.audience, {})}"


def where_words(
    channel: ChannelKey | None, audience: Audience | None, names: Mapping[ChannelKey, str]
) -> str:
    """The channel or the audience that something is about; both None: everywhere."""
    if channel is not None:
        return names.get(channel, channel)
    return AUDIENCES[audience] if audience is not None else EVERYWHERE


def channel_names(channels: tuple[Channel, ...]) -> dict[ChannelKey, str]:
    """The channels' names by key."""
    return {channel.key: channel.name for channel in channels}
