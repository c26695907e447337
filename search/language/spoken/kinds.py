"""Kinds of photos as people call them, and how the language asks for them."""

from collections.abc import Sequence
from functools import cache

from search.language.spoken.senses import KIND, Sense

KINDS = (  # label, what the language writes, whether the words also say what a picture looks like, how people say it
    ("Videos", "type:video", False, "video, videos, movie, movies, clip, clips, film, films, vid, vids"),
    ("Favourites", "is:favourite", False,
     "favourite, favourites, favorite, favorites, fav, favs, faves, liked, hearted"),
    ("Screenshots", "is:screenshot", False,
     "screenshot, screenshots, screen shot, screen shots, screen grabs, screengrabs"),
    ("Documents", "is:document", True, "document, documents"),
    ("Receipts", "is:receipt", True, "receipt, receipts"),
    ("Memes", "is:meme", False, "meme, memes"),
    ("Blurred", "is:blurred", False, "blurred, blurry, out of focus"),
    ("Selfies", "lens:front OR file:selfie", True, "selfie, selfies"),
    ("Panoramas", "is:panorama", False, "panorama, panoramas, pano, panos, panoramic"),
    ("Live photos", "is:live", False, "live photo, live photos, motion photo, motion photos, live pictures"),
    ("RAW", "type:raw", False, "raw, raws, raw file, raw files, raw photos"),
    ("Animations", "is:animated OR type:gif", False, "gif, gifs, animation, animations, animated, animated pictures"),
    ("JPEG", "type:jpeg", False, "jpeg, jpegs, jpg, jpgs"),
    ("PNG", "type:png", False, "png, pngs"),
    ("HEIC", "type:heic", False, "heic, heics"),
    ("Untagged", "is:untagged", False,
     "untagged, without tag, without tags, no tag, no tags, not tagged, without a tag"),
    ("Without a place", "-has:gps", False,
     "without place, without a place, without places, without location, without a location, no place, no location, "
     "without gps, no gps, without position, not on the map, unlocated"),
    ("With a place", "has:gps", False, "with place, with a place, with location, with a location, with gps, geotagged"),
    ("Without people", "-has:faces", False,
     "without people, without faces, no people, no faces, nobody, without anybody, without anyone"),
    ("With people", "has:faces", False, "with people, with faces"),
    ("Unnamed faces", "is:unnamed", False,
     "unnamed, unnamed faces, unnamed people, unknown people, unknown faces, without names"),
    ("With a title", "has:title", False, "with title, with titles, with a title"),
    ("Without a title", "-has:title", False, "without title, without titles, without a title, no title, untitled"),
    ("With comments", "has:comments", False, "with comments, with a comment, commented"),
    ("With text", "has:text", False, "with text, with writing"),
    ("Without an album", "-has:albums", False,
     "without album, without an album, without albums, not in an album, no album"),
    ("In an album", "has:albums", False, "in an album, in albums"),
    ("Duplicates", "is:duplicate", False, "duplicate, duplicates"),
    ("Bursts and stacks", "is:stacked", False, "burst, bursts, stacked"),
    ("Edited", "is:edited", False, "edited"),
    ("Archived", "is:archived", False, "archived, in the archive, in archive"),
    ("Doubtful dates", "is:doubtful", False, "doubtful date, doubtful dates, wrong date, wrong dates"),
    ("5 stars", "rating:5", False, "5 stars, five stars, 5 star, five star"),
    ("4 stars", "rating:4", False, "4 stars, four stars, 4 star, four star"),
    ("3 stars", "rating:3", False, "3 stars, three stars, 3 star, three star"),
    ("At least 4 stars", "rating:>=4", False, "at least 4 stars, at least four stars"),
    ("At least 3 stars", "rating:>=3", False, "at least 3 stars, at least three stars"),
    ("With stars", "rating:>=1", False, "with stars, rated, with a rating"),
    ("At the weekend", "taken:weekend", False, "weekends, at the weekend, on weekends, on the weekend"),
    ("In the morning", "taken:morning", False, "in the morning, mornings"),
    ("In the afternoon", "taken:afternoon", False, "in the afternoon, afternoons"),
    ("In the evening", "taken:evening", False, "in the evening, evenings"),
    ("At night", "taken:night", True, "at night, by night, nights"),
    *((f"{day.capitalize()}s", f"taken:{day}", False, f"{day}, {day}s, on {day}, on {day}s, on a {day}") for day in
      ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")),
)  # fmt: skip
PHOTOS = Sense(KIND, "type:photo", "Photos")


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
