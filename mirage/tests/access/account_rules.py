"""The access rules of accounts, signing in and the second factor."""

from mirage.tests.access.arguments import (
    Rule,
    done,
    fixed,
    get,
    invitation_pk,
    lockout_pk,
    owner_pk,
    post,
    session_pk,
    token_pk,
)
from mirage.tests.access.world import (
    EVERYBODY,
    NOBODY,
    OWNER,
    SIGNED_IN,
    STAFF,
)

ACCOUNT_RULES: dict[str, Rule | list[Rule]] = {
    "accounts:theme": post(SIGNED_IN, theme="dark"),
    "accounts:forgot": get(NOBODY),  # there is no mail server
    "accounts:join": get(NOBODY, fixed("made-up")),
    "accounts:reset": get(NOBODY, fixed("MQ", "made-up")),
    "accounts:account": get(SIGNED_IN),
    "accounts:profile": post(SIGNED_IN, home_zone=""),
    "accounts:password": get(SIGNED_IN),
    "accounts:make_token": get(SIGNED_IN),
    "accounts:revoke_token": post(OWNER, token_pk),
    "accounts:revoke_tokens": post(SIGNED_IN),
    "accounts:end_session": post(OWNER, session_pk),
    "accounts:end_sessions": post(SIGNED_IN),
    "accounts:users": get(STAFF),
    "accounts:invite": post(STAFF, role="guest"),
    "accounts:user": get(STAFF, owner_pk),
    "accounts:reset_link": post(STAFF, owner_pk),
    "accounts:sign_user_out": post(STAFF, owner_pk),
    "accounts:delete_user": post(STAFF, owner_pk),  # without the name typed
    "accounts:withdraw": post(STAFF, invitation_pk),
    "accounts:lift": post(STAFF, lockout_pk),
    "accounts:log": get(SIGNED_IN),
    "accounts:history": get(SIGNED_IN),
    "accounts:undo": [
        post(OWNER, done(kind)) for kind in ("albums", "comments", "tags", "people", "duplicates", "stacks")
    ],
    # the second factor: pages of django-allauth
    "mfa_authenticate": get(EVERYBODY),  # leads to the sign-in, except between password and code
    "mfa_login_webauthn": get(EVERYBODY),
    "mfa_deactivate_totp": get(NOBODY),  # nobody has one
    "mfa_remove_webauthn": get(NOBODY, fixed(1)),
    "mfa_edit_webauthn": get(NOBODY, fixed(1)),
    "mfa_view_recovery_codes": get(NOBODY),
    "mfa_download_recovery_codes": get(NOBODY),
    **{
        name: get(SIGNED_IN)
        for name in (
            "mfa_activate_totp",
            "mfa_add_webauthn",
            "mfa_generate_recovery_codes",
            "mfa_index",
            "mfa_list_webauthn",
            "account_email",
            "account_change_password",
        )
    },
    # nobody in this world has a password to confirm with
    **{name: get(NOBODY) for name in ("account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn")},
    # names of allauth's that lead to the sign-in
    **{name: get(EVERYBODY) for name in ("account_login", "account_inactive", "administration_login")},
}
