"""A family at her phone: three children, in Spanish, from the sign-in to the receipts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from mediacheck.demo.people import PASSWORD
from tests.journeys.browsing import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

Window = Callable[..., Visitor]
PHONE = {"width": 390, "height": 844}
FAMILY = "familia@demo.example"


def sign_in_family(visitor: Visitor) -> None:
    visitor.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # the library's own type.
    visitor.open("/family/sign-in?lang=es")
    line = visitor.page.get_by_role("listitem").filter(has_text=FAMILY)
    code = re.findall(r"\b\d{6}\b", line.inner_text())[-1]
    visitor.page.get_by_label("Correo electrónico").fill(FAMILY)
    visitor.page.get_by_label("Contraseña").fill(PASSWORD)
    visitor.page.get_by_label("Código de su aplicación").fill(code)
    visitor.page.get_by_role("button", name="Iniciar sesión", exact=True).click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Sus hijos")


def answer_for_next_child(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name=re.compile("^Responder por")).first.click()
    visitor.require_accessible("choices")
    page.get_by_label("Todo dentro de la escuela, nada público").check()
    page.get_by_role("button", name="Ver lo que significa").click()
    visitor.require_accessible("review")
    require_no_sideways_scrolling(page)
    page.get_by_label("Escriba su nombre completo para firmar").fill("Rosa Campos")
    page.get_by_role("button", name="Firmar y guardar").click()
    expect(page.get_by_role("heading", name="Sus respuestas están guardadas")).to_be_visible()
    visitor.require_accessible("receipt")
    page.get_by_role("link", name="Sus hijos").click()


def require_no_sideways_scrolling(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]


def test_three_children_are_answered_for_on_a_phone(window: Window) -> None:
    visitor = window()
    sign_in_family(visitor)
    visitor.require_accessible("children")

    for _ in range(3):
        answer_for_next_child(visitor)

    expect(visitor.page.get_by_text("Usted aún no ha respondido")).to_have_count(0)
    visitor.page.get_by_role("heading", level=2).get_by_role("link").first.click()
    visitor.snap("family-child", whole=True)
    for name in ("", "Leer y responder aparte", "Todo lo que se ha decidido", "Qué se guarda"):
        if name:
            visitor.page.get_by_role("link", name=name).click()
        visitor.require_accessible(name or "child")
        require_no_sideways_scrolling(visitor.page)
        if name:
            visitor.page.go_back()
