"""Who may use the API: tokens, application passwords, scopes, lockout."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import SecurityEvent, Token, User
from accounts.security import lockout, programs, tokens


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def test_a_token_is_required(client: Client, owner: User) -> None:
    response = client.get("/api/v1/photos")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    client.force_login(owner)
    assert client.get("/api/v1/photos").status_code == 401  # a browser's cookie does not open it


def test_a_token_is_stored_as_a_hash_and_its_use_is_recorded(client: Client, owner: User) -> None:
    token, secret = tokens.issue(owner, "phone", ["read"])
    assert secret not in str(Token.objects.values_list())
    assert client.get("/api/v1/me", headers=bearer(secret) | {"User-Agent": "Phone 1"}).json()["username"] == "anna"
    token.refresh_from_db()
    assert (token.last_address, token.last_agent) == ("127.0.0.1", "Phone 1")


@pytest.mark.parametrize("change", ["expired", "disabled", "revoked"])
def test_an_invalid_token_is_refused(client: Client, owner: User, change: str) -> None:
    token, secret = tokens.issue(owner, "phone", ["read"], days=1)
    assert client.get("/api/v1/me", headers=bearer(secret)).status_code == 200
    if change == "expired":
        Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif change == "disabled":
        User.objects.update(is_active=False)
    else:
        token.delete()
    assert client.get("/api/v1/me", headers=bearer(secret)).status_code == 401


def test_scopes_limit_what_a_token_may_do(program: Any, owner: User, make_photo: Any) -> None:
    photo, ask = make_photo(), program(owner, "read")
    assert ask("GET", f"/photos/{photo.key}").status_code == 200
    response = ask("PATCH", f"/photos/{photo.key}", json={"title": "x"})
    assert response.status_code == 403
    assert "edit" in response.json()["detail"]
    assert program(owner, "upload")("GET", "/photos").status_code == 403


def test_application_passwords_need_basic_and_https(client: Client, owner: User) -> None:
    _, secret = tokens.issue(owner, "mail", ["read"], kind=Token.Kind.PASSWORD)
    assert client.get("/api/v1/me", headers=basic("anna", secret)).status_code == 200
    assert client.get("/api/v1/me", headers=bearer(secret)).status_code == 401
    assert client.get("/api/v1/me", headers=basic("mallory", secret)).status_code == 401
    assert client.get("/api/v1/me", headers=basic("anna", secret), REMOTE_ADDR="192.0.2.1").status_code == 403
    assert (
        client.get("/api/v1/me", headers=basic("anna", secret), REMOTE_ADDR="192.0.2.1", secure=True).status_code == 200
    )


def test_the_account_password_is_refused(client: Client, owner: User) -> None:
    owner.set_password("correct horse")
    owner.save()
    assert client.get("/api/v1/me", headers=basic("anna", "correct horse")).status_code == 401


def test_guessing_is_locked_out(client: Client, owner: User) -> None:
    _, secret = tokens.issue(owner, "phone", ["read"])
    for _ in range(lockout.FREE_FAILURES_OF_ADDRESS):
        response = client.get("/api/v1/me", headers=bearer("mirage_guess"))
    response = client.get("/api/v1/me", headers=bearer(secret))
    assert response.status_code == 429
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert client.get("/api/v1/me", headers=bearer(secret), REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_token_with_too_many_requests_is_throttled(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "REQUESTS", 3)
    statuses = [ask("GET", "/me").status_code for _ in range(8)]
    assert statuses[:3] == [200, 200, 200]
    assert 429 in statuses


def test_sign_in_for_a_token(client: Client, owner: User) -> None:
    owner.set_password("correct horse")
    owner.save()
    wanted = {"username": "anna", "password": "correct horse", "name": "laptop", "scopes": ["read"]}
    answer = client.post("/api/v1/tokens", wanted, content_type="application/json").json()
    assert client.get("/api/v1/me", headers=bearer(answer["token"])).json()["scopes"] == ["read"]
    wrong = client.post("/api/v1/tokens", {**wanted, "password": "no"}, content_type="application/json")
    assert wrong.status_code == 401
    assert (
        client.post("/api/v1/tokens", {**wanted, "scopes": ["admin"]}, content_type="application/json").status_code
        == 403
    )
    verbs = list(SecurityEvent.objects.order_by("id").values_list("verb", "actor_name"))
    assert verbs == [("made a token", "anna"), ("failed to sign in", "anna")]
    assert client.delete("/api/v1/tokens/current", headers=bearer(answer["token"])).status_code == 204
    assert client.get("/api/v1/me", headers=bearer(answer["token"])).status_code == 401
