"""What is kept of large libraries because counting it takes too long, and notes of what has to be counted again."""

from django.conf import settings
from django.db import models


class MonthCount(models.Model):
    """How many photos a month has in one of an owner's lists (photos/gallery/kept/months.py)."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    listing = models.CharField(max_length=16)
    month = models.PositiveIntegerField(help_text="yyyymm.")
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "listing", "month"], name="monthcount_once")]

    def __str__(self) -> str:
        return f"{self.count} in {self.month}"


class MonthNote(models.Model):
    """A month that has to be counted again, and a stack whose months have to be; with neither, all of the owner's.

    Triggers note them. The ids are no foreign keys: what they name may be gone before it is counted.
    """

    owner_id = models.BigIntegerField(db_index=True)
    month = models.PositiveIntegerField(null=True)
    stack_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"month {self.month}, stack {self.stack_id} of {self.owner_id}"


class MapCell(models.Model):
    """An owner’s photos in a cell of the map: how many, their middle and edges (photos/gallery/kept/cells.py)."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    level = models.PositiveSmallIntegerField(help_text="The earth is 2 to the power of it cells around.")
    x = models.PositiveIntegerField()
    y = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    cover = models.BigIntegerField(help_text="The highest id of a photo.")
    latitude = models.FloatField()
    longitude = models.FloatField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "level", "x", "y"], name="mapcell_once")]

    def __str__(self) -> str:
        return f"{self.count} at {self.latitude}, {self.longitude}"


class MapNote(models.Model):
    """A position or a stack whose cells have to be counted again; with neither, all of the owner's."""

    owner_id = models.BigIntegerField(db_index=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    stack_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.latitude}, {self.longitude}, stack {self.stack_id} of {self.owner_id}"
