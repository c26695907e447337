"""What the dictionary says of names."""

import lzma
from pathlib import Path

import pytest

from vision.words import things
from vision.words.things import SENSES, Thing, Things


@pytest.fixture
def dictionary(tmp_path: Path) -> Things:
    path = tmp_path / "things.txt.xz"
    lines = (
        "crane\tlifting device|device\tlifts and moves heavy objects",
        "crane|Grus\twading bird|aquatic bird\tlarge long-necked wading bird",
        "crane\tperson\ta third meaning",
        "knife\tedge tool|cutter\ta tool with a blade",
        "polar bear|ice bear\tbear|carnivore\twhite bear of Arctic regions",
        "sky\t\tthe atmosphere seen from the earth",
    )
    path.write_bytes(lzma.compress("\n".join(lines).encode()))
    return Things.read(path)


def test_the_commonest_meanings_come_first_and_no_more_than_some(dictionary: Things) -> None:
    found = dictionary.called("crane")
    assert [thing.kinds[0] for thing in found] == ["lifting device", "wading bird"]
    assert len(found) == SENSES


@pytest.mark.parametrize("said", ["a Polar Bear", "polar  bears", "polar-bear", "ice bear", "the polar bear"])
def test_articles_plurals_and_hyphens_are_fine(dictionary: Things, said: str) -> None:
    (thing,) = dictionary.called(said)
    assert thing.gloss == "white bear of Arctic regions"


def test_irregular_plurals_of_f_are_fine(dictionary: Things) -> None:
    assert dictionary.called("knives") == dictionary.called("knife") != ()


@pytest.mark.parametrize("said", ["xqzzt", "", "a", "polar bear on ice"])
def test_what_is_no_name_has_no_meaning(dictionary: Things, said: str) -> None:
    assert dictionary.called(said) == ()


def test_a_thing_is_said_in_two_ways() -> None:
    thing = Thing("okapi", ("giraffe", "ruminant"), "similar to the giraffe but smaller")
    assert thing.texts == ("similar to the giraffe but smaller", "okapi, giraffe, ruminant")


def test_a_thing_of_no_kind_is_its_name(dictionary: Things) -> None:
    (sky,) = dictionary.called("sky")
    assert sky.texts[1] == "sky"


def test_the_file_that_ships_knows_animals_things_food_and_plants() -> None:
    shipped = things.shipped()
    kinds = {said: {kind for thing in shipped.called(said) for kind in thing.kinds} for said in ("okapi", "menorah")}
    assert "ruminant" in kinds["okapi"]
    assert "candelabrum" in kinds["menorah"]
    assert all(shipped.called(said) for said in ("birthday cake", "sunflower", "lighthouse", "strawberries", "bride"))
