"""The Dockerfile and the compose file: the rules that matter, and the steps tried where there is no engine."""

from __future__ import annotations

import fnmatch
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import yaml
from deploy.conftest import DEPLOY
from jsonschema import Draft202012Validator

from feedsvc import config

ROOT = DEPLOY.parent
INSTRUCTIONS = (
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "SHELL",
    "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
)  # fmt: skip


def steps() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, each with its arguments on one line."""
    text = re.sub(r"^\s*#.*\n", "", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\s*\\\n\s*", " ", text).splitlines()
    return [(line.split(None, 1)[0], line.split(None, 1)[1]) for line in lines if line.strip()]


def last_stage() -> list[tuple[str, str]]:
    found = steps()
    begins = max(index for index, (name, _) in enumerate(found) if name == "FROM")
    return found[begins:]


def environment() -> dict[str, str]:
    """What the image sets."""
    pairs = " ".join(value for name, value in last_stage() if name == "ENV").split()
    return dict(pair.split("=", 1) for pair in pairs)


def test_only_known_instructions() -> None:
    assert {name for name, _ in steps()} <= set(INSTRUCTIONS)


def test_the_base_is_slim_the_same_in_both_stages_and_of_no_host() -> None:
    bases = [value for name, value in steps() if name == "FROM"]
    assert bases == ["python:${PYTHON} AS build", "python:${PYTHON}"]
    (version,) = (value.removeprefix("PYTHON=") for name, value in steps() if name == "ARG")
    assert re.fullmatch(r"3\.1[1-9]-slim-[a-z]+", version), "a version and a release of the system, never `latest`"
    supported = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["classifiers"]
    assert f"Programming Language :: Python :: {version.partition('-')[0]}" in supported


def test_it_ends_as_a_user_without_rights() -> None:
    users = [value for name, value in last_stage() if name == "USER"]
    assert users
    assert re.fullmatch(r"[1-9]\d{4}:[1-9]\d{4}", users[-1]), "by number: an orchestrator can tell that it is not root"
    assert not any(name == "RUN" for name, _ in last_stage()[[n for n, _ in last_stage()].index("USER") :])


def test_installs_are_pinned_and_leave_nothing_behind() -> None:
    for name, value in steps():
        if name == "RUN" and "pip install" in value:
            assert "--constraint" in value or "--no-deps" in value
        assert "apt-get" not in value
        assert not re.search(r"\b(curl|wget|sudo|ssh)\b|chmod 777", value)
        assert name != "ADD", "COPY does, and fetches nothing"
    assert "PIP_NO_CACHE_DIR=1" in dict(steps()).get("ENV", "") or any(
        "PIP_NO_CACHE_DIR=1" in value for name, value in steps() if name == "ENV"
    )


def test_it_is_started_and_stopped_as_the_service_likes_it() -> None:
    stage = dict(last_stage())
    assert stage["ENTRYPOINT"] == '["feedsvc"]', "without a shell between, which would not pass on SIGTERM"
    assert stage["CMD"] == '["serve"]'
    assert stage["STOPSIGNAL"] == "SIGTERM"
    assert "/readyz" in stage["HEALTHCHECK"]
    assert stage["EXPOSE"] == environment()["FEEDSVC_SERVER__PORT"]


def test_nothing_secret_and_all_settings_known() -> None:
    found = environment()
    assert not [name for name in found if re.search("PASSWORD|TOKEN(?!_FILE)|SECRET|KEY", name)]
    config._variables({name: value for name, value in found.items() if name.startswith("FEEDSVC_")})


def test_all_that_the_service_writes_lies_where_it_may_write(tmp_path: Path) -> None:
    file = tmp_path / "feedsvc.toml"
    file.write_text('[site]\nbase_url = "https://a.example"\ntitle = "A"\nauthority = "a.example,2026"\n')
    found = config.load(file, {name: value for name, value in environment().items() if name.startswith("FEEDSVC_")})
    (volume,) = yaml.safe_load(dict(last_stage())["VOLUME"])
    for written in (Path(found.store.url.removeprefix("sqlite:///")), found.content.attached, found.server.token_file):
        assert written.is_relative_to(volume), written
    nodes = [one for one in compose()["services"].values() if one["image"] == "feedsvc"]
    assert all(f"data:{volume}" in one["volumes"] for one in nodes), "what one takes out of files the other serves"


def test_what_is_copied_is_there_and_is_not_ignored() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = [rule[1:].rstrip("/") for rule in rules if rule.startswith("!")]
    for name, value in steps():
        if name == "COPY" and "--from" not in value:
            for source in value.split()[:-1]:
                assert (ROOT / source).exists(), source
                assert any(source == one or source.startswith(f"{one}/") for one in allowed), source
    for private in ("var/feedsvc.db", ".git/config", "content/a.md", "config/feedsvc.toml", "deploy/pgpass"):
        assert not any(fnmatch.fnmatch(private, one) or private.startswith(f"{one}/") for one in allowed), private


def test_the_steps_of_the_build_in_a_fresh_environment(tmp_path: Path) -> None:
    """What the first stage copies is enough to build the package, and what is built starts."""
    source = tmp_path / "src"
    for name, value in steps():
        if name == "COPY" and "--from" not in value:
            *sources, target = value.split()
            for one in sources:
                place = source / target.removeprefix("/src").lstrip("/")
                place = place / Path(one).name if target.endswith("/") else place
                place.parent.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cp", "-rT", str(ROOT / one), str(place)], check=True)
    made = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--system-site-packages", str(made)], check=True, timeout=120)
    paths = subprocess.run(
        [sys.executable, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True
    ).stdout.strip()
    (next((made / "lib").glob("python*/site-packages")) / "shared.pth").write_text(f"{paths}\n")
    options = ("-q", "--no-deps", "--no-build-isolation", "--force-reinstall")
    done = subprocess.run(
        [str(made / "bin" / "pip"), "install", *options, str(source)],
        capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    clean = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    told = subprocess.run(
        [str(made / "bin" / "feedsvc"), "--version"],
        capture_output=True,
        text=True,
        env=clean,
        cwd=tmp_path,
        check=True,
    )
    assert told.stdout.startswith("feedsvc")
    where = subprocess.run(
        [str(made / "bin" / "python"), "-c", "import feedsvc.web as w; print(w.__file__)"],
        capture_output=True, text=True, env=clean, cwd=tmp_path, check=True,
    ).stdout  # fmt: skip
    package = Path(where.strip()).parent
    assert str(made) in str(package)
    for shipped in ("static/site.css", "templates/base.html"):
        assert (package / shipped).exists()


# ------------------------------------------------------------------ compose
_NAME = {"type": "string", "pattern": "^[a-z][a-z0-9_-]*$"}
COMPOSE = {
    "type": "object",
    "required": ["services"],
    "properties": {
        "name": _NAME,
        "services": {
            "type": "object",
            "propertyNames": _NAME,
            "additionalProperties": {
                "type": "object",
                "required": ["image", "restart"],
                "properties": {
                    "image": {"type": "string"},
                    "build": {"type": "object", "required": ["context", "dockerfile"]},
                    "command": {"type": "array", "items": {"type": "string"}},
                    "restart": {"enum": ["unless-stopped", "always"]},
                    "read_only": {"const": True},
                    "tmpfs": {"type": "array"},
                    "cap_drop": {"const": ["ALL"]},
                    "security_opt": {"type": "array"},
                    "stop_grace_period": {"type": "string", "pattern": "^[0-9]+[sm]$"},
                    "environment": {"type": "object", "additionalProperties": {"type": ["string", "number"]}},
                    "secrets": {"type": "array"},
                    "depends_on": {"type": "object"},
                    "volumes": {"type": "array", "items": {"type": "string", "pattern": "^[^:]+:/[^:]+(:ro)?$"}},
                    "ports": {"type": "array", "items": {"type": "string", "pattern": "^127\\.0\\.0\\.1:"}},
                    "healthcheck": {"type": "object"},
                },
                "additionalProperties": False,
            },
        },
        "secrets": {"type": "object", "additionalProperties": {"type": "object", "required": ["file"]}},
        "volumes": {"type": "object"},
    },
    "patternProperties": {"^x-": {}},
    "additionalProperties": False,
}


def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def test_the_compose_file_is_of_its_shape() -> None:
    assert list(Draft202012Validator(COMPOSE).iter_errors(compose())) == []


def test_the_compose_file_names_nothing_that_it_does_not_define() -> None:
    found = compose()
    for service in found["services"].values():
        assert set(service.get("depends_on", {})) <= set(found["services"])
        for secret in service.get("secrets", []):
            assert (secret if isinstance(secret, str) else secret["source"]) in found["secrets"]
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            assert source.startswith("./") or source in found["volumes"]
        if "build" in service:
            assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).resolve().exists()
        given = service.get("environment", {})
        config._variables({name: value for name, value in given.items() if name.startswith("FEEDSVC_")})
        assert not re.search(r"[:/][^/@:]+:[^/@]+@", str(given)), "a password in an address"
    assert found["services"]["store"]["image"].count("/") == 0
    assert not found["services"]["store"].get("ports"), "the store is for the nodes alone"
