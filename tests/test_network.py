"""When most hosts fail at once, the network is blamed, and one probe goes on."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.network import FEWEST_HOSTS, WINDOW, Network
from tests.conftest import NOON

SECOND = timedelta(seconds=1)


def fail_all(network: Network, hosts: int, *, start: int = 0) -> list[list[str]]:
    return [network.note(f"s{n}", f"host{n}", reached=False, at=NOON + SECOND * n) for n in range(start, start + hosts)]


def test_the_network_is_blamed_and_those_that_failed_before_are_told() -> None:
    network = Network()
    told = fail_all(network, FEWEST_HOSTS)
    assert told == [[], [], [], ["s0", "s1", "s2"]]
    assert network.is_down
    assert network.down_since == NOON


def test_few_hosts_say_nothing() -> None:
    network = Network()
    fail_all(network, FEWEST_HOSTS - 1)
    for n in range(10):  # one host, again and again
        network.note("s0", "host0", reached=False, at=NOON + SECOND * (10 + n))
    assert not network.is_down


def test_a_fifth_of_the_hosts_that_fail_are_to_blame_themselves() -> None:
    network = Network()
    for n in range(1_000):
        network.note(f"s{n}", f"host{n}", reached=n % 5 != 0, at=NOON + timedelta(milliseconds=n))
        assert not network.is_down


def test_failures_far_apart_are_not_one_event() -> None:
    network = Network()
    for n in range(20):
        network.note(f"s{n}", f"host{n}", reached=False, at=NOON + WINDOW * n)
    assert not network.is_down


def test_one_answer_of_any_kind_is_proof_that_it_is_back() -> None:
    network = Network()
    fail_all(network, 10)
    network.note("s3", "host3", reached=True, at=NOON + SECOND * 60)
    assert not network.is_down
    assert fail_all(network, 3, start=70) == [[], [], []]  # what failed before is not held against it


def test_an_answer_from_this_very_machine_proves_nothing() -> None:
    network = Network()
    fail_all(network, 10)
    network.note("mine", "localhost", reached=True, local=True, at=NOON + SECOND * 11)
    assert network.is_down


@given(st.lists(st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 90)), max_size=60))
def test_it_is_never_down_right_after_a_host_was_reached(steps: list[tuple[int, bool, int]]) -> None:
    network, at = Network(), NOON
    for host, reached, seconds in steps:
        at += SECOND * seconds
        told = network.note(f"s{host}", f"h{host}", reached=reached, at=at)
        assert not (reached and network.is_down)
        assert f"s{host}" not in told
