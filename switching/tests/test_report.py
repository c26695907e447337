"""The sentences of a report, and its limits."""

from switching.report import LISTED, Report, from_dict, sentences, shown_lists


def test_counts_become_sentences() -> None:
    report = Report("Immich", "2.1", 4_815)
    report.count("found by content", 4_800)
    report.count("found by path", 12)
    report.add("missing", "/a.jpg", "/b.jpg", "/c.jpg")
    for name, count in {
        "people": 61,
        "people new": 60,
        "faces": 5_204,
        "confirm": 5_150,
        "draw": 48,
        "conflict": 6,
    }.items():
        report.count(name, count)
    report.count("albums", 122)
    report.count("albums new", 122)
    report.count("album photos", 9_000)
    report.count("unseen", 1)
    report.count("tags", 14)
    report.count("tags new", 1)
    report.count("kept", 1)
    assert sentences(report) == [
        "4,812 of 4,815 photos found (4,800 by content, 12 by path); 3 are not here.",
        "61 people: 60 new, 1 here already.",
        "5,204 faces with names: 5,150 to be named, 48 to be drawn, where Mirage saw no face,"
        " 6 named otherwise here: that stays, and the review asks.",
        "In 1 photo of these Mirage has not looked for faces yet. If you wait until it has, fewer boxes are drawn.",
        "122 albums: 122 new, 9,000 photos to be added to them.",
        "14 tags to be added to photos.",
        "1 new tag to be made.",
        "1 value that you changed here stays as it is.",
    ]


def test_nothing_new_is_said() -> None:
    assert sentences(Report("Immich", "", 0)) == [
        "0 of 0 photos found (none).",
        "Nothing new: everything that can come is here already.",
    ]


def test_long_lists_are_cut_and_counted() -> None:
    report = Report()
    report.add("missing", *(str(number) for number in range(LISTED + 5)))
    report.add("missing", "one more")
    [(heading, count, entries)] = shown_lists(report)
    assert (heading, count, len(entries), entries[-1]) == (
        "Photos that are not here",
        LISTED + 6,
        LISTED,
        str(LISTED - 1),
    )


def test_a_report_survives_being_kept() -> None:
    report = Report("Immich", "2", 5, notes=["Careful"])
    report.add("conflicts", "Emma there, Anna here")
    report.lost["memories"] = 3
    assert from_dict(report.as_dict()) == report
    assert from_dict({}) == Report()
