"""Sets the portal up on a bare machine. Standard library only: it runs before anything is installed.

    python3 config/bootstrap.py venv [--dev]   virtual environment with hashed requirements
    python3 config/bootstrap.py assets         front-end files from npm
    python3 config/bootstrap.py data           migrations, plan, sample data, static files
    python3 config/bootstrap.py reset          start afresh, after asking

Each step leaves a stamp of what it was made from and is skipped while that has not changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "config"))

from messages import line  # noqa: E402

PYTHON = os.path.join(ROOT, ".venv", "bin", "python")
VAR = os.environ.get("WORKPLAN_VAR") or os.path.join(ROOT, "var")


def fail(key, **values):
    """End with one clear line."""
    sys.exit(line(key, **values))


def check_python():
    if sys.version_info[:2] != (3, 11):
        fail("python", found="%d.%d" % sys.version_info[:2])


def digest(*names):
    """Return a digest of the contents of files below the root."""
    found = hashlib.sha256()
    for name in names:
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
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        last = done.stdout.strip().splitlines()[-1:] or ["?"]
        fail(key, reason=last[0][:300], **values)
    return done.stdout


def make_venv(dev):
    """Make the virtual environment and install exactly what the lock names."""
    check_python()
    lock = "requirements-dev.txt" if dev else "requirements.txt"
    folder = os.path.join(ROOT, ".venv")
    # The development lock holds everything that the plain one does.
    if Stamp(folder, "requirements-dev.txt", digest("requirements-dev.txt")).is_current:
        return
    stamp = Stamp(folder, lock, digest(lock))
    if stamp.is_current:
        return
    if not os.path.exists(PYTHON):
        run("venv", [sys.executable, "-m", "venv", folder])
    print("安装依赖 / installing " + lock, flush=True)
    pip = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    run("install", [*pip, "-r", lock])
    stamp.leave()


def make_assets():
    """Install the front-end packages without their scripts and copy the few files that pages use."""
    folder = os.path.join(ROOT, "static", "vendor")
    stamp = Stamp(folder, ".stamp", digest("package-lock.json", "config/assets.py"))
    if stamp.is_current:
        return
    npm = shutil.which("npm")
    if npm is None:
        print(line("npm"), file=sys.stderr)
        return
    print("安装前端资源 / installing front-end assets", flush=True)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    if done.returncode:
        print(line("npm_failed"), file=sys.stderr)
        return
    run("step", [sys.executable, "config/assets.py"], step="assets")
    stamp.leave()


def check_var():
    """Make the writable folders, or say that the folder is not writable."""
    try:
        for name in ("", "uploads", "cache", "broker/queue", "broker/control"):
            os.makedirs(os.path.join(VAR, name), mode=0o700, exist_ok=True)
        probe = os.path.join(VAR, ".probe")
        with open(probe, "w", encoding="ascii"):
            pass
        os.remove(probe)
    except OSError:
        fail("var", path=VAR)


def manage(step, *arguments):
    run("step", [PYTHON, "manage.py", *arguments], step=step)


def sources(*folders):
    """Return the sorted names of the files below folders, relative to the root."""
    names = []
    for folder in folders:
        for path, _, files in os.walk(os.path.join(ROOT, folder)):
            names += [os.path.relpath(os.path.join(path, f), ROOT) for f in files if not f.endswith(".pyc")]
    return sorted(names)


def migration_sources():
    found = [name for name in sources(".") if "/migrations/" in name and not name.startswith(".")]
    return found + sources("fixtures", "workplan/loading", "workplan/demo")


def make_data(demo):
    """Bring the database, the plan, the sample year and the static files up to date."""
    check_var()
    where = os.environ.get("DATABASE_URL", "")
    if where:
        # The database may have been changed or replaced from elsewhere: always look.
        _load(demo)
    else:
        database = os.path.exists(os.path.join(VAR, "db.sqlite3"))
        stamp = Stamp(VAR, ".data-stamp", digest(*migration_sources()) + str(demo))
        if not (database and stamp.is_current):
            _load(demo)
            stamp.leave()
    static = Stamp(VAR, ".static-stamp", digest(*sources("static"), "requirements.txt"))
    if not static.is_current:
        manage("collectstatic", "collectstatic", "--noinput", "--clear", "-v0")
        static.leave()


def _load(demo):
    print("准备数据 / preparing data", flush=True)
    manage("migrate", "migrate", "--noinput", "-v0")
    manage("load_plan", "load_plan")
    if demo:
        manage("load_demo", "load_demo")


def reset():
    """Delete what was entered, after asking."""
    try:
        answer = input(line("reset_ask", path=VAR) + " ")
    except EOFError:
        answer = ""
    if answer.strip() != "yes":
        print(line("reset_kept"))
        return
    for name in ("uploads", "cache", "broker", "static"):
        shutil.rmtree(os.path.join(VAR, name), ignore_errors=True)
    for name in os.listdir(VAR) if os.path.isdir(VAR) else []:
        if name.startswith(("db.sqlite3", "celerybeat-schedule", ".data-stamp", ".static-stamp")):
            os.remove(os.path.join(VAR, name))
    print(line("reset_done"))


def main(arguments):
    step = arguments[0] if arguments else ""
    demo = os.environ.get("WORKPLAN_MODE", "production") == "demo"
    steps = {
        "venv": lambda: make_venv("--dev" in arguments),
        "assets": make_assets,
        "data": lambda: make_data(demo),
        "reset": reset,
    }
    if step not in steps:
        sys.exit(__doc__)
    steps[step]()


if __name__ == "__main__":
    main(sys.argv[1:])
