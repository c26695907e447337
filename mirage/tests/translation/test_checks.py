"""What is wrong with a translation is found before it is taken."""

import pytest

from mirage.translation.checks import faults


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("Delete", "Löschen"),
        ("%(count)s of %(all)s", "%(all)s: %(count)s"),
        ("<b>Mind</b> the gap", "Achte auf die <b>Lücke</b>"),
        ("100 %", "100 %"),
        ("%(part)s %% of it", "%(part)s %% davon"),
        (" and ", " und "),
        (" and ", "と"),
        (", ", "、"),
    ],
)
def test_sound(text: str, given: str) -> None:
    assert faults(text, "", [given], 2) == []


@pytest.mark.parametrize(
    ("text", "given", "fault"),
    [
        ("%(count)s photos", "%(Anzahl)s Fotos", "unknown values: Anzahl; missing values: count"),
        ("%(count)s photos", "%(count)s Fotos, 5 %", "single percent"),
        ("%(count)s photos", "%(count) Fotos", "missing values"),
        ("<b>Mind</b> it", "<b>Achte darauf", "tags"),
        ("Open", "<script>x</script>", "tags"),
        (" and ", "und", "spaces"),
        ("\n\nIt", "それ", "line breaks"),
        ("Open", "", "empty"),
    ],
)
def test_unsound(text: str, given: str, fault: str) -> None:
    assert fault in "; ".join(faults(text, "", [given], 2))


def test_plural_forms() -> None:
    one, many = "One photo", "%(number)s photos"
    assert faults(one, many, ["Ein Foto", "%(number)s Fotos"], 2) == []
    assert faults(one, many, ["%(number)s枚の写真"], 1) == []
    assert "2 strings instead of 3" in faults(one, many, ["a", "b"], 3)[0]
    assert "unknown" in faults(one, many, ["Ein Foto", "%(n)s Fotos"], 2)[0]
    assert "missing values: name" in faults("%(number)s of %(name)s", "%(number)s of %(name)s", ["a", "b"], 2)[0]


def test_what_stands_on_a_button_is_short() -> None:
    assert faults("Go", "", ["Los geht’s"], 2, button=True) == []
    assert "too long" in faults("Save", "", ["Alle Änderungen übernehmen"], 2, button=True)[0]
    assert "too long" in faults("Save", "", ["変更をすべて保存する"], 1, button=True)[0]
    assert faults("Save", "", ["Alle Änderungen übernehmen"], 2) == []
