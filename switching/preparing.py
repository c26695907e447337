"""Reading another program's library and finding out what it would bring: the report, and the steps that would do it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from accounts.batches import compact
from accounts.models import User
from media.sentences import english
from media.text import name_key
from people.models import FaceScan
from switching import stream
from switching.ledger import PERSON, Ledger
from switching.matching import CONTENT, Finder, fill_sums
from switching.models import Step, Switch
from switching.readers import READERS
from switching.report import Report, count_deeds
from switching.writing import albums, copies, people, photos
from switching.writing.wishes import ALBUMS, COPIES, PEOPLE, PHOTOS, STACKS, TAGS, PhotoWish, clean_name, wish_of

AT_ONCE = 500  # photos in a step
ITEMS_AT_ONCE = 5_000  # photos in the albums of a step
COPIES_AT_ONCE = 50
FIRST_COPIES, FIRST_PHOTOS = 10, 10_000  # people and tags come before them
T = TypeVar("T")
OnPhoto = Callable[[int, int], None]


@dataclass
class Reading:
    """A library that is being read: what is known so far."""

    owner: User
    program: str
    library: stream.Library
    finder: Finder
    report: Report
    here: dict[str, int]  # our people for theirs
    meanings: dict[str, int | None]  # our tags for their paths
    photos: dict[str, int | str] = field(default_factory=dict)  # our photos for their assets; copies may be to come
    copies: list[dict[str, Any]] = field(default_factory=list)
    copied: dict[str, int | None] = field(default_factory=dict)  # copies that came before
    met: set[int] = field(default_factory=set)
    used: set[str] = field(default_factory=set)  # people who have a face that comes
    new_tags: dict[str, str] = field(default_factory=dict)
    elsewhere: int = 0  # optional assets that are not here
    contents: dict[str, int] = field(default_factory=dict)  # our photos by what the program calls their content
    unknown: list[tuple[str, str, str]] = field(default_factory=list)  # key, content and place of assets not found

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.owner, self.program)


@contextmanager
def opened(
    owner: User, program: str, path: Path, account: str = "", on_sum: OnPhoto | None = None
) -> Iterator[Reading]:
    """Open a library. Raises Unreadable."""
    reader = READERS[program]
    hints = [name for name in (owner.email, owner.username, owner.get_full_name()) if name]
    with reader.read(path, account, hints) as library:
        if reader.by_sha1:
            fill_sums(owner, on_sum or (lambda done, total: None))
        names = {key: person.name for key, person in library.people.items()}
        yield Reading(
            owner=owner,
            program=program,
            library=library,
            finder=Finder(owner),
            report=Report(library.program, library.version, library.count),
            here=people.resolve(Ledger(owner, program), names),
            meanings=photos.tag_meanings(owner),
            copied=Ledger(owner, program).targets(copies.COPY),
        )


def steps_of(reading: Reading, on_photo: OnPhoto = lambda done, total: None) -> Iterator[Step]:
    """Read everything: yields the steps, not saved yet, and fills the report."""
    number, done = FIRST_PHOTOS, 0
    for assets in portions(reading.library.assets(), AT_ONCE):
        if wishes := find_photos(reading, assets):
            plan_photos(reading, wishes)
            yield step(number, PHOTOS, wishes)
            number += 1
        done += len(assets)
        on_photo(done, reading.library.count)
    settle_unknown(reading)
    reading.report.photos = max(done - reading.elsewhere, reading.report.photos)
    if wanted := people_wishes(reading):
        yield step(1, PEOPLE, wanted)
    if reading.new_tags:
        yield step(2, TAGS, sorted(reading.new_tags.values()))
    for place, some_copies in enumerate(portions(reading.copies, COPIES_AT_ONCE)):
        yield step(FIRST_COPIES + place, COPIES, some_copies)
    for kind, some in (*stack_steps(reading), *album_steps(reading)):
        yield step(number, kind, some)
        number += 1
    reading.report.lost |= reading.library.lost
    reading.report.notes += reading.library.notes


def portions(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """The things in lists of at most this size."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some


def step(number: int, kind: str, wishes: Any) -> Step:
    return Step(number=number, kind=kind, wishes=compact(wishes))


# --- photos -----------------------------------------------------------------------------------------------------------


def find_photos(reading: Reading, assets: Sequence[stream.Asset]) -> list[PhotoWish]:
    """The wishes about those that are here."""
    wishes = []
    for asset in assets:
        if asset.copy_of:
            wishes += find_copy(reading, asset)
            continue
        found = reading.finder.find(asset)
        if found is None and asset.optional:
            reading.elsewhere += 1
            continue
        if found is None:
            reading.unknown.append((asset.key, asset.content, asset.path or asset.name))
            continue
        photo, how = found
        if asset.content:
            reading.contents.setdefault(asset.content, photo)
        reading.report.count(f"found by {how}")
        reading.photos[asset.key] = photo
        if photo in reading.met:
            reading.report.count("twice")
            continue
        reading.met.add(photo)
        wishes.append(wish_of(asset, photo, reading.library))
    return wishes


def settle_unknown(reading: Reading) -> None:
    """Assets that were not found are missing, unless another with the same content was."""
    for key, content, place in reading.unknown:
        if content in reading.contents:
            reading.report.count(f"found by {CONTENT}")
            reading.report.count("twice")
            reading.photos[key] = reading.contents[content]
        else:
            reading.report.add("missing", place)


def find_copy(reading: Reading, asset: stream.Asset) -> list[PhotoWish]:
    """The wish about a virtual copy that is here. One whose photo is here is noted, to be made."""
    reading.elsewhere += 1  # it is no file
    of = reading.photos.get(asset.copy_of)
    place = copies.place_of(reading.ledger, asset.key, reading.copied) if isinstance(of, int) else copies.GONE
    if place == copies.GONE:
        return []
    reading.photos[asset.key] = place
    if isinstance(place, int):
        return [wish_of(asset, place, reading.library)]
    reading.copies.append({"key": asset.key, "photo": of, "wish": wish_of(asset, copies.GONE, reading.library)})
    reading.report.count("copies")
    return []


def plan_photos(reading: Reading, wishes: Sequence[PhotoWish]) -> None:
    """Count what would come to these photos."""
    report, came = reading.report, reading.ledger.photos(wish["photo"] for wish in wishes)
    plan = photos.plan(wishes, came, reading.meanings)
    for values in plan.words.values():
        report.count("words", len(values))
        for name in values:
            report.count(name)
    for flag, ids in plan.flags.items():
        report.count(flag, len(ids))
        report.count("flags", len(ids))
    for paths in plan.tags.values():
        report.count("tags", len(paths))
        new = {path.casefold(): path for path in paths if path.casefold() not in reading.meanings}
        report.count("tags new", len(new.keys() - reading.new_tags.keys()))
        reading.new_tags |= new
    report.count("kept", plan.kept)
    plan_faces(reading, wishes, came)


def plan_faces(reading: Reading, wishes: Sequence[PhotoWish], came: dict[int, set[str]]) -> None:
    report = reading.report
    deeds = people.plan(reading.owner, wishes, reading.here, came)
    names = {key: person.name for key, person in reading.library.people.items()}
    count_deeds(report, deeds, names)
    reading.used |= {deed.wish["person"] for deed in deeds if deed.what in (people.CONFIRM, people.DRAW, people.ASK)}
    with_faces = {wish["photo"] for wish in wishes if wish["faces"]}
    report.count("unseen", len(with_faces) - FaceScan.objects.filter(photo__in=with_faces).count())
    conflicts = [deed for deed in deeds if deed.what == people.CONFLICT and deed.face]
    ours = people.names_of_faces([deed.face for deed in conflicts if deed.face])
    report.add(
        "conflicts",
        *(
            english("%(theirs)s there, %(ours)s here", theirs=names[deed.wish["person"]], ours=ours.get(deed.face or 0))
            for deed in conflicts
        ),
    )


def people_wishes(reading: Reading) -> list[dict[str, Any]]:
    """The people who have a face that comes, or who are here already."""
    known = reading.ledger.targets(PERSON)
    wanted = [
        person
        for key, person in reading.library.people.items()
        if key[:255] not in known
        and (key in reading.used or reading.here[key] > 0)
        and reading.here[key] != people.GONE
    ]
    reading.report.count("people", len({reading.here[key] for key in reading.used}))
    reading.report.count("people new", len({pk for key in reading.used if (pk := reading.here[key]) < 0}))
    same = Counter(name_key(clean_name(person.name)) for person in wanted)
    doubles = [person.name for person in wanted if same[name_key(clean_name(person.name))] > 1]
    reading.report.add("same name", *sorted(set(doubles)))
    return [
        {
            "key": person.key,
            "name": clean_name(person.name),
            "birthday": person.birthday.isoformat() if person.birthday else None,
            "hidden": person.hidden,
        }
        for person in wanted
    ]


# --- stacks and albums ------------------------------------------------------------------------------------------------


def stack_steps(reading: Reading) -> Iterator[tuple[str, Any]]:
    wishes = [albums.stack_wish(stack, reading.photos) for stack in reading.library.stacks]
    wishes = [wish for wish in wishes if albums.may_stack(reading.ledger, wish)]
    reading.report.count("stacks", len(wishes))
    for some in portions(wishes, AT_ONCE):
        yield STACKS, some


def album_steps(reading: Reading) -> Iterator[tuple[str, Any]]:
    """The albums, several small ones in a step."""
    some: list[dict[str, Any]] = []
    for album in reading.library.albums:
        wish = albums.album_wish(album, reading.photos)
        count_album(reading.report, wish, albums.plan_album(reading.ledger, wish))
        some.append(wish)
        if sum(len(each["photos"]) + 50 for each in some) > ITEMS_AT_ONCE:
            yield ALBUMS, some
            some = []
    if some:
        yield ALBUMS, some


def count_album(report: Report, wish: dict[str, Any], plan: dict[str, Any]) -> None:
    report.count("albums")
    if plan.get("deleted"):
        report.add("deleted", wish["name"])
        return
    report.count("albums new", plan["new"])
    report.count("album photos", plan["photos"])
    report.add("shared", *plan["shared"])
    report.add("unknown", *plan["unknown"])


# --- the whole --------------------------------------------------------------------------------------------------------


def examine(owner: User, program: str, path: Path, account: str = "", on_photo: OnPhoto | None = None) -> Report:
    """What a library would bring, without keeping anything. Raises Unreadable."""
    with opened(owner, program, path, account) as reading:
        for _ in steps_of(reading, on_photo or (lambda done, total: None)):
            pass
        return reading.report


def prepare(switch: Switch, on_photo: OnPhoto | None = None) -> None:
    """Read the library of a switch and keep its report and its steps. Raises Unreadable."""
    switch.steps.all().delete()

    def note(done: int, total: int) -> None:
        Switch.objects.filter(pk=switch.pk).update(done=done, total=total)
        if on_photo:
            on_photo(done, total)

    with opened(switch.owner, switch.program, Path(switch.path), switch.account) as reading:
        for each in steps_of(reading, note):
            each.switch = switch
            each.save()
        switch.report = reading.report.as_dict()
    switch.state, switch.problem = Switch.State.READY, ""
    switch.save(update_fields=["report", "state", "problem"])
