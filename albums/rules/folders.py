"""Albums from folders by a rule: each folder at some depth below a folder becomes an album.

A rule remembers which folder became which album and which photos it has put there. So a second run adds what is new and
nothing else: an album that was renamed keeps its name, one that was deleted is not made again, and a photo that was
removed from an album stays out of it. Each run is one action with undo.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from accounts.action_kinds import ActionKind, Told
from accounts.batches import compact, expand
from accounts.models import Activity, User
from albums import items
from albums.models import Album, AlbumItem, FolderAlbum, FolderRule, OfferedPhoto, Share, ShareLink
from media.text import clean_line
from mirage.refusals import NotPossible
from mirage.wording import alphabetical, number_in_words
from photos.access import photos_of

KIND = "album rules"
MOST_ALBUMS = 2_000  # of one run
DEPTHS = (0, 1, 2, 3)  # levels below the folder; 0 is each folder that has photos right in it
BATCH = 5_000


@dataclass
class Planned:
    """A folder that becomes an album, or whose album gets photos. `link` is None for a new one."""

    folder: str
    name: str
    photos: list[int] = field(default_factory=list)
    link: FolderAlbum | None = None


def find_or_new(owner: User, folder: str, depth: int, pattern: str) -> FolderRule:
    """The owner's rule of this kind, which may be unsaved. Raises NotPossible."""
    folder, pattern = folder.strip("/ ").replace("\0", ""), pattern.strip().replace("\0", "")
    if depth not in DEPTHS or len(pattern) > 100 or len(folder) > 500 or pattern.count("*") > 8:
        raise NotPossible(_("Choose a folder, how deep to go, and a short pattern."))
    asked = {"owner": owner, "folder": folder, "depth": depth, "pattern": pattern}
    return FolderRule.objects.filter(**asked).first() or FolderRule(**asked)


def plan(rule: FolderRule) -> list[Planned]:
    """What a run would do: each new album, and each album that would get photos, by folder."""
    links = {link.folder: link for link in rule.links.select_related("album")} if rule.pk else {}
    offered, inside = offered_by(rule), photos_by_folder(rule)
    planned = []
    for folder in sorted(inside, key=alphabetical):
        link = links.get(folder) or links.get(name_before(folder, inside, offered))
        if link is not None and (link.album is None or link.album.deleted_at):
            continue
        known = offered.get(link.folder, set()) if link else set()
        if fresh := [photo_id for photo_id in inside[folder] if photo_id not in known]:
            planned.append(Planned(folder, "", fresh, link))
    name_all(planned)
    return planned


def photos_by_folder(rule: FolderRule) -> dict[str, list[int]]:
    """The owner's photos by the folder whose album they belong to."""
    found: dict[str, list[int]] = {}
    rows = photos_of(rule.owner).on_timeline().filter(owner=rule.owner).exclude(folder="").order_by("pk")
    for photo_id, folder in rows.values_list("pk", "folder").iterator(chunk_size=BATCH):
        if top := album_folder(rule, folder):
            found.setdefault(top, []).append(photo_id)
    return found


def offered_by(rule: FolderRule) -> dict[str, set[int]]:
    """What the rule has put into the album of each folder."""
    found: dict[str, set[int]] = {}
    if rule.pk:
        rows = OfferedPhoto.objects.filter(link__rule=rule).values_list("link__folder", "photo")
        for folder, photo_id in rows.iterator(chunk_size=BATCH):
            found.setdefault(folder, set()).add(photo_id)
    return found


def name_before(folder: str, inside: Mapping[str, list[int]], offered: Mapping[str, set[int]]) -> str:
    """The name of a folder before it was renamed or moved: one that is no longer there, and whose photos are in it now.

    Empty if there is none.
    """
    gone = [name for name in offered if name not in inside and not offered[name].isdisjoint(inside[folder])]
    return gone[0] if len(gone) == 1 else ""


def album_folder(rule: FolderRule, folder: str) -> str:
    """The folder whose album a photo of this folder belongs to; empty if it belongs to none."""
    within = f"{rule.folder}/" if rule.folder else ""
    if not folder.startswith(within) or folder == rule.folder:
        return ""
    steps = folder[len(within) :].split("/")
    if rule.depth and len(steps) < rule.depth:
        return ""
    steps = steps[: rule.depth] if rule.depth else steps
    matches = not rule.pattern or fnmatchcase(steps[-1].lower(), rule.pattern.lower())
    return within + "/".join(steps) if matches else ""


def name_all(planned: Sequence[Planned]) -> None:
    """Name the albums after their folders; those of one name get the folder above in parentheses."""
    for one in planned:
        one.name = clean_line(one.folder.rpartition("/")[2])[:200]
    names = Counter(one.name for one in planned)
    for one in planned:
        above = one.folder.rpartition("/")[0].rpartition("/")[2]
        if one.link and one.link.album:
            one.name = one.link.album.name
        elif names[one.name] > 1 and above:
            one.name = f"{one.name} ({clean_line(above)})"[:255]


def run(rule: FolderRule, by: User | None, *, follow: bool) -> Activity:
    """Make the albums and add the photos. Raises NotPossible if there is nothing to do."""
    with transaction.atomic():
        made_rule = rule.pk is None
        if made_rule:
            rule.save()
        rule = FolderRule.objects.select_for_update().get(pk=rule.pk)  # one run after another
        planned = plan(rule)
        if not planned:
            raise NotPossible(_("There is no folder with photos that are not in their albums yet."))
        if sum(one.link is None for one in planned) > MOST_ALBUMS:
            raise NotPossible(_("At most %(most)s albums are made at once.") % {"most": number_in_words(MOST_ALBUMS)})
        FolderRule.objects.filter(pk=rule.pk).update(following=follow)
        made, added = [], []
        for one in planned:
            link = one.link or begin(rule, one)
            if link.folder != one.folder:  # it was renamed
                FolderAlbum.objects.filter(pk=link.pk).update(folder=one.folder)
            made += [] if one.link else [link.pk]
            added += fill(link, one.photos, by)
        detail = {"rule": rule.pk, "new_rule": made_rule, "made": made, "added": compact(added), "photos": len(added)}
        return Activity.objects.create(
            owner=rule.owner, actor=by, verb=f"{KIND}.done", target_type="album rule", target_id=rule.pk, detail=detail
        )


def begin(rule: FolderRule, one: Planned) -> FolderAlbum:
    """Make the album of a folder."""
    album = Album.objects.create(owner=rule.owner, name=one.name or _("Album"))
    return FolderAlbum.objects.create(rule=rule, folder=one.folder, album=album, name=album.name)


def fill(link: FolderAlbum, photo_ids: Sequence[int], by: User | None) -> list[int]:
    """Put the photos into the album of a folder. Returns the ids of their items."""
    assert link.album is not None
    added: list[int] = []
    for first in range(0, len(photo_ids), BATCH):
        some = photo_ids[first : first + BATCH]
        added += [item for _photo, item in items.add(link.album, some, by)]
        rows = [OfferedPhoto(link=link, photo_id=photo_id) for photo_id in some]
        OfferedPhoto.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
    return added


def keep_up() -> int:
    """Run the rules that follow new folders. Returns how many of them did something. One that cannot stops no other."""
    done = 0
    for rule in FolderRule.objects.filter(following=True, owner__is_active=True).select_related("owner"):
        with suppress(
            NotPossible, FolderRule.DoesNotExist
        ):  # nothing new or too much at once; or it was just forgotten
            run(rule, None, follow=True)
            done += 1
    return done


def rules_of(owner: User) -> list[FolderRule]:
    """The owner's rules, the newest first."""
    return list(FolderRule.objects.filter(owner=owner).order_by("-pk"))


def forget(rule: FolderRule) -> None:
    """End a rule. Its albums stay as they are."""
    rule.delete()


# --- undo -------------------------------------------------------------------------------------------------------------


def revert(activity: Activity, by: User) -> None:
    """Remove what the run has added, and the albums that it made unless somebody has made something of them since.

    The rule goes with its first run. After a later one it remembers the photos, so that they do not come again.
    """
    detail = activity.detail
    added = expand(detail["added"])
    for first in range(0, len(added), BATCH):
        AlbumItem.objects.filter(pk__in=added[first : first + BATCH]).delete()
    for link in FolderAlbum.objects.filter(pk__in=detail["made"]).select_related("album"):
        if link.album and is_untouched(link.album, link.name):
            link.album.delete()
    if detail["new_rule"]:
        FolderRule.objects.filter(pk=detail["rule"]).delete()


def is_untouched(album: Album, name: str) -> bool:
    """Whether nobody has put, written or shared anything in the album."""
    plain = (album.name, album.description, album.cover_id, album.parent_id) == (name, "", None, None)
    used = any(model.objects.filter(album=album).exists() for model in (AlbumItem, Share, ShareLink))
    return plain and not used


def tell(activities: Sequence[Activity]) -> Mapping[int, Told]:
    return {activity.pk: Told(sentence(activity.detail)) for activity in activities}


def sentence(detail: Mapping[str, Any]) -> str:
    """What a run has done."""
    albums, photos = len(detail["made"]), detail["photos"]
    if not albums:
        words = ngettext(
            "Added %(number)s photo to albums of folders", "Added %(number)s photos to albums of folders", photos
        )
        return words % {"number": number_in_words(photos)}
    words = ngettext(
        "Made %(albums)s album from folders with %(photos)s photos",
        "Made %(albums)s albums from folders with %(photos)s photos",
        albums,
    )
    return words % {"albums": number_in_words(albums), "photos": number_in_words(photos)}


RULES = ActionKind(_lazy("Albums from folders"), tell, revert)
