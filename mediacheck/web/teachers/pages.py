"""The pages of posts: the list, a new one, and the one where a post is checked and mended."""

from __future__ import annotations

from importlib import resources

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mediacheck.errors import BadRequest, IntakeError, NotAllowed, NotFound
from mediacheck.flow import clear, mend, receive
from mediacheck.flow.desk import Desk
from mediacheck.flow.looks import note_review
from mediacheck.flow.today import today_of
from mediacheck.intake.encoding import picture_from_jpeg, thumbnail_jpeg
from mediacheck.intake.errors import FileTooLarge
from mediacheck.intake.limits import MAX_FILE_BYTES
from mediacheck.model.people import Role
from mediacheck.model.post import Media, MediaId, PixelHash, PostId
from mediacheck.web.access import current_staff, open_to, services
from mediacheck.web.errors import form_again
from mediacheck.web.post_lines import post_lines
from mediacheck.web.teachers.acts import register_acts, words_in
from mediacheck.web.teachers.desk import (
    names_while_typing,
    open_desk,
    page_state,
    require_post,
    text_in,
)
from mediacheck.web.teachers.moments import register_moments
from mediacheck.web.teachers.publishing import register_publishing
from release_db.words import StudentId

blueprint = Blueprint("teachers", __name__)

_NEW_POST_FIELDS = ("caption", "channel", "class_key", "school")

#: Longest side of a picture on the contact sheet, in pixels.
_THUMBNAIL_PX = 480

#: What the page refuses before it sends anything, in the words of the server.
_LIMITS = {
    "most_bytes": MAX_FILE_BYTES,
    "too_large": FileTooLarge.message,
    "most_pictures": receive.MOST_PICTURES,
    "too_many": receive.TOO_MANY_PICTURES,
}

#: Photos that a visitor of the made-up district may try: file name and words of the button.
_SAMPLES = (
    ("sample-released", "One student"),
    ("sample-both", "Two students"),
    ("sample-artwork", "A painting"),
)


@blueprint.get("/posts")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def posts() -> ResponseReturnValue:
    """The newest posts of this person's schools."""
    with open_desk() as desk:
        # A teacher without a school has no posts to see; the office without one has them all.
        is_everywhere = not desk.staff.schools and desk.staff.role is not Role.TEACHER
        found = desk.work.posts.posts(schools=None if is_everywhere else desk.staff.schools)
        return render_template("teachers/posts.html", lines=post_lines(desk.work, found))


@blueprint.get("/posts/new")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def new_post() -> ResponseReturnValue:
    """Asks for the channel and the class of a new post."""
    with open_desk() as desk:
        sent = dict.fromkeys(_NEW_POST_FIELDS, "")
        return render_template(
            "teachers/new_post.html", **_new_post_form(desk), sent=sent, errors={}
        )


@blueprint.post("/posts")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def start_post() -> ResponseReturnValue:
    """Starts a post and opens its page."""
    sent = {key: request.form.get(key, "") for key in _NEW_POST_FIELDS}
    with open_desk() as desk:
        try:
            post = receive.start_post(desk, words_in(sent))
        except (IntakeError, NotAllowed) as refusal:
            # What was typed is not lost to a missing choice.
            field = "caption" if isinstance(refusal, IntakeError) else "channel"
            again = {"sent": sent, "errors": {field: refusal.message}}
            return form_again("teachers/new_post.html", **_new_post_form(desk), **again)
    return redirect(url_for("teachers.post", post_id=post.post_id))


@blueprint.get("/posts/<post_id>")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def post(post_id: str) -> ResponseReturnValue:
    """The page where a post is filled, checked and mended."""
    with open_desk() as desk:
        found = require_post(desk, post_id)
        note_review(desk, found)
        return render_template(
            "teachers/post.html",
            post=found,
            state=page_state(desk, post_id),
            limits=_LIMITS,
            samples=_SAMPLES if services().is_demo else (),
            channels=receive.channels_for(desk.work, desk.staff),
            classes=receive.classes_for(desk.work.register, desk.staff),
        )


@blueprint.get("/posts/<post_id>/state")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def state(post_id: str) -> ResponseReturnValue:
    """The post as it stands, for the page's script."""
    with open_desk() as desk:
        return jsonify(page_state(desk, post_id))


@blueprint.post("/posts/<post_id>/look")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def look(post_id: str) -> ResponseReturnValue:
    """The names in a caption, or a description, while it is typed. Nothing is kept."""
    sent = request.get_json()
    if not isinstance(sent, dict):
        raise BadRequest
    with open_desk() as desk:
        if "media" in sent:
            media_id, words = MediaId(text_in(sent, "media")), text_in(sent, "alt_text")
            names = names_while_typing(desk, post_id, words, media_id)
        else:
            names = names_while_typing(desk, post_id, text_in(sent, "caption"))
        return jsonify({"names": names})


@blueprint.get("/posts/<post_id>/choices")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def choices(post_id: str) -> ResponseReturnValue:
    """The students who may be chosen for a face or name: the class first, then the school."""
    with open_desk() as desk:
        found = require_post(desk, post_id)
        enrolled = desk.work.gallery.enrolled(today_of(desk.services.clock, desk.work.register))
        return jsonify(
            [
                {
                    "student_id": student.student_id,
                    "name": student.display_name,
                    "is_in_class": found.class_key in student.classes,
                    "portrait_url": url_for("teachers.portrait", student_id=student.student_id)
                    if student.student_id in enrolled
                    else None,
                }
                for student in mend.choices_for(desk.work.register, found)
            ]
        )


@blueprint.get("/posts/<post_id>/pictures/<media_id>/<pixels>.jpg")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def picture(post_id: str, media_id: str, pixels: str) -> ResponseReturnValue:
    """The picture exactly as it would be published."""
    return _jpeg(services().pictures.get(_picture_key(post_id, media_id, pixels)))


@blueprint.get("/posts/<post_id>/pictures/<media_id>/<pixels>/thumbnail.jpg")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def thumbnail(post_id: str, media_id: str, pixels: str) -> ResponseReturnValue:
    """A small reading of the picture for the contact sheet."""
    jpeg = services().pictures.get(_picture_key(post_id, media_id, pixels))
    size = picture_from_jpeg(jpeg, source_width_px=1, source_height_px=1)
    return _jpeg(thumbnail_jpeg(size, _THUMBNAIL_PX))


@blueprint.get("/students/<student_id>/portrait.jpg")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def portrait(student_id: str) -> ResponseReturnValue:
    """The portrait of a student of this person's schools, where the family allowed one."""
    with open_desk() as desk:
        student = desk.work.register.student_or_none(StudentId(student_id))
        if student is None or not desk.staff.works_at(student.school):
            raise NotFound
        today = today_of(desk.services.clock, desk.work.register)
        jpeg = desk.work.gallery.portrait_or_none(student.student_id, today)
    if jpeg is None:
        raise NotFound
    return _jpeg(jpeg)


@blueprint.post("/posts/<post_id>/pictures")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def upload(post_id: str) -> ResponseReturnValue:
    """Takes one picture of a post; the page sends them one by one."""
    file = request.files.get("picture")
    if file is None:
        raise BadRequest("Choose a photo first.")
    with open_desk() as desk:
        found = require_post(desk, post_id)
        added = receive.add_picture(desk, found, (file.filename or "", file.read()))
    with open_desk() as desk:
        return jsonify(page_state(desk, post_id) | {"added": added.media_id})


@blueprint.get("/samples/<name>.jpg")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def sample(name: str) -> ResponseReturnValue:
    """A photo to try in the made-up district; nowhere else is there any."""
    if not services().is_demo or name not in dict(_SAMPLES):
        raise NotFound
    return _jpeg((resources.files("mediacheck.demo") / "pictures" / f"{name}.jpg").read_bytes())


@blueprint.get("/posts/<post_id>/package.zip")
@open_to(Role.TEACHER, Role.COMMUNICATIONS)
def package(post_id: str) -> ResponseReturnValue:
    """The cleared package, when the clearance holds at this very moment."""
    handed = clear.hand_over(services(), current_staff(), PostId(post_id))
    name = f"cleared-{handed.clearance.clearance_id[:8]}.zip"
    return Response(
        handed.data,
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _new_post_form(desk: Desk) -> dict[str, object]:
    """What one may choose from for a new post."""
    register = desk.work.register
    schools = [school for school in register.schools() if desk.staff.works_at(school.key)]
    return {
        "channels": receive.channels_for(desk.work, desk.staff),
        "classes": receive.classes_for(register, desk.staff),
        "schools": schools,
        "names_of_schools": {school.key: school.name for school in schools},
    }


def _picture_key(post_id: str, media_id: str, pixels: str) -> str:
    """The key of the picture with these very pixels; an older reading is not shown any more."""
    with open_desk() as desk:
        media = require_post(desk, post_id).media_or_none(MediaId(media_id))
    for key, now in _readings_of(media) if media is not None else ():
        if key is not None and now is not None and now.startswith(pixels):
            return key
    raise NotFound


def _readings_of(media: Media) -> tuple[tuple[str | None, PixelHash | None], ...]:
    """What was checked, and what goes out of it."""
    return (
        (media.picture_key, media.pixels_sha256),
        (media.outgoing_key, media.outgoing_sha256),
    )


def _jpeg(data: bytes) -> Response:
    return Response(data, mimetype="image/jpeg")


register_acts(blueprint)
register_publishing(blueprint)
register_moments(blueprint)
