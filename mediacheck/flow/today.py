"""Which day it is where the district is: releases end and holds begin by that day."""

from __future__ import annotations

from datetime import date

from mediacheck.ports.engines import Clock
from mediacheck.ports.register import Register
from release_db.policy import zone_of


def today_of(clock: Clock, register: Register) -> date:
    """Today, in the district's time zone."""
    return clock.now().astimezone(zone_of(register)).date()
