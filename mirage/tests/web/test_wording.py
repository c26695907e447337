"""Numbers and lists, as the language writes them."""

from django.utils import translation

from mirage import wording
from mirage.templatetags.languages import listed, number


def test_numbers_have_the_separators_of_the_language() -> None:
    assert wording.number_in_words(1234567) == "1,234,567"
    assert number(None) == ""
    with translation.override("de"):
        assert (wording.number_in_words(1234), number(0.5)) == ("1.234", "0,5")


def test_lists_leave_out_what_is_empty() -> None:
    assert wording.listed(["Lisbon", "", "Portugal"]) == "Lisbon, Portugal"
    assert listed(None) == listed([]) == ""
    assert listed(name for name in ("a", 2)) == "a, 2"


def test_photos_are_counted() -> None:
    assert [wording.photos_in_words(count) for count in (0, 1, 1234)] == ["0 photos", "1 photo", "1,234 photos"]


def test_names_are_sorted_as_people_look_for_them() -> None:
    names = [
        "Zoe",
        "Äpfel",
        "zebra",
        "Anna",
        "éclair",
        "Eva",
        "anna",
        "Їжак",
        "Іван",
        "Ярина",
        "Apfel",
        "猫",
        "Łódź",
        "Lublin",
        "Mela",
    ]
    assert sorted(names, key=wording.alphabetical) == [
        "Anna", "anna", "Apfel", "Äpfel", "éclair", "Eva", "Lublin", "Łódź", "Mela", "zebra", "Zoe",
        "Іван", "Їжак", "Ярина", "猫",
    ]  # fmt: skip
