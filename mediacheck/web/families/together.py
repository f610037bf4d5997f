"""One signature for several children: whom it may cover, signing, and their receipts."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest
from mediacheck.flow.families import (
    FamilyDesk,
    NoNotice,
    Signed,
    file_with,
    notice_for,
    require_child,
)
from mediacheck.flow.families_choices import Choices
from mediacheck.flow.families_records import Receipt, receipt_of
from mediacheck.flow.families_siblings import (
    LeftOut,
    Sibling,
    same_choices,
    siblings_of,
    sign_like,
    told_choices,
)
from mediacheck.flow.families_summary import examples_of
from mediacheck.web.access import current_family, open_to_families
from mediacheck.web.errors import form_again
from mediacheck.web.families.catalogues import page_language
from mediacheck.web.families.desk import open_desk, signature_of_form
from mediacheck.web.families.examples import told_examples
from mediacheck.web.families.language import _
from release_db.records import StudentFile
from release_db.words import NoticeKind

_ALSO = "also"
_BETWEEN = ":"
_SAME = "families/same.html"


@open_to_families()
def same(student_id: str) -> ResponseReturnValue:
    """Offers one child's answers for her siblings."""
    with open_desk() as desk:
        return render_template(_SAME, errors={}, **_offer(desk, require_child(desk, student_id)))


@open_to_families()
def sign_same(student_id: str) -> ResponseReturnValue:
    """Records one child's answers for the siblings that were ticked, with one signature."""
    signature, also = signature_of_form(), also_of_form()
    errors = {}
    if not also:
        errors["also"] = _("Tick at least one child.")
    if not signature.typed:
        errors["signature"] = _("Type your full name. It is your signature.")
    if not errors:
        try:
            with open_desk() as desk:
                signed = sign_like(desk, student_id, also, signature)
            return after(signed)
        except NoNotice:
            # Outside of its transaction: none of the children is recorded, or all are.
            errors["signature"] = _(
                "The district has not published its notice yet, so it cannot take a yes."
            )
    with open_desk() as desk:
        return form_again(_SAME, errors=errors, **_offer(desk, require_child(desk, student_id)))


@open_to_families()
def signed() -> ResponseReturnValue:
    """The receipts of one signature for several children."""
    with open_desk() as desk:
        receipts = [_receipt(desk, one) for one in request.args.getlist("receipt")]
    if not receipts:
        raise BadRequest
    return render_template("families/signed.html", receipts=receipts)


def also_of_form() -> list[str]:
    """The siblings that were ticked."""
    return request.form.getlist(_ALSO)


def after(done: tuple[Signed, ...]) -> ResponseReturnValue:
    """The receipt, or the receipts; a mailed link has none, and is told that it counts."""
    if not current_family().may_grant:
        recorded = sum(one.recorded for one in done)
        return render_template("families/restricted.html", recorded=recorded)
    if len(done) == 1:
        [only] = done
        return redirect(url_for("families.receipt", student_id=only.student_id, act=only.act))
    names = [f"{one.act}{_BETWEEN}{one.student_id}" for one in done]
    return redirect(url_for("families.signed", receipt=names))


def siblings_told(desk: FamilyDesk, file: StudentFile, choices: Choices) -> dict[str, object]:
    """The other children as a page shows them: who may be ticked, with what it means for each."""
    found = siblings_of(desk, file)
    ticked = set(also_of_form())
    return {
        "siblings": [
            {
                "student": one.file.student,
                "is_ticked": one.file.student.student_id in ticked,
                "examples": _examples(desk, one.file, choices),
            }
            for one in found
            if one.left_out is None
        ],
        "left_out": [_left_out_words(one) for one in found if one.left_out is not None],
    }


def _offer(desk: FamilyDesk, file: StudentFile) -> dict[str, object]:
    return {
        "student": file.student,
        "notice": notice_for(desk, NoticeKind.RELEASE, page_language()),
        **siblings_told(desk, file, told_choices(desk, file)),
    }


def _examples(desk: FamilyDesk, sibling: StudentFile, choices: Choices) -> object:
    same_ones = same_choices(desk, sibling, choices)
    would_be = file_with(desk, sibling, same_ones, signature_of_form())
    return told_examples(examples_of(desk, would_be))


def _left_out_words(sibling: Sibling) -> str:
    name = sibling.file.student.display_name
    match sibling.left_out:
        case LeftOut.OF_AGE:
            return _("%(name)s is 18 and answers alone.", name=name)
        case LeftOut.OFFICE:
            return _("The office manages some answers for %(name)s. Answer apart.", name=name)
        case _:
            return _("Your rights for %(name)s are not the same. Answer apart.", name=name)


def _receipt(desk: FamilyDesk, name: str) -> Receipt:
    act, _between, student_id = name.partition(_BETWEEN)
    return receipt_of(desk, require_child(desk, student_id), act)
