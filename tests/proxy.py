"""The nginx of docs/deploy/nginx.conf before some servers of the dashboard, on free ports."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app import settings

CONFIGURATION = settings.ROOT / "docs" / "deploy" / "nginx.conf"
_AROUND = """
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{inside}
}}
"""


def configured(port: int, servers: Sequence[int], folder: Path) -> str:
    """The configuration of the manual, without encryption, for other ports."""
    text = CONFIGURATION.read_text("utf-8")
    text = re.sub(r"listen 443 ssl;", f"listen 127.0.0.1:{port};", text)
    text = re.sub(r"\s+ssl_certificate\S*\s+\S+;", "", text)
    text = text.replace("; Secure", "").replace("proxy_set_header Host $host;",
                                                "proxy_set_header Host $http_host;")  # fmt: skip
    line = re.compile(r"\s+server 127\.0\.0\.1:\d+( [^;]*);")
    options = line.findall(text)[0]
    listed = "".join(f"\n    server 127.0.0.1:{each}{options};" for each in servers)
    first, rest = line.split(text, maxsplit=1)[0], line.sub("", text)
    text = rest[: len(first)] + listed + rest[len(first) :]
    return _AROUND.format(folder=folder, inside=text)


@contextmanager
def proxied(servers: Sequence[int], folder: Path) -> Iterator[str]:
    """The address of an nginx before servers at some ports."""
    found = shutil.which("nginx") or "/usr/sbin/nginx"
    assert Path(found).exists(), "no nginx: apt-get install nginx-light"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    file = folder / "nginx.conf"
    file.write_text(configured(port, servers, folder), "utf-8")
    process = subprocess.Popen([found, "-c", str(file)], stderr=subprocess.PIPE, text=True)
    give_up = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert process.poll() is None, process.communicate()[1]
            assert time.monotonic() < give_up
            time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.communicate(timeout=20)
