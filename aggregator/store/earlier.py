"""Copies of a SQLite database as it was before its schema changed: made by ourselves, beside it, and the newest two kept."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from aggregator.store import copying
from aggregator.store.copying import CopyError

KEPT = 2
SPARE = 16 * 1024 * 1024  # bytes that must be free beside what the copy takes
NAME = re.compile(r".+\.schema-(?P<schema>[0-9A-Za-z]+)-seq-\d+(?:-\d+)?\.backup")


def keep_copy(engine: Engine, path: Path, *, schema: str) -> Path:
    """Copy a database beside itself, as `NAME.schema-0004-seq-164.backup` (its newest change). No file is replaced.

    Raises `CopyError`, for want of room too, and OSError.
    """
    needed = path.stat().st_size + _size(Path(f"{path}-wal")) + SPARE
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise CopyError(f"{path.parent}: {needed:,} bytes are needed and {free:,} are free. Make room, and start again.")
    target = _free_name(path, schema, _newest_change(engine))
    part = target.with_suffix(".part")  # a name that is kept is that of a whole copy
    part.unlink(missing_ok=True)
    try:
        copying.copy_sqlite(engine, part)
        copying.check_sqlite(part)
        part.rename(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return target


def forget_old(newest: Path) -> None:
    """Remove the oldest of the copies beside one that was just made, so that two are left. What only looks like one of ours,
    by its name alone, stays."""
    stem = newest.name.partition(".schema-")[0]
    ours = [path for path in newest.parent.glob(f"{stem}.schema-*.backup") if _is_ours(path)]
    ours.sort(key=lambda path: (path == newest, path.stat().st_mtime_ns, path.name))
    for path in ours[:-KEPT]:
        path.unlink()


def _is_ours(path: Path) -> bool:
    named = NAME.fullmatch(path.name)
    if named is None or path.is_symlink() or not path.is_file():
        return False
    engine = copying.open_copy(path)
    try:
        with copying.one_state(engine) as tx:
            return bool(tx.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == named["schema"])
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()


def _newest_change(engine: Engine) -> int:
    with copying.one_state(engine) as tx:
        return int(tx.exec_driver_sql("SELECT max(seq) FROM changes").scalar() or 0)


def _free_name(path: Path, schema: str, seq: int) -> Path:
    name, number = f"{path.name}.schema-{schema}-seq-{seq}", 2
    target = path.with_name(f"{name}.backup")
    while target.exists() or target.is_symlink():
        target, number = path.with_name(f"{name}-{number}.backup"), number + 1
    return target


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
