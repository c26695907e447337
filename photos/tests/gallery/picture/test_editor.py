"""What the editor shows: a label for each slider and each preset."""

from django.utils.translation import override

from media.editing.presets import PRESETS
from photos.gallery.picture import editor


def test_each_preset_and_each_slider_has_a_label() -> None:
    assert set(editor.LOOKS) == set(PRESETS)
    sliders = {name for names in editor.SLIDERS.values() for name in names}
    assert set(editor.LABELS) == sliders


def test_labels_wait_for_the_language_of_whoever_looks() -> None:
    with override("en"):
        labels = [str(label) for label in (*editor.LOOKS.values(), *editor.LABELS.values())]
    assert labels[0] == "Clear"
    assert "Black and white" in labels


def test_amounts_that_go_both_ways_begin_below_zero() -> None:
    assert editor.slider("exposure")["least"] == -100
    assert editor.slider("sharpness")["least"] == 0
