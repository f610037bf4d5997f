"""The routes of the families' pages."""

from __future__ import annotations

from flask import Blueprint

from mediacheck.web.families import (
    account,
    appearances,
    children,
    choices,
    face,
    pictures,
    records,
    requests,
    together,
)

blueprint = Blueprint("families", __name__, url_prefix="/family")

_GET = ("GET",)
_POST = ("POST",)
_CHILD = "/children/<student_id>"

for _rule, _view, _methods in (
    ("", children.children, _GET),
    (_CHILD, children.child, _GET),
    (f"{_CHILD}/choices", choices.choose, _GET),
    (f"{_CHILD}/choices", choices.review, _POST),
    (f"{_CHILD}/sign", choices.sign, _POST),
    (f"{_CHILD}/same", together.same, _GET),
    (f"{_CHILD}/same", together.sign_same, _POST),
    ("/signed", together.signed, _GET),
    ("/account", account.account, _GET),
    ("/account/passkey/options", account.offer_passkey, _POST),
    ("/account/passkey", account.add_passkey, _POST),
    ("/account/passkey/remove", account.remove_passkey, _POST),
    ("/account/password", account.password, ("GET", "POST")),
    ("/account/password/square.svg", account.password_square, _GET),
    ("/account/password/remove", account.remove_password, _POST),
    ("/account/sign-out", account.leave_everywhere, _POST),
    (f"{_CHILD}/face", face.face, _GET),
    (f"{_CHILD}/face", face.sign_face, _POST),
    (f"{_CHILD}/receipts/<act>", records.receipt, _GET),
    (f"{_CHILD}/receipts/<act>.json", records.receipt_json, _GET),
    (f"{_CHILD}/receipts/<act>.pdf", records.receipt_pdf, _GET),
    (f"{_CHILD}/history", records.history, _GET),
    (f"{_CHILD}/appearances", appearances.appearances, _GET),
    (f"{_CHILD}/pictures", pictures.pictures, _GET),
    (f"{_CHILD}/held", requests.held, _GET),
    (f"{_CHILD}/export.zip", requests.export, _GET),
    (f"{_CHILD}/erasure", requests.ask_erasure, _POST),
):
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods)

_APPEARANCE = f"{_CHILD}/appearances/<publication_id>"
blueprint.add_url_rule(
    f"{_APPEARANCE}/<int:number>.jpg", endpoint="appearance_picture", view_func=appearances.crop
)
blueprint.add_url_rule(
    f"{_APPEARANCE}/removal",
    endpoint="ask_removal",
    view_func=appearances.ask,
    methods=_POST,
)
_PICTURE = f"{_CHILD}/pictures/<question_id>"
blueprint.add_url_rule(
    f"{_PICTURE}.jpg", endpoint="picture_preview", view_func=pictures.preview, methods=_GET
)
blueprint.add_url_rule(
    _PICTURE, endpoint="answer_picture", view_func=pictures.answer, methods=_POST
)
