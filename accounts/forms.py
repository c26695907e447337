"""The forms of signing in, passwords, tokens and accounts."""

import zoneinfo
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import pgettext_lazy

from accounts import activity, first_account
from accounts.models import Role, Token, User
from accounts.security import lockout
from accounts.security.tokens import SCOPES
from media.text import name_key
from mirage.web import languages

GIGABYTE = 1_000_000_000


class SignInForm(AuthenticationForm):
    """Name and password. Guessing is slowed down, and failures are recorded."""

    error_messages = {
        "invalid_login": _lazy("The name and password do not match. Please try again."),
        "inactive": _lazy("This account is disabled."),
    }

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username", "")
        assert self.request is not None
        try:
            lockout.require("sign-in", name, self.request)
            cleaned = super().clean()
        except lockout.LockedOut as error:
            raise ValidationError(str(error), code="locked_out") from error
        except ValidationError:
            activity.record("failed to sign in", self.request, name=name)
            if lockout.fail("sign-in", name, self.request):
                activity.record("locked out", self.request, name=name)
            raise
        lockout.succeed("sign-in", name, self.request)
        return cleaned


class NewPasswordForm(forms.Form):
    """A new password, typed once: browsers can show it, and password managers fill it in."""

    password = forms.CharField(
        max_length=1000,
        strip=False,
        label=_lazy("New password"),
        help_text=_lazy("At least 8 characters. A few words that only you would combine are best."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user or User()

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        password_validation.validate_password(password, self.user)
        return password


class JoinForm(NewPasswordForm):
    """The name and password of somebody who accepts an invitation."""

    username = UsernameField(
        max_length=150,
        label=pgettext_lazy("of a user", "Name"),
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    field_order: tuple[str, ...] = ("username", "password")

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        if name_key(name) in map(name_key, User.objects.values_list("username", flat=True)):
            raise ValidationError(_("Somebody has this name already."))
        self.user.username = name
        return name


class FirstAccountForm(JoinForm):
    """The administrator's name and password, and the code that was printed at the start."""

    code = forms.CharField(
        max_length=60,
        label=_lazy("Code"),
        help_text=_lazy("It was printed when Mirage was started."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none"}),
    )
    field_order = ("code", "username", "password")

    def clean_code(self) -> str:
        if not first_account.is_right(self.cleaned_data["code"]):
            raise ValidationError(_("That is not the code. It was printed when Mirage was started."))
        return self.cleaned_data["code"]


class ChangePasswordForm(NewPasswordForm):
    """The old password and a new one."""

    current = forms.CharField(
        max_length=1000,
        strip=False,
        label=_lazy("Current password"),
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    field_order = ("current", "password")

    def clean_current(self) -> str:
        if not self.user.check_password(self.cleaned_data["current"]):
            raise ValidationError(_("That is not your current password."))
        return self.cleaned_data["current"]


class TokenForm(forms.Form):
    """A token or an application password."""

    name = forms.CharField(
        max_length=120,
        label=_lazy("What is it for?"),
        help_text=_lazy("This is how you will recognise it in the list, for example “backup of my phone”."),
    )
    kind = forms.ChoiceField(choices=Token.Kind.choices, initial=Token.Kind.BEARER)
    scopes = forms.MultipleChoiceField(
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        label=pgettext_lazy("program", "May"),
        initial=["read", "upload"],
    )
    days = forms.TypedChoiceField(
        choices=[
            ("30", _lazy("30 days")),
            ("90", _lazy("90 days")),
            ("365", pgettext_lazy("valid for", "A year")),
            ("", pgettext_lazy("valid for", "Until revoked")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
        label=_lazy("Valid for"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.is_superuser:
            scopes: Any = self.fields["scopes"]
            scopes.choices = [(scope, words) for scope, words in SCOPES.items() if scope != "admin"]


class QuotaField(forms.FloatField):
    """Gigabytes; empty for no limit."""

    def clean(self, value: Any) -> Any:
        gigabytes = super().clean(value)
        return None if gigabytes is None else round(gigabytes * GIGABYTE)

    def prepare_value(self, value: Any) -> Any:
        return f"{value / GIGABYTE:g}" if isinstance(value, int) else value


class InvitationForm(forms.Form):
    """The role, mail and quota of a future account."""

    role = forms.ChoiceField(choices=Role.choices, initial=Role.MEMBER, label=_lazy("Role"))
    email = forms.EmailField(required=False, label=_lazy("Mail (optional)"))
    quota_bytes = QuotaField(required=False, min_value=0, max_value=1e9, label=_lazy("Quota in GB (empty: no limit)"))


class UserForm(forms.Form):
    """What an administrator sets for an account."""

    role = forms.ChoiceField(choices=Role.choices, label=_lazy("Role"))
    email = forms.EmailField(required=False, label=_lazy("Mail"))
    quota_bytes = QuotaField(required=False, min_value=0, max_value=1e9, label=_lazy("Quota in GB (empty: no limit)"))
    is_active = forms.BooleanField(required=False, label=_lazy("May sign in"))


class ProfileForm(forms.ModelForm):
    """A user's names, mail, language and home time zone."""

    language = forms.ChoiceField(required=False, label=_lazy("Language"))
    home_zone = forms.ChoiceField(required=False, label=_lazy("Default time zone"))

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "language", "home_zone")
        labels = {"email": _lazy("Mail")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [(zone, zone.replace("_", " ")) for zone in sorted(zoneinfo.available_timezones())]
        for name in ("language", "home_zone"):  # names that stay as they are
            self.fields[name].widget.attrs["translate"] = "no"
        language: Any = self.fields["language"]
        language.choices = [("", _("As the browser")), *languages.spoken().items()]
        home: Any = self.fields["home_zone"]
        home.choices = [
            ("", _("As the installation: %(mirage_home_zone)s") % {"mirage_home_zone": settings.MIRAGE_HOME_ZONE}),
            *zones,
        ]
