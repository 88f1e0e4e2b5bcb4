"""Writes the next migration of a service or of the kernel from what its tables say now:
`python -m tools.migration intake add_urgency`. Read what it wrote: it cannot see that a column was
renamed."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

import services
from shared.service import Service
from shared.store import build, migrate
from shared.store.owner import owning


def write(branch: str, message: str) -> Path:
    """One file `NNNN_<message>.py` in the branch's folder. Returns it."""
    service = services.load(services.NAMES[0] if branch == build.KERNEL else branch)
    folder = build.HERE / "versions" if branch == build.KERNEL else build.versions(branch)
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, owning(f"sqlite:///{place}/empty.db") as db:
        return _written(db, service, branch, folder, message)


def _written(db: Connection, service: Service, branch: str, folder: Path, message: str) -> Path:
    config = migrate.config(db, service)
    config.set_main_option("file_template", "%%(rev)s")
    if ScriptDirectory.from_config(config).get_heads():
        command.upgrade(config, "heads")
    config.attributes["metadata"] = (
        migrate.kernel_metadatas() if branch == build.KERNEL else [service.metadata]
    )
    number = f"{len(list(folder.glob('*.py'))) + 1:04}"
    head = _head(config, branch)
    command.revision(
        config,
        message.replace("_", " ").capitalize() + ".",
        autogenerate=True,
        rev_id=f"{branch}_{number}",
        head=head or "base",
        branch_label=None if head else branch,
        version_path=str(folder),
    )
    draft = folder / f"{branch}_{number}.py"
    kept = [
        line for line in draft.read_text(encoding="utf-8").splitlines(keepends=True) if "# ###" not in line
    ]
    draft.write_text("".join(kept), encoding="utf-8")
    return draft.rename(folder / f"{number}_{message}.py")


def _head(config: object, branch: str) -> str | None:
    heads = ScriptDirectory.from_config(config).get_heads()  # type: ignore[arg-type]
    return next((head for head in heads if head.startswith(f"{branch}_")), None)


if __name__ == "__main__":
    print(write(sys.argv[1], sys.argv[2]))
