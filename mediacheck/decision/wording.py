"""The words a teacher reads for each reason. One wording for every kind of refusal."""

from __future__ import annotations

from mediacheck.model.verdict import Outcome, ReasonCode

#: A hold, a refusal and a missing release read alike: nobody may learn who opted out, or why.
WORDS: dict[ReasonCode, str] = {
    ReasonCode.RELEASE_REFUSED: "This student cannot be posted here. Cover or take out what shows "
    "or names them.",
    ReasonCode.NAME_FORM: "This name is too long for this channel. Shorten it as offered, or take "
    "it out.",
    ReasonCode.SCHOOL_AND_GRADE: "With the school and the grade in the same post, this short name "
    "tells as much as a full name, which cannot be posted here: take the grade or the school out, "
    "or the name.",
    ReasonCode.IMAGE_WITH_NAME: "This student cannot be shown and named together here. Take the "
    "name out, or cover the face and take the name out of its description.",
    ReasonCode.CLOSE_UP: "This account takes no close-ups of one student. Choose a picture with "
    "others in it, or from further away.",
    ReasonCode.LIKELY_REFUSED: "This looks like a student who cannot be posted here. Cover the "
    "face, or say who it really is.",
    ReasonCode.UNKNOWN_FACE: "Who is this? Choose a name, say that it is not a student, or cover "
    "the face.",
    ReasonCode.CONFIRM_FACE: "Is this who we think it is? Confirm the suggestion or choose "
    "somebody else.",
    ReasonCode.UNSETTLED_NAME: "This may be the name of a student who cannot be named here. Take "
    "it out, or say who is meant.",
    ReasonCode.UNREAD_TEXT: "There is writing here that could not be read. Look whether it names "
    "a student, or cover it.",
    ReasonCode.FILE_REFUSED: "This file could not be used. Take it out of the post, or put another "
    "in its place.",
    ReasonCode.FILE_WAITING: "This picture is still being checked.",
    ReasonCode.STAGE_FAILED: "This picture could not be checked to the end. Try again, or take it "
    "out of the post.",
    ReasonCode.ALT_TEXT_MISSING: "Describe this picture in a few words for people who cannot see "
    "it.",
    ReasonCode.NOTHING_TO_CHECK: "There is nothing to check yet. Add a picture or a caption.",
    ReasonCode.EMPTY_ROSTER: "There is no student on the roster, so nobody can be recognised. "
    "The school office has to import the roster first.",
    ReasonCode.UNKNOWN_CHANNEL: "There is no such channel. Choose one from the list.",
    ReasonCode.SAME_STUDENT_TWICE: "Two faces in this picture carry the same name. Check which of "
    "them is right.",
    ReasonCode.SECOND_LOOK: "Somebody else has to look at this too. Send the post to the "
    "communications office.",
    ReasonCode.WHOSE_WORK: "Whose work is this? Choose the students who made it, or say that no "
    "name can be seen and nobody is credited.",
    ReasonCode.IS_ARTIST: "Is this the artist? Say yes, and the work is asked for too; or say that "
    "somebody else is named.",
    ReasonCode.KNOWN_WORK: "This looks like a work that was shown before. Take over what was said "
    "of it, or say whose work it is.",
    ReasonCode.LIKELY_WORK: "This looks like the work of a student who cannot be posted here. Take "
    "the photo out, or say whose work it really is.",
}

#: What each reason does to the post. ``CLEARED`` is the absence of all of them.
OUTCOMES: dict[ReasonCode, Outcome] = {
    ReasonCode.RELEASE_REFUSED: Outcome.BLOCKED,
    ReasonCode.NAME_FORM: Outcome.BLOCKED,
    ReasonCode.SCHOOL_AND_GRADE: Outcome.BLOCKED,
    ReasonCode.IMAGE_WITH_NAME: Outcome.BLOCKED,
    ReasonCode.CLOSE_UP: Outcome.BLOCKED,
    ReasonCode.LIKELY_REFUSED: Outcome.BLOCKED,
    ReasonCode.FILE_REFUSED: Outcome.BLOCKED,
    ReasonCode.UNKNOWN_CHANNEL: Outcome.BLOCKED,
    ReasonCode.UNKNOWN_FACE: Outcome.NEEDS_REVIEW,
    ReasonCode.CONFIRM_FACE: Outcome.NEEDS_REVIEW,
    ReasonCode.UNSETTLED_NAME: Outcome.NEEDS_REVIEW,
    ReasonCode.UNREAD_TEXT: Outcome.NEEDS_REVIEW,
    ReasonCode.FILE_WAITING: Outcome.NEEDS_REVIEW,
    ReasonCode.STAGE_FAILED: Outcome.NEEDS_REVIEW,
    ReasonCode.ALT_TEXT_MISSING: Outcome.NEEDS_REVIEW,
    ReasonCode.NOTHING_TO_CHECK: Outcome.NEEDS_REVIEW,
    ReasonCode.EMPTY_ROSTER: Outcome.NEEDS_REVIEW,
    ReasonCode.SAME_STUDENT_TWICE: Outcome.NEEDS_REVIEW,
    ReasonCode.SECOND_LOOK: Outcome.NEEDS_REVIEW,
    ReasonCode.WHOSE_WORK: Outcome.NEEDS_REVIEW,
    ReasonCode.IS_ARTIST: Outcome.NEEDS_REVIEW,
    ReasonCode.KNOWN_WORK: Outcome.NEEDS_REVIEW,
    ReasonCode.LIKELY_WORK: Outcome.BLOCKED,
}
