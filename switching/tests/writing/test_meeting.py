"""Which box means which face."""

from switching.writing.meeting import likeness, meet

FACE = (0.4, 0.4, 0.1, 0.12)
HEAD = (0.37, 0.32, 0.16, 0.24)  # the whole head, as Apple and Picasa draw it
OTHER = (0.6, 0.4, 0.1, 0.12)


def test_the_best_pairs_come_first_and_each_box_once() -> None:
    near = (0.41, 0.41, 0.1, 0.12)
    assert meet([near, FACE, OTHER], [FACE, OTHER]) == {1: 0, 2: 1}
    assert meet([near], [OTHER, FACE]) == {0: 1}
    assert meet([], [FACE]) == {}
    assert meet([FACE], []) == {}


def test_a_head_around_a_face_is_the_same_face() -> None:
    assert meet([HEAD], [FACE, OTHER]) == {0: 0}


def test_a_box_of_the_whole_picture_is_no_face_in_it() -> None:
    assert likeness((0, 0, 1, 1), FACE) == 0


def test_neighbours_do_not_meet() -> None:
    assert likeness((0.48, 0.4, 0.1, 0.12), FACE) == 0
    assert likeness(OTHER, FACE) == 0
