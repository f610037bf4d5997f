"""Words that an upload carries are told, people and their regions marked."""

from __future__ import annotations

import struct

import pytest
from PIL import ExifTags, Image

from mediacheck.intake.errors import TooMuchText
from mediacheck.intake.layout import Carrier, CarrierKind
from mediacheck.intake.metadata import read_texts
from mediacheck.intake.metadata_exif import orientation_in, read_exif
from mediacheck.intake.metadata_xmp import Frame
from mediacheck.model.post import Box, MetadataText

FRAME = Frame(width_px=200, height_px=100, orientation=1)
NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
    "mwg-rs": "http://www.metadataworkinggroup.com/schemas/regions/",
    "stArea": "http://ns.adobe.com/xmp/sType/Area#",
    "MPReg": "http://ns.microsoft.com/photo/1.2/t/Region#",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "iptcExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}


def xmp(body: str) -> Carrier:
    names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    packet = (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core"><rdf:RDF {names}>'
        f'<rdf:Description rdf:about="">{body}</rdf:Description></rdf:RDF></x:xmpmeta>'
    )
    return Carrier(kind=CarrierKind.XMP, data=packet.encode())


def words(*carriers: Carrier) -> dict[str, str]:
    return {text.tag: text.text for text in read_texts(carriers, FRAME)}


def a_list(tag: str, *items: str) -> str:
    return f"<{tag}><rdf:Bag>{''.join(f'<rdf:li>{i}</rdf:li>' for i in items)}</rdf:Bag></{tag}>"


def test_each_entry_of_a_list_is_a_text_of_its_property() -> None:
    texts = read_texts([xmp(a_list("dc:subject", "Maya Lopez", "fair"))], FRAME)

    assert texts == (
        MetadataText(tag="XMP-dc:subject", text="Maya Lopez"),
        MetadataText(tag="XMP-dc:subject", text="fair"),
    )


def test_people_are_marked_and_other_words_are_not() -> None:
    packet = xmp(
        a_list("iptcExt:PersonInImage", "Maya Lopez")
        + a_list("digiKam:TagsList", "People/Ana Ruiz", "Places/Gym")
    )

    people = [text.text for text in read_texts([packet], FRAME) if text.is_person]

    assert people == ["Maya Lopez", "People/Ana Ruiz"]


def test_what_programs_write_for_themselves_is_left_out() -> None:
    packet = xmp("<xmpMM:DocumentID>xmp.did:abcdef</xmpMM:DocumentID><dc:title>Fair</dc:title>")

    assert words(packet) == {"XMP-dc:title": "Fair"}


def test_a_property_may_be_an_attribute() -> None:
    packet = xmp('<rdf:Description dc:title="Maya Lopez"/>')

    assert words(packet) == {"XMP-dc:title": "Maya Lopez"}


MWG = (
    "<mwg-rs:Regions><mwg-rs:RegionList><rdf:Bag><rdf:li>"
    '<rdf:Description mwg-rs:Name="Maya Lopez" mwg-rs:Type="Face">'
    '<mwg-rs:Area stArea:x="0.25" stArea:y="0.3" stArea:w="0.1" stArea:h="0.2"/>'
    "</rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
)
MWG_AS_ELEMENTS = (
    '<mwg-rs:RegionList><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<mwg-rs:Name>Maya Lopez</mwg-rs:Name>"
    '<mwg-rs:Area rdf:parseType="Resource"><stArea:x>0.25</stArea:x><stArea:y>0.3</stArea:y>'
    "<stArea:w>0.1</stArea:w><stArea:h>0.2</stArea:h></mwg-rs:Area>"
    "</rdf:li></rdf:Bag></mwg-rs:RegionList>"
)
WINDOWS = (
    '<rdf:li MPReg:Rectangle="0.2, 0.2, 0.1, 0.2" MPReg:PersonDisplayName="Maya Lopez"></rdf:li>'
)


@pytest.mark.parametrize("packet", [MWG, MWG_AS_ELEMENTS, WINDOWS])
def test_a_face_region_comes_with_its_box(packet: str) -> None:
    (person,) = (text for text in read_texts([xmp(packet)], FRAME) if text.is_person)

    assert person.text == "Maya Lopez"
    assert person.box == Box(left=40, top=20, width=20, height=20)


@pytest.mark.parametrize(
    ("orientation", "box"),
    [
        (1, Box(left=40, top=20, width=20, height=20)),
        (2, Box(left=140, top=20, width=20, height=20)),
        (3, Box(left=140, top=60, width=20, height=20)),
        (4, Box(left=40, top=60, width=20, height=20)),
        (5, Box(left=40, top=20, width=40, height=10)),
        (6, Box(left=120, top=20, width=40, height=10)),
        (7, Box(left=120, top=70, width=40, height=10)),
        (8, Box(left=40, top=70, width=40, height=10)),
    ],
)
def test_a_region_turns_with_the_picture(orientation: int, box: Box) -> None:
    frame = Frame(width_px=200, height_px=100, orientation=orientation)

    (person,) = (text for text in read_texts([xmp(MWG)], frame) if text.is_person)

    assert person.box == box


def test_a_region_that_makes_no_sense_leaves_the_name() -> None:
    broken = MWG.replace("0.25", "nan").replace("0.1", "7")

    (person,) = (text for text in read_texts([xmp(broken)], FRAME) if text.is_person)

    assert (person.text, person.box) == ("Maya Lopez", None)


@pytest.mark.parametrize(
    "packet",
    [
        b'<!DOCTYPE x [<!ENTITY a "boom"><!ENTITY b "&a;&a;">]><x y="Maya Lopez">&b;</x>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x y="Maya Lopez">&a;</x>',
        b"<x><y>Maya Lopez</x>",
        "<x>\xe9<y>Maya Lopez</y".encode("latin-1"),
    ],
)
def test_a_packet_that_must_not_be_parsed_still_tells_its_words(packet: bytes) -> None:
    texts = read_texts([Carrier(kind=CarrierKind.XMP, data=packet)], FRAME)

    assert "Maya Lopez" in [text.text for text in texts]
    assert not any("boom" * 2 in text.text or "root:" in text.text for text in texts)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-32-le"])
def test_a_packet_may_be_in_any_unicode_encoding(encoding: str) -> None:
    packet = xmp(a_list("dc:creator", "Zoë")).data.decode().encode(encoding)

    assert words(Carrier(kind=CarrierKind.XMP, data=packet)) == {"XMP-dc:creator": "Zoë"}


def exif(tags: dict[int, object], inner: dict[int, object] | None = None) -> Carrier:
    block = Image.Exif()
    for tag, value in tags.items():
        block[tag] = value
    block.get_ifd(ExifTags.IFD.Exif).update(inner or {})
    return Carrier(kind=CarrierKind.EXIF, data=block.tobytes())


def test_words_of_exif_are_read_and_those_of_the_camera_are_not() -> None:
    block = exif(
        {
            0x010E: "Maya Lopez",
            0x010F: "Canon",
            0x013C: "Maya's Mac",
            0x9C9D: "Ana".encode("utf-16-le"),
        }
    )

    assert words(block) == {
        "EXIF:ImageDescription": "Maya Lopez",
        "EXIF:HostComputer": "Maya's Mac",
        "EXIF:XPAuthor": "Ana",
    }


@pytest.mark.parametrize(
    "comment",
    [
        b"ASCII\0\0\0Zoe Ruiz",
        b"UNICODE\0" + "Zoe Ruiz".encode("utf-16-le"),
        b"UNICODE\0" + "Zoe Ruiz".encode("utf-16-be"),
        b"UNICODE\0" + "Zoe Ruiz".encode("utf-16"),
        b"\0" * 8 + b"Zoe Ruiz",
        b"Zoe Ruiz",
    ],
)
def test_a_user_comment_is_read_in_every_encoding(comment: bytes) -> None:
    assert words(exif({}, {0x9286: comment})) == {"EXIF:UserComment": "Zoe Ruiz"}


def test_utf8_in_exif_is_read_as_such() -> None:
    block = exif({0x013B: "Zoë".encode()})

    assert words(block) == {"EXIF:Artist": "Zoë"}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize(
    "data", [b"", b"no exif", b"II*\0\xff\xff\xff\x7f", b"MM\0*\0\0\0\x08\xff\xff"]
)
def test_broken_exif_is_no_words_and_upright(data: bytes) -> None:
    assert words(Carrier(kind=CarrierKind.EXIF, data=data)) == {}
    assert orientation_in(read_exif(data)) == 1


def iptc(*datasets: tuple[int, int, bytes]) -> Carrier:
    block = b"".join(
        struct.pack(">BBBH", 0x1C, record, number, len(value)) + value
        for record, number, value in datasets
    )
    resource = (
        b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    )
    return Carrier(kind=CarrierKind.IPTC, data=b"8BIM\x04\x0c\0\0\0\0\0\1x\0" + resource)


def test_words_of_iptc_are_read_from_among_other_resources() -> None:
    block = iptc(
        (1, 90, b"\x1b%G"), (2, 80, "Zoë".encode()), (2, 55, b"20261124"), (2, 250, b"Ana")
    )

    assert words(block) == {"IPTC:By-line": "Zoë", "IPTC:250": "Ana"}


def test_latin_1_in_iptc_is_read_as_such() -> None:
    assert words(iptc((2, 25, "Zoë".encode("latin-1")))) == {"IPTC:Keywords": "Zoë"}


def test_a_broken_iptc_block_ends_where_it_breaks() -> None:
    block = iptc((2, 25, b"Maya"))

    assert words(Carrier(kind=CarrierKind.IPTC, data=block.data[:-4])) == {}
    assert words(Carrier(kind=CarrierKind.IPTC, data=b"8BIM\x04\x04\xff")) == {}


def png(key: str, text: str) -> Carrier:
    return Carrier(kind=CarrierKind.PNG_TEXT, key=key, data=text.encode())


def test_a_png_text_is_told_by_its_label() -> None:
    assert words(png("Author", "Maya Lopez")) == {"PNG:Author": "Maya Lopez"}


@pytest.mark.parametrize(
    ("kind", "block", "tag"),
    [
        (
            "exif",
            b"Exif\0\0" + exif({0x013B: "Maya"}).data.removeprefix(b"Exif\0\0"),
            "EXIF:Artist",
        ),
        ("APP1", exif({0x013B: "Maya"}).data, "EXIF:Artist"),
        (
            "APP1",
            b"http://ns.adobe.com/xap/1.0/\0" + xmp("<dc:title>Maya</dc:title>").data,
            "XMP-dc:title",
        ),
        ("xmp", xmp("<dc:title>Maya</dc:title>").data, "XMP-dc:title"),
        ("iptc", iptc((2, 25, b"Maya")).data, "IPTC:Keywords"),
        ("iptc", b"\x1c\x02\x19\0\4Maya", "IPTC:Keywords"),
    ],
)
def test_a_block_in_hexadecimal_is_read_like_the_block(kind: str, block: bytes, tag: str) -> None:
    text = f"\n{kind}\n{len(block):8}\n{block.hex()}\n"

    assert words(png(f"Raw profile type {kind}", text)) == {tag: "Maya"}


def test_a_comment_is_read_as_utf8_or_latin_1() -> None:
    for encoding in ("utf-8", "latin-1"):
        comment = Carrier(kind=CarrierKind.JPEG_COMMENT, data="Zoë Ruiz".encode(encoding))
        assert words(comment) == {"JPEG:Comment": "Zoë Ruiz"}


def test_embedded_pictures_numbers_and_single_letters_are_no_words() -> None:
    assert words(png("Data", "QUJD" * 5_000), png("Version", "1.0"), png("Ref", "N")) == {}


def test_a_text_of_10000_characters_passes_and_one_more_is_refused() -> None:
    assert len(words(png("Text", "no " * 3_333))["PNG:Text"]) == 9_998
    with pytest.raises(TooMuchText):
        words(png("Text", "no " * 3_334))


def test_500_texts_pass_and_one_more_is_refused() -> None:
    assert len(words(*(png(f"Text {n}", "Maya") for n in range(500)))) == 500
    with pytest.raises(TooMuchText):
        words(*(png(f"Text {n}", "Maya") for n in range(501)))


def test_the_same_text_in_the_same_place_counts_once() -> None:
    assert len(read_texts([png("Author", "Maya")] * 600, FRAME)) == 1
