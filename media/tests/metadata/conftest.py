"""Files with metadata, made on the spot."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np
import pyexiv2
import pytest
from PIL import Image

RDF = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:digiKam="http://www.digikam.org/ns/1.0/"
 xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:GPano="http://ns.google.com/photos/1.0/panorama/"
 xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" xmlns:MP="http://ns.microsoft.com/photo/1.2/"
 xmlns:MPRI="http://ns.microsoft.com/photo/1.2/t/RegionInfo#" xmlns:MPReg="http://ns.microsoft.com/photo/1.2/t/Region#"
 xmlns:MicrosoftPhoto="http://ns.microsoft.com/photo/1.0/"
 xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
 xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#" xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"
 {attributes}>{elements}</rdf:Description></rdf:RDF></x:xmpmeta>"""


def packet(attributes: str = "", elements: str = "") -> bytes:
    """An XMP packet of one description."""
    return RDF.format(attributes=attributes, elements=elements).encode()


@pytest.fixture
def make_jpeg(tmp_path: Path) -> Callable[..., Path]:
    """`make_jpeg("a.jpg", exif={…}, iptc={…}, xmp=b"…", size=(40, 30))`; tags under libexiv2's names."""

    def make(
        name: str = "photo.jpg",
        exif: Mapping[str, Any] | None = None,
        iptc: Mapping[str, Any] | None = None,
        xmp: bytes | None = None,
        size: tuple[int, int] = (40, 30),
    ) -> Path:
        path = tmp_path / name
        Image.new("RGB", size, "teal").save(path, "JPEG")
        with pyexiv2.Image(str(path)) as image:
            image.modify_exif(dict(exif or {}))
            image.modify_iptc(dict(iptc or {}))
            if xmp:
                image.modify_raw_xmp(xmp.decode())
        return path

    return make


@pytest.fixture
def make_video(tmp_path: Path) -> Callable[..., Path]:
    """`make_video("a.mp4", creation_time="2024-01-28T09:54:20Z", …)`: half a second of grey, 64 by 48."""

    def make(name: str = "video.mp4", **metadata: str) -> Path:
        path = tmp_path / name
        options = {"movflags": "use_metadata_tags"} if path.suffix in (".mp4", ".mov") else {}
        with av.open(str(path), "w", options=options) as container:
            container.metadata.update(metadata)
            stream = container.add_stream("mpeg4", rate=24)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            for _ in range(12):
                frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 128, dtype=np.uint8), format="rgb24")
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path

    return make
