"""What the security log says: each verb (accounts/activity.py) after the name of who did it, and alone."""

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import SecurityEvent
from mirage.web.languages import in_language
from mirage.wording import Words, number_in_words

GROUPS: dict[str, Words] = {
    "Signing in": _lazy("Signing in"),
    "Accounts": _lazy("Accounts"),
    "Sharing": _lazy("Sharing"),
    "Deletions": _lazy("Deletions"),
    "Operations": pgettext_lazy("security log", "Operations"),
}
WORDS: dict[str, tuple[Words, Words]] = {
    "signed in": (_lazy("%(who)s signed in"), pgettext_lazy("security log", "Signed in")),
    "signed out": (_lazy("%(who)s signed out"), pgettext_lazy("security log", "Signed out")),
    "failed to sign in": (_lazy("%(who)s failed to sign in"), pgettext_lazy("security log", "Failed to sign in")),
    "locked out": (_lazy("%(who)s locked out"), pgettext_lazy("security log", "Locked out")),
    "set a password": (_lazy("%(who)s set a password"), pgettext_lazy("security log", "Set a password")),
    "reset a password": (_lazy("%(who)s reset a password"), pgettext_lazy("security log", "Reset a password")),
    "asked for a password reset": (
        _lazy("%(who)s asked for a password reset"),
        pgettext_lazy("security log", "Asked for a password reset"),
    ),
    "added a second factor": (
        _lazy("%(who)s added a second factor"),
        pgettext_lazy("security log", "Added a second factor"),
    ),
    "removed a second factor": (
        _lazy("%(who)s removed a second factor"),
        pgettext_lazy("security log", "Removed a second factor"),
    ),
    "used a recovery code": (
        _lazy("%(who)s used a recovery code"),
        pgettext_lazy("security log", "Used a recovery code"),
    ),
    "ended a session": (_lazy("%(who)s ended a session"), pgettext_lazy("security log", "Ended a session")),
    "made a token": (_lazy("%(who)s made a token"), pgettext_lazy("security log", "Made a token")),
    "revoked a token": (_lazy("%(who)s revoked a token"), pgettext_lazy("security log", "Revoked a token")),
    "was refused": (_lazy("%(who)s was refused"), pgettext_lazy("security log", "Was refused")),
    "invited": (_lazy("%(who)s invited"), pgettext_lazy("security log", "Invited")),
    "withdrew an invitation": (
        _lazy("%(who)s withdrew an invitation"),
        pgettext_lazy("security log", "Withdrew an invitation"),
    ),
    "accepted an invitation": (
        _lazy("%(who)s accepted an invitation"),
        pgettext_lazy("security log", "Accepted an invitation"),
    ),
    "made an account": (_lazy("%(who)s made an account"), pgettext_lazy("security log", "Made an account")),
    "changed an account": (_lazy("%(who)s changed an account"), pgettext_lazy("security log", "Changed an account")),
    "disabled an account": (_lazy("%(who)s disabled an account"), pgettext_lazy("security log", "Disabled an account")),
    "enabled an account": (_lazy("%(who)s enabled an account"), pgettext_lazy("security log", "Enabled an account")),
    "deleted an account": (_lazy("%(who)s deleted an account"), pgettext_lazy("security log", "Deleted an account")),
    "changed a setting": (_lazy("%(who)s changed a setting"), pgettext_lazy("security log", "Changed a setting")),
    "lifted a lockout": (_lazy("%(who)s lifted a lockout"), pgettext_lazy("security log", "Lifted a lockout")),
    "shared": (_lazy("%(who)s shared"), pgettext_lazy("security log", "Shared")),
    "changed a share": (_lazy("%(who)s changed a share"), pgettext_lazy("security log", "Changed a share")),
    "ended a share": (_lazy("%(who)s ended a share"), pgettext_lazy("security log", "Ended a share")),
    "made a link": (_lazy("%(who)s made a link"), pgettext_lazy("security log", "Made a link")),
    "changed a link": (_lazy("%(who)s changed a link"), pgettext_lazy("security log", "Changed a link")),
    "revoked a link": (_lazy("%(who)s revoked a link"), pgettext_lazy("security log", "Revoked a link")),
    "opened a link": (_lazy("%(who)s opened a link"), pgettext_lazy("security log", "Opened a link")),
    "failed a link's password": (
        _lazy("%(who)s failed a link's password"),
        pgettext_lazy("security log", "Failed a link's password"),
    ),
    "deleted photos": (_lazy("%(who)s deleted photos"), pgettext_lazy("security log", "Deleted photos")),
    "emptied the trash": (_lazy("%(who)s emptied the trash"), pgettext_lazy("security log", "Emptied the trash")),
    "deleted an album": (_lazy("%(who)s deleted an album"), pgettext_lazy("security log", "Deleted an album")),
    "deleted a person": (_lazy("%(who)s deleted a person"), pgettext_lazy("security log", "Deleted a person")),
    "deleted a tag": (_lazy("%(who)s deleted a tag"), pgettext_lazy("security log", "Deleted a tag")),
    "made a backup": (_lazy("%(who)s made a backup"), pgettext_lazy("security log", "Made a backup")),
    "restored a backup": (_lazy("%(who)s restored a backup"), pgettext_lazy("security log", "Restored a backup")),
    "exported": (_lazy("%(who)s exported"), pgettext_lazy("security log", "Exported")),
    "imported": (_lazy("%(who)s imported"), pgettext_lazy("security log", "Imported")),
    "ran a task": (_lazy("%(who)s ran a task"), pgettext_lazy("security log", "Ran a task")),
}
ABOUT_THINGS = (
    "added a second factor",
    "removed a second factor",
    "failed to sign in",
    "ended a session",
    "ran a task",
)


def with_name(event: SecurityEvent) -> str:
    """Who did what to what, the name in bold."""
    sentence = str(WORDS[event.verb][0]) if event.verb in WORDS else f"%(who)s {event.verb}"
    name = format_html("<strong>{}</strong>", event.actor_name or gettext("Somebody"))
    return to_what(SafeString(escape(sentence) % {"who": name}), event)


def without_name(event: SecurityEvent) -> str:
    """What was done to what."""
    return to_what(str(WORDS[event.verb][1]) if event.verb in WORDS else event.verb.capitalize(), event)


def to_what(done: str, event: SecurityEvent) -> str:
    """What was done, with its object. A name is never translated; what Mirage itself wrote down is."""
    if count := event.detail.get("all"):
        subject = gettext("all %(number)s") % {"number": number_in_words(count)}
    elif not event.subject:
        return done
    else:
        subject = in_language(event.subject) if event.verb in ABOUT_THINGS else event.subject
    sentence = escape(pgettext("security log", "%(what)s: %(subject)s"))
    return SafeString(sentence % {"what": conditional_escape(done), "subject": escape(subject)})
