"""The server that `python -m app serve` starts: what it sends, and what it refuses."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app import settings
from app.errors import ServeRefused
from app.server.headers import content_policy
from app.server.serve import serve

BOUNDARIES = "/app/static/guangdong_counties.geojson"


@dataclass(frozen=True)
class Answer:
    """One answer of the server, its header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as the browser reads it."""
        gzipped = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if gzipped else self.body).decode()


@dataclass(frozen=True)
class Server:
    """A running server, and the line it printed."""

    port: int
    line: str

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path exactly as written."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        body = response.read()
        connection.close()
        return Answer(response.status, found, body)

    def status(self, path: str, **headers: str) -> int:
        """The status alone, also where the connection stays open."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers=named)
        status = connection.getresponse().status
        connection.close()
        return status

    def bundle_file(self, kind: str) -> str:
        """A script or style that the first page names."""
        found = re.search(rf'\./(static/[^"]+\.{kind})"', self.get("/").text)
        assert found, f"the first page names no .{kind}"
        return "/" + found[1]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int, *options: str, **others: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app", "serve", "--port", str(port), *options],
        cwd=settings.ROOT,
        env=os.environ | others,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    port = free_port()
    process = start(port)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    yield Server(port, line)
    process.terminate()
    try:
        process.communicate(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def test_one_line_with_the_address_says_that_the_dashboard_is_ready(server: Server) -> None:
    assert f"http://127.0.0.1:{server.port}" in server.line
    assert server.get("/_stcore/health").status == 200


@pytest.mark.parametrize("kind", ["js", "css"])
def test_the_bundle_comes_compressed_and_stays_in_the_browser(server: Server, kind: str) -> None:
    path = server.bundle_file(kind)
    plain = server.get(path)
    packed = server.get(path, Accept_Encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body)
    assert packed.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert packed.headers["vary"] == "Accept-Encoding"


def test_the_scripts_a_first_page_names_weigh_less_than_three_megabytes(server: Server) -> None:
    names = set(re.findall(r'\./(static/[^"]+\.(?:js|css))"', server.get("/").text))
    total = sum(len(server.get(f"/{name}", Accept_Encoding="gzip").body) for name in names)
    assert 500_000 < total < 3_000_000


def test_a_path_that_is_not_in_the_bundle_is_not_served_from_it(server: Server) -> None:
    for path in ("/static/js/../../../../runtime/runtime.py", "/static/js/nothing.js"):
        answer = server.get(path, Accept_Encoding="gzip")
        assert "immutable" not in answer.headers.get("cache-control", "") or answer.status != 200


def test_a_link_to_a_page_gets_the_same_first_page_as_the_root(server: Server) -> None:
    root, link = server.get("/"), server.get("/care_beds", Accept_Encoding="gzip")
    assert link.text == root.text
    assert root.headers["cache-control"] == "no-cache"
    assert 'as="font"' not in root.text


def test_boundaries_are_compressed_and_asked_for_again_after_a_while(server: Server) -> None:
    answer = server.get(BOUNDARIES, Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.headers["cache-control"] == "public, max-age=300, must-revalidate"
    assert len(json.loads(answer.text)["features"]) == 124


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_boundaries_the_browser_already_has_are_not_sent_again(
    server: Server, encoding: str
) -> None:
    first = server.get(BOUNDARIES, Accept_Encoding=encoding)
    again = server.get(BOUNDARIES, Accept_Encoding=encoding, If_None_Match=first.headers["etag"])
    assert again.status == 304
    assert again.body == b""
    assert again.headers["etag"] == first.headers["etag"]


def test_a_changed_static_file_gets_another_etag(server: Server) -> None:
    file = settings.STATIC / "test_server.json"
    file.write_text('{"version": 1}')
    try:
        first = server.get("/app/static/test_server.json")
        file.write_text('{"version": 22}')
        second = server.get("/app/static/test_server.json", If_None_Match=first.headers["etag"])
    finally:
        file.unlink()
    assert (second.status, second.text) == (200, '{"version": 22}')


@pytest.mark.parametrize(
    "path",
    ["/app/static/../dashboard.py", "/app/static/%2e%2e/dashboard.py", "/app/static/nothing.json"],
)
def test_nothing_outside_the_static_folder_is_served(server: Server, path: str) -> None:
    answer = server.get(path)
    assert answer.status in {400, 404}
    assert b"import" not in answer.body


@pytest.mark.parametrize("path", ["/", "/care_beds", "/_stcore/health", BOUNDARIES])
def test_every_answer_forbids_loading_and_framing_from_elsewhere(server: Server, path: str) -> None:
    headers = server.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    policy = headers["content-security-policy"]
    assert "connect-src 'self';" in policy
    assert "http" not in policy and "*" not in policy


def test_the_policy_lets_no_inline_script_run_but_the_named_ones() -> None:
    policy = dict(part.split(" ", 1) for part in content_policy(["'sha256-abc='"]).split("; "))
    assert policy["script-src"] == "'self' 'wasm-unsafe-eval' blob: 'sha256-abc='"
    assert policy["frame-ancestors"] == "'self'"
    assert policy["object-src"] == "'none'"


@pytest.mark.parametrize("address", ["0.0.0.0", "192.0.2.1", "::", "example.org", ""])
def test_an_address_others_can_reach_is_refused(address: str) -> None:
    with pytest.raises(ServeRefused) as refused:
        serve(free_port(), address)
    assert refused.value.key == "serve.not_loopback" and refused.value.values["address"] == address


def test_an_address_others_can_reach_is_served_once_sign_in_is_set_up(tmp_path: Path) -> None:
    port, host = free_port(), f"DASHBOARD.example.org:{free_port()}"
    others = {
        "DASHBOARD_STORE": str(tmp_path),
        "DASHBOARD_ACCESS": "accounts",
        "DASHBOARD_URL": f"http://{host}",
    }
    refused = start(port, "--host", "0.0.0.0", **others)
    assert "user add" in refused.communicate(timeout=60)[1] and refused.returncode == 1
    add = [sys.executable, "-m", "app", "user", "add", "fang", "--role", "viewer"]
    subprocess.run(
        [*add, "--scope", "440000"], cwd=settings.ROOT, env=os.environ | others, check=True,
        input="a long password\n", text=True, capture_output=True,
    )  # fmt: skip
    process = start(port, "--host", "0.0.0.0", **others)
    try:
        assert process.stdout is not None
        served = Server(port, process.stdout.readline())
        assert "0.0.0.0" in served.line
        assert served.get("/", Host=host).status == 200
        for path in ("/_stcore/metrics", "/media/a.csv"):
            assert served.get(path, Host=host).status == 401
        stream = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
        stream["Sec_WebSocket_Key"] = "AAAAAAAAAAAAAAAAAAAAAA=="
        for wanted, origin, found in (
            (101, f"http://{host}", host),
            (403, f"http://{host}", "evil.example"),
            (403, "http://evil.example", host),
        ):
            answer = served.status("/_stcore/stream", Host=found, Origin=origin, **stream)
            assert answer == wanted, (origin, found)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_a_refused_address_ends_the_command_with_a_plain_message() -> None:
    process = start(free_port(), "--address", "0.0.0.0")
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output) == (1, "")
    assert "0.0.0.0" in errors and "Traceback" not in errors
    assert len(errors.strip().splitlines()) <= 2


def test_a_port_in_use_is_said_in_one_plain_line(server: Server) -> None:
    process = start(server.port)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output == ""
    assert len(errors.strip().splitlines()) == 1
    assert str(server.port) in errors and "Traceback" not in errors


def test_the_overview_by_its_name_leads_to_where_it_is_with_what_was_chosen(
    server: Server,
) -> None:
    answer = server.get("/overview?period=2024Q3&lang=en")
    assert (answer.status, answer.headers["location"]) == (307, "/?period=2024Q3&lang=en")


def test_an_address_that_is_no_page_says_so_in_the_readers_language(server: Server) -> None:
    answer = server.get("/care_bed")
    assert answer.status == 404
    assert answer.text.index("没有这个页面") < answer.text.index("There is no such page")
    assert 'href="/?lang=zh"' in answer.text
    english = server.get("/care_bed", Accept_Language="en-GB,en;q=0.9").text
    assert english.index("There is no such page") < english.index("没有这个页面")
    for page in ("/people", "/running", "/history", "/town_support", "/map"):
        assert server.status(page) == 200
