"""Reading an export that lies in a folder in use, as the page asks for it."""

from mirage.refusals import NotPossible
from photos.ingest.folders import Report
from photos.ingest.in_use import Reading, limits_of
from takeout import uploading
from takeout.importing import import_export
from takeout.sources import BadExport


def read_export(reading: Reading) -> Report:
    """Import the export. Raises NotPossible if it is none.

    The files of an uploaded one are removed, unless another try may import what failed.
    """
    try:
        found = import_export(reading.folder.owner, [reading.root], reading.note, limits_of(reading.folder))
    except BadExport as error:
        if uploading.is_uploaded(reading.root):
            uploading.forget(reading.root)
        raise NotPossible(str(error)) from error
    if uploading.is_uploaded(reading.root) and not found.worth_again:
        uploading.forget(reading.root)
        reading.folder.delete()
    return Report(
        added=found.added,
        already_there=found.already_there,
        in_trash=found.in_trash,
        back_from_trash=found.back_from_trash,
        skipped=len(found.skipped),
        failures=found.failures,
        left_out=found.left_out,
        found=found.ids,
        new=dict.fromkeys(found.new, reading.root),
    )
