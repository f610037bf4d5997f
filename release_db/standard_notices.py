"""The standard notices, in English and Spanish: one on releases, one on face templates, apart.

Nothing here is in force by itself: a person approves a notice, and the register keeps it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from release_db.terms import Notice
from release_db.words import NoticeId, NoticeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeText:
    """The words of a notice in one language, before anybody has approved them."""

    notice_id: NoticeId
    version: int
    language: str
    kind: NoticeKind
    title: str
    body: str


def approved(text: NoticeText, *, by: str, on: date, at: datetime) -> Notice:
    """The notice that the register keeps once somebody has approved the text."""
    whole = f"{text.title}\n{text.body}"
    return Notice(
        notice_id=text.notice_id,
        version=text.version,
        language=text.language,
        kind=text.kind,
        title=text.title,
        body=text.body,
        sha256=hashlib.sha256(whole.encode()).hexdigest(),
        effective_on=on,
        approved_by=by,
        recorded_at=at,
    )


_RELEASE = NoticeId("media-release")
_BIOMETRIC = NoticeId("face-template")

_RELEASE_EN = """\
The school takes photos and videos, shows schoolwork, and sometimes names students. You decide \
whether your child may be part of that, and where.

You answer for each place: at home, in your child's class, in the school, in the district, on \
public web pages, on social networks, in print, and for the press. Where you say nothing, the \
answer is no.

What is published in public can be copied by anybody. The school can take its own copy down; it \
cannot take back the copies of others.

You can say no, or change your mind, at any time. A no counts at once: nothing new is published, \
and the school starts to take down what it has published.

Your yes ends with the school year, when your child turns 18, or when your child leaves the \
district, whichever comes first. At 18 your child decides alone, and your child's own no always \
counts.

Saying no costs your child nothing: no lesson, no activity, no mark.

The school keeps your answer, when and how you gave it, and which notice you read, as proof."""

_RELEASE_ES = """\
La escuela toma fotos y videos, muestra trabajos escolares y a veces nombra a los estudiantes. \
Usted decide si su hijo o hija puede aparecer, y dónde.

Usted responde para cada lugar: en casa, en la clase, en la escuela, en el distrito, en páginas \
web públicas, en redes sociales, en publicaciones impresas y para la prensa. Donde usted no diga \
nada, la respuesta es no.

Lo que se publica abiertamente lo puede copiar cualquier persona. La escuela puede retirar su \
propia copia; no puede recuperar las copias de otros.

Usted puede decir que no, o cambiar de opinión, en cualquier momento. Un no vale de inmediato: no \
se publica nada nuevo y la escuela empieza a retirar lo que ha publicado.

Su sí termina con el año escolar, cuando su hijo o hija cumpla 18 años o cuando deje el distrito, \
lo que ocurra primero. A los 18 años su hijo o hija decide por su cuenta, y su propio no siempre \
vale.

Decir que no, no le quita nada a su hijo o hija: ni clases, ni actividades, ni calificaciones.

La escuela guarda su respuesta, cuándo y cómo la dio y qué aviso leyó, como prueba."""

_BIOMETRIC_EN = """\
This is a separate question. It has nothing to do with where photos may be published, and you may \
answer it differently.

With your yes, the school makes a face template of your child: a row of numbers calculated from \
a reference photo. It is used for one purpose only: to check photos before they are published, so \
that a photo of your child does not go where you said no.

The template is kept encrypted on the district's own computers. It is given to nobody, sold to \
nobody, and never used to watch, to take attendance or to search for your child.

It is destroyed when you say no, when your child leaves the district, or when it has become too \
old, whichever comes first. You can ask for the certificate of its destruction.

Without a template your child is protected all the same: a person looks at the photos. Saying no \
costs your child nothing, and you will not be asked again and again."""

_BIOMETRIC_ES = """\
Esta es una pregunta aparte. No tiene nada que ver con dónde se pueden publicar las fotos, y usted \
puede responderla de otra manera.

Con su sí, la escuela crea una plantilla facial de su hijo o hija: una serie de números calculada \
a partir de una foto de referencia. Se usa con un solo fin: revisar las fotos antes de \
publicarlas, para que una foto de su hijo o hija no llegue a donde usted dijo que no.

La plantilla se guarda cifrada en los equipos del propio distrito. No se entrega ni se vende a \
nadie, y nunca se usa para vigilar, para pasar lista ni para buscar a su hijo o hija.

Se destruye cuando usted diga que no, cuando su hijo o hija deje el distrito o cuando sea \
demasiado antigua, lo que ocurra primero. Usted puede pedir el certificado de su destrucción.

Sin plantilla su hijo o hija está protegido igualmente: una persona revisa las fotos. Decir que \
no, no le quita nada, y no se le preguntará una y otra vez."""

STANDARD_NOTICES: tuple[NoticeText, ...] = tuple(
    NoticeText(notice_id=notice_id, version=1, language=language, kind=kind, title=title, body=body)
    for notice_id, kind, language, title, body in (
        (_RELEASE, NoticeKind.RELEASE, "en", "Photos, names and schoolwork", _RELEASE_EN),
        (_RELEASE, NoticeKind.RELEASE, "es", "Fotos, nombres y trabajos escolares", _RELEASE_ES),
        (_BIOMETRIC, NoticeKind.BIOMETRIC, "en", "Face template", _BIOMETRIC_EN),
        (_BIOMETRIC, NoticeKind.BIOMETRIC, "es", "Plantilla facial", _BIOMETRIC_ES),
    )
)
