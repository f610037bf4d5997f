"""Every edit, deletion, swap and insertion in a chain is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from mediacheck.audit.chain import GENESIS_MAC, AuditChain, UnfitDetail
from mediacheck.model.audit import AuditEntry, Event
from tests.factories import NOW

CHAIN = AuditChain(key=b"k" * 32)
Tamper = Callable[[random.Random, list[AuditEntry]], None]


def a_chain(length: int, chain: AuditChain = CHAIN) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for number in range(length):
        entries.append(
            chain.next_entry(
                entries[-1] if entries else None,
                Event.POST_CHECKED,
                at=NOW + timedelta(seconds=number),
                actor="staff1",
                subject=f"post{number}",
                details={"findings": number, "is_cleared": bool(number % 2)},
            )
        )
    return entries


def edit(dice: random.Random, entries: list[AuditEntry]) -> None:
    place = dice.randrange(len(entries))
    entry = entries[place]
    entries[place] = dice.choice(
        [
            replace(entry, actor=entry.actor + "x"),
            replace(entry, subject=""),
            replace(entry, event=Event.CLEARANCE_GIVEN.value),
            replace(entry, at=entry.at + timedelta(microseconds=1)),
            replace(entry, details="{}"),
            replace(entry, mac=entry.mac[:-1] + ("0" if entry.mac[-1] != "0" else "1")),
            replace(entry, previous_mac=GENESIS_MAC[:-1] + "1"),
        ]
    )


def delete(dice: random.Random, entries: list[AuditEntry]) -> None:
    del entries[dice.randrange(len(entries) - 1)]


def swap(dice: random.Random, entries: list[AuditEntry]) -> None:
    one, other = dice.sample(range(len(entries)), 2)
    entries[one], entries[other] = entries[other], entries[one]


def swap_contents(dice: random.Random, entries: list[AuditEntry]) -> None:
    one, other = dice.sample(range(len(entries)), 2)
    first, second = entries[one], entries[other]
    entries[one] = replace(first, subject=second.subject, details=second.details)
    entries[other] = replace(second, subject=first.subject, details=first.details)


def insert(dice: random.Random, entries: list[AuditEntry]) -> None:
    place = dice.randrange(len(entries))
    forger = AuditChain(key=b"f" * 32)
    previous = entries[place - 1] if place else None
    forged = forger.next_entry(
        previous, Event.POST_CHECKED, at=NOW, actor="x", subject="", details={}
    )
    entries.insert(place, forged)


def repeat(dice: random.Random, entries: list[AuditEntry]) -> None:
    entries.insert(dice.randrange(len(entries)), dice.choice(entries))


def test_an_untouched_chain_is_sound() -> None:
    entries = a_chain(20)
    report = CHAIN.verify(entries, expected_head=entries[12].mac)

    assert report.is_sound
    assert (report.entries, report.head) == (20, entries[-1].mac)


def test_an_empty_chain_is_sound() -> None:
    assert CHAIN.verify([]).is_sound


@pytest.mark.parametrize("tamper", [edit, delete, swap, swap_contents, insert, repeat])
def test_every_tampering_is_found(tamper: Tamper) -> None:
    untouched = a_chain(40)
    for seed in range(60):
        entries = untouched.copy()
        tamper(random.Random(seed), entries)  # noqa: S311 - a test's dice.

        report = CHAIN.verify(entries)

        assert not report.is_sound, seed


def test_a_cut_end_is_found_against_a_head_recorded_elsewhere() -> None:
    entries = a_chain(10)

    assert CHAIN.verify(entries[:7]).is_sound
    assert not CHAIN.verify(entries[:7], expected_head=entries[-1].mac).is_sound


def test_a_chain_rewritten_with_the_key_is_found_against_a_recorded_head() -> None:
    head = a_chain(10)[-1].mac
    rewritten = a_chain(10, AuditChain(key=CHAIN.key))[:5]
    rewritten.append(
        CHAIN.next_entry(rewritten[-1], Event.SIGNED_OUT, at=NOW, actor="x", subject="", details={})
    )

    assert CHAIN.verify(rewritten).is_sound
    assert not CHAIN.verify(rewritten, expected_head=head).is_sound


def test_a_chain_that_vanished_is_found_against_a_recorded_head() -> None:
    assert not CHAIN.verify([], expected_head=a_chain(1)[0].mac).is_sound


def test_a_problem_names_the_entry() -> None:
    entries = a_chain(5)
    entries[2] = replace(entries[2], actor="somebody")

    (problem,) = CHAIN.verify(entries).problems
    assert problem.number == 3
    assert str(problem).startswith("entry 3: ")


def test_another_key_makes_another_chain() -> None:
    assert not AuditChain(key=b"o" * 32).verify(a_chain(1)).is_sound


def test_the_same_moment_in_another_zone_is_the_same_entry() -> None:
    zone = timezone(timedelta(hours=-8))
    moments = (datetime(2026, 1, 1, 8, tzinfo=UTC), datetime(2026, 1, 1, 0, tzinfo=zone))
    entries = [
        CHAIN.next_entry(None, Event.SIGNED_IN, at=at, actor="a", subject="", details={})
        for at in moments
    ]

    assert entries[0] == entries[1]


@pytest.mark.parametrize("unfit", ["two\nlines", "carriage\rreturn", "\x1b[31mred", "x" * 201])
def test_a_detail_that_is_no_plain_word_is_refused(unfit: str) -> None:
    with pytest.raises(UnfitDetail):
        CHAIN.next_entry(
            None, Event.SIGNED_IN, at=NOW, actor="a", subject="", details={"detail": unfit}
        )
    with pytest.raises(UnfitDetail):
        CHAIN.next_entry(None, Event.SIGNED_IN, at=NOW, actor="a", subject=unfit, details={})


def test_the_key_never_shows() -> None:
    assert "kkk" not in repr(CHAIN)
