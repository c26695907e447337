"""Kinds of photos as people call them, and how the language asks for them."""

from collections.abc import Sequence
from functools import cache

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from search.language.spoken.senses import KIND, Sense

DAYS = {
    "monday": _lazy("Mondays"),
    "tuesday": _lazy("Tuesdays"),
    "wednesday": _lazy("Wednesdays"),
    "thursday": _lazy("Thursdays"),
    "friday": _lazy("Fridays"),
    "saturday": _lazy("Saturdays"),
    "sunday": _lazy("Sundays"),
}
KINDS = (  # label, what the language writes, whether the words also say what a picture looks like, how people say it
    (_lazy("Videos"), "type:video", False, "video, videos, movie, movies, clip, clips, film, films, vid, vids"),
    (_lazy("Favourites"), "is:favourite", False,
     "favourite, favourites, favorite, favorites, fav, favs, faves, liked, hearted"),
    (_lazy("Screenshots"), "is:screenshot", False,
     "screenshot, screenshots, screen shot, screen shots, screen grabs, screengrabs"),
    (_lazy("Documents"), "is:document", True, "document, documents"),
    (_lazy("Receipts"), "is:receipt", True, "receipt, receipts"),
    (_lazy("Memes"), "is:meme", False, "meme, memes"),
    (_lazy("Blurred"), "is:blurred", False, "blurred, blurry, out of focus"),
    (_lazy("Selfies"), "lens:front OR file:selfie", True, "selfie, selfies"),
    (_lazy("Panoramas"), "is:panorama", False, "panorama, panoramas, pano, panos, panoramic"),
    (_lazy("Live photos"), "is:live", False, "live photo, live photos, motion photo, motion photos, live pictures"),
    (_lazy("RAW"), "type:raw", False, "raw, raws, raw file, raw files, raw photos"),
    (_lazy("Animations"), "is:animated OR type:gif", False,
     "gif, gifs, animation, animations, animated, animated pictures"),
    (_lazy("JPEG"), "type:jpeg", False, "jpeg, jpegs, jpg, jpgs"),
    (_lazy("PNG"), "type:png", False, "png, pngs"),
    (_lazy("HEIC"), "type:heic", False, "heic, heics"),
    (_lazy("Untagged"), "is:untagged", False,
     "untagged, without tag, without tags, no tag, no tags, not tagged, without a tag"),
    (_lazy("Without a place"), "-has:gps", False,
     "without place, without a place, without places, without location, without a location, no place, no location, "
     "without gps, no gps, without position, not on the map, unlocated"),
    (_lazy("With a place"), "has:gps", False,
     "with place, with a place, with location, with a location, with gps, geotagged"),
    (_lazy("Without people"), "-has:faces", False,
     "without people, without faces, no people, no faces, nobody, without anybody, without anyone"),
    (_lazy("With people"), "has:faces", False, "with people, with faces"),
    (_lazy("Unnamed faces"), "is:unnamed", False,
     "unnamed, unnamed faces, unnamed people, unknown people, unknown faces, without names"),
    (_lazy("With a title"), "has:title", False, "with title, with titles, with a title"),
    (_lazy("Without a title"), "-has:title", False,
     "without title, without titles, without a title, no title, untitled"),
    (_lazy("With comments"), "has:comments", False, "with comments, with a comment, commented"),
    (_lazy("With text"), "has:text", False, "with text, with writing"),
    (_lazy("Without an album"), "-has:albums", False,
     "without album, without an album, without albums, not in an album, no album"),
    (_lazy("In an album"), "has:albums", False, "in an album, in albums"),
    (_lazy("Duplicates"), "is:duplicate", False, "duplicate, duplicates"),
    (_lazy("Bursts and stacks"), "is:stacked", False, "burst, bursts, stacked"),
    (pgettext_lazy("photos", "Edited"), "is:edited", False, "edited"),
    (_lazy("Archived"), "is:archived", False, "archived, in the archive, in archive"),
    (_lazy("Doubtful dates"), "is:doubtful", False, "doubtful date, doubtful dates, wrong date, wrong dates"),
    (_lazy("5 stars"), "rating:5", False, "5 stars, five stars, 5 star, five star"),
    (_lazy("4 stars"), "rating:4", False, "4 stars, four stars, 4 star, four star"),
    (_lazy("3 stars"), "rating:3", False, "3 stars, three stars, 3 star, three star"),
    (_lazy("At least 4 stars"), "rating:>=4", False, "at least 4 stars, at least four stars"),
    (_lazy("At least 3 stars"), "rating:>=3", False, "at least 3 stars, at least three stars"),
    (_lazy("With stars"), "rating:>=1", False, "with stars, rated, with a rating"),
    (_lazy("At the weekend"), "taken:weekend", False, "weekends, at the weekend, on weekends, on the weekend"),
    (_lazy("In the morning"), "taken:morning", False, "in the morning, mornings"),
    (_lazy("In the afternoon"), "taken:afternoon", False, "in the afternoon, afternoons"),
    (_lazy("In the evening"), "taken:evening", False, "in the evening, evenings"),
    (_lazy("At night"), "taken:night", True, "at night, by night, nights"),
    *((label, f"taken:{day}", False, f"{day}, {day}s, on {day}, on {day}s, on a {day}") for day, label in DAYS.items()),
)  # fmt: skip
PHOTOS = Sense(KIND, "type:photo", _lazy("Photos"))


@cache
def table() -> dict[tuple[str, ...], Sense]:
    """The kinds by the words that people say."""
    return {
        tuple(said.split()): Sense(KIND, text, label, soft=soft)
        for label, text, soft, names in KINDS
        for said in names.split(", ")
    }


def kind_of(forms: Sequence[str]) -> Sense | None:
    """The kind that the words name."""
    return table().get(tuple(forms))


@cache
def words_of_kinds() -> frozenset[str]:
    """The words of one-word kinds, for typing mistakes."""
    return frozenset(said[0] for said in table() if len(said) == 1 and len(said[0]) > 3)
