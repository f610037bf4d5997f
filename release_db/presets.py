"""The presets that a form offers where the district has set none of its own; titles by language.

A district that keeps even one preset of its own is asked for nothing else: its own are offered.
"""

from __future__ import annotations

from release_db.terms import Preset, PresetLine
from release_db.words import Answer, Audience, PresetKey, Use

#: The audiences that are inside school: nobody from outside can look.
INSIDE_SCHOOL = (Audience.HOUSEHOLD, Audience.CLASS, Audience.SCHOOL)

_NAMELESS = frozenset({Use.IMAGE, Use.WORK, Use.VOICE})


def _inside_only() -> tuple[PresetLine, ...]:
    return tuple(
        PresetLine(
            use=use,
            audience=audience,
            answer=Answer.ALLOW if audience in INSIDE_SCHOOL else Answer.DENY,
        )
        for audience in Audience
        for use in Use
    )


def _pictures_without_names() -> tuple[PresetLine, ...]:
    return tuple(
        PresetLine(use=use, answer=Answer.ALLOW if use in _NAMELESS else Answer.DENY) for use in Use
    )


def _all(answer: Answer) -> tuple[PresetLine, ...]:
    return tuple(PresetLine(use=use, answer=answer) for use in Use)


STANDARD_PRESETS: tuple[Preset, ...] = (
    Preset(
        key=PresetKey("inside-school"),
        position=1,
        titles=(
            ("en", "Everything inside school, nothing public"),
            ("es", "Todo dentro de la escuela, nada público"),
        ),
        hints=(
            ("en", "At home, in class and in the school's own closed places. Nowhere else."),
            ("es", "En casa, en clase y en los espacios cerrados de la escuela. En nada más."),
        ),
        lines=_inside_only(),
    ),
    Preset(
        key=PresetKey("no-names"),
        position=2,
        titles=(("en", "Pictures yes, names no"), ("es", "Fotos sí, nombres no")),
        hints=(
            ("en", "Photos, videos and schoolwork everywhere, never with the name."),
            ("es", "Fotos, videos y trabajos escolares en todas partes, nunca con el nombre."),
        ),
        lines=_pictures_without_names(),
    ),
    Preset(
        key=PresetKey("everything"),
        position=3,
        titles=(("en", "Yes to everything"), ("es", "Sí a todo")),
        hints=(
            ("en", "Photos, name, schoolwork and voice everywhere, also in public."),
            ("es", "Fotos, nombre, trabajos y voz en todas partes, también en público."),
        ),
        lines=_all(Answer.ALLOW),
    ),
    Preset(
        key=PresetKey("nothing"),
        position=4,
        titles=(("en", "No to everything"), ("es", "No a todo")),
        hints=(
            ("en", "Nothing at all. It costs your child nothing at school."),
            ("es", "Nada en absoluto. Su hijo o hija no pierde nada en la escuela."),
        ),
        lines=_all(Answer.DENY),
    ),
)


def offered_presets(of_the_district: tuple[Preset, ...]) -> tuple[Preset, ...]:
    """What a form offers first: the district's own presets, the standard ones where it has none."""
    if not of_the_district:
        return STANDARD_PRESETS
    return tuple(preset for preset in of_the_district if preset.is_offered)
