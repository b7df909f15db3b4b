"""An artefact is believed only if all fits: its own digest, the program, the files, the seal."""

import json
from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_engine.compiler.artefacts import store
from pmo_engine.compiler.artefacts.private_folder import PrivateFolder
from pmo_engine.compiler.artefacts.store import Artefacts
from pmo_engine.compiler.artefacts.tree import groups_of
from pmo_engine.compiler.loading import load_policy
from pmo_engine.compiler.policy_files import apart, names_of
from pmo_engine.resources import policies_dir
from tests.compiler.artefacts.alike import difference

FOLDER = policies_dir() / "demo"


class Memory(PrivateFolder):
    """A folder that keeps its files in memory."""

    def __init__(self):
        self.files = {}

    def read(self, name):
        return self.files.get(name)

    def write(self, name, data):
        self.files[name] = data


class Known:
    """Seals in memory."""

    def __init__(self):
        self.all = {}

    def get(self, policy, program):
        return self.all.get((policy, program))

    def keep(self, policy, program, artefact):
        self.all[policy, program] = artefact


@pytest.fixture(scope="module")
def policy():
    return load_policy(FOLDER)


@pytest.fixture(scope="module")
def files(policy):
    return names_of(policy.contents, FOLDER)


@pytest.fixture(scope="module")
def own(policy):
    return apart(policy.contents)[0]


@pytest.fixture
def memory():
    return Memory()


@pytest.fixture
def kept(memory, policy, files):
    artefacts = Artefacts(memory)
    artefacts.keep(policy, files, ())
    return artefacts


def only(memory):
    (name,) = memory.files
    return name


def sealed(*lines):
    """Write an artefact as a forger would who knows how they are made."""
    body = b"\n".join(json.dumps(each).encode() for each in lines)
    return b"\n".join((sha256(body).hexdigest().encode(), body))


def parts(memory):
    _, head, groups = memory.files[only(memory)].split(b"\n")
    return json.loads(head), json.loads(groups)


def test_what_is_kept_is_found_by_the_policys_own_files(kept, policy, files, own):
    found = kept.find(own)
    assert difference(policy, found.policy(policy.contents, files)) is None


def test_other_files_have_no_artefact(kept, own):
    name = next(iter(own))
    assert kept.find({**own, name: own[name] + b"#"}) is None
    assert kept.find({}) is None


def test_with_other_packs_it_is_no_policy(kept, policy, files, own):
    pack = next(name for name in policy.contents if name not in own)
    changed = {**policy.contents, pack: policy.contents[pack] + b"#"}
    assert kept.find(own).policy(changed, files) is None
    assert kept.find(own).policy(own, files) is None


def test_it_names_what_it_hangs_on(memory, policy, files, own):
    artefacts = Artefacts(memory)
    artefacts.keep(policy, files, ("lawyer",))
    head = artefacts.find(own).head
    assert head.policy == policy.digest
    assert head.packs == tuple(apart(policy.contents)[1])
    assert head.roles == ("lawyer",)
    assert head.program == store.program()


def test_it_is_written_the_same_each_time(policy, files):
    one, two = Memory(), Memory()
    Artefacts(one).keep(policy, files, ())
    Artefacts(two).keep(load_policy(FOLDER), files, ())
    assert one.files == two.files


def test_another_program_ignores_it(kept, memory, own, monkeypatch):
    data = memory.files[only(memory)]
    monkeypatch.setattr(store, "program", lambda: "0" * 64)
    assert kept.find(own) is None
    memory.files = {f"{only(memory).split('-')[0]}-{'0' * 16}.tree": data}
    assert kept.find(own) is None


@given(st.data())
def test_whatever_was_changed_in_it_is_seen(policy, files, own, data):
    memory = Memory()
    artefacts = Artefacts(memory)
    artefacts.keep(policy, files, ())
    name = only(memory)
    whole = memory.files[name]
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != whole[at]))
    memory.files[name] = whole[:at] + bytes([byte]) + whole[at + 1 :]
    assert artefacts.find(own) is None
    memory.files[name] = whole[:at]
    assert artefacts.find(own) is None


@given(st.binary(max_size=300))
def test_any_bytes_in_its_place_are_ignored(own, data):
    memory = Memory()
    memory.files[store._name(own)] = data
    assert Artefacts(memory).find(own) is None


@pytest.mark.parametrize(
    "head",
    [
        None,
        [],
        7,
        "text",
        [1, 2],
        {"form": 1},
        [1, "p", "d", 5, []],
        [1, "p", "d", [], None],
        [[[[]]]],
    ],
)
def test_a_forged_head_is_ignored(kept, memory, own, head):
    memory.files[only(memory)] = sealed(head, [])
    assert kept.find(own) is None


@pytest.mark.parametrize(
    "groups",
    [
        None,
        7,
        [],
        {},
        [["true"], ["os.system", [0]]],
        [["1", "week"], ["Span", [0], [1]]],
        [["x"], ["Decimal", [0]]],
        [[], ["tuple", [99]]],
        [["/etc/passwd"], ["zone", [0]]],
        [["../../etc/passwd"], ["ZoneInfo", [0]]],
    ],
)
def test_forged_groups_make_no_policy_and_raise_nothing(kept, memory, policy, files, own, groups):
    head, _ = parts(memory)
    memory.files[only(memory)] = sealed(head, groups)
    assert kept.find(own).policy(policy.contents, files) is None


def test_groups_too_deep_for_any_reader_raise_nothing(kept, memory, policy, files, own):
    head, _ = parts(memory)
    body = json.dumps(head).encode() + b"\n" + b"[" * 200_000
    memory.files[only(memory)] = sha256(body).hexdigest().encode() + b"\n" + body
    assert kept.find(own).policy(policy.contents, files) is None


def test_the_tree_of_another_policy_is_no_policy_of_these_files(
    kept, memory, policy, files, own, make_policy
):
    other = Memory()
    Artefacts(other).keep(make_policy(), {}, ())
    head, _ = parts(memory)
    memory.files[only(memory)] = sealed(head, parts(other)[1])
    assert kept.find(own).policy(policy.contents, files) is None


def test_a_head_of_another_digest_fits_no_files(kept, memory, policy, files, own):
    head, groups = parts(memory)
    memory.files[only(memory)] = sealed([*head[:2], "0" * 64, *head[3:]], groups)
    assert kept.find(own).policy(policy.contents, files) is None


def test_a_newer_form_is_ignored(kept, memory, own):
    head, groups = parts(memory)
    memory.files[only(memory)] = sealed([head[0] + 1, *head[1:]], groups)
    assert kept.find(own) is None


def test_with_seals_only_what_they_know_is_believed(memory, policy, files, own):
    seals = Known()
    artefacts = Artefacts(memory, seals)
    artefacts.keep(policy, files, ())
    assert artefacts.find(own).digest == seals.get(policy.digest, store.program())
    head, _ = parts(memory)
    groups = groups_of(replace(policy, version="forged"), files)  # all else fits
    memory.files[only(memory)] = sealed(head, groups)
    assert Artefacts(memory).find(own).policy(policy.contents, files).version == "forged"
    assert artefacts.find(own) is None


def test_without_its_seal_it_is_not_believed_and_is_sealed_when_kept_again(
    kept, memory, policy, files, own
):
    seals = Known()
    artefacts = Artefacts(memory, seals)
    assert artefacts.find(own) is None
    artefacts.keep(policy, files, ())
    assert artefacts.find(own) is not None


def test_a_policy_that_holds_what_none_can_is_not_kept(memory, policy, files):
    from dataclasses import replace

    seals = Known()
    Artefacts(memory, seals).keep(replace(policy, title=1.5), files, ())
    assert (memory.files, seals.all) == ({}, {})


def test_where_a_name_may_be_two_files_nothing_is_kept(memory, policy, files):
    one, two, *_ = files
    Artefacts(memory).keep(policy, {**files, one: files[two]}, ())
    assert memory.files == {}


def test_those_of_the_user_are_in_the_users_cache(monkeypatch, tmp_path, policy, files, own):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    store.user_artefacts().keep(policy, files, ())
    (place,) = (tmp_path / "pmo-engine").iterdir()
    assert place.name == store._name(own)
    assert store.user_artefacts().find(own) is not None


def test_a_user_without_a_home_has_none(monkeypatch):
    def homeless():
        raise RuntimeError("could not determine home directory")

    monkeypatch.setattr(store, "user_cache", homeless)
    assert store.user_artefacts() is None
