"""The tiles of a grid as HTML. A page has a hundred tiles, and a template would take ten times as long."""

import base64
import math
from collections.abc import Callable, Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from media.sizes import SHORT_SIDES, grid_size
from mirage.templatetags.icons import icon
from mirage.wording import listed
from photos.addresses import THUMBNAILS, page_address, thumbnail_address
from photos.gallery import dates
from photos.models import Photo

# static/css/photos/aspects.css has one class for each power of 1.025 in this range.
ASPECT_STEP, NARROWEST, WIDEST = 1.025, -45, 57
# How high a row is in hundredths of the window's width (--row of tokens.css), for browsers that do not find out by
# themselves how wide a tile is.
PHONE_ROW, DESK_ROW = 26, 15
ENLARGED = 1.2  # how far a picture of the grid may be enlarged: nobody sees it, and the next size has thrice the bytes


def tiles_html(photos: Iterable[Photo], listing: str) -> SafeString:
    """A figure for each photo, which links to the photo's page in the list with that slug."""
    within = "" if listing == "timeline" else f"?in={escape(listing)}"
    return mark_safe("".join(tile_html(photo, within) for photo in photos))  # each part is escaped


def tile_html(photo: Photo, within: str) -> str:
    key, name = escape(photo.key), escape(photo.original_name)
    marks = f"{' favourite' if photo.favourite else ''}{' late' if getattr(photo, 'late', False) else ''}"
    thumbhash = f' data-hash="{base64.b64encode(photo.thumbhash).decode()}"' if photo.thumbhash else ""
    video = f' data-video="{escape(address(photo, "video"))}"' if photo.is_video else ""
    select = escape(_("Select %(name)s") % {"name": photo.original_name})
    return (
        f'<figure class="tile {aspect_class(photo)}{marks}" id="p-{key}" data-key="{key}"{thumbhash}{video}>\n'
        f'<a class="tile-link" href="{escape(address(photo, "photo"))}{within}" aria-label="{escape(spoken(photo))}">'
        f"{_picture(photo, name)}</a>\n{_badges(photo)}"
        f'<input class="tile-check" type="checkbox" name="keys" value="{key}" form="selection"'
        f' aria-label="{select}">\n</figure>\n'
    )


def _picture(photo: Photo, name: str) -> str:
    if not photo.displayable:
        return f'<span class="tile-name">{icon("file-image")}{name}</span>'
    return picture_html(photo)


def picture_html(photo: Photo) -> str:
    """The picture of a tile, in the size that the browser needs for the tile's width and the screen's pixels."""
    small, medium = escape(address(photo, "small")), escape(address(photo, "medium"))
    width, height = photo.shown_size
    whole = width or 4, height or 3
    widths = [round(ENLARGED * grid_size(whole, SHORT_SIDES[size])[0]) for size in ("small", "medium")]
    sources = f"{small} {widths[0]}w, {medium} {widths[1]}w" if widths[0] < widths[1] else small
    phone, desk = (round(share * whole[0] / whole[1]) for share in (PHONE_ROW, DESK_ROW))
    sizes = f"(width < 700px) {phone}vw, {desk}vw"
    lazy = f'sizes="auto, {sizes}" loading="lazy"'
    when = f'sizes="{sizes}"' if getattr(photo, "first", False) else lazy
    return f'<img src="{small}" srcset="{sources}" {when} alt="" decoding="async">'


def picture(photo: Photo) -> SafeString:
    """The picture of a tile that a template draws by itself."""
    return SafeString(picture_html(photo))


def _badges(photo: Photo) -> str:
    """The size of the stack, and the duration of a video."""
    badges, count = "", getattr(photo, "stack_count", None) or 0
    if count > 1:
        layers = icon("layers", "icon-small")
        label = escape(_("Stack of %(number)s") % {"number": count})
        badges += f'<span class="tile-stack" aria-label="{label}">{count}{layers}</span>\n'
    if photo.is_video:
        badges += f'<span class="tile-badge">{clock(photo.shown_seconds)}</span>\n'
    return badges


def aspect_class(photo: Photo) -> str:
    """The CSS class for the photo's aspect ratio. 4:3 if width or height are unknown."""
    width, height = photo.shown_size
    ratio = width / height if width and height else 4 / 3
    return f"r{min(max(round(math.log(ratio, ASPECT_STEP)), NARROWEST), WIDEST)}"


def address(photo: Photo, page: str) -> str:
    """The address of a photo's page (photo, info, original, …) or of its thumbnail in that size.

    Photos with other addresses, such as those for guests of a public link, have `address_of`.
    """
    elsewhere: Callable[[str], str] | None = getattr(photo, "address_of", None)
    if elsewhere:
        return elsewhere(page)
    return thumbnail_address(photo, page) if page in THUMBNAILS else page_address(photo.key, page)


def clock(seconds: float | None) -> str:
    """A duration as 0:07, 12:34 or 1:02:03. Empty if unknown."""
    if seconds is None:
        return ""
    minutes, rest = divmod(max(round(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def spoken(photo: Photo) -> str:
    """The label of a tile for screen readers: title or kind, date and place."""
    what = photo.title or (_("Video") if photo.is_video else pgettext("one", "Photo"))
    if getattr(photo, "untold", False):
        return what
    return listed((what, dates.moment_text(photo), photo.place))
