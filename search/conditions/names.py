"""Things with names: people, tags, albums and recognised objects; any of the values, or all of them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from accounts.models import User
from albums.access import visible_albums
from albums.models import Album, AlbumItem
from people.access import shared_people
from people.models import Face, Person
from photos.gallery import labels
from search.compile import NOTHING, Compiler
from search.language.grammar import Mistake, parse
from search.language.keys import ALONE, ANY
from search.language.names import Names, Paths
from search.language.tree import Term, Value
from tags.access import GIVEN, shared_tags, tags_of
from tags.models import PhotoTag, TagAlias
from vision.coco import LABELS

ALBUMS_DEEP = 3  # nesting of smart albums
Things = set[Any]


def asked_for(
    compiler: Compiler, term: Term, chosen: Callable[[Value], Things], known: Iterable[str], missing: str
) -> list[Things]:
    """The things that each value means. If it means none, the user gets a notice with the words `missing`."""
    asked = [chosen(value) for value in term.values]
    for value, things in zip(term.values, asked, strict=True):
        if not things:
            compiler.note(missing % {"name": value.text}, value, known)
    return asked


def combined(term: Term, asked: list[Things], condition: Callable[[Things], Q]) -> Q:
    """Photos with any of the things, or with something of each value."""
    if term.mode == ANY:
        asked = [set().union(*asked)]
    found = Q()
    for things in asked:
        found &= condition(things) if things else NOTHING
    return found


def people(compiler: Compiler, term: Term) -> Q:
    user = compiler.user
    known = compiler.remembered("people", lambda: Names(names_of_people(user)))

    def chosen(value: Value) -> Things:  # people without a name are asked for by the key in the address of their page
        by_key = Person.objects.filter(owner=user, key=value.text)
        found = known.meant(value) or set(by_key.values_list("pk", flat=True))
        return found or {pk for pk, _ in compiler.remembered("former people", lambda: former_names(user)).meant(value)}

    faces = Face.objects.filter(not_a_face=False)
    asked = asked_for(compiler, term, chosen, known.names, _("Nobody is named “%(name)s”."))
    found = combined(term, asked, lambda some: Q(pk__in=faces.filter(person__in=some).values("photo")))
    if term.mode == ALONE:
        everyone = set().union(*asked)
        found &= ~Q(Exists(faces.filter(photo=OuterRef("pk")).exclude(person__in=everyone, person__isnull=False)))
    return found


def names_of_people(user: User) -> dict[int, str]:
    """All people that the user can ask for."""
    own = Person.objects.filter(owner=user, merged_into=None).values_list("pk", "name")
    return dict(own) | dict(shared_people(user).values_list("pk", "name"))


def former_names(user: User) -> Names[tuple[int, str]]:
    """What the user's people were called before they were renamed or merged: searches that were kept say it still."""
    rows = Person.objects.filter(owner=user).values_list("pk", "name", "former_names", "merged_into")
    into = {pk: target for pk, _, _, target in rows if target}
    names: dict[tuple[int, str], str] = {}
    for pk, name, former, target in rows:
        now = pk
        while now in into:
            now = into[now]
        names |= {(now, each): each for each in [*former, *([name] if target else [])] if each}
    return Names(names)


def tags(compiler: Compiler, term: Term) -> Q:
    """Each owner's tree separately: how others name their tags does not change what the user's own mean."""
    trees = compiler.remembered("tags", lambda: trees_of(compiler.user))

    def chosen(value: Value) -> Things:
        found: Things = set().union(*(tree.meant(value) for tree in trees))
        if found:
            return found
        paths, now = compiler.remembered("former tags", lambda: former_paths(compiler.user))
        here = [replace(value, text=now[alias]) for alias in paths.meant(value)]
        return set().union(*(tree.meant(one) for tree in trees for one in here))

    def with_tags(some: Things) -> Q:  # learned tags are for their owner only
        own = Q(tag__owner=compiler.user, rejected=False)
        return Q(pk__in=PhotoTag.objects.filter(own | GIVEN, tag__in=some).values("photo"))

    known = [path for tree in trees for path in tree.names]
    return combined(term, asked_for(compiler, term, chosen, known, _("There is no tag “%(name)s”.")), with_tags)


def former_paths(user: User) -> tuple[Paths[int], dict[int, str]]:
    """Where the user's tags were before they were renamed, moved or merged, and the paths that they have now."""
    rows = list(TagAlias.objects.filter(owner=user, tag__isnull=False).values_list("pk", "path", "tag__path"))
    return Paths({pk: path for pk, path, _ in rows}), {pk: path for pk, _, path in rows}


def trees_of(user: User) -> list[Paths[int]]:
    """The tags of each owner whose tags the user sees."""
    trees: dict[int, dict[int, str]] = {}
    for tag in [*tags_of(user), *shared_tags(user)]:
        trees.setdefault(tag.owner_id, {})[tag.pk] = tag.path
    return list(map(Paths, trees.values()))


def albums(compiler: Compiler, term: Term) -> Q:
    names = visible_albums(compiler.user).values_list("pk", "name")
    known = compiler.remembered("albums", lambda: Names(dict(names)))
    asked = asked_for(compiler, term, known.meant, known.names, _("There is no album “%(name)s”."))
    return combined(term, asked, lambda ids: in_albums(compiler, ids, compiler.depth))


def in_albums(compiler: Compiler, ids: Things, depth: int) -> Q:
    """Photos in one of the albums, including smart albums and those in folders; `depth` counts nested smart albums."""
    found = compiler.count(Q(pk__in=AlbumItem.objects.filter(album__in=ids).values("photo")))
    others = Album.objects.filter(pk__in=ids).exclude(kind=Album.Kind.MANUAL).select_related("owner")
    for album in others if depth < ALBUMS_DEEP else ():
        if album.kind == Album.Kind.FOLDER:
            found |= in_albums(compiler, set(album.children.values_list("pk", flat=True)), depth + 1)
        else:
            found |= in_smart_album(compiler, album, depth + 1)
    return found


def in_smart_album(compiler: Compiler, album: Album, depth: int) -> Q:
    """What the album's search finds among its owner's photos."""
    try:
        tree = parse(album.query)
    except Mistake:  # notices are shown on the album's own page
        return NOTHING
    if not tree.root:
        return NOTHING
    return Q(owner=album.owner) & compiler.of_album(album.owner, depth, tree.language).whole(tree)


def objects(compiler: Compiler, term: Term) -> Q:
    missing = _("Mirage does not recognise “%(name)s”.")
    asked = asked_for(compiler, term, lambda value: set(labels.meant(value.said)), LABELS, missing)
    return combined(term, asked, compiler.with_objects)
