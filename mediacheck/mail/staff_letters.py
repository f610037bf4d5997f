"""The words of the mails to the staff. None holds a name: each leads to the page that does."""

from __future__ import annotations

from typing import assert_never

from mediacheck.mail.letters import Letter
from mediacheck.model.takedown_tasks import StaffMailKind


def staff_letter_for(kind: StaffMailKind, *, link: str) -> Letter:
    """The mail of that kind."""
    match kind:
        case StaffMailKind.TASK_GIVEN:
            return _letter(
                "Something has to be taken down by hand",
                "A published post has to come down, and mediacheck cannot delete it there.",
                "It is your task. You have a day, and say on this page that you did it:",
                link,
            )
        case StaffMailKind.TASK_REMINDER:
            return _letter(
                "Reminder: something has to be taken down by hand",
                "Half of the time for a takedown is over, and nobody has said that it is done.",
                "It is your task. This is the page:",
                link,
            )
        case StaffMailKind.TASK_OVERDUE:
            return _letter(
                "A takedown is overdue",
                "A post that has to come down was not taken down in time.",
                "This page says where it is and whose task it is. It can be given to somebody"
                " else there:",
                link,
            )
        case StaffMailKind.POST_NOT_OUT:
            return _letter(
                "A post that had a moment was not published",
                "A post that you put on the calendar did not go out at its moment.",
                "This page says why, and what can be done:",
                link,
            )
        case other:
            assert_never(other)


def _letter(subject: str, *parts: str) -> Letter:
    return Letter(subject=subject, text="\n\n".join(parts) + "\n")
