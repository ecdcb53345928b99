"""Sets the portal up on a bare machine. Standard library only: it runs before anything is installed.

    python3 config/bootstrap.py venv [--dev]   virtual environment with hashed requirements
    python3 config/bootstrap.py assets         front-end files from npm
    python3 config/bootstrap.py data           migrations, plan, sample data, static files
    python3 config/bootstrap.py reset          start afresh, after asking

Each step leaves a stamp of what it was made from and is skipped while that has not changed.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

from folders import LOCK, make_folders
from messages import line

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PYTHON = os.path.join(ROOT, ".venv", "bin", "python")
VAR = os.path.abspath(os.environ.get("WORKPLAN_VAR") or os.path.join(ROOT, "var"))
WANTED = (3, 11)
DATABASE, DATA_STAMP, STATIC_STAMP = "db.sqlite3", ".data-stamp", ".static-stamp"


def fail(key, **values):
    """End with one clear line."""
    sys.exit(line(key, **values))


def say(key, **values):
    print(line(key, **values), flush=True)


def check_python(version=sys.version_info):
    """The lock holds hashes for one Python only."""
    if tuple(version[:2]) != WANTED:
        fail("python", found="{}.{}".format(*version[:2]))


def digest(names):
    """Return a digest of the names and contents of files below the root."""
    found = hashlib.sha256()
    for name in names:
        found.update(name.encode())
        with open(os.path.join(ROOT, name), "rb") as file:
            found.update(file.read())
    return found.hexdigest()


class Stamp:
    """Remembers what a step was made from."""

    def __init__(self, folder, name, content):
        self.path, self.content = os.path.join(folder, name), content

    @property
    def is_current(self):
        try:
            with open(self.path, encoding="ascii") as file:
                return file.read() == self.content
        except OSError:
            return False

    def leave(self):
        with open(self.path, "w", encoding="ascii") as file:
            file.write(self.content)


def run(key, command, **values):
    """Run a command quietly; on failure end with the message and the command's last line."""
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        last = done.stdout.decode("utf-8", "replace").strip().splitlines()[-1:] or ["?"]
        fail(key, reason=last[0][:300], **values)


def make_venv(dev):
    """Make the virtual environment and install exactly what the lock names."""
    check_python()
    folder = os.path.join(ROOT, ".venv")
    # The development lock holds everything that the plain one does.
    stamps = {
        lock: Stamp(folder, lock, digest([lock, "requirements.txt"]))
        for lock in ("requirements-dev.txt", "requirements.txt")
    }
    lock = "requirements-dev.txt" if dev else "requirements.txt"
    if stamps["requirements-dev.txt"].is_current or stamps[lock].is_current:
        return
    if not os.path.exists(PYTHON):
        run("venv", [sys.executable, "-m", "venv", folder])
    say("installing", lock=lock)
    pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    run("install", [*pip, "--require-hashes", "--no-deps", "-r", lock])
    stamps[lock].leave()


def make_assets():
    """Install the front-end packages without their scripts and copy the few files that pages use."""
    folder = os.path.join(ROOT, "static", "vendor")
    stamp = Stamp(folder, ".stamp", digest(["package-lock.json", "config/assets.py"]))
    if stamp.is_current:
        return
    npm = shutil.which("npm")
    if npm is None:
        return say("npm")
    say("assets")
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=ROOT, check=False, **quiet).returncode:
        return say("npm_failed")
    run("step", [sys.executable, "config/assets.py"], step="assets")
    stamp.leave()


def manage(*arguments):
    run("step", [PYTHON, "manage.py", *arguments], step=arguments[0])


def sources(*folders):
    """Return the sorted names of the files below folders, relative to the root."""
    names = []
    for folder in folders:
        for path, _, files in os.walk(os.path.join(ROOT, folder)):
            names += [os.path.relpath(os.path.join(path, f), ROOT) for f in files if not f.endswith(".pyc")]
    return sorted(names)


def data_sources():
    """Return what the content of a fresh database is made from."""
    apps = [name for name in os.listdir(ROOT) if os.path.isdir(os.path.join(ROOT, name, "migrations"))]
    return sources(*[os.path.join(app, "migrations") for app in apps], "fixtures", "workplan/loading", "workplan/demo")


def load_data(demo):
    say("data")
    manage("migrate", "--noinput", "-v0")
    manage("load_plan")
    if demo:
        manage("load_demo")


def make_data(demo):
    """Bring the database, the plan, the sample year and the static files up to date."""
    if os.environ.get("DATABASE_URL"):
        load_data(demo)  # a server may have been changed or replaced from elsewhere: always look
    else:
        stamp = Stamp(VAR, DATA_STAMP, digest(data_sources()) + str(demo))
        if not (stamp.is_current and os.path.exists(os.path.join(VAR, DATABASE))):
            load_data(demo)
            stamp.leave()
    collected = Stamp(VAR, STATIC_STAMP, digest([*sources("static"), "requirements.txt"]))
    if not collected.is_current:
        manage("collectstatic", "--noinput", "--clear", "-v0")
        collected.leave()


def is_running():
    """Tell whether a portal runs on the folder."""
    try:
        with open(os.path.join(VAR, LOCK), "a") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def reset():
    """Delete what was entered, after asking. Secrets stay."""
    if not os.path.isdir(VAR):
        return say("reset_done")
    if is_running():
        fail("running")
    print(line("reset_ask", path=VAR), end=" ", flush=True)
    if sys.stdin.readline().strip() != "yes":
        return say("reset_kept")
    for name in ("uploads", "cache", "broker", "static"):
        shutil.rmtree(os.path.join(VAR, name), ignore_errors=True)
    for name in os.listdir(VAR):
        if name.startswith((DATABASE, "celerybeat-schedule", DATA_STAMP, STATIC_STAMP)):
            os.remove(os.path.join(VAR, name))
    say("reset_done")


def make_data_here():
    try:
        make_folders(VAR)
    except OSError:
        fail("var", path=VAR)
    make_data(os.environ.get("WORKPLAN_MODE", "production") == "demo")


def main(arguments):
    steps = {
        "venv": lambda: make_venv("--dev" in arguments),
        "assets": make_assets,
        "data": make_data_here,
        "reset": reset,
    }
    if not arguments or arguments[0] not in steps:
        sys.exit(__doc__)
    steps[arguments[0]]()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
