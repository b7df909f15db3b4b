"""A private folder holds what its owner put there, and seems empty where others could write."""

import os
import stat
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from pmo_engine.compiler.artefacts import private_folder
from pmo_engine.compiler.artefacts.private_folder import PrivateFolder, user_cache


@pytest.fixture
def place(tmp_path):
    return tmp_path / "cache" / "own"


@pytest.fixture
def folder(place):
    return PrivateFolder(place, most=3, most_bytes=100)


def mode(path):
    return stat.S_IMODE(path.lstat().st_mode)


def test_what_was_put_is_there(folder):
    assert folder.read("a") is None
    folder.write("a", b"one")
    folder.write("b", b"two")
    folder.write("a", b"three")
    assert (folder.read("a"), folder.read("b")) == (b"three", b"two")


def test_folder_and_files_are_the_owners_alone(folder, place):
    before = os.umask(0)
    try:
        folder.write("a", b"one")
    finally:
        os.umask(before)
    assert (mode(place), mode(place / "a")) == (0o700, 0o600)
    assert [each.name for each in place.iterdir()] == ["a"]


@pytest.mark.parametrize("bits", [0o770, 0o707, 0o720, 0o702])
def test_a_folder_that_others_can_write_to_is_left_alone(folder, place, bits):
    folder.write("a", b"one")
    place.chmod(bits)
    assert folder.read("a") is None
    folder.write("b", b"two")
    assert not (place / "b").exists()


@pytest.mark.parametrize("bits", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_to_is_not_read(folder, place, bits):
    folder.write("a", b"one")
    (place / "a").chmod(bits)
    assert folder.read("a") is None
    folder.write("a", b"two")
    assert folder.read("a") == b"two"
    assert mode(place / "a") == 0o600


@pytest.mark.parametrize("whose", ["folder", "file"])
def test_what_somebody_else_owns_is_not_read(folder, place, monkeypatch, whose):
    folder.write("a", b"one")
    path = place if whose == "folder" else place / "a"
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
        assert folder.read("a") is None
    else:  # nobody but root can give a file away: let the reader be somebody else
        monkeypatch.setattr(os, "geteuid", lambda: 65534)
        assert folder.read("a") is None


def test_a_link_is_not_followed(folder, place, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"planted")
    elsewhere.chmod(0o600)
    folder.write("a", b"one")
    (place / "a").unlink()
    (place / "a").symlink_to(elsewhere)
    assert folder.read("a") is None
    folder.write("a", b"two")
    assert folder.read("a") == b"two"
    assert elsewhere.read_bytes() == b"planted"


def test_a_folder_that_is_a_link_is_left_alone(place, tmp_path):
    real = PrivateFolder(tmp_path / "real", 3, 100)
    real.write("a", b"one")
    place.parent.mkdir()
    place.symlink_to(tmp_path / "real")
    linked = PrivateFolder(place, 3, 100)
    assert linked.read("a") is None
    linked.write("b", b"two")
    assert real.read("b") is None


def test_a_pipe_and_a_folder_are_no_files(folder, place):
    folder.write("a", b"one")
    os.mkfifo(place / "pipe", 0o600)
    (place / "inner").mkdir(0o700)
    assert folder.read("pipe") is None
    assert folder.read("inner") is None


def test_more_than_the_most_is_neither_written_nor_read(folder, place):
    folder.write("a", b"x" * 100)
    folder.write("b", b"x" * 101)
    assert folder.read("a") == b"x" * 100
    assert not (place / "b").exists()
    (place / "a").write_bytes(b"x" * 101)
    assert folder.read("a") is None


def test_the_oldest_makes_room(folder, place):
    for number, name in enumerate("abc"):
        folder.write(name, b"x")
        os.utime(place / name, (number, number))
    folder.write("d", b"x")
    assert sorted(each.name for each in place.iterdir()) == ["b", "c", "d"]


@pytest.mark.parametrize("blocked", ["a file in its place", "a file above it", "no right"])
def test_where_nothing_can_be_kept_nothing_is(tmp_path, blocked):
    place = tmp_path / "above" / "own"
    if blocked == "a file above it":
        place.parent.write_bytes(b"")
    elif blocked == "a file in its place":
        place.parent.mkdir()
        place.write_bytes(b"")
    else:
        place = Path("/proc/nowhere/own")
    folder = PrivateFolder(place, 3, 100)
    folder.write("a", b"one")
    assert folder.read("a") is None


def test_half_a_file_is_not_left_behind(folder, place, monkeypatch):
    def refused(*_, **__):
        raise OSError("no room")

    folder.write("a", b"one")
    monkeypatch.setattr(os, "rename", refused)
    folder.write("a", b"two")
    assert folder.read("a") == b"one"
    assert [each.name for each in place.iterdir()] == ["a"]


def test_where_nothing_says_who_wrote_a_file_none_is_read(folder, monkeypatch):
    folder.write("a", b"one")
    monkeypatch.setattr(private_folder, "SUPPORTED", False)
    assert folder.read("a") is None


def write_often(place, letter):
    folder = PrivateFolder(place, most=3, most_bytes=100_000)
    for _ in range(100):
        folder.write("a", letter * 50_000)
        found = folder.read("a")
        if found is None or len({*found}) != 1 or len(found) != 50_000:
            return False
    return True


def test_two_processes_at_once_never_read_half_of_a_file(place):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        whole = pool.map(write_often, (place, place), (b"x", b"y"))
    assert list(whole) == [True, True]
    assert [each.name for each in place.iterdir()] == ["a"]


def test_the_cache_is_where_the_user_says(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "said"))
    assert user_cache() == tmp_path / "said"
    for nothing in ("", "not/absolute"):
        monkeypatch.setenv("XDG_CACHE_HOME", nothing)
        assert user_cache() == tmp_path / ".cache"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert user_cache() == tmp_path / ".cache"
