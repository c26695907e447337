"""The files that editing writes, by name and format. No decoding here, so that the site may ask too."""

FULL = ("full.jpg", "full.png")  # the second for pictures of 16 bits and those that came without losses
FULL_VIDEO = "video.mp4"
FORMATS = {
    "jpeg": ("JPEG", ".jpg", "image/jpeg"),
    "png": ("PNG", ".png", "image/png"),
    "webp": ("WEBP", ".webp", "image/webp"),
}
