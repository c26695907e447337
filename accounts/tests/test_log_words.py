"""The words of the security log: a sentence for each verb, names as they are, and no HTML of anybody else."""

from accounts.activity import KNOWN, VERBS
from accounts.log_words import GROUPS, WORDS, with_name, without_name
from accounts.models import SecurityEvent


def test_each_verb_and_each_group_has_its_words() -> None:
    assert WORDS.keys() == KNOWN
    assert GROUPS.keys() == VERBS.keys()
    for verb, (sentence, alone) in WORDS.items():
        assert str(sentence) == f"%(who)s {verb}"
        assert str(alone) == verb[0].upper() + verb[1:]


def test_with_and_without_the_name(db: None) -> None:
    event = SecurityEvent(verb="made a token", actor_name="anna", subject="backup")
    assert with_name(event) == "<strong>anna</strong> made a token: backup"
    assert without_name(event) == "Made a token: backup"
    assert with_name(SecurityEvent(verb="signed in")) == "<strong>Somebody</strong> signed in"
    assert without_name(SecurityEvent(verb="of an older version")) == "Of an older version"


def test_what_was_typed_is_escaped(db: None) -> None:
    event = SecurityEvent(verb="made a token", actor_name="<b>", subject="<i>&")
    assert with_name(event) == "<strong>&lt;b&gt;</strong> made a token: &lt;i&gt;&amp;"
    assert without_name(event) == "Made a token: &lt;i&gt;&amp;"
