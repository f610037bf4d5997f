"""Builds the web tool round ready services. No globals: two apps may live in one process."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import FileSystemLoader, StrictUndefined

from mediacheck.accounts.sessions import TOTAL_LIMIT
from mediacheck.ports.services import Services
from mediacheck.web import access, errors, headers, home, shelf
from mediacheck.web.administrators import pages as administrators
from mediacheck.web.communications import pages as communications
from mediacheck.web.families import pages as families
from mediacheck.web.families.catalogues import read_catalogues, speak_languages
from mediacheck.web.families.sign_in import pages as family_sign_in
from mediacheck.web.navigation import navigation_for
from mediacheck.web.registrars import pages as registrars
from mediacheck.web.session_cookie import SchemeSessionInterface
from mediacheck.web.sign_in import pages as sign_in
from mediacheck.web.teachers import pages as teachers

#: Every page of the tool.
BLUEPRINTS: tuple[Blueprint, ...] = (
    home.blueprint,
    shelf.blueprint,
    sign_in.blueprint,
    family_sign_in.blueprint,
    teachers.blueprint,
    communications.blueprint,
    registrars.blueprint,
    administrators.blueprint,
    families.blueprint,
)

_PACKAGE = Path(__file__).resolve().parent.parent
_MIB = 1024 * 1024

_CONFIG = {
    # Two full pictures with room to spare; the pages send pictures one by one.
    "MAX_CONTENT_LENGTH": 60 * _MIB,
    "MAX_FORM_PARTS": 200,
    "MAX_FORM_MEMORY_SIZE": _MIB,
    "SESSION_COOKIE_NAME": "mediacheck-forms",
    "SESSION_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    # A form may be sent as long as the session it was opened in can last.
    "WTF_CSRF_TIME_LIMIT": int(TOTAL_LIMIT.total_seconds()),
}


def create_app(services: Services) -> Flask:
    """The web tool, ready to be served."""
    app = Flask("mediacheck.web", static_folder="static", template_folder=None)
    app.config.update(_CONFIG)
    app.secret_key = services.secret_key
    app.session_interface = SchemeSessionInterface()
    app.jinja_loader = FileSystemLoader(_templates_folder())
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    # The guard comes first: whoever is not signed in learns nothing from a form's refusal.
    access.guard_views(app, services)
    CSRFProtect(app)
    speak_languages(app, read_catalogues())
    headers.harden(app)
    errors.show_errors(app)
    app.context_processor(_page_context)
    access.open_to_everyone()(app.view_functions["static"])
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _templates_folder() -> Path:
    """Inside the package when installed, beside it in a checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def _page_context() -> dict[str, object]:
    """What every page shows in its frame."""
    staff = access.staff_or_none()
    return {
        "staff": staff,
        "navigation": navigation_for(staff),
        "is_demo": access.services().is_demo,
    }
