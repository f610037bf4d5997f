"""Which day it is where the district is: releases end and holds begin by that day."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mediacheck.ports.engines import Clock
from mediacheck.ports.register import Register

DEFAULT_ZONE = "America/Los_Angeles"


def zone_of(register: Register) -> ZoneInfo:
    """The district's time zone."""
    try:
        return ZoneInfo(register.policy_or_none("time_zone") or DEFAULT_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(DEFAULT_ZONE)


def today_of(clock: Clock, register: Register) -> date:
    """Today, in the district's time zone."""
    return clock.now().astimezone(zone_of(register)).date()
