"""What the administration reads about what the models run on."""

from types import SimpleNamespace

import pytest

from photos.pipeline import running_on
from vision import inference

LACKING = "the processor, because ONNX Runtime was installed without CUDA"


@pytest.fixture(autouse=True)
def found(monkeypatch):
    """What this process' models run on."""
    words: list[str] = []
    monkeypatch.setattr(inference, "told_where", lambda: list(words))
    monkeypatch.setattr(running_on, "_noted", [])
    monkeypatch.setattr(running_on, "_noted_at", 0.0)
    return words


def test_without_a_wish_it_is_the_processor_and_nothing_is_written(found, redis):
    found.append("the processor")
    running_on.note()
    assert running_on.in_words() == "the processor"
    assert not redis.keys(f"{running_on.BOARD}*")


def test_what_a_worker_found_is_told(found, settings, redis, monkeypatch):
    settings.MIRAGE_MODELS_ON = "cuda"
    assert running_on.in_words() == "not known before a worker has used a model"
    running_on.note()
    assert not redis.keys(f"{running_on.BOARD}*")
    found.append(LACKING)
    monkeypatch.setenv("MIRAGE_WORKER", "ml-1@here")
    running_on.note()
    assert running_on.in_words() == LACKING
    found[:] = ["CUDA"]
    monkeypatch.setenv("MIRAGE_WORKER", "ml-1@there")
    running_on.note()
    assert running_on.in_words() == f"CUDA; {LACKING}"


def test_what_was_found_for_another_wish_is_no_longer_told(found, settings, redis):
    settings.MIRAGE_MODELS_ON = "openvino"
    found.append("OpenVINO")
    running_on.note()
    settings.MIRAGE_MODELS_ON = "cuda"
    assert running_on.in_words() == "not known before a worker has used a model"


def test_a_worker_that_is_gone_is_forgotten_after_a_week(found, settings, redis):
    settings.MIRAGE_MODELS_ON = "cuda"
    found.append("CUDA")
    running_on.note()
    (key,) = redis.keys(f"{running_on.BOARD}*")
    assert 6 * 86_400 < redis.ttl(key) <= 7 * 86_400
    redis.delete(key)
    assert running_on.in_words() == "not known before a worker has used a model"


def test_a_running_worker_says_it_again_after_a_day(found, settings, redis, monkeypatch):
    settings.MIRAGE_MODELS_ON = "cuda"
    now = 1_000_000.0
    monkeypatch.setattr(running_on, "time", SimpleNamespace(time=lambda: now))
    found.append("CUDA")
    running_on.note()
    redis.flushdb()
    now += 80_000
    running_on.note()
    assert running_on.in_words() == "not known before a worker has used a model"
    now += 10_000
    running_on.note()
    assert running_on.in_words() == "CUDA"


def test_a_reason_is_told_in_the_reader_s_language(found, settings, redis):
    settings.MIRAGE_MODELS_ON = "cuda"
    found.append(LACKING)
    running_on.note()
    assert "CUDA" in running_on.in_words()


def test_without_redis_it_is_not_known(found, settings, monkeypatch):
    from redis import Redis

    settings.MIRAGE_MODELS_ON = "cuda"
    found.append("CUDA")
    monkeypatch.setattr(running_on, "_board", lambda: Redis.from_url("redis://127.0.0.1:1"))
    running_on.note()
    assert running_on.in_words() == "not known before a worker has used a model"
