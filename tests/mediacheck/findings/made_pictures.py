"""Makes pictures with names in them, of six kinds, from the made-up rosters. Nobody is real.

The letters come from the fonts inside matplotlib's wheel. For handwriting each is drawn by itself,
turned, larger or smaller and off the line by chance, as children's block letters are; it is no
proxy for what children really write.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from release_db.records import Student

Dice = random.Random
Names = Sequence[str]
Colour = tuple[int, int, int]

_INKS: tuple[Colour, ...] = ((24, 24, 60), (60, 16, 16), (16, 56, 24), (30, 30, 30))


def a_font(size: int, face: str = "DejaVuSans") -> ImageFont.FreeTypeFont:
    """A font of matplotlib's wheel: it has every letter of the rosters."""
    spec = find_spec("matplotlib")
    assert spec is not None
    assert spec.origin is not None
    folder = Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
    return ImageFont.truetype(str(folder / f"{face}.ttf"), size)


def name_tag(dice: Dice, names: Names) -> Image.Image:
    """A sticker that says hello, its name with a marker."""
    tag = Image.new("RGB", (760, 480), dice.choice([(232, 232, 226), (214, 222, 232)]))
    draw = ImageDraw.Draw(tag)
    draw.rectangle((60, 60, 700, 420), fill=(252, 252, 252), outline=(190, 30, 40), width=10)
    draw.rectangle((60, 60, 700, 170), fill=(190, 30, 40))
    draw.text((380, 115), "HELLO my name is", "white", a_font(46), anchor="mm")
    _write(tag, names[0], dice, height_px=52, centre=(380, 300))
    return tag.rotate(dice.uniform(-6, 6), expand=True, fillcolor=(120, 124, 130))


def jersey(dice: Dice, names: Names) -> Image.Image:
    """The back of a shirt, the family name over a number, on cloth that hangs in folds."""
    cloth = dice.choice([(150, 20, 30), (20, 60, 120), (20, 90, 60)])
    shirt = Image.new("RGB", (700, 760), cloth)
    draw = ImageDraw.Draw(shirt)
    family = names[0].rpartition(" ")[2].upper()
    size = min(84, int(900 / max(len(family), 1)))
    draw.text((350, 220), family, "white", a_font(size, "DejaVuSans-Bold"), anchor="mm")
    number = str(dice.randint(1, 99))
    draw.text((350, 460), number, "white", a_font(240, "DejaVuSans-Bold"), anchor="mm")
    return _bent(shirt, height_px=dice.uniform(4, 9), length_px=dice.uniform(260, 420))


def certificate(dice: Dice, names: Names) -> Image.Image:
    """A certificate in italics, with a seal and a teacher's name."""
    page = Image.new("RGB", (1000, 720), (250, 246, 232))
    draw = ImageDraw.Draw(page)
    draw.rectangle((30, 30, 970, 690), outline=(150, 120, 50), width=6)
    serif, italic = "DejaVuSerif", "STIXGeneralItalic"
    draw.text((500, 130), "CERTIFICATE", (110, 80, 20), a_font(64, serif), anchor="mm")
    draw.text((500, 230), "This award is presented to", (60, 60, 60), a_font(30, italic), "mm")
    draw.text((500, 350), names[0], dice.choice(_INKS), a_font(68, italic), anchor="mm")
    draw.text((500, 470), "for outstanding effort in reading", (60, 60, 60), a_font(30), "mm")
    draw.ellipse((800, 530, 920, 650), fill=(200, 160, 40))
    return page


def painting(dice: Dice, names: Names) -> Image.Image:
    """Fields of colour and a sun, signed in a lower corner."""
    art = Image.new("RGB", (900, 700), (150, 190, 225))
    draw = ImageDraw.Draw(art)
    for _ in range(6):
        left, top = dice.randint(-100, 700), dice.randint(120, 420)
        colour = tuple(dice.randint(70, 170) for _ in range(3))
        draw.ellipse((left, top, left + 420, top + 260), fill=colour)
    draw.ellipse((640, 40, 780, 180), fill=(250, 205, 60))
    art = art.filter(ImageFilter.GaussianBlur(3))
    ImageDraw.Draw(art).rectangle((0, 540, 900, 700), fill=(196, 214, 150))
    _write(art, names[0], dice, height_px=40, centre=(620, 620))
    return art


def whiteboard(dice: Dice, names: Names) -> Image.Image:
    """A list of the class on a board, under a heading."""
    board = Image.new("RGB", (900, 260 + 90 * len(names)), (244, 246, 246))
    draw = ImageDraw.Draw(board)
    draw.text((80, 60), "Line leaders", (30, 30, 30), a_font(50))
    for row, name in enumerate(names):
        ink = dice.choice([(20, 60, 140), (150, 30, 30), (20, 110, 60)])
        left = 90 + dice.randint(0, 40)
        draw.text((left, 170 + 90 * row), f"{row + 1}. {name}", ink, a_font(44))
    return board


def handwriting(dice: Dice, names: Names) -> Image.Image:
    """A lined sheet with a name on it."""
    sheet = Image.new("RGB", (900, 420), (248, 246, 238))
    draw = ImageDraw.Draw(sheet)
    for line in range(60, 420, 56):
        draw.line((0, line, 900, line), fill=(222, 230, 240), width=2)
    _write(sheet, names[0], dice, height_px=46, centre=(450, 210))
    return sheet


def clean(dice: Dice, _: Names) -> Image.Image:
    """Signs that name nobody."""
    wall = Image.new("RGB", (900, 500), (226, 220, 206))
    draw = ImageDraw.Draw(wall)
    signs = ["EXIT", "Science Fair 2026", "The water cycle", "Oak Grove Library", "SALE 50%"]
    for row, sign in enumerate(dice.sample(signs, 3)):
        draw.text((80, 70 + 130 * row), sign, dice.choice(_INKS), a_font(52))
    return wall


#: Each kind of picture, and how many names it holds.
KINDS: dict[str, tuple[Callable[[Dice, Names], Image.Image], int]] = {
    "certificate": (certificate, 1),
    "clean": (clean, 0),
    "handwriting": (handwriting, 1),
    "jersey": (jersey, 1),
    "name tag": (name_tag, 1),
    "painting": (painting, 1),
    "whiteboard": (whiteboard, 4),
}


def made_pictures(folder: Path, roster: Sequence[Student], count: int, *, seed: int = 0) -> Path:
    """So many pictures of each kind, and their manifest for ``mediacheck evaluate names``."""
    dice = random.Random(seed)  # noqa: S311 - the same every time, and no secret.
    rows = []
    for number in range(count):
        for kind, (draw, size) in KINDS.items():
            (class_key,) = dice.choice(roster).classes
            members = [one for one in roster if class_key in one.classes]
            shown = dice.sample(members, size)
            file = f"{kind.replace(' ', '-')}-{number}.png"
            draw(dice, [f"{one.given_name} {one.family_name}" for one in shown]).save(folder / file)
            truth = [{"student": one.student_id, "form": "full"} for one in shown]
            rows.append({"file": file, "category": kind, "class": class_key, "truth": truth})
    manifest = folder / "pictures.json"
    manifest.write_text(json.dumps(rows), encoding="utf-8")
    return manifest


def _write(
    picture: Image.Image, name: str, dice: Dice, *, height_px: int, centre: tuple[int, int]
) -> None:
    """Writes a name on the picture, letter by letter."""
    mask = Image.new("L", (picture.width, height_px * 3), 0)
    right = 10.0
    for letter in name:
        font = a_font(round(height_px * dice.uniform(0.88, 1.12)), "STIXGeneral")
        width = font.getlength(letter)
        glyph = Image.new("L", (round(width) + 16, height_px * 3), 0)
        draw = ImageDraw.Draw(glyph)
        draw.text((8, height_px * 2), letter, 255, font, anchor="ls", stroke_width=1)
        turned = glyph.rotate(dice.uniform(-8, 8), resample=Image.Resampling.BICUBIC)
        mask.paste(255, (round(right), round(dice.uniform(-3, 3))), turned)
        right += width + dice.uniform(0.02, 0.14) * height_px
    mask = mask.crop((0, 0, round(right) + 10, mask.height))
    mask.thumbnail((picture.width - 20, picture.height))
    corner = (centre[0] - mask.width // 2, centre[1] - mask.height // 2)
    picture.paste(Image.new("RGB", mask.size, dice.choice(_INKS)), corner, mask)


def _bent(image: Image.Image, *, height_px: float, length_px: float) -> Image.Image:
    """The image with every column moved up or down along a wave."""
    pixels = np.asarray(image)
    rows, columns = np.mgrid[0 : pixels.shape[0], 0 : pixels.shape[1]].astype(np.float32)
    moved = (rows + height_px * np.sin(columns * (2 * np.pi / length_px))).astype(np.float32)
    return Image.fromarray(cv2.remap(pixels, columns, moved, cv2.INTER_LINEAR))
