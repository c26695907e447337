"""Albums with their photos, folders, covers and shares, and stacks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from accounts.models import User
from albums import actions, items
from albums.models import Album, AlbumItem, Role, Share
from media.text import clean_line, name_key
from people.grouping.constraints import batches
from photos.gallery.stacking import stacks
from photos.models import PairDecision, Photo, Stack
from switching import stream
from switching.ledger import ALBUM, STACK, Ledger

LONGEST_NAME = 255
UNTITLED = "Untitled"


def album_wish(album: stream.Album, photos: Mapping[str, int | str]) -> dict[str, Any]:
    """What is to be known about an album, with those of its photos that are here."""
    return {
        "key": album.key,
        "name": fitting(album.name),
        "description": album.description,
        "folders": [fitting(name) for name in album.folders],
        "photos": list(dict.fromkeys(photos[key] for key in album.assets if key in photos)),
        "arranged": album.arranged,
        "newest_first": album.newest_first,
        "cover": photos.get(album.cover),
        "shares": [[share.account, share.may_add] for share in album.shares],
    }


def fitting(name: str) -> str:
    """A name as it fits here."""
    name = clean_line(name)[:LONGEST_NAME].strip()
    return name if name_key(name) else UNTITLED


# --- albums -----------------------------------------------------------------------------------------------------------


def find_album(ledger: Ledger, wish: Mapping[str, Any]) -> tuple[Album | None, bool]:
    """The album that is meant, if it is here, and whether it may come: not if the owner deleted it since."""
    brought = ledger.find(ALBUM, wish["key"])
    if brought is not None:
        album = Album.objects.filter(pk=brought.target or 0, kind=Album.Kind.MANUAL).first()
        return album, album is not None
    others = [pk for pk in ledger.targets(ALBUM).values() if pk]
    mine = Album.objects.filter(owner=ledger.owner, kind=Album.Kind.MANUAL).exclude(pk__in=others)
    same = [album for album in mine.order_by("pk") if name_key(album.name) == name_key(wish["name"])]
    return (same[0] if same else None), True


def missing_photos(ledger: Ledger, album: Album | None, wish: Mapping[str, Any]) -> list[int]:
    """The photos that the album does not have and did not have from the program before."""
    brought = ledger.find(ALBUM, wish["key"])
    came = set(brought.what) if brought else set()
    there = set(AlbumItem.objects.filter(album=album).values_list("photo_id", flat=True)) if album else set()
    return [photo for photo in wish["photos"] if photo not in came and photo not in there]


def shares_of(owner: User, wish: Mapping[str, Any]) -> list[tuple[str, bool, User | None]]:
    """With whom the album is shared there: the name, whether they may add photos, and their account here."""
    found = []
    for account, may_add in wish["shares"]:
        known = Q(email__iexact=account) | Q(username__iexact=account) | Q(username__iexact=account.partition("@")[0])
        user = User.objects.filter(known, is_active=True).exclude(pk=owner.pk).order_by("pk").first()
        found.append((account, may_add, user))
    return found


def plan_album(ledger: Ledger, wish: Mapping[str, Any]) -> dict[str, Any]:
    """What would come: counts, and with whom the album would be shared."""
    album, welcome = find_album(ledger, wish)
    if not welcome:
        return {"deleted": True}
    given = set(Share.objects.filter(album=album).values_list("user_id", flat=True)) if album else set()
    shares = shares_of(ledger.owner, wish)
    first = ledger.find(ALBUM, wish["key"]) is None
    return {
        "new": album is None,
        "photos": len(missing_photos(ledger, album, wish)),
        "shared": [
            f"{wish['name']}: {user.username}" for _, _, user in shares if first and user and user.pk not in given
        ],
        "unknown": [f"{wish['name']}: {account}" for account, _, user in shares if user is None],
    }


def bring_album(ledger: Ledger, wish: Mapping[str, Any], by: User | None) -> dict[str, Any] | None:
    """Make the album or fill the one that is here. Returns what undo needs."""
    album, welcome = find_album(ledger, wish)
    if not welcome:
        return None
    brought = ledger.find(ALBUM, wish["key"])
    before = {"key": wish["key"], "came": brought.what if brought else None, "made": False, "folders": [], "shares": []}
    if album is None:
        album, before["folders"] = make_album(ledger.owner, wish)
        before["made"] = True
    new = missing_photos(ledger, album, wish)
    before |= {"album": album.pk, "photos": add_photos(album, new, wish, by, arranged=before["made"])}
    if brought is None:
        before["shares"] = share(ledger.owner, album, wish)
    if wish["photos"] or before["made"]:
        ledger.note(ALBUM, wish["key"], album.pk, {*(before["came"] or ()), *new})
    return before


def make_album(owner: User, wish: Mapping[str, Any]) -> tuple[Album, list[int]]:
    """A new album in its folders. Returns it, and the folders that are new."""
    parent, made = None, []
    for name in wish["folders"]:
        beside = Album.objects.filter(owner=owner, kind=Album.Kind.FOLDER, parent=parent, name=name)
        folder = beside.order_by("pk").first()
        if folder is None:
            folder = Album.objects.create(owner=owner, kind=Album.Kind.FOLDER, parent=parent, name=name)
            made.append(folder.pk)
        parent = folder
    album = Album(
        owner=owner, name=actions.clean_name(wish["name"]), description=wish["description"],
        newest_first=wish["newest_first"],
    )  # fmt: skip
    actions.set_parent(album, parent)
    album.cover = Photo.objects.filter(pk=wish["cover"] or 0).first()
    album.save()
    return album, made


def add_photos(
    album: Album, photo_ids: Sequence[int], wish: Mapping[str, Any], by: User | None, *, arranged: bool
) -> list[int]:
    """Add photos, in the order of the other program if somebody arranged them. Returns those that were not in it."""
    added = [photo for some in batches(photo_ids) for photo, _ in items.add(album, some, by)]
    if arranged and wish["arranged"]:
        keys = dict(Photo.objects.filter(pk__in=added[:30_000]).values_list("pk", "key"))
        order = [keys[photo] for photo in photo_ids if photo in keys]
        if order:
            items.move(album, order, None)
    return added


def share(owner: User, album: Album, wish: Mapping[str, Any]) -> list[int]:
    """Share the album with those who saw it there and have an account here. Returns the new shares."""
    made = []
    for _, may_add, user in shares_of(owner, wish):
        role = Role.CONTRIBUTOR if may_add else Role.VIEWER
        if user is not None:
            row, new = Share.objects.get_or_create(album=album, user=user, defaults={"owner": owner, "role": role})
            if new:
                made.append(row.pk)
    return made


def revert_album(ledger: Ledger, before: Mapping[str, Any]) -> None:
    """Undo it. An album that the owner has put other photos into since stays, without ours."""
    album = Album.everything.filter(pk=before["album"]).first()
    Share.objects.filter(pk__in=before["shares"]).delete()
    if album is not None:
        items.remove(album, before["photos"])
        if before["made"] and not album.items.exists():
            album.delete()
            for pk in reversed(before["folders"]):
                Album.everything.filter(pk=pk, children=None).delete()
    if before["came"] is None:
        ledger.forget(ALBUM, before["key"])
    elif album is not None:
        ledger.note(ALBUM, before["key"], album.pk, before["came"])


# --- stacks -----------------------------------------------------------------------------------------------------------


def stack_wish(stack: stream.Stack, photos: Mapping[str, int | str]) -> dict[str, Any]:
    """What is to be known about a stack. Copies that are to come will be stacked with their photos already."""
    ids = dict.fromkeys(photos[key] for key in stack.assets if key in photos)
    return {
        "key": stack.key,
        "photos": [photo for photo in ids if isinstance(photo, int)],
        "cover": photos.get(stack.cover),
    }


def may_stack(ledger: Ledger, wish: Mapping[str, Any]) -> bool:
    """Whether these can become a stack: the owner has neither stacked them nor taken them apart."""
    ids = wish["photos"]
    if not 2 <= len(ids) <= stacks.MOST or ledger.find(STACK, wish["key"]):
        return False
    apart = PairDecision.objects.filter(first__in=ids, second__in=ids, verdict=PairDecision.Verdict.DIFFERENT)
    here = list(Photo.objects.filter(pk__in=ids).select_related("stack"))
    by_hand = any(photo.stack and photo.stack.kind == Stack.Kind.MANUAL for photo in here)
    together = {photo.stack_id for photo in here if photo.stack_id} if all(photo.stack_id for photo in here) else set()
    return len(here) == len(ids) and not by_hand and len(together) != 1 and not apart.exists()


def bring_stacks(ledger: Ledger, wishes: Sequence[Mapping[str, Any]]) -> list[list[Any]]:
    """Make the stacks, with what Mirage stacked by itself. Returns key, stack and previous stacks for undo."""
    made = []
    for wish in wishes:
        if may_stack(ledger, wish):
            standing = Photo.objects.filter(pk__in=wish["photos"]).exclude(stack=None).values("stack")
            chosen = Photo.objects.filter(Q(pk__in=wish["photos"]) | Q(stack__in=standing)).order_by("taken_at", "pk")
            photos = list(chosen)
            before = {str(photo.pk): photo.stack_id for photo in photos}
            cover = next((photo for photo in photos if photo.pk == wish["cover"]), photos[0])
            stack = stacks.make(photos, cover)
            ledger.note(STACK, wish["key"], stack.pk)
            made.append([wish["key"], stack.pk, before])
    return made


def revert_stacks(ledger: Ledger, made: Iterable[Sequence[Any]]) -> None:
    for key, pk, before in made:
        stacked = {photo: stack for photo, stack in before.items() if Photo.objects.filter(pk=photo, stack=pk).exists()}
        stacks.put_back(stacked, made=pk)
        ledger.forget(STACK, key)
