"""Answers that were given for one picture or work only: what they refuse, grant and lift.

The specific is looser only from the person whose own word it lifts, and only when it came later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from release_db.records import Appearance, Release, StudentFile
from release_db.standing import decider_of, lives, order_of, starts_on
from release_db.terms import ItemConsent
from release_db.words import Answer, Capacity, NameForm, Use

_Matter = tuple[Capacity, str, Use, NameForm]


def counting_items(file: StudentFile, on: date) -> list[ItemConsent]:
    """Of the answers on file those that count: each decider's last on each matter.

    The file holds those for this item on this channel, and no others.
    """
    words: defaultdict[_Matter, list[ItemConsent]] = defaultdict(list)
    for word in file.items:
        if starts_on(word) <= on:
            matter = (word.capacity, decider_of(word, file), word.use, word.name_form)
            words[matter].append(word)
    last_words = [max(said, key=lambda word: order_of(word, file)) for said in words.values()]
    return [word for word in last_words if lives(word, file, on)]


def is_about(item: ItemConsent, asked: Appearance) -> bool:
    """Whether the answer is for the one item that is asked about, on the same channel."""
    return item.item == asked.item and item.channel == asked.channel.key


def covers(item: ItemConsent, asked: Appearance) -> bool:
    """Whether a yes for the item covers the use, in a form of the name that shows no more."""
    return item.use is asked.use and (
        asked.use not in {Use.NAME, Use.IMAGE_WITH_NAME} or item.name_form.covers(asked.name_form)
    )


def lifts(item: ItemConsent, word: Release, file: StudentFile) -> bool:
    """Whether a yes for the item takes its decider's own earlier refusal back, for this item."""
    is_own = item.capacity is word.capacity and decider_of(item, file) == decider_of(word, file)
    return is_own and item.answer is Answer.ALLOW and item.recorded_at > word.recorded_at


def unlifted(
    refusals: Iterable[Release], items: Iterable[ItemConsent], asked: Appearance, file: StudentFile
) -> list[Release]:
    """The refusals that no answer for this item takes back."""
    lifting = [item for item in items if covers(item, asked)]
    return [word for word in refusals if not any(lifts(item, word, file) for item in lifting)]
