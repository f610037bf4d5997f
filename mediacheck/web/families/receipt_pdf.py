"""Sets a receipt as a PDF that a screen reader can read (PDF/UA-1)."""

from __future__ import annotations

import json
from collections.abc import Mapping

import typst

#: The words come as data, so that nothing a family typed is ever read as typesetting.
_TEMPLATE = """
#let told = json(bytes(sys.inputs.at("told")))
#set document(title: told.title)
#set page(paper: "us-letter", margin: 2cm, numbering: "1 / 1")
#set text(size: 10pt, lang: sys.inputs.at("lang"))
#show table.cell.where(y: 0): strong

= #told.title

#for (name, value) in told.facts [
  *#name:* #value \\
]

#table(
  columns: (1fr, 1.4fr, 1fr, 1fr),
  stroke: 0.4pt + luma(160),
  table.header(..told.columns.map(name => [#name])),
  ..told.lines.map(line => (
    [#line.where], [#line.what], [#line.answer], [#line.until],
  )).flatten(),
)

#told.footer
"""


def pdf_of(told: Mapping[str, object], language: str) -> bytes:
    """The receipt as PDF/UA-1, in the page's language."""
    inputs = {"told": json.dumps(told, ensure_ascii=False), "lang": language[:2]}
    pages = typst.compile(
        _TEMPLATE.encode(), format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"]
    )
    if not isinstance(pages, bytes):
        raise TypeError("a PDF is one file")
    return pages
