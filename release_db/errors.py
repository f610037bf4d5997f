"""The errors of the register. ``ReleaseDbError`` is never raised itself."""

from __future__ import annotations

from dataclasses import dataclass

from release_db.words import ChannelKey, HoldId, OrderId, ProposalId, ReleaseId, StudentId


class ReleaseDbError(Exception):
    """Root of every error of the register. ``message`` tells a person what to do next."""

    def __init__(self, message: str) -> None:
        """Keeps ``message``; it holds ids, and never a name or an address."""
        super().__init__(message)
        self.message = message


class UnknownStudent(ReleaseDbError):
    """There is no such student on the roster."""

    def __init__(self, student_id: StudentId) -> None:
        """Names the student by id."""
        super().__init__(
            f"There is no student {student_id} on the roster. Import the roster first."
        )


class UnknownRelease(ReleaseDbError):
    """There is no such release."""

    def __init__(self, release_id: ReleaseId) -> None:
        """Names the release by id."""
        super().__init__(f"There is no release {release_id}.")


class UnknownHold(ReleaseDbError):
    """There is no such hold."""

    def __init__(self, hold_id: HoldId) -> None:
        """Names the hold by id."""
        super().__init__(f"There is no hold {hold_id}.")


class ChannelExists(ReleaseDbError):
    """A channel with that key is there already."""

    def __init__(self, key: ChannelKey) -> None:
        """Names the channel by its key."""
        super().__init__(f"There is a channel {key} already. Choose another key.")


class UnknownChannel(ReleaseDbError):
    """There is, or was, no such channel."""

    def __init__(self, key: ChannelKey) -> None:
        """Names the channel by its key."""
        super().__init__(f"There is no channel {key}.")


class UnknownOrder(ReleaseDbError):
    """There is no such order."""

    def __init__(self, order_id: OrderId) -> None:
        """Names the order by id."""
        super().__init__(f"There is no order {order_id}.")


class UnknownProposal(ReleaseDbError):
    """There is no such proposal, or it has been decided."""

    def __init__(self, proposal_id: ProposalId) -> None:
        """Names the proposal by id."""
        super().__init__(f"Nothing waits under {proposal_id}: look at the list again.")


class NeedsSecondPerson(ReleaseDbError):
    """Whoever entered something that widens cannot confirm it too."""

    def __init__(self) -> None:
        """Says who can."""
        super().__init__("You entered this yourself: somebody else has to look at it and confirm.")


class NoticeExists(ReleaseDbError):
    """That version of the notice is there in that language, and is never changed."""

    def __init__(self) -> None:
        """Says what to do instead."""
        super().__init__(
            "This version is published already. Publish the new text as a new version."
        )


class UnfitPolicy(ReleaseDbError):
    """A policy value that cannot be meant."""


class RecognitionOff(ReleaseDbError):
    """No template may be held where recognition is off."""

    def __init__(self, student_id: StudentId) -> None:
        """Names the student by id."""
        super().__init__(f"Recognition is off, so nothing is held of student {student_id}.")


class GalleryUnreadable(ReleaseDbError):
    """A template or portrait cannot be decrypted, or is not what its row says."""

    def __init__(self, student_id: StudentId) -> None:
        """Names the student by id."""
        super().__init__(
            f"The gallery cannot be read at student {student_id}. Put the gallery's key back from "
            "your backup, or destroy this student's templates and enroll again."
        )


class UnfitTemplate(ReleaseDbError):
    """A template that is not one of its model: another length, or not of finite numbers."""

    def __init__(self, student_id: StudentId) -> None:
        """Names the student by id."""
        super().__init__(f"The template of student {student_id} does not fit its model.")


class NoBiometricConsent(ReleaseDbError):
    """Nobody has consented to a template of this student being held."""

    def __init__(self, student_id: StudentId) -> None:
        """Names the student by id."""
        super().__init__(
            f"There is no live biometric consent for student {student_id}, so nothing is kept."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProblem:
    """What is wrong in one place of a file, and how to mend it.

    ``row`` counts as a spreadsheet does: the header is row 1. 0 stands for the whole file, and an
    empty ``column`` for the whole row.
    """

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        """The place and the message, on one line."""
        place = ", ".join(
            part for part in (f"row {self.row}" if self.row else "", self.column) if part
        )
        return f"{place}: {self.message}" if place else self.message


class ImportRefused(ReleaseDbError):
    """A file that is not imported, with every problem that was found: nothing was changed."""

    def __init__(self, problems: tuple[ImportProblem, ...]) -> None:
        """``problems`` in the order of the file."""
        lines = "\n".join(str(problem) for problem in problems)
        super().__init__(f"Nothing was imported. Mend the file and try again.\n{lines}")
        self.problems = problems


class StaleNames(ReleaseDbError):
    """The index of names is behind the roster, so that a name might not be found."""

    def __init__(self) -> None:
        """Says so; the index is made good when a process starts."""
        super().__init__("The index of names is behind the roster. Start mediacheck again.")
