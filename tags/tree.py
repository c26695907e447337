"""The tree of tags: adding, renaming, moving, merging, deleting. Each is an Activity and can be undone.

Paths repeat the names above and follow from them; they are written by `write_paths` alone. What an action needs for its
undo is in the activity: the tags that it changed, before and after; rows that went, whole; tags of photos that moved.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.core import serializers
from django.db import models, transaction

from accounts.batches import compact, expand
from accounts.models import Activity, User
from media.text import clean_line, name_key
from mirage.refusals import NotPossible
from photos.editing import edits
from photos.models import Photo
from tags.keywords import MAX_NAME, MAX_PATH, States, write_states
from tags.models import PhotoTag, Tag, TagAlias

Shape = list[Any]  # parent, name, colour of a tag


# --- what can be done -------------------------------------------------------------------------------------------------


def add(owner: User, name: str, parent: Tag | None = None, colour: str = "") -> tuple[Tag, Activity]:
    """A new tag."""
    made: list[Tag] = []

    def do() -> None:
        tag = Tag(owner=owner, parent=parent, name=clean_name(name), colour=colour)
        require_free(tag)
        tag.path = f"{parent.path}/{tag.name}" if parent else tag.name
        tag.save()
        made.append(tag)

    activity = act(owner, "added", do)
    return made[0], activity


def rename(tag: Tag, name: str) -> Activity:
    """Another name in the same place."""

    def do() -> None:
        tag.name = clean_name(name)
        require_free(tag)
        tag.save(update_fields=["name"])

    return act(tag.owner, "renamed", do, tag.name)


def recolour(tag: Tag, colour: str) -> Activity:
    """A colour, #rrggbb, or none."""

    def do() -> None:
        tag.colour = colour
        tag.save(update_fields=["colour"])

    return act(tag.owner, "coloured", do, tag.name)


def move(tag: Tag, parent: Tag | None) -> Activity:
    """Another place in the tree, with all below it."""

    def do() -> None:
        if parent and (parent.pk == tag.pk or parent.path.startswith(f"{tag.path}/")):
            raise NotPossible("A tag cannot be put below itself.")
        tag.parent = parent
        require_free(tag)
        tag.save(update_fields=["parent"])

    return act(tag.owner, "moved", do, tag.name)


def merge(tag: Tag, into: Tag) -> Activity:
    """Make one tag of two: the photos and what is below go to `into`; tags of one name below both become one, too."""
    if into.pk == tag.pk or into.path.startswith(f"{tag.path}/"):
        raise NotPossible("A tag cannot be merged into itself or what is below it.")
    pairs = pairs_to_merge(tag, into)
    gone = [source for source, _ in pairs]

    def do() -> None:
        for source, target in pairs:
            Tag.objects.filter(parent=source).exclude(pk__in=[one.pk for one in gone]).update(parent=target)
            TagAlias.objects.filter(tag=source).update(tag=target)

    return act(tag.owner, "merged", do, tag.name, gone=pairs)


def merge_all(tags: Sequence[Tag], into: Tag) -> list[Activity]:
    """Make one tag of many, all or none. Each is an action of its own in the owner's history."""
    with transaction.atomic():
        gone: list[Activity] = []
        for tag in tags:
            if Tag.objects.filter(pk=tag.pk).exists():  # one below another may have gone along with it
                tag.refresh_from_db()
                into.refresh_from_db()
                gone.append(merge(tag, into))
    return gone


def pairs_to_merge(tag: Tag, into: Tag) -> list[tuple[Tag, Tag]]:
    """Which tags become which: the two, and below them those that are called the same."""
    pairs = [(tag, into)]
    named = {child.name.casefold(): child for child in Tag.objects.filter(parent=into)}
    for child in Tag.objects.filter(parent=tag):
        other = named.get(child.name.casefold())
        if other and other.pk != child.pk and other.pk != tag.pk:
            pairs += pairs_to_merge(child, other)
    return pairs


def delete(tag: Tag) -> Activity:
    """Take the tag and all below it away, from every photo."""
    gone: list[tuple[Tag, Tag | None]] = [(one, None) for one in subtree(tag)]
    return act(tag.owner, "deleted", lambda: None, tag.name, gone=gone)


# --- how it is done ---------------------------------------------------------------------------------------------------


def act(
    owner: User, verb: str, do: Callable[[], None], name: str = "", gone: Iterable[tuple[Tag, Tag | None]] = ()
) -> Activity:
    """Do it, let the tags of `gone` become the other or nothing, and write down what undo needs."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # one change of a tree at a time
        before, paths = shapes(owner), paths_of_tags(owner)
        aliases = dict(TagAlias.objects.filter(owner=owner).values_list("path", "tag"))
        do()
        moved = [move_photos(source, target) for source, target in gone if target]
        rows = delete_tags([source for source, _ in gone])
        write_paths(owner)
        remember_paths(owner, paths, {source.pk: target.pk if target else None for source, target in gone})
        after = shapes(owner)
        changed = {pk for pk in before.keys() | after.keys() if before.get(pk) != after.get(pk)}
        touched = {pk for pk, path in paths_of_tags(owner).items() if paths.get(pk) != path}
        edits.announce(list(PhotoTag.objects.filter(tag__in=touched).values_list("photo", flat=True).distinct()))
        detail = {
            "name": name,
            "tags": [[pk, before.get(pk), after.get(pk)] for pk in sorted(changed)],
            "rows": compact(rows),
            "moved": compact([one for some in moved for one in some]),
            "aliases": [[path, *pair] for path, pair in changed_aliases(owner, aliases).items()],
        }
        return Activity.objects.create(owner=owner, actor=owner, verb=f"tags.{verb}", target_type="tag", detail=detail)


def clean_name(name: str) -> str:
    """A name as a tag has it; raises NotPossible."""
    name = clean_line(name)
    if not name_key(name) or "/" in name or len(name) > MAX_NAME:
        raise NotPossible(f"A tag's name has 1 to {MAX_NAME} characters that can be seen, and no /.")
    return name


def require_free(tag: Tag) -> None:
    """Raises NotPossible where a tag of that name is in that place."""
    beside = Tag.objects.filter(owner=tag.owner, parent=tag.parent).exclude(pk=tag.pk)
    if any(other.name.casefold() == tag.name.casefold() for other in beside):
        raise NotPossible(f"There is a tag called {tag.name} in that place already. Merge them, if they are one.")


def shapes(owner: User) -> dict[int, Shape]:
    """The tree without its paths."""
    rows = Tag.objects.filter(owner=owner).values_list("pk", "parent", "name", "colour")
    return {pk: [parent, name, colour] for pk, parent, name, colour in rows}


def paths_of_tags(owner: User) -> dict[int, str]:
    return dict(Tag.objects.filter(owner=owner).values_list("pk", "path"))


def subtree(tag: Tag) -> list[Tag]:
    """The tag and all below it."""
    found, level = [tag], [tag]
    while level:
        level = list(Tag.objects.filter(parent__in=[one.pk for one in level]))
        found += level
    return found


def write_paths(owner: User) -> None:
    """Let every path be what the names above say. Raises NotPossible where one gets too long."""
    tags = {tag.pk: tag for tag in Tag.objects.filter(owner=owner)}

    def path_of(tag: Tag) -> str:
        above = tags.get(tag.parent_id or 0)
        return f"{path_of(above)}/{tag.name}" if above else tag.name

    wrong = [(tag, path) for tag in tags.values() if tag.path != (path := path_of(tag))]
    if any(len(path) > MAX_PATH for _, path in wrong):
        raise NotPossible(f"A tag with all above it has at most {MAX_PATH} characters.")
    for number, (tag, _) in enumerate(wrong):
        Tag.objects.filter(pk=tag.pk).update(path=f"//{number}")  # no path is so: two may change places
    for tag, path in wrong:
        Tag.objects.filter(pk=tag.pk).update(path=path)


def move_photos(source: Tag, target: Tag) -> list[list[Any]]:
    """Tag the photos of one with the other; photo, tag, state before and after of each row that changed."""
    states = {row[0]: list(row[1:]) for row in rows_of(source)}
    held = {row[0]: list(row[1:]) for row in rows_of(target)}
    changes: States = {}
    moved = []
    for photo, state in states.items():
        before = held.get(photo)
        if before is None or (before[1] and not state[1]):
            changes[photo] = {target.pk: state}
            moved.append([photo, target.pk, before, state])
    write_states(changes)
    return moved


def rows_of(tag: Tag) -> list[tuple[Any, ...]]:
    """Photo, source, rejected, confidence of each row."""
    return list(PhotoTag.objects.filter(tag=tag).values_list("photo", "source", "rejected", "confidence"))


def delete_tags(tags: list[Tag]) -> list[str]:
    """Delete these with all that hangs on them; the rows, as JSON for `restore_rows`."""
    ids = [tag.pk for tag in tags]
    if not ids:
        return []
    kinds = [relation.related_model for relation in Tag._meta.related_objects if belongs(relation)]
    rows = [serializers.serialize("json", Tag.objects.filter(pk__in=ids))]
    rows += [serializers.serialize("json", kind._default_manager.filter(tag__in=ids)) for kind in kinds]
    edits.announce(list(PhotoTag.objects.filter(tag__in=ids).values_list("photo", flat=True).distinct()))
    for tag in reversed(tags):
        Tag.objects.filter(pk=tag.pk).delete()
    return rows


def belongs(relation: Any) -> bool:
    """Whether rows of that relation go with their tag."""
    return relation.on_delete is models.CASCADE and relation.field.name == "tag"


def restore_rows(rows: Iterable[str]) -> None:
    """Bring deleted rows back, but those of photos that are gone."""
    for text in rows:
        found = list(serializers.deserialize("json", text))
        wanted = {row.object.photo_id for row in found if hasattr(row.object, "photo_id")}
        there = (
            set(Photo.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if len(wanted) < 30_000 else wanted
        )
        for row in found:
            if isinstance(row.object, Tag):
                row.object.path = f"//{row.object.pk}"  # until `write_paths`: its old one may be another's now
            if not hasattr(row.object, "photo_id") or row.object.photo_id in there:
                row.save()


def remember_paths(owner: User, paths: dict[int, str], gone: dict[int, int | None]) -> None:
    """Let the old paths of files stand for what their tags became; a path that is a tag's now stands for itself."""
    now = paths_of_tags(owner)
    for pk, path in paths.items():
        if now.get(pk) != path:
            tag = pk if pk in now else gone.get(pk)
            TagAlias.objects.update_or_create(owner=owner, path=path.casefold(), defaults={"tag_id": tag})
    TagAlias.objects.filter(owner=owner, path__in=[path.casefold() for path in now.values()]).delete()


def changed_aliases(owner: User, before: Mapping[str, int | None]) -> dict[str, list[Any]]:
    """Whether each alias that differs was there, and its tag."""
    now = dict(TagAlias.objects.filter(owner=owner).values_list("path", "tag"))
    return {
        path: [path in before, before.get(path)]
        for path in before.keys() | now.keys()
        if (path in before, before.get(path)) != (path in now, now.get(path))
    }


# --- undo -------------------------------------------------------------------------------------------------------------


def revert(activity: Activity, by: User) -> None:
    """Take it back. Raises NotPossible where the tags it touched were changed again since."""
    owner, detail = activity.owner, activity.detail
    User.objects.select_for_update().get(pk=owner.pk)
    now = shapes(owner)
    if any(now.get(pk) != after for pk, _, after in detail["tags"]):
        raise NotPossible("These tags were changed again since. Undo that first.")
    wanted = {pk: before for pk, before, _ in detail["tags"]}
    require_places({pk: shape for pk, shape in (now | wanted).items() if shape})
    Tag.objects.filter(pk__in=[pk for pk, before in wanted.items() if before is None]).delete()
    restore_rows(expand(detail["rows"]))
    for pk, shape in wanted.items():
        if shape:
            Tag.objects.filter(pk=pk).update(**dict(zip(("parent", "name", "colour"), shape, strict=True)))
    write_paths(owner)
    take_back_photos(expand(detail["moved"]))
    restore_aliases(owner, detail["aliases"])


def require_places(tree: dict[int, Shape]) -> None:
    """Raises NotPossible where two tags would be in one place, or one below what is gone."""
    if any(parent is not None and parent not in tree for parent, *_ in tree.values()):
        raise NotPossible("The tag that they were below is gone, or others are below what would go.")
    places = {(parent, name.casefold()) for parent, name, _ in tree.values()}
    if len(places) < len(tree):
        raise NotPossible("Another tag has that name in that place now.")


def take_back_photos(moved: Iterable[list[Any]]) -> None:
    """The tags of photos as they were, where they are still as the action left them."""
    rows = list(moved)
    now: dict[tuple[int, int], list[Any]] = {}
    for tag in {row[1] for row in rows}:
        now |= {(row[0], tag): list(row[1:]) for row in rows_of(Tag(pk=tag))}
    changes: States = {}
    for photo, tag, before, after in rows:
        if now.get((photo, tag)) == after:
            changes.setdefault(photo, {})[tag] = before
    write_states(changes)


def restore_aliases(owner: User, aliases: Iterable[list[Any]]) -> None:
    for path, there, tag in aliases:
        TagAlias.objects.filter(owner=owner, path=path).delete()
        if there and (tag is None or Tag.objects.filter(pk=tag).exists()):
            TagAlias.objects.create(owner=owner, path=path, tag_id=tag)
