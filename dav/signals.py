"""What happens here that others may want to know."""

from django.dispatch import Signal

upload_refused = Signal()  # device, name, reason
