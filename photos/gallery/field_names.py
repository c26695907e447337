"""What the fields of a photo are called, for whoever looks at them."""

from django.utils.translation import gettext_lazy as _lazy

NAMES = {  # of columns that previews of edits show
    "taken_local": _lazy("Taken"),
    "taken_at": _lazy("Instant"),
    "taken_offset": _lazy("Time zone"),
    "taken_source": _lazy("Source of the time"),
    "latitude": _lazy("Latitude"),
    "longitude": _lazy("Longitude"),
    "altitude": _lazy("Altitude"),
    "place": _lazy("Place"),
    "region": _lazy("Region"),
    "country": _lazy("Country"),
    "title": _lazy("Title"),
    "description": _lazy("Description"),
    "rating": _lazy("Rating"),
    "keywords": _lazy("Keywords"),
    "label": _lazy("Label"),
    "author": _lazy("Author"),
    "copyright": _lazy("Copyright"),
}
READ = {  # of what else is read from files (media/metadata/fields.py)
    "taken_precision": _lazy("Taken precision"),
    "taken_doubtful": _lazy("Taken doubtful"),
    "taken_doubts": _lazy("Taken doubts"),
    "taken_alternatives": _lazy("Taken alternatives"),
    "width": _lazy("Width"),
    "height": _lazy("Height"),
    "orientation": _lazy("Orientation"),
    "turn": _lazy("Turn"),
    "upright_by": _lazy("Upright by"),
    "camera_make": _lazy("Camera make"),
    "camera_model": _lazy("Camera model"),
    "lens": _lazy("Lens"),
    "iso": _lazy("Iso"),
    "aperture": _lazy("Aperture"),
    "exposure": _lazy("Exposure"),
    "focal_length": _lazy("Focal length"),
    "focal_length_35mm": _lazy("Focal length 35mm"),
    "flash": _lazy("Flash"),
    "exposure_program": _lazy("Exposure program"),
    "metering_mode": _lazy("Metering mode"),
    "white_balance": _lazy("White balance"),
    "direction": _lazy("Direction"),
    "country_code": _lazy("Country code"),
    "software": _lazy("Software"),
    "regions": _lazy("Regions"),
    "duration": _lazy("Duration"),
    "video_codec": _lazy("Video codec"),
    "audio_codec": _lazy("Audio codec"),
    "frame_rate": _lazy("Frame rate"),
    "bit_rate": _lazy("Bit rate"),
    "rotation": _lazy("Rotation"),
    "panorama": _lazy("Panorama"),
    "motion_video": _lazy("Motion video"),
    "burst_id": _lazy("Burst id"),
    "live_id": _lazy("Live id"),
}


def name_of(field: str) -> str:
    """What a field is called."""
    return str(NAMES.get(field) or READ.get(field) or field.replace("_", " ").capitalize())
