"""Where the folders that travel with the package are, in a wheel and in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CARRIED = _PACKAGE / "_carried"


def rules_dir() -> Path:
    """The reusable packs, a folder for each functional role."""
    return _folder("rules")


def policies_dir() -> Path:
    """The example policies, a folder for each."""
    return _folder("policies")


def flows_dir() -> Path:
    """The Prefect flows; the folder above holds their `prefect.yaml`."""
    return _folder("flows")


def diagnostics_dir() -> Path:
    """The pages of the codes that a check prints, a file for each."""
    return _folder("diagnostics", "docs/reference/diagnostics")


def _folder(name: str, place: str | None = None) -> Path:
    """Find a folder by the name it travels under; ``place`` is where it lies in a checkout."""
    root = _CARRIED if _CARRIED.is_dir() else _PACKAGE.parent
    if root == _CARRIED or (root / "pyproject.toml").is_file():
        folder = root / (name if root == _CARRIED else place or name)
        if folder.is_dir():
            return folder
    message = f"the folder '{name}' is missing beside {_PACKAGE}: install pmo-engine again"
    raise FileNotFoundError(message)
