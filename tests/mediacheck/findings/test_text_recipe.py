"""The plain reader that ours is measured against really reads."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageFont

from mediacheck.evaluation.pictures import canonical_picture
from mediacheck.findings.text_recipe import PlainRapidOcr


def test_the_plain_recipe_reads_a_line_and_says_where() -> None:
    image = Image.new("RGB", (480, 120), "white")
    font = ImageFont.load_default(size=40)
    ImageDraw.Draw(image).text((40, 30), "Robotics club", fill="black", font=font)
    reader = PlainRapidOcr()

    (line,) = reader.read_text(canonical_picture(image))

    assert line.text.replace(" ", "") == "Roboticsclub"
    assert line.box.left < 60
    assert line.box.bottom < 120
    assert "RapidOCR" in reader.name
    assert reader.read_text(canonical_picture(Image.new("RGB", (200, 200), "white"))) == ()
