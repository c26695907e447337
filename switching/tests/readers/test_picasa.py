"""Picasa's files: people from both places, strange files, links, bombs."""

from pathlib import Path

import pytest

from switching.readers import picasa
from switching.stream import Asset, Library, Unreadable

CONTACTS = '<contacts><contact id="6a" name="Zoë"/><contact id="6b" display="Tom"/><contact id="6c"/></contacts>'
INI = """[Picasa]
name=Rome
[Contacts2]
64=Emma;;
[a.jpg]
star=yes
caption=100 % = all; [really]
faces=rect64(3fff3fff7fff7fff),64;rect64(1000),6a;rect64(3fff3fff7fff7fff),ffffffffffffffff;rect64(0),64
keywords=sun, sea
albums=1f,2f
[b.jpg]
hidden=yes
[.album:1f]
name=Summer
[../../etc/passwd]
star=yes
"""


def read(folder: Path) -> tuple[Library, dict[str, Asset]]:
    with picasa.read(folder, "") as library:
        return library, {asset.name: asset for asset in library.assets()}


def test_a_folder(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / ".picasa.ini").write_text(INI, encoding="utf-8")
    (tmp_path / "contacts.xml").write_text(CONTACTS, encoding="utf-8")
    library, assets = read(tmp_path)
    assert sorted(assets) == ["a.jpg", "b.jpg"]
    a, b = assets["a.jpg"], assets["b.jpg"]
    assert (a.favourite, a.description, a.tags, b.archived) == (True, "100 % = all; [really]", ("sun", "sea"), True)
    assert {person.name for person in library.people.values()} == {"Emma", "Zoë", "Tom"}
    [face] = [face for face in a.faces if face.person == "64"]
    assert face.box == pytest.approx((0.25, 0.25, 0.25, 0.25), abs=0.001)
    assert [(album.name, album.assets) for album in library.albums] == [("Summer", ("sub/a.jpg",))]


def test_what_cannot_be_read_is_counted(tmp_path: Path) -> None:
    (tmp_path / ".picasa.ini").write_text("[a.jpg]\nstar=yes\n")
    for name, content in (("one", b"no section=1\n"), ("two", b"\xff\xfe\0[")):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".picasa.ini").write_bytes(content)
    bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;">]><contacts><contact id="1" name="&y;"/></contacts>'
    (tmp_path / "contacts.xml").write_text(bomb)
    library, _ = read(tmp_path)
    assert library.lost == {"files .picasa.ini that cannot be read": 2, "files contacts.xml that cannot be read": 1}
    assert library.people == {}


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / ".picasa.ini").write_text("[secret.jpg]\nstar=yes\n")
    inside = tmp_path / "in"
    inside.mkdir()
    (inside / ".picasa.ini").write_text("[a.jpg]\nstar=yes\n")
    (inside / "link").symlink_to(tmp_path / "out")
    (inside / "sub").mkdir()
    (inside / "sub" / ".picasa.ini").symlink_to(tmp_path / "out" / ".picasa.ini")
    library, assets = read(inside)
    assert list(assets) == ["a.jpg"]
    assert library.lost == {"files .picasa.ini that cannot be read": 1}


def test_a_huge_file_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picasa, "MOST_BYTES", 10)
    (tmp_path / ".picasa.ini").write_text(INI)
    with pytest.raises(Unreadable, match=r"no \.picasa\.ini with photos"):
        read(tmp_path)


def test_other_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"no \.picasa\.ini"):
        read(tmp_path)
    with pytest.raises(Unreadable, match="Choose the folder"):
        read(tmp_path / "none")


def test_turns_crops_and_edits_that_are_not_saved(tmp_path: Path) -> None:
    (tmp_path / ".picasa.ini").write_text(
        "[a.jpg]\nrotate=rotate(1)\nfilters=crop64=1,3fff3fffbfffbfff;\n[b.jpg]\nrotate=rotate(3)\n"
        "filters=enhance=1;crop64=1,3fff3fffbfffbfff;tilt=1,0.5,0.0;\n[c.jpg]\nrotate=rotate(0)\n"
        "filters=crop64=1,ffffffff;\ncrop=rect64(0)\n[d.jpg]\nrotate=rotate(9)\nfilters=crop64=1,xyz;\n"
    )
    library, assets = read(tmp_path)
    assert [assets[f"{name}.jpg"].turn for name in "abcd"] == [6, 8, 1, 1]
    edit = assets["a.jpg"].picture_edit
    assert edit is not None
    [crop] = edit["operations"]
    assert [crop[name] for name in ("x", "y", "width", "height")] == pytest.approx([0.25, 0.25, 0.5, 0.5], abs=1e-4)
    assert assets["b.jpg"].picture_edit == assets["a.jpg"].picture_edit
    assert (assets["c.jpg"].picture_edit, assets["d.jpg"].picture_edit) == (None, None)
    assert library.lost == {"edits that Picasa has not saved into the files": 2}


def test_a_hidden_folder_a_deleted_album_and_kept_originals(tmp_path: Path) -> None:
    (tmp_path / ".picasaoriginals").mkdir()
    (tmp_path / ".picasaoriginals" / ".picasa.ini").write_text("[a.jpg]\nmoddate=a240a7b786fadc01\n")
    (tmp_path / ".picasa.ini").write_text(
        "[a.jpg]\nalbums=1f\n[b.jpg]\n[Picasa]\nP2category=Hidden Folders\n[.album:1f]\ntoken=1f\n"
    )
    library, assets = read(tmp_path)
    assert library.count == 2
    assert [asset.archived for asset in assets.values()] == [True, True]
    assert library.albums == []
