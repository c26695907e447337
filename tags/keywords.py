"""Keywords as tags on photos: taking them over from files, and adding and removing them by hand, with preview and undo.

A keyword in a file is a PhotoTag of source `file`, one that the owner adds has source `owner`. A file's keyword that
the owner removed remains as a rejected row, so that reading the file again does not bring it back.
"""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import ngettext

from accounts.models import User
from media.text import clean_line, name_key
from mirage.wording import number_in_words
from photos.editing import edits
from photos.editing.bulk import Change, Difference, Entry
from photos.models import Photo, RawMetadata
from tags.models import PhotoTag, Tag, TagAlias

OWNER, FILE, LEARNT = PhotoTag.Source.OWNER, PhotoTag.Source.FILE, PhotoTag.Source.LEARNT
GIVEN = (OWNER, FILE)  # not only learned
MAX_NAME = 80
MAX_PATH = 400

State = list[Any] | None  # source, rejected and confidence of a PhotoTag; None if there is no row
States = dict[int, dict[int, State]]  # by photo, by tag


# --- from files -------------------------------------------------------------------------------------------------------


def run(photo_ids: Sequence[int]) -> dict[int, str]:
    """Stage `keywords`: turns the keywords of the photos' files into tags."""
    found = keywords_in_files(photo_ids)
    by_owner: dict[int, dict[int, list[str]]] = {}
    for photo_id, owner_id in Photo.objects.filter(pk__in=photo_ids).values_list("pk", "owner_id"):
        by_owner.setdefault(owner_id, {})[photo_id] = found[photo_id]
    for owner_id, wanted in by_owner.items():
        take_over(owner_id, wanted)
    return {}


def keywords_in_files(photo_ids: Sequence[int]) -> dict[int, list[str]]:
    """The keywords of the photos' files, by photo."""
    fields = dict(RawMetadata.objects.filter(photo__in=photo_ids).values_list("photo_id", "fields"))
    return {photo_id: clean_paths((fields.get(photo_id) or {}).get("keywords") or []) for photo_id in photo_ids}


def take_over(owner_id: int, wanted: Mapping[int, Sequence[str]]) -> None:
    """Make the tags of source `file` match the files' keywords, by photo. The owner's decisions stay."""
    tags = tags_meant(owner_id, {path for paths in wanted.values() for path in paths})
    states = states_of(list(wanted))
    changes: States = {}
    for photo_id, paths in wanted.items():
        own = states.get(photo_id, {})
        said = {tag.pk for path in paths if (tag := tags[path.casefold()])}
        gone = {tag for tag, state in own.items() if state and state[:2] == [FILE, False] and tag not in said}
        changes[photo_id] = {tag: [FILE, False, None] for tag in said if own.get(tag) is None}
        changes[photo_id] |= dict.fromkeys(gone)
    write_states(changes)


def tags_meant(owner_id: int, paths: Iterable[str]) -> dict[str, Tag | None]:
    """The tags that paths in files mean, by casefolded path; None if the owner deleted the tag."""
    wanted = {path.casefold(): path for path in paths}
    aliases = TagAlias.objects.filter(owner=owner_id).select_related("tag") if wanted else []
    there = known_tags(owner_id) if aliases else {}
    known = {alias.path: alias.tag for alias in aliases if alias.path not in there}
    found: dict[str, Tag | None] = {folded: known[folded] for folded in wanted if folded in known}
    renamed = {folded: renamed_path(path, known) for folded, path in wanted.items() if folded not in known}
    made = ensure_tags(owner_id, renamed.values())
    return found | {folded: made[path.casefold()] for folded, path in renamed.items()}


def renamed_path(path: str, known: Mapping[str, Tag | None]) -> str:
    """The path with its longest known beginning replaced by what that means now."""
    steps = path.split("/")
    for depth in range(len(steps) - 1, 0, -1):
        tag = known.get("/".join(steps[:depth]).casefold())
        if tag:
            longer = "/".join([tag.path, *steps[depth:]])
            return longer if len(longer) <= MAX_PATH else path
    return path


def clean_paths(words: Iterable[str]) -> list[str]:
    """The paths with trimmed, non-empty steps, cut to the lengths that fit, without duplicates in other case."""
    found: dict[str, str] = {}
    for word in words:
        steps = [clean_line(step)[:MAX_NAME].strip() for step in word.split("/")]
        path = ""
        for step in filter(name_key, steps):
            longer = f"{path}/{step}" if path else step
            if len(longer) > MAX_PATH:
                break
            path = longer
        if path:
            found.setdefault(path.casefold(), path)
    return list(found.values())


def ensure_tags(owner_id: int, paths: Iterable[str]) -> dict[str, Tag]:
    """The owner's tags with these paths and all tags above them, by casefolded path. Makes missing ones."""
    wanted: dict[str, str] = {}
    for path in paths:
        steps = path.split("/")
        for depth in range(1, len(steps) + 1):
            above = "/".join(steps[:depth])
            wanted.setdefault(above.casefold(), above)
    known = known_tags(owner_id) if wanted else {}
    for depth in sorted({folded.count("/") for folded in wanted}):
        missing = []
        for folded, path in wanted.items():
            if folded.count("/") == depth and folded not in known:
                parent = known.get(folded.rpartition("/")[0])
                name = path.rpartition("/")[2]
                full = f"{parent.path}/{name}" if parent else name
                missing.append(Tag(owner_id=owner_id, parent=parent, name=name, path=full))
        if missing:
            Tag.objects.bulk_create(missing, ignore_conflicts=True)  # another worker may make them too
            known = known_tags(owner_id)
    return {folded: known[folded] for folded in wanted}


def known_tags(owner_id: int) -> dict[str, Tag]:
    """All tags of an owner by casefolded path. Of tags that differ only in case, it is the oldest."""
    return {tag.path.casefold(): tag for tag in Tag.objects.filter(owner=owner_id).order_by("-pk")}


def keywords_of(photo: Photo) -> list[str]:
    """The paths of the photo's keywords, from its file and its owner."""
    return sorted(paths_of([photo.pk]).get(photo.pk, []))


# --- by hand ----------------------------------------------------------------------------------------------------------


def change_keywords(add: Iterable[str] = (), remove: Iterable[str] = ()) -> "ChangeKeywords":
    """The change that adds and removes these keywords, which are paths such as `travel/japan`."""
    return ChangeKeywords(clean_paths(add), clean_paths(remove))


@dataclass(frozen=True)
class TagsChange(Change):
    """A change of PhotoTag rows."""

    @abstractmethod
    def targets(self, owner_id: int, states: States) -> States:
        """The states that rows should have."""

    def plan(self, photo_ids: Sequence[int]) -> dict[int, dict[int, tuple[State, State]]]:
        """The states before and after of each row that would change, by photo and tag."""
        plans: dict[int, dict[int, tuple[State, State]]] = {}
        owners: dict[int, list[int]] = {}
        for photo_id, owner_id in Photo.objects.filter(pk__in=photo_ids).order_by("pk").values_list("pk", "owner_id"):
            owners.setdefault(owner_id, []).append(photo_id)
        for owner_id, own in owners.items():
            states = states_of(own)
            held = {photo_id: states.get(photo_id, {}) for photo_id in own}
            for photo_id, targets in self.targets(owner_id, held).items():
                changed = {
                    tag: (held[photo_id].get(tag), after)
                    for tag, after in targets.items()
                    if held[photo_id].get(tag) != after
                }
                if changed:
                    plans[photo_id] = changed
        return plans

    def apply(self, photo_ids: Sequence[int], stamp: datetime, by: User | None) -> list[Entry]:
        plans = self.plan(photo_ids)
        write_states({photo_id: {tag: after for tag, (_, after) in plan.items()} for photo_id, plan in plans.items()})
        edits.announce(list(plans))
        return [[photo_id, [[tag, *pair] for tag, pair in plan.items()]] for photo_id, plan in plans.items()]

    def revert(self, entries: Sequence[Entry], stamp: datetime) -> int:
        photo_ids = [photo_id for photo_id, _ in entries]
        states = states_of(photo_ids)
        there = set(Photo.objects.filter(pk__in=photo_ids).values_list("pk", flat=True))
        tags = set(
            Tag.objects.filter(pk__in={tag for _, rows in entries for tag, *_ in rows}).values_list("pk", flat=True)
        )
        changes: States = {}
        kept = 0
        for photo_id, rows in entries:
            if photo_id not in there:
                continue
            now = states.get(photo_id, {})
            back = {tag: before for tag, before, after in rows if tag in tags and now.get(tag) == after}
            changes[photo_id] = back
            kept += len(back) < len(rows)
        write_states(changes)
        edits.announce(list(changes))
        return kept


@dataclass(frozen=True)
class ChangeKeywords(TagsChange):
    """Adds and removes keywords."""

    add: list[str]
    remove: list[str]
    verb: ClassVar[str] = "edited keywords"

    def sentence(self, number: int) -> str:
        if self.add and self.remove:
            words = ngettext(
                "Photo tagged %(added)s and no longer tagged %(removed)s",
                "%(number)s photos tagged %(added)s and no longer tagged %(removed)s",
                number,
            )
        elif self.add:
            words = ngettext("Photo tagged %(added)s", "%(number)s photos tagged %(added)s", number)
        elif self.remove:
            words = ngettext(
                "Photo no longer tagged %(removed)s", "%(number)s photos no longer tagged %(removed)s", number
            )
        else:
            return super().sentence(number)
        tags = {"added": ", ".join(self.add), "removed": ", ".join(self.remove)}
        return words % {"number": number_in_words(number), **tags}

    def targets(self, owner_id: int, states: States) -> States:
        added = [tag.pk for folded, tag in ensure_tags(owner_id, self.add).items() if folded in folded_set(self.add)]
        known = known_tags(owner_id) if self.remove else {}
        removed = [known[folded].pk for folded in folded_set(self.remove) if folded in known]
        return {
            photo_id: {tag: given(own.get(tag)) for tag in added} | {tag: taken(own.get(tag)) for tag in removed}
            for photo_id, own in states.items()
        }

    def differences(self, photo_ids: Sequence[int]) -> list[Difference]:
        before, removed, after = paths_of(photo_ids), folded_set(self.remove), {}
        for photo_id in photo_ids:
            kept = [path for path in before.get(photo_id, []) if path.casefold() not in removed]
            after[photo_id] = clean_paths([*kept, *self.add])
        return differences(before, after)


@dataclass(frozen=True)
class ResetKeywords(TagsChange):
    """Removes the owner's keywords and restores the file's."""

    verb: ClassVar[str] = "reset keywords"

    def targets(self, owner_id: int, states: States) -> States:
        return {
            photo_id: {
                tag: None if state[0] == OWNER else [state[0], False, state[2]]
                for tag, state in own.items()
                if state and state[0] in GIVEN
            }
            for photo_id, own in states.items()
        }

    def differences(self, photo_ids: Sequence[int]) -> list[Difference]:
        return differences(paths_of(photo_ids), keywords_in_files(photo_ids))


def differences(before: Mapping[int, Sequence[str]], after: Mapping[int, Sequence[str]]) -> list[Difference]:
    """The photos whose keywords change, other than in case."""
    return [
        Difference(photo_id, {"keywords": (before.get(photo_id, []), sorted(paths))})
        for photo_id, paths in after.items()
        if folded_set(paths) != folded_set(before.get(photo_id, []))
    ]


def given(state: State) -> State:
    """A row after its keyword was added: it keeps the source `file`; any other becomes the owner's."""
    return [FILE, False, state[2]] if state and state[0] == FILE else [OWNER, False, None]


def taken(state: State) -> State:
    """A row after its keyword was removed: the owner's rows are deleted, others rejected."""
    return None if state is None or state[0] == OWNER else [state[0], True, state[2]]


def folded_set(paths: Iterable[str]) -> set[str]:
    return {path.casefold() for path in paths}


def paths_of(photo_ids: Sequence[int]) -> dict[int, list[str]]:
    """The photos' keywords, from files and owners, by photo."""
    rows = PhotoTag.objects.filter(photo__in=photo_ids, rejected=False, source__in=GIVEN).order_by("tag__path")
    found: dict[int, list[str]] = {}
    for photo_id, path in rows.values_list("photo_id", "tag__path"):
        found.setdefault(photo_id, []).append(path)
    return found


def states_of(photo_ids: Sequence[int]) -> States:
    """The states of the photos' rows."""
    found: States = {}
    rows = PhotoTag.objects.filter(photo__in=photo_ids)
    for photo_id, tag_id, *state in rows.values_list("photo_id", "tag_id", "source", "rejected", "confidence"):
        found.setdefault(photo_id, {})[tag_id] = state
    return found


def write_states(changes: States) -> None:
    """Give rows these states."""
    rows = [
        PhotoTag(photo_id=photo_id, tag_id=tag, source=state[0], rejected=state[1], confidence=state[2])
        for photo_id, states in changes.items()
        for tag, state in states.items()
        if state
    ]
    PhotoTag.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["photo", "tag"],
        update_fields=["source", "rejected", "confidence"],
        batch_size=1000,
    )
    removed: dict[int, list[int]] = {}
    for photo_id, states in changes.items():
        for tag, state in states.items():
            if state is None:
                removed.setdefault(tag, []).append(photo_id)
    for tag, photo_ids in removed.items():
        PhotoTag.objects.filter(tag=tag, photo__in=photo_ids).delete()


def copy_tags(photo_id: int, copy_id: int) -> None:
    """A copy of a photo begins with its tags, but for learned ones: those are learned from the picture."""
    rows = list(PhotoTag.objects.filter(photo=photo_id, source__in=GIVEN))
    PhotoTag.objects.bulk_create(
        PhotoTag(photo_id=copy_id, tag_id=row.tag_id, source=row.source, rejected=row.rejected) for row in rows
    )
