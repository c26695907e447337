"""Signing in and out, your account, all accounts, the security log and the history."""

from django.urls import path

from accounts.views import account, entry, history, log, users

app_name = "accounts"
urlpatterns = [
    # signing in and out
    path("login/", entry.sign_in, name="login"),
    path("logout/", entry.sign_out, name="logout"),
    path("join/<str:secret>/", entry.join, name="join"),
    path("forgot/", entry.forgot, name="forgot"),
    path("reset/<str:number>/<str:token>/", entry.reset, name="reset"),
    # your account
    path("", account.account, name="account"),
    path("profile/", account.profile, name="profile"),
    path("password/", account.password, name="password"),
    path("theme/", account.theme, name="theme"),
    path("tokens/new/", account.make_token, name="make_token"),
    path("tokens/revoke/", account.revoke_tokens, name="revoke_tokens"),
    path("tokens/<int:pk>/revoke/", account.revoke_token, name="revoke_token"),
    path("sessions/end/", account.end_sessions, name="end_sessions"),
    path("sessions/<int:pk>/end/", account.end_session, name="end_session"),
    # all accounts
    path("users/", users.users, name="users"),
    path("users/invite/", users.invite, name="invite"),
    path("users/<int:pk>/", users.user, name="user"),
    path("users/<int:pk>/reset/", users.reset_link, name="reset_link"),
    path("users/<int:pk>/delete/", users.delete, name="delete_user"),
    path("invitations/<int:pk>/withdraw/", users.withdraw, name="withdraw"),
    path("lockouts/<int:pk>/lift/", users.lift, name="lift"),
    # what happened
    path("log/", log.log, name="log"),
    path("history/", history.history, name="history"),
    path("history/<int:pk>/undo/", history.undo, name="undo"),
]
