"""Settings: where each comes from, which counts first, and what is wrong with one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pmo_engine.settings import Settings, SettingsError, read_settings


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*Settings.model_fields, "secrets"):
        monkeypatch.delenv(f"PMO_{name.upper()}", raising=False)


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    monkeypatch.setenv("PMO_SECRETS", str(folder))
    return folder


def toml(folder: Path, text: str) -> None:
    (folder / "pmo.toml").write_text(text, encoding="utf-8")


def test_the_defaults(tmp_path: Path) -> None:
    read = read_settings(folder=tmp_path)
    assert read == Settings()
    assert (read.database, read.policy) == ("sqlite:///pmo.db", Path("policies"))
    assert read.notice_hosts == ()


def test_options_variables_secrets_file_in_this_order(
    tmp_path: Path, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def database(given: str | None = None) -> str:
        return read_settings({"database": given}, tmp_path).database

    toml(tmp_path, 'database = "postgresql://file/x"')
    assert database() == "postgresql://file/x"
    (secrets / "pmo_database").write_text("postgresql://secret/x\n")
    assert database() == "postgresql://secret/x"
    monkeypatch.setenv("PMO_DATABASE", "postgresql://variable/x")
    assert database() == "postgresql://variable/x"
    assert database("postgresql://option/x") == "postgresql://option/x"
    monkeypatch.setenv("PMO_DATABASE", "")
    assert database() == "postgresql://secret/x"


def test_paths_in_the_file_count_from_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml(tmp_path, 'database = "sqlite:///office.db"\npolicy = "ours"')
    read = read_settings(folder=tmp_path)
    assert read.database == f"sqlite:///{tmp_path}/office.db"
    assert read.policy == tmp_path / "ours"
    toml(tmp_path, 'database = "sqlite:////var/office.db"\npolicy = "/ours"')
    read = read_settings(folder=tmp_path)
    assert (read.database, read.policy) == ("sqlite:////var/office.db", Path("/ours"))
    monkeypatch.setenv("PMO_POLICY", "theirs")
    assert read_settings(folder=tmp_path).policy == Path("theirs")


@pytest.mark.parametrize("written", ['["a.example", "b:8"]', '"a.example, b:8"'])
def test_hosts_are_a_list_or_a_text(
    tmp_path: Path, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    toml(tmp_path, f"notice_hosts = {written}")
    assert read_settings(folder=tmp_path).notice_hosts == ("a.example", "b:8")
    monkeypatch.setenv("PMO_NOTICE_HOSTS", "c.example d")
    assert read_settings(folder=tmp_path).notice_hosts == ("c.example", "d")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'databse = "x"',
            "unknown setting 'databse'; known: database, policy, engine,",
        ),
        ("database = 5", "'database' cannot be used: input should be a valid string"),
        ('engine = "steam"', "'engine' cannot be used: input should be 'compiled', 'durable' or"),
        ("notice_hosts = [5]", "'notice_hosts' cannot be used"),
        ("database = ", "Invalid value"),
        ("\x00", "Invalid"),
    ],
)
def test_what_is_wrong_names_the_file(tmp_path: Path, text: str, said: str) -> None:
    toml(tmp_path, text)
    with pytest.raises(SettingsError) as raised:
        read_settings(folder=tmp_path)
    assert str(raised.value).startswith(f"{tmp_path}/pmo.toml: ")
    assert said in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_what_is_no_text_or_no_file(tmp_path: Path) -> None:
    (tmp_path / "pmo.toml").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="pmo.toml: "):
        read_settings(folder=tmp_path)


def test_what_is_wrong_names_its_source_and_not_its_value(
    tmp_path: Path, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (secrets / "pmo_engine").write_text("s3cret")
    with pytest.raises(SettingsError, match="secrets/pmo_engine: 'engine'") as raised:
        read_settings(folder=tmp_path)
    assert "s3cret" not in str(raised.value)
    monkeypatch.setenv("PMO_ENGINE", "steam")
    with pytest.raises(SettingsError, match="^PMO_ENGINE: 'engine' cannot be used"):
        read_settings(folder=tmp_path)
    with pytest.raises(SettingsError, match="^--engine: "):
        read_settings({"engine": "steam"}, tmp_path)
    monkeypatch.setenv("PMO_SECRETS", str(tmp_path / "none"))
    with pytest.raises(SettingsError, match="^PMO_SECRETS: there is no folder "):
        read_settings(folder=tmp_path)


def test_what_reads_settings_is_loaded_only_where_there_is_something_to_read(
    tmp_path: Path,
) -> None:
    code = (
        "import sys; from pmo_engine.settings import read_settings;"
        "print(read_settings({'engine': 'tracing'}).engine, 'pydantic_settings' in sys.modules)"
    )

    def printed(**variables: str) -> str:
        return subprocess.check_output(
            [sys.executable, "-c", code], text=True, cwd=tmp_path, env={**os.environ, **variables}
        ).strip()

    assert printed(PMO_DEBUG="1", PMO_DATABASE="") == "tracing False"
    assert printed(pmo_policy="theirs") == "tracing True"
    (tmp_path / "secrets").mkdir()
    assert printed(PMO_SECRETS=str(tmp_path / "secrets")) == "tracing True"
    toml(tmp_path, 'policy = "ours"')
    assert printed() == "tracing True"


def test_help_and_a_decision_do_not_load_what_reads_settings() -> None:
    code = (
        "import sys; from pmo_engine.cli.main import run; run(['--help']); "
        "import pmo_engine.app; print('pydantic_settings' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "False\n"
