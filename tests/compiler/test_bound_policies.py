"""Bound policies in memory: each is loaded once, few are kept, threads do not trip each other."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event
from time import sleep

import pytest

from pmo_engine.compiler.bound_policies import BoundPolicies


@pytest.fixture(scope="module")
def policy(make_policy):
    return make_policy()


@pytest.fixture
def loads():
    return Counter()


@pytest.fixture
def loading(policy, loads):
    def of(digest):
        def load():
            loads[digest] += 1
            return replace(policy, digest=digest)

        return load

    return of


def test_a_policy_is_loaded_once(loading, loads):
    kept = BoundPolicies()
    first = kept.get("a", loading("a"))
    assert kept.get("a", loading("a")) is first
    assert loads == {"a": 1}


def test_each_digest_has_its_own(loading):
    kept = BoundPolicies()
    assert kept.get("a", loading("a")).digest == "a"
    assert kept.get("b", loading("b")).digest == "b"


def test_the_one_used_longest_ago_makes_room(loading, loads):
    kept = BoundPolicies(most=2)
    for digest in ("a", "b", "a", "c"):
        kept.get(digest, loading(digest))
    assert len(kept) == 2
    assert "b" not in kept
    assert "a" in kept
    assert "c" in kept
    kept.get("b", loading("b"))
    assert loads == {"a": 1, "b": 2, "c": 1}


def test_asking_whether_it_is_kept_is_no_use(loading):
    kept = BoundPolicies(most=2)
    for digest in ("a", "b"):
        kept.get(digest, loading(digest))
    assert "a" in kept
    kept.get("c", loading("c"))
    assert "a" not in kept


def test_what_failed_is_loaded_again(loading):
    def fails():
        raise OSError("not now")

    kept = BoundPolicies()
    with pytest.raises(OSError, match="not now"):
        kept.get("a", fails)
    assert "a" not in kept
    assert kept.get("a", loading("a")).digest == "a"


def test_another_policy_than_was_asked_for_is_refused(loading):
    kept = BoundPolicies()
    with pytest.raises(ValueError, match="policy aaaa was asked for, bbbb was loaded"):
        kept.get("aaaa", loading("bbbb"))
    assert len(kept) == 0


def test_none_at_all_is_no_number_to_keep():
    with pytest.raises(ValueError, match="not 0"):
        BoundPolicies(most=0)


def test_threads_that_ask_at_once_share_one_loading(policy, loads):
    kept, together = BoundPolicies(), Barrier(8)

    def load():
        loads["a"] += 1
        sleep(0.1)  # the others come meanwhile
        return replace(policy, digest="a")

    def ask():
        together.wait(10)
        return kept.get("a", load)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: ask(), range(8)))
    assert loads == {"a": 1}
    assert all(each is found[0] for each in found)


def test_one_loading_does_not_hold_up_another(policy, loading):
    kept, begun, go_on = BoundPolicies(), Event(), Event()

    def slow():
        begun.set()
        assert go_on.wait(10)
        return replace(policy, digest="slow")

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(kept.get, "slow", slow)
        assert begun.wait(10)
        assert kept.get("quick", loading("quick")).digest == "quick"
        go_on.set()
        assert waiting.result(10).digest == "slow"


def test_many_threads_never_keep_more_than_the_most(loading):
    kept = BoundPolicies(most=3)
    digests = [str(number % 7) for number in range(350)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda digest: kept.get(digest, loading(digest)).digest, digests))
    assert found == digests
    assert len(kept) <= 3
