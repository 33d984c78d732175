#!/usr/bin/env python3
"""Packs folders, each a layer, into an image archive that containerd and Docker load. Needs neither of them.

The same files give the same bytes: names are sorted, times and owners are fixed.
"""
import argparse
import hashlib
import io
import json
import os
import platform
import tarfile

ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def layer(root):
    """The tar of one folder. A path that is a tar already is taken as it is."""
    if os.path.isfile(root):
        with open(root, "rb") as file:
            return file.read()
    paths = []
    for folder, folders, files in os.walk(root):
        paths += [os.path.relpath(os.path.join(folder, name), root) for name in folders + files]
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for path in sorted(paths):
            info = tar.gettarinfo(os.path.join(root, path), arcname=path)
            info.uid = info.gid = info.mtime = 0
            info.uname = info.gname = ""
            if info.isdir():
                info.mode = 0o1777 if path == "tmp" else 0o755
            elif not info.issym():
                info.mode = 0o755 if info.mode & 0o100 else 0o644
            if info.isreg():
                with open(os.path.join(root, path), "rb") as file:
                    tar.addfile(info, file)
            else:
                tar.addfile(info)
    return buffer.getvalue()


def write(path, data):
    """All or nothing: a broken-off run leaves no half file under that name."""
    partial = path + ".partial"
    with open(partial, "wb") as file:
        file.write(data)
    os.replace(partial, path)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    arguments.add_argument("--name", help="name:tag")
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--entrypoint", nargs=argparse.REMAINDER, help="all that follows; must come last")
    arguments.add_argument("--user", default="")
    arguments.add_argument("--env", action="append", default=[])
    arguments.add_argument("--directory", default="/")
    arguments.add_argument("--stop-signal", help="what asks it to end; without one, SIGTERM")
    arguments.add_argument("--layer", dest="layers", required=True, action="append", help="a folder, or the tar of one")
    arguments.add_argument("--only-layer", action="store_true", help="write the tar of one layer, not an image")
    given = arguments.parse_args()
    if not given.only_layer and not (given.name and given.entrypoint):
        arguments.error("an image needs --name and --entrypoint")

    layers = [layer(root) for root in given.layers]
    if given.only_layer:
        write(given.out, b"".join(layers))
        return
    digests = [hashlib.sha256(data).hexdigest() for data in layers]
    config = json.dumps({
        "architecture": ARCHITECTURES.get(platform.machine(), platform.machine()),
        "os": "linux",
        "config": {"Entrypoint": given.entrypoint, "User": given.user, "WorkingDir": given.directory,
                   "Env": ["PATH=/usr/local/bin:/usr/bin:/bin"] + given.env,
                   **({"StopSignal": given.stop_signal} if given.stop_signal else {})},
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + digest for digest in digests]},
        "history": [{"created": "1970-01-01T00:00:00Z"} for _ in digests],
    }).encode()
    config_name = hashlib.sha256(config).hexdigest() + ".json"
    manifest = json.dumps([{"Config": config_name, "RepoTags": [given.name],
                            "Layers": [digest + ".tar" for digest in digests]}]).encode()
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w", format=tarfile.GNU_FORMAT) as tar:
        files = [(config_name, config)] + [(d + ".tar", data) for d, data in zip(digests, layers)]
        for path, data in files + [("manifest.json", manifest)]:
            info = tarfile.TarInfo(path)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    write(given.out, archive.getbuffer())


if __name__ == "__main__":
    main()
