"""The routes for registrars."""

from __future__ import annotations

from flask import Blueprint

from mediacheck.web.registrars import (
    counts,
    disagreements,
    families,
    holds,
    imports,
    looks,
    of_age,
    orders,
    papers,
    permission,
    portraits,
    register,
    requests,
    rounds,
    student,
    undelivered,
    waiting,
)

blueprint = Blueprint("registrars", __name__, url_prefix="/registrars")
blueprint.after_request(looks.note_opened)

_GET = ("GET",)
_POST = ("POST",)

for _rule, _view, _methods in (
    ("/register", register.register, _GET),
    ("/students/<student_id>", student.student, _GET),
    ("/students/<student_id>/permission", permission.permission, _GET),
    ("/students/<student_id>/families", families.families, _GET),
    (
        "/students/<student_id>/families/<guardian_id>/invite",
        families.invite_guardian,
        _POST,
    ),
    ("/undelivered", undelivered.undelivered, _GET),
    ("/undelivered/<mail_id>/again", undelivered.send_mail_again, _POST),
    ("/disagreements", disagreements.disagreements, _GET),
    ("/disagreements/<student_id>/<between>", disagreements.settle_one, _POST),
    ("/students/<student_id>/refusals", student.refuse, _POST),
    ("/students/<student_id>/holds", holds.place, _POST),
    ("/students/<student_id>/holds/<hold_id>/lift", holds.lift, _POST),
    ("/students/<student_id>/reviews/<subject>", holds.review, _POST),
    ("/holds", holds.holds, _GET),
    ("/holds/viewers", holds.set_viewers, _POST),
    ("/students/<student_id>/orders/new", orders.new_order, _GET),
    ("/students/<student_id>/orders/new", orders.record, _POST),
    ("/students/<student_id>/orders/<order_id>", orders.order, _GET),
    ("/students/<student_id>/orders/<order_id>/end", orders.end, _POST),
    ("/students/<student_id>/guardians/<guardian_id>", orders.guardian, _GET),
    ("/students/<student_id>/guardians/<guardian_id>/verify", orders.verify_guardian, _POST),
    ("/students/<student_id>/guardians/<guardian_id>/rights", orders.give_rights_back, _POST),
    ("/students/<student_id>/guardians/<guardian_id>/withdraw", orders.withdraw_guardian, _POST),
    ("/students/<student_id>/paper", papers.paper, _GET),
    ("/students/<student_id>/paper", papers.enter, _POST),
    ("/papers/<form_id>/scan", papers.scan, _GET),
    ("/waiting", waiting.to_confirm, _GET),
    ("/waiting/<proposal_id>", waiting.proposal, _GET),
    ("/waiting/<proposal_id>/accept", waiting.accept, _POST),
    ("/waiting/<proposal_id>/decline", waiting.decline, _POST),
    ("/counts", counts.counts, _GET),
    ("/counts/names", counts.names, _GET),
    ("/of-age", of_age.of_age, _GET),
    ("/of-age/<student_id>", of_age.hand_over_code, _POST),
    ("/requests", requests.requests, _GET),
    ("/requests/<request_id>/erasure", requests.erasure, _GET),
    ("/requests/<request_id>/erasure", requests.erase, _POST),
    ("/requests/<request_id>/refuse", requests.refuse_family, _POST),
    ("/round", rounds.renewal, _GET),
    ("/round/year", rounds.set_year, _POST),
    ("/round/open", rounds.open_round, _POST),
    ("/round/remind", rounds.remind, _POST),
    ("/portraits", portraits.portraits, _GET),
    ("/portraits/files", portraits.bring_files, _POST),
    ("/portraits/picture-day", portraits.bring_day, _POST),
    ("/portraits/certificates/<certificate_id>", portraits.destruction, _GET),
    ("/portraits/<batch_id>", portraits.portrait_batch, _GET),
    ("/portraits/<batch_id>/enrol", portraits.enrol_batch, _POST),
    ("/portraits/<batch_id>/drop", portraits.drop_portraits, _POST),
    ("/portraits/<batch_id>/<int:place>.jpg", portraits.portrait_crop, _GET),
    ("/students/<student_id>/portraits/from-posts", portraits.from_posts, _POST),
    ("/imports", imports.imports, _GET),
    ("/imports", imports.show_difference, _POST),
    ("/imports/apply", imports.apply_file, _POST),
    ("/imports/discard", imports.discard_file, _POST),
):
    blueprint.add_url_rule(_rule, view_func=_view, methods=_methods)
