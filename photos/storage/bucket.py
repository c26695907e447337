"""The library in a bucket of object storage. The disk of this machine holds copies.

A path below MIRAGE_DATA is a copy: `fetch` updates it before it is read, `add` and `publish` upload what was written
there. If the disk is short of space, the least recently used copies are removed. The methods are those of LocalDisk.
"""

import errno
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.utils.translation import gettext as _
from storages.backends.s3 import S3Storage

from photos.storage.local_disk import Unreachable

ONE_PUT = 4 << 30  # bytes to send in one request; S3's limit is a little higher
UNDISTURBED = 600  # seconds after its last use in which a copy is not removed
PATIENCE = Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 3, "mode": "standard"})


class Bucket(S3Storage):
    """The bucket is the library. A copy is up to date if its size and time are those of the object."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, client_config=PATIENCE)

    @property
    def description(self) -> str:
        return _("The bucket %(name)s answers") % {"name": self.bucket_name}

    def fetch(self, path: Path) -> None:
        try:
            head = self._head(path)
        except FileNotFoundError:
            return
        if is_same(path, head):
            os.utime(path, (time.time(), path.stat().st_mtime))  # marks it as used
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        self._make_room(head["ContentLength"])
        temporary = path.with_name(f".{path.name[:100]}.{uuid.uuid4().hex}")
        try:
            with reaching(path):
                self._client.download_file(self.bucket_name, self._key(path), str(temporary))
            stamp(temporary, head)
            temporary.chmod(0o644)
            os.replace(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)

    def add(self, path: Path) -> None:
        new = {"Bucket": self.bucket_name, "Key": self._key(path), "IfNoneMatch": "*"}
        if self._is_taken(path):  # some storages ignore IfNoneMatch
            raise FileExistsError(errno.EEXIST, "In the object storage already", str(path))
        if path.stat().st_size <= ONE_PUT:
            with reaching(path), path.open("rb") as stream:
                self._client.put_object(**new, Body=stream)
        else:  # in parts; an empty object reserves the name first
            with reaching(path):
                self._client.put_object(**new, Body=b"")
            self._send(path)
        stamp(path, self._head(path))

    def publish(self, path: Path) -> None:
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if file.is_file() and not file.name.startswith(".") and not self._has(file):
                self._send(file)
                stamp(file, self._head(file))

    def remove(self, path: Path) -> None:
        path.unlink(missing_ok=True)
        with reaching(path):
            self._client.delete_object(Bucket=self.bucket_name, Key=self._key(path))

    def remove_folder(self, path: Path) -> None:
        shutil.rmtree(path, ignore_errors=True)
        with reaching(path):
            self.bucket.objects.filter(Prefix=self._key(path) + "/").delete()

    def files(self, folder: Path) -> Iterator[Path]:
        prefix = self._key(folder) + "/"
        with reaching(folder):
            for each in self.bucket.objects.filter(Prefix=prefix):
                yield folder / each.key.removeprefix(prefix)

    def size_of(self, path: Path) -> int:
        return self._head(path)["ContentLength"]

    def sha256_of(self, path: Path) -> str:
        digest = hashlib.sha256()
        with reaching(path):
            body = self._client.get_object(Bucket=self.bucket_name, Key=self._key(path))["Body"]
            for block in body.iter_chunks(1 << 20):
                digest.update(block)
        return digest.hexdigest()

    def ping(self) -> None:
        with reaching(settings.MIRAGE_DATA):
            self._client.head_bucket(Bucket=self.bucket_name)

    @property
    def _client(self) -> Any:
        return self.connection.meta.client

    def _key(self, path: Path) -> str:
        return f"{self.location}/{path.relative_to(settings.MIRAGE_DATA).as_posix()}".lstrip("/")

    def _head(self, path: Path) -> dict[str, Any]:
        """The object's metadata. Raises FileNotFoundError, Unreachable."""
        with reaching(path):
            return self._client.head_object(Bucket=self.bucket_name, Key=self._key(path))

    def _is_taken(self, path: Path) -> bool:
        try:
            self._head(path)
        except FileNotFoundError:
            return False
        return True

    def _has(self, path: Path) -> bool:
        try:
            return is_same(path, self._head(path))
        except FileNotFoundError:
            return False

    def _send(self, path: Path) -> None:
        with reaching(path):
            self._client.upload_file(str(path), self.bucket_name, self._key(path))

    def _make_room(self, size: int) -> None:
        """Remove the least recently used copies while the disk is short of space."""
        wanted = size + settings.MIRAGE_STORAGE_FREE_MB * 1_000_000
        lacking = wanted - shutil.disk_usage(settings.MIRAGE_DATA).free
        if lacking <= 0:
            return
        lacking += wanted // 4  # so that this is not needed again at once
        for _at, path, taken in sorted(copies(settings.MIRAGE_DATA)):
            if lacking <= 0:
                break
            path.unlink(missing_ok=True)
            lacking -= taken


def copies(folder: Path) -> Iterator[tuple[float, Path, int]]:
    """The copies that may be removed: time of last use, path, bytes. Files not yet in the bucket are left out."""
    now = time.time()
    for root in (folder / "originals", folder / "derived"):
        for place, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name != ".incoming"]
            for name in names:
                path = Path(place) / name
                try:
                    status = path.stat()
                except FileNotFoundError:
                    continue  # another process removed it
                if status.st_nlink == 1 and now - status.st_ctime > UNDISTURBED:
                    yield status.st_atime, path, status.st_size


def is_same(path: Path, head: dict[str, Any]) -> bool:
    """Whether the copy is up to date with this object."""
    try:
        status = path.stat()
    except FileNotFoundError:
        return False
    return status.st_size == head["ContentLength"] and int(status.st_mtime) == int(head["LastModified"].timestamp())


def stamp(path: Path, head: dict[str, Any]) -> None:
    """Set the copy's modification time to that of the object."""
    os.utime(path, (time.time(), int(head["LastModified"].timestamp())))


@contextmanager
def reaching(path: Path) -> Iterator[None]:
    """Turn the client's errors into those that a disk would raise."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status == 404:
            raise FileNotFoundError(errno.ENOENT, "Not in the object storage", str(path)) from error
        if status in {409, 412}:
            raise FileExistsError(errno.EEXIST, "In the object storage already", str(path)) from error
        raise Unreachable(errno.EIO, f"The object storage refuses: {error}", str(path)) from error
    except BotoCoreError as error:
        raise Unreachable(errno.EIO, f"The object storage does not answer: {error}", str(path)) from error
