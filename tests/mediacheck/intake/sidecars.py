"""The small files that photo programs keep beside photos, each of which names a made-up child."""

from __future__ import annotations

TAKEOUT = """{
  "title": "IMG_2041.jpg",
  "description": "",
  "photoTakenTime": {"timestamp": "1790000000", "formatted": "Sep 21, 2026, 2:13:20 PM UTC"},
  "people": [{"name": "Theodora Ramos"}]
}"""
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>Theodora Ramos</rdf:li></rdf:Bag>
</Iptc4xmpExt:PersonInImage>
</rdf:Description></rdf:RDF></x:xmpmeta>"""
AAE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>adjustmentBaseVersion</key><integer>0</integer></dict></plist>"""

#: File names as the programs write them; the last three were renamed by somebody.
SIDECARS = {
    "IMG_2041.jpg.supplemental-metadata.json": TAKEOUT,
    "IMG_2041.xmp": XMP,
    "IMG_2041.AAE": AAE,
    "takeout.jpg": TAKEOUT,
    "xmp.jpg": XMP,
    "aae.txt": AAE,
}
#: What each of them is answered with.
REASON = "This file belongs to a photo but is not the photo. Drop the photo itself."
