"""Names by their words: whole, by first and last name, and what people call places."""

from search.language.spoken.known import Known, called, key_of, known_names, place_senses


def texts(known: Known, *words: str) -> list[str]:
    return [sense.text for sense in known.meant(words)]


def test_people_are_found_by_whole_first_and_last_name() -> None:
    known = known_names(["Anna Lee", "Anna", "Ludwig van Beethoven", "Zoë"], [], [], {})
    assert texts(known, "anna", "lee") == ['person:="Anna Lee"']
    assert texts(known, "anna") == ['person:"Anna"', "person:=Anna"]
    assert texts(known, "beethoven") == ['person:"Beethoven"']
    assert texts(known, "van") == []
    assert texts(known, "zoe") == ["person:=Zoë"]


def test_a_name_that_shows_nothing_is_none() -> None:
    assert list(called("…")) == []


def test_grandma_is_granny_if_nobody_else_is() -> None:
    known = known_names(["Grandma"], [], ["nana"], {})
    assert texts(known, "granny") == ["person:=Grandma"]
    assert texts(known, "nana") == ["tag:nana"]
    assert texts(known, "grandpa") == []


def test_albums_and_tags_without_their_small_words() -> None:
    known = known_names([], ["Our wedding", "The"], ["travel/at the sea"], {})
    assert texts(known, *key_of("our wedding")) == ['album:="Our wedding"']
    assert texts(known, *key_of("sea")) == ['tag:"travel/at the sea"']
    assert texts(known, "the") == ["album:=The"]


def test_places_as_people_call_them() -> None:
    known = Known(place_senses([("Munich", "Bavaria", "Germany"), ("", "", "")]))
    assert texts(known, "munich") == ['place:"Munich"']
    assert texts(known, "munchen") == ['place:"Munich"']
    assert texts(known, "bavaria") == ['place:"Bavaria"']
    assert texts(known, "germany") == ['country:"Germany"']
    assert texts(known, "usa") == []


def test_what_is_a_town_too_is_one() -> None:
    places = [("Munich", "Bavaria", "Germany"), ("Luxembourg", "Luxembourg", "Luxembourg"), ("Vienna", "Vienna", "")]
    known = Known(place_senses(places))
    towns = {name: [sense.text for sense in senses if sense.town] for (name, *_), senses in known.names.items()}
    assert towns["munich"] == ['place:"Munich"']
    assert towns["munchen"] == ['place:"Munich"']
    assert towns["bavaria"] == towns["bayern"] == towns["germany"] == []
    assert towns["vienna"] == ['place:"Vienna"']
    assert texts(known, "luxembourg") == ['place:"Luxembourg"', 'country:"Luxembourg"']


def test_the_words_of_names_are_where_mistakes_are_looked_for() -> None:
    known = known_names(["Anna Lee"], ["At the lake"], [], {})
    assert known.vocabulary == {"anna", "lee", "lake"}
