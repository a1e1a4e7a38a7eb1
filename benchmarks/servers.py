"""The servers that are measured: feedsvc, and nginx and Caddy with the same bytes as static files."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from measure import Finished, Running

FEEDSVC = (sys.executable, "-m", "feedsvc")


def ingest(config: Path, *, core: str = "") -> Finished:
    """``feedsvc ingest``, from its start to its end."""
    log = config.parent / "ingest.log"
    return Running([*FEEDSVC, "ingest", "--config", config], core=core, log=log).finish()


def serve(config: Path, *, core: str = "") -> Running:
    """``feedsvc serve``, as an operator starts it."""
    return Running([*FEEDSVC, "serve", "--config", config], core=core, log=config.parent / "serve.log")


def nginx(program: str, folder: Path, root: Path, port: int, *, core: str) -> Running:
    """nginx with one worker, Debian's own settings and no access log; files that lie there as ``.gz`` go out so."""
    folder.mkdir()
    settings = folder / "nginx.conf"
    user = "user root;" if os.getuid() == 0 else ""  # else its worker becomes one who may not read here
    settings.write_text(
        f"""daemon off;
{user}
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    default_type application/rss+xml;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {root};
        gzip_static on;
    }}
}}
"""
    )
    return Running([program, "-c", settings, "-p", folder], core=core, log=folder / "said.log")


def caddy(program: str, folder: Path, root: Path, port: int, *, core: str) -> Running:
    """Caddy as a file server on one core; files that lie there as ``.gz`` go out so."""
    folder.mkdir()
    settings = folder / "Caddyfile"
    settings.write_text(
        f"""{{
    admin off
    auto_https off
}}
http://127.0.0.1:{port} {{
    root * {root}
    file_server {{
        precompressed gzip
    }}
}}
"""
    )
    environment = {"GOMAXPROCS": "1", "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command: list[str | Path] = [program, "run", "--adapter", "caddyfile", "--config", settings]
    return Running(command, core=core, environment=environment, log=folder / "said.log")
