"""The container's files name what is there."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from install.build import CHECKOUT, HERE
from tracker.rulebook.schedule import Filings

STEPS = (HERE / "Containerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((HERE / "compose.yaml").read_text("utf-8"))


def test_what_is_copied_into_the_image_is_there_and_not_left_out() -> None:
    """`.containerignore` leaves out all but what it names after an exclamation mark."""
    copied = {word for line in re.findall(r"^COPY (?!--from)(.+) \S+$", STEPS, re.MULTILINE) for word in line.split()}
    sent = set(re.findall(r"^!(\S+)$", (CHECKOUT / ".containerignore").read_text("utf-8"), re.MULTILINE))
    assert copied == sent
    assert [name for name in copied if not (CHECKOUT / name).exists()] == []


def test_the_process_is_not_root_and_its_health_is_asked() -> None:
    assert STEPS.index("\nUSER duban") < STEPS.index("\nENTRYPOINT")
    assert '"duban", "doctor", "--daemon"' in STEPS


def test_services_use_secrets_volumes_and_networks_that_are_declared() -> None:
    services = COMPOSE["services"].values()
    used = [
        one if isinstance(one, str) else one["source"] for service in services for one in service.get("secrets", ())
    ]
    assert set(used) == set(COMPOSE["secrets"])
    assert {network for service in services for network in service["networks"]} == set(COMPOSE["networks"])
    mounted = {one.partition(":")[0] for service in services for one in service.get("volumes", ())}
    assert {name for name in mounted if not name.startswith("./")} == set(COMPOSE["volumes"])
    assert (HERE / "nginx.conf").exists()


def test_the_database_is_reached_by_the_inner_network_alone() -> None:
    assert COMPOSE["services"]["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert "ports" not in COMPOSE["services"]["database"]


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed")
def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    (tmp_path / "tls").mkdir()
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=duban", "-days", "1"]
    files = ["-keyout", tmp_path / "tls" / "duban.key", "-out", tmp_path / "tls" / "duban.crt"]
    subprocess.run([*made, *files], check=True, capture_output=True)
    text = (HERE / "nginx.conf").read_text("utf-8").replace("/etc/nginx/tls", str(tmp_path / "tls"))
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid; events {{}} http {{ {text} }}")
    said = subprocess.run(
        ["nginx", "-t", "-e", "stderr", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr


def test_nginx_lets_the_largest_filed_proof_pass() -> None:
    (limit,) = re.findall(r"client_max_body_size (\d+)m;", (HERE / "nginx.conf").read_text("utf-8"))
    assert int(limit) * 1_000_000 > Filings().max_bytes
