"""Search a user's library in the language of the search box (docs/use/find.md)."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from mirage.wording import number_in_words
from photos.management.terminal import find_owner
from photos.models import Photo
from search.language.grammar import Mistake
from search.results.notices import Told, notices_of
from search.results.ranking import Ranking
from search.results.timeline import find, of_found

LIMIT = 1_000


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.description = _("Search a user's library in the language of the search box (docs/use/find.md).")
        parser.add_argument("query", help=_("what to search for, quoted for the shell"))
        parser.add_argument("--owner", help=_("whose library; may be left out if there is only one user"))
        parser.add_argument(
            "--limit", type=int, default=LIMIT, help=_("photos at most (default: %(number)s)") % {"number": LIMIT}
        )
        parser.add_argument("--json", action="store_true", help=_("print one JSON object with all results"))

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
        notices = notices_of(text, found)
        for notice in notices:
            self.stderr.write(in_a_line(notice))
        if options["json"]:
            told = {"query": str(found.tree), "total": found.photos.count(), "photos": []}
            told["photos"] = [told_of(one) | {"found_by": reasons.get(one.pk, (0, ""))[1]} for one in photos]
            told["notices"] = [notice.message for notice in notices]
            self.stdout.write(json.dumps(told, ensure_ascii=False))
            return
        for photo in photos:
            where = ", ".join(part for part in (photo.place, photo.country) if part)
            line = f"{photo.taken_local:%Y-%m-%d %H:%M}  {photo.original_name}  {photo.title}  {where}".rstrip()
            reason = reasons.get(photo.pk, (0, ""))[1]
            self.stdout.write(f"{line}  ({reason})" if reason else line)
        count = found.photos.count()
        sentence = ngettext("%(number)s found", "%(number)s found", count)
        self.stdout.write(sentence % {"number": number_in_words(count)})


def only_user() -> User:
    users = list(User.objects.all()[:2])
    if len(users) != 1:
        raise CommandError(_("Whose library? Add --owner NAME."))
    return users[0]


def pointed(text: str, mistake: Mistake) -> str:
    """The mistake under the search, with a mark below its place."""
    below = " " * mistake.start + "^" * (mistake.end - mistake.start)
    lines = [mistake.message, f"  {text}", f"  {below}"]
    if mistake.suggestion:
        lines.append(_("Did you mean: %(search)s") % {"search": mistake.suggestion})
    return "\n".join(lines)


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


def in_a_line(notice: Told) -> str:
    """A notice with the searches that it offers."""
    if notice.mended:
        typed = _("To search for what you typed: %(search)s") % {"search": notice.suggestion}
        return f"{notice.message} {typed}"
    # Translators: what is such as: only the person
    said = [_("For %(what)s: %(search)s.") % {"what": one.label, "search": one.search} for one in notice.choices]
    if notice.suggestion:
        said.append(_("Did you mean %(search)s?") % {"search": notice.suggestion})
    return " ".join([notice.message, *said])
