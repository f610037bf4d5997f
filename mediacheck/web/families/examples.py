"""Examples of what would be allowed on each channel, in the family's words."""

from __future__ import annotations

from mediacheck.flow.families_summary import Example
from mediacheck.web.families import words
from release_db.words import Audience

#: The examples of one audience, under its name.
Group = tuple[str, list[dict[str, str]]]


def told_examples(examples: tuple[Example, ...]) -> list[Group]:
    """The examples by audience, each as the short answers that a page shows."""
    names = words.audience_words()
    return [
        (
            names[audience][0],
            [_told(example) for example in examples if example.channel.audience is audience],
        )
        for audience in Audience
        if any(example.channel.audience is audience for example in examples)
    ]


def _told(example: Example) -> dict[str, str]:
    return {
        "channel": example.channel.name,
        "photo": words.yes_or_no(example.photo),
        "named": words.yes_or_no(example.photo_with_name),
        "work": words.yes_or_no(example.work),
    }
