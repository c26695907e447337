"""The tree of tags: adding, renaming, moving, merging, deleting. Each action is an Activity and can be undone.

Only `write_paths` writes paths; they follow from the names above. The activity stores what its undo needs: the changed
tags before and after, all deleted rows, and the moved tags of photos.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.core import serializers
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.batches import compact, expand
from accounts.models import Activity, User
from media.text import clean_line, name_key
from mirage.refusals import NotPossible
from photos.editing import edits
from photos.models import Photo
from tags.keywords import MAX_NAME, MAX_PATH, States, write_states
from tags.models import PhotoTag, Tag, TagAlias

Shape = list[Any]  # parent, name, colour of a tag


# --- actions ----------------------------------------------------------------------------------------------------------


def add(owner: User, name: str, parent: Tag | None = None, colour: str = "") -> tuple[Tag, Activity]:
    """Make a tag."""
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
    """Give the tag another name."""

    def do() -> None:
        tag.name = clean_name(name)
        require_free(tag)
        tag.save(update_fields=["name"])

    return act(tag.owner, "renamed", do, tag.name)


def recolour(tag: Tag, colour: str) -> Activity:
    """Give the tag a colour, #rrggbb, or none."""

    def do() -> None:
        tag.colour = colour
        tag.save(update_fields=["colour"])

    return act(tag.owner, "coloured", do, tag.name)


def move(tag: Tag, parent: Tag | None) -> Activity:
    """Move the tag and all below it to another place in the tree."""

    def do() -> None:
        if parent and (parent.pk == tag.pk or parent.path.startswith(f"{tag.path}/")):
            raise NotPossible(_("You cannot move a tag below itself."))
        tag.parent = parent
        require_free(tag)
        tag.save(update_fields=["parent"])

    return act(tag.owner, "moved", do, tag.name)


def merge(tag: Tag, into: Tag) -> Activity:
    """Merge a tag into another: its photos and the tags below go there. Tags below with the same name merge too."""
    if into.pk == tag.pk or into.path.startswith(f"{tag.path}/"):
        raise NotPossible(_("You cannot merge a tag into itself or a tag below it."))
    pairs = pairs_to_merge(tag, into)
    gone = [source for source, _ in pairs]

    def do() -> None:
        for source, target in pairs:
            Tag.objects.filter(parent=source).exclude(pk__in=[one.pk for one in gone]).update(parent=target)
            TagAlias.objects.filter(tag=source).update(tag=target)

    return act(tag.owner, "merged", do, tag.name, gone=pairs)


def merge_all(tags: Sequence[Tag], into: Tag) -> None:
    """Merge many tags into one, all or none. Each merge is an action in the owner's history."""
    with transaction.atomic():
        for tag in tags:
            if Tag.objects.filter(pk=tag.pk).exists():  # an earlier merge may have included it
                tag.refresh_from_db()
                into.refresh_from_db()
                merge(tag, into)


def pairs_to_merge(tag: Tag, into: Tag) -> list[tuple[Tag, Tag]]:
    """Pairs of tags to merge: these two, and the tags below them with the same name."""
    pairs = [(tag, into)]
    named = {child.name.casefold(): child for child in Tag.objects.filter(parent=into)}
    for child in Tag.objects.filter(parent=tag):
        other = named.get(child.name.casefold())
        if other and other.pk != child.pk and other.pk != tag.pk:
            pairs += pairs_to_merge(child, other)
    return pairs


def delete(tag: Tag) -> Activity:
    """Delete the tag and all tags below it, and remove them from all photos."""
    gone: list[tuple[Tag, Tag | None]] = [(one, None) for one in subtree(tag)]
    return act(tag.owner, "deleted", lambda: None, tag.name, gone=gone)


# --- doing and recording ----------------------------------------------------------------------------------------------


def act(
    owner: User, verb: str, do: Callable[[], None], name: str = "", gone: Iterable[tuple[Tag, Tag | None]] = ()
) -> Activity:
    """Do the action, replace the tags in `gone` by the other tag or nothing, and record what undo needs."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=owner.pk)  # only one change of a tree at a time
        before, paths = shapes(owner), paths_of_tags(owner)
        aliases = dict(TagAlias.objects.filter(owner=owner).values_list("path", "tag"))
        do()
        moved = [row for source, target in gone if target for row in move_photos(source, target)]
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
            "moved": compact(moved),
            "aliases": [[path, *pair] for path, pair in changed_aliases(owner, aliases).items()],
        }
        return Activity.objects.create(owner=owner, actor=owner, verb=f"tags.{verb}", target_type="tag", detail=detail)


def clean_name(name: str) -> str:
    """The name as a single clean line. Raises NotPossible."""
    name = clean_line(name)
    if not name_key(name) or "/" in name or len(name) > MAX_NAME:
        raise NotPossible(_("A tag's name needs 1 to %(most)s visible characters, without /.") % {"most": MAX_NAME})
    return name


def require_free(tag: Tag) -> None:
    """Raises NotPossible if another tag with that name is in that place."""
    beside = Tag.objects.filter(owner=tag.owner, parent=tag.parent).exclude(pk=tag.pk)
    if any(other.name.casefold() == tag.name.casefold() for other in beside):
        raise NotPossible(
            _("There is already a tag called %(name)s in that place. You can merge them.") % {"name": tag.name}
        )


def shapes(owner: User) -> dict[int, Shape]:
    """The tree without paths."""
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
    """Write all paths that do not match the names above. Raises NotPossible if one is too long."""
    tags = {tag.pk: tag for tag in Tag.objects.filter(owner=owner)}

    def path_of(tag: Tag) -> str:
        above = tags.get(tag.parent_id or 0)
        return f"{path_of(above)}/{tag.name}" if above else tag.name

    wrong = [(tag, path) for tag in tags.values() if tag.path != (path := path_of(tag))]
    if any(len(path) > MAX_PATH for _, path in wrong):
        raise NotPossible(
            _("A tag and all tags above it can have at most %(most)s characters together.") % {"most": MAX_PATH}
        )
    for number, (tag, _path) in enumerate(wrong):
        Tag.objects.filter(pk=tag.pk).update(path=f"//{number}")  # an unused path, as two tags may swap theirs
    for tag, path in wrong:
        Tag.objects.filter(pk=tag.pk).update(path=path)


def move_photos(source: Tag, target: Tag) -> list[list[Any]]:
    """Tag the photos of one tag with the other. Returns photo, tag, state before and after of each changed row."""
    held = states_on(target)
    changes: States = {}
    moved = []
    for photo, state in states_on(source).items():
        before = held.get(photo)
        if before is None or (before[1] and not state[1]):
            changes[photo] = {target.pk: state}
            moved.append([photo, target.pk, before, state])
    write_states(changes)
    return moved


def states_on(tag: Tag) -> dict[int, list[Any]]:
    """Source, rejected and confidence of the tag's rows, by photo."""
    rows = PhotoTag.objects.filter(tag=tag).values_list("photo", "source", "rejected", "confidence")
    return {photo: state for photo, *state in rows}


def delete_tags(tags: list[Tag]) -> list[str]:
    """Delete the tags with all rows that belong to them. Returns these as JSON for `restore_rows`."""
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
    """Whether rows of that relation are deleted with their tag."""
    return relation.on_delete is models.CASCADE and relation.field.name == "tag"


def restore_rows(rows: Iterable[str]) -> None:
    """Restore deleted rows, except those of photos that no longer exist."""
    for text in rows:
        found = list(serializers.deserialize("json", text))
        wanted = {row.object.photo_id for row in found if hasattr(row.object, "photo_id")}
        there = (
            set(Photo.objects.filter(pk__in=wanted).values_list("pk", flat=True)) if len(wanted) < 30_000 else wanted
        )
        for row in found:
            if isinstance(row.object, Tag):
                row.object.path = f"//{row.object.pk}"  # until `write_paths`: another tag may have its old path
            if not hasattr(row.object, "photo_id") or row.object.photo_id in there:
                row.save()


def remember_paths(owner: User, paths: dict[int, str], gone: dict[int, int | None]) -> None:
    """Make old paths in files mean what their tags became. A path that a tag has now means that tag."""
    now = paths_of_tags(owner)
    for pk, path in paths.items():
        if now.get(pk) != path:
            tag = pk if pk in now else gone.get(pk)
            TagAlias.objects.update_or_create(owner=owner, path=path.casefold(), defaults={"tag_id": tag})
    TagAlias.objects.filter(owner=owner, path__in=[path.casefold() for path in now.values()]).delete()


def changed_aliases(owner: User, before: Mapping[str, int | None]) -> dict[str, list[Any]]:
    """For each changed alias: whether it existed before, and its tag."""
    now = dict(TagAlias.objects.filter(owner=owner).values_list("path", "tag"))
    return {
        path: [path in before, before.get(path)]
        for path in before.keys() | now.keys()
        if (path in before, before.get(path)) != (path in now, now.get(path))
    }


# --- undo -------------------------------------------------------------------------------------------------------------


def revert(activity: Activity, by: User) -> None:
    """Undo an action. Raises NotPossible if its tags have changed since."""
    owner, detail = activity.owner, activity.detail
    User.objects.select_for_update().get(pk=owner.pk)
    now = shapes(owner)
    if any(now.get(pk) != after for pk, _, after in detail["tags"]):
        raise NotPossible(_("These tags have changed since. Undo that change first."))
    wanted = {pk: before for pk, before, _ in detail["tags"]}
    require_places({pk: shape for pk, shape in (now | wanted).items() if shape})
    Tag.objects.filter(pk__in=[pk for pk, before in wanted.items() if before is None]).delete()
    restore_rows(expand(detail["rows"]))
    for pk, shape in wanted.items():
        if shape:
            Tag.objects.filter(pk=pk).update(**dict(zip(("parent", "name", "colour"), shape, strict=True)))
    write_paths(owner)
    restore_states(expand(detail["moved"]))
    restore_aliases(owner, detail["aliases"])


def require_places(tree: dict[int, Shape]) -> None:
    """Raises NotPossible if two tags would be in one place, or a tag would be below one that does not exist."""
    if any(parent is not None and parent not in tree for parent, *_ in tree.values()):
        raise NotPossible(_("The tag above no longer exists, or there are other tags below one that would be deleted."))
    places = {(parent, name.casefold()) for parent, name, _ in tree.values()}
    if len(places) < len(tree):
        raise NotPossible(_("Another tag has that name in that place now."))


def restore_states(moved: Sequence[list[Any]]) -> None:
    """Restore the states of moved tags on photos that have not changed since."""
    now = {tag: states_on(Tag(pk=tag)) for tag in {row[1] for row in moved}}
    changes: States = {}
    for photo, tag, before, after in moved:
        if now[tag].get(photo) == after:
            changes.setdefault(photo, {})[tag] = before
    write_states(changes)


def restore_aliases(owner: User, aliases: Iterable[list[Any]]) -> None:
    for path, there, tag in aliases:
        TagAlias.objects.filter(owner=owner, path=path).delete()
        if there and (tag is None or Tag.objects.filter(pk=tag).exists()):
            TagAlias.objects.create(owner=owner, path=path, tag_id=tag)
