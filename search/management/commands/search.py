"""Search a user's library in the language of the search box (docs/use/find.md)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from photos.management.terminal import find_owner
from photos.models import Photo
from search.language import connectives
from search.language.grammar import Mistake
from search.results.ranking import Ranking
from search.results.timeline import find, of_found

LIMIT = 1_000


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("query", help="what to search for, quoted for the shell")
        parser.add_argument("--owner", help="whose library; may be left out if there is only one user")
        parser.add_argument("--limit", type=int, default=LIMIT, help=f"photos at most (default: {LIMIT})")
        parser.add_argument("--json", action="store_true", help="print one JSON object with all results")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = find_owner(options["owner"]) if options["owner"] else only_user()
        text = options["query"]
        try:
            found = find(owner, text)
        except Mistake as mistake:
            raise CommandError(pointed(text, mistake)) from mistake
        listing = of_found(owner, found)
        photos = listing.in_order(options["limit"])
        reasons = listing.headings if isinstance(listing, Ranking) else {}
        for notice in found.notices:
            meant = f" Did you mean {notice.meant}?" if notice.meant else ""
            self.stderr.write(f"{notice.message}{meant}")
        if len(photos) < connectives.LITTLE and (meant := connectives.meant(text, found.tree)):
            self.stderr.write(f"OR, AND and NOT are written in capitals. Did you mean {meant}?")
        if options["json"]:
            told = {"query": str(found.tree), "total": found.photos.count(), "photos": []}
            told["photos"] = [told_of(one) | {"found_by": reasons.get(one.pk, (0, ""))[1]} for one in photos]
            told["notices"] = [notice.message for notice in found.notices]
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for photo in photos:
            where = ", ".join(part for part in (photo.place, photo.country) if part)
            line = f"{photo.taken_local:%Y-%m-%d %H:%M}  {photo.original_name}  {photo.title}  {where}".rstrip()
            _, reason = reasons.get(photo.pk, (0, ""))
            self.stdout.write(f"{line}  ({reason})" if reason else line)
        self.stdout.write(f"{found.photos.count():,} found")


def only_user() -> User:
    users = list(User.objects.all()[:2])
    if len(users) != 1:
        raise CommandError("Whose library? Add --owner NAME.")
    return users[0]


def pointed(text: str, mistake: Mistake) -> str:
    """The mistake under the search, with a mark below its place."""
    below = " " * mistake.start + "^" * (mistake.end - mistake.start)
    meant = f"\nDid you mean: {mistake.suggestion}" if mistake.suggestion else ""
    return f"{mistake.message}\n  {text}\n  {below}{meant}"


def told_of(photo: Photo) -> dict[str, Any]:
    """A photo as JSON."""
    return {
        "key": photo.key,
        "name": photo.original_name,
        "path": photo.path,
        "title": photo.title,
        "taken": photo.taken_local.strftime("%Y-%m-%dT%H:%M:%S"),
        "place": photo.place,
        "country": photo.country,
        "type": photo.media_type,
        "size": photo.size,
    }
