"""The key of web push: the same wherever the installation's secret is, and a point that browsers take."""

from pytest_django import Settings

from notices import push_keys


def test_the_key_comes_from_the_secret(settings: Settings) -> None:
    settings.SECRET_KEY = "one"
    first, number = push_keys.public_key(), push_keys.raw_private_key()
    settings.SECRET_KEY = "two"
    assert push_keys.public_key() != first
    settings.SECRET_KEY = "one"
    assert (push_keys.public_key(), push_keys.raw_private_key()) == (first, number)
    assert first not in number
    assert len(push_keys.decoded(first)) == 65
    assert push_keys.decoded(first)[0] == 4


def test_keys_of_browsers() -> None:
    point, secret = push_keys.public_key(), push_keys.encoded(b"x" * 16)
    assert push_keys.is_receiver(point, secret)
    beside = push_keys.encoded(push_keys.decoded(point)[:-1] + b"\0")
    for p256dh, auth in ((point, secret[:-2]), (beside, secret), (point[:-4], secret), ("é" * 87, secret), ("", "")):
        assert not push_keys.is_receiver(p256dh, auth)
