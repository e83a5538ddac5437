"""The image built with buildah, and the services of compose.yaml run from it with crun, for tests without Docker.

https://github.com/opencontainers/runtime-spec/blob/main/config.md
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

PROGRAMS = ("mmdebstrap", "buildah", "crun", "unshare")
DOCKERFILE = (settings.BASE_DIR / "Dockerfile").read_text()
# The Debian of the Dockerfile's own base, and what a base must bring: each image of Debian has the last with its apt.
RELEASE = re.search(r"BASE=python:[\d.]+-slim-(\w+)", DOCKERFILE)[1]
PACKAGES = ("python3-venv", "passwd", "libstdc++6")


def obstacle() -> str:
    """Return why no image can be built here, "" where one can; `run` asks the same."""
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing:
        return f"not installed: {', '.join(missing)}"
    mount = ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    is_able = os.geteuid() == 0 and subprocess.run(mount, capture_output=True).returncode == 0
    return "" if is_able else "only root can build and run an image, who may mount"


def call(*command: object, **options) -> str:
    """Return what a command says; raise with it where it fails."""
    run = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if run.returncode:
        raise AssertionError(f"{' '.join(map(str, command))}\n{run.stdout[-3000:]}{run.stderr[-3000:]}")
    return run.stdout


@dataclass
class Image:
    """The image that the Dockerfile makes: its files below `root`, its own settings in `config`."""

    folder: Path
    root: Path = field(init=False)
    config: dict = field(init=False)

    def buildah(self, *words: object) -> str:
        store = [f"--root={self.folder}/store", f"--runroot={self.folder}/run", "--storage-driver=vfs"]
        return call("buildah", *store, *words).strip()

    def build(self) -> None:
        self.make_base()
        options = ["--isolation", "chroot", "--pull-never", "--format", "docker", "--build-arg", "BASE=localhost/base"]
        self.buildah("bud", *options, *self.pip_settings(), "--tag", "recto-verso", settings.BASE_DIR)
        self.config = json.loads(self.buildah("inspect", "--type", "image", "recto-verso"))["Docker"]["config"]
        self.root = Path(self.buildah("mount", self.buildah("from", "localhost/recto-verso")))

    def make_base(self) -> None:
        """Debian as its own archive has it, with Python and nothing else of the site's."""
        base = self.buildah("from", "scratch")
        options = ["--variant=essential", f"--include={','.join(PACKAGES)}", '--aptopt=Acquire::Languages "none"']
        options += [f"--dpkgopt=path-exclude=/usr/share/{folder}/*" for folder in ("doc", "locale", "man")]
        call("mmdebstrap", "--quiet", *options, "--format=directory", RELEASE, self.buildah("mount", base))
        self.buildah("commit", "--rm", base, "base")

    def pip_settings(self) -> list[str]:
        """Lend the build the settings that pip has on this machine, with the files and folders that they name."""
        lines = call(sys.executable, "-m", "pip", "config", "list").splitlines()
        found = [re.fullmatch(r"(?:global|install|:env:)\.([\w-]+)='(.*)'", line) for line in lines]
        file = self.folder / "pip.conf"
        # What several lines of a file say is listed on one.
        values = {match[1]: match[2].replace("\\n", "\n  ") for match in found if match}
        file.write_text("[global]\n" + "".join(f"{name} = {value}\n" for name, value in values.items()))
        named = [word for value in values.values() for word in value.split()]
        # An index of files leads to some that lie beside it.
        paths = {Path(word.removeprefix("file://")).parent for word in named if word.startswith("file:///")}
        paths |= {Path(word) for word in named if word.startswith("/")}
        lent = [f"--volume={path}:{path}:ro" for path in sorted(paths) if path.exists()]
        return [f"--volume={file}:/etc/pip.conf:ro", *lent]

    def close(self) -> None:
        self.buildah("umount", "--all")


@dataclass
class Container:
    """A service of compose.yaml, run from the image with the rights, volumes and root that the file gives it."""

    image: Image
    name: str
    service: dict
    arguments: list[str] | None = None
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bundle = self.image.folder / "bundles" / self.name
        self.bundle.mkdir(parents=True)
        (self.bundle / "config.json").write_text(json.dumps(self.specification()))

    def specification(self) -> dict:
        uid = int(self.service.get("user", self.image.config["User"]).partition(":")[0])
        own = dict(line.split("=", 1) for line in self.image.config["Env"])
        variables = own | self.service.get("environment", {}) | self.environment
        process = {
            "user": {"uid": uid, "gid": uid},
            "cwd": self.image.config["WorkingDir"],
            "args": self.arguments or self.service["command"],
            "env": [f"{name}={value}" for name, value in variables.items()],
            "noNewPrivileges": "no-new-privileges:true" in self.service["security_opt"],
            # None of them; who keeps one says so, and is no service of this file.
            "capabilities": {} if self.service["cap_drop"] == ["ALL"] else None,
        }
        return {
            "ociVersion": "1.0.0",
            "process": process,
            "root": {"path": str(self.image.root), "readonly": self.service["read_only"]},
            "mounts": self.mounts(),
            # The network is the machine's, so that tests reach the site.
            "linux": {"namespaces": [{"type": kind} for kind in ("pid", "mount", "ipc", "uts")]},
        }

    def mounts(self) -> list[dict]:
        memory = ["/dev", "/dev/shm", *self.service.get("tmpfs", ())]
        mounts = [{"destination": "/proc", "type": "proc", "source": "proc"}]
        mounts += [{"destination": path, "type": "tmpfs", "source": "tmpfs"} for path in memory]
        for volume in self.service["volumes"]:
            name, path, mode = f"{volume}:rw".split(":")[:3]
            options = ["bind", mode]
            mounts.append({"destination": path, "source": str(self.volume(name, path)), "options": options})
        return mounts

    def volume(self, name: str, path: str) -> Path:
        """Return the folder of a volume; a new one belongs to whom its place in the image belongs, as with Docker."""
        folder = self.image.folder / "volumes" / name
        if not folder.exists():
            folder.mkdir(parents=True)
            shutil.copystat(place := self.image.root / path.removeprefix("/"), folder)
            os.chown(folder, place.stat().st_uid, place.stat().st_gid)
        return folder

    def crun(self, *words: str) -> list[str]:
        # crun refuses the two kinds of control groups side by side that some machines have, and needs none here.
        ready = "mount -t cgroup2 none /sys/fs/cgroup 2>/dev/null; exec "
        crun = ["crun", f"--root={self.image.folder}/crun", "--cgroup-manager=disabled", *words]
        return ["unshare", "--mount", "sh", "-c", f'{ready}"$@"', "sh", *crun]

    def run(self) -> str:
        """Run it to its end, and return what it says."""
        return call(*self.crun("run", "--bundle", str(self.bundle), self.name))

    def start(self) -> None:
        self.log = (self.bundle / "log").open("w+")
        command = self.crun("run", "--bundle", str(self.bundle), self.name)
        self.process = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT)

    def stop(self) -> str:
        """Stop it as Docker does, and return all that it said."""
        call(*self.crun("kill", self.name, "TERM"))
        self.process.wait(20)
        self.log.seek(0)
        with self.log:
            return self.log.read()

    def inside(self, *words: str) -> str:
        """Run a command in it, as Docker does: by its account, with its variables."""
        process = self.specification()["process"]
        options = [f"--user={process['user']['uid']}", f"--cwd={process['cwd']}", "--no-new-privs"]
        options += [f"--env={line}" for line in process["env"]]
        return call(*self.crun("exec", *options, self.name, *words))

    def status(self) -> dict[str, str]:
        """Return what the kernel says of its first process."""
        pid = json.loads(call(*self.crun("state", self.name)))["pid"]
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
