"""Everything that `make test` does, stage by stage, with all that was skipped named at the end.

python -m tests.run            all stages
python -m tests.run --static   the static ones only (`make check`)
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]

STATIC = {
    "lint": [BIN / "ruff", "check", "."],
    "format": [BIN / "ruff", "format", "--check", "."],
    "templates": [BIN / "djlint", "templates", "--lint", "--quiet"],
    "drawn parts": [BIN / "djlint", "templates", "-e", "jinja", "--profile", "jinja", "--lint", "--quiet"],
    "layers": [BIN / "lint-imports"],
    "django": [*MANAGE, "check", "--fail-level", "WARNING"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
}
FOREIGN = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_KEYS", "INDEX_KEY")
PYTEST = [sys.executable, "-m", "pytest", "-q"]
# Who gets which page, what is refused and what rules say is the same code on both engines: production's is asked. On the
# embedded one runs what reads and writes by ways of its own, and the portal itself, by processes and in the browser.
ALIKE = ["rules", "notice", "files", "security", "admin", "api", "pages", "registers/test_contract.py"]
ALIKE += [f"reporting/test_{name}.py" for name in ("sheet_file", "year", "burden", "calendar_feed", "evidence_pages")]
TWO = ["-n", "2", "--dist", "loadgroup"]
SUITES = {
    "postgresql": [*PYTEST, *TWO, "--db=postgresql", "-m", "not browser and not redis and not process"],
    "sqlite": [*PYTEST, *TWO, *(f"--ignore=tests/{part}" for part in ALIKE), "-m", "not browser"],
    "browser": [*PYTEST, *TWO, "-m", "browser"],
}


def environment(folder: Path) -> dict[str, str]:
    """Return an environment of our own: no database, Redis or folder of the developer's is touched."""
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    return kept | {
        "WORKPLAN_MODE": "demo",
        "WORKPLAN_VAR": str(folder / "var"),
        "WORKPLAN_SKIPS": str(folder / "skips"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run_stage(name: str, command: list, env: dict[str, str]) -> bool:
    print(f"\n=== {name}", flush=True)
    begin = time.monotonic()
    passed = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode == 0
    print(f"=== {name}: {'ok' if passed else 'FAILED'} ({time.monotonic() - begin:.0f} s)", flush=True)
    return passed


def install_browser_in_ci() -> None:
    """CI brings its own Chromium; elsewhere the developer decides."""
    able = shutil.which("apt-get") and os.geteuid() == 0
    if os.environ.get("CI") and able and not shutil.which("chromium"):
        subprocess.run(["make", "browser"], cwd=ROOT, check=False)


def skipped(folder: Path) -> list[str]:
    """Return every skip that the suites noted, once each."""
    file = folder / "skips"
    return sorted(set(file.read_text(encoding="utf-8").splitlines())) if file.exists() else []


def main(arguments: list[str]) -> int:
    static = "--static" in arguments
    stages = STATIC if static else STATIC | SUITES
    if not static:
        install_browser_in_ci()
    with tempfile.TemporaryDirectory(prefix="workplan-run-") as name:
        folder = Path(name)
        env = environment(folder)
        failed = [stage for stage, command in stages.items() if not run_stage(stage, command, env)]
        print("\nskipped:" if skipped(folder) else "\nskipped: nothing")
        for text in skipped(folder):
            print(f"  {text}")
    print(
        f"\n{len(stages) - len(failed)} stages passed, {len(failed)} failed"
        + (f": {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
