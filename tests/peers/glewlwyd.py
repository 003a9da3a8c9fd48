"""Glewlwyd on loopback as several OpenID providers, the first without a fault.

    tests/peers/glewlwyd.py FOLDER PORT CLIENT SECRET REDIRECT_URI      until it is ended

http://127.0.0.1:PORT/api/oidc is sound, /api/elsewhere says another issuer, /api/keyless shows no keys.
"""

import glob
import gzip
import http.cookiejar
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

# What its package makes a database with, and what it is configured with.
SCHEMAS = ("/usr/share/doc/glewlwyd/database/init.sqlite3.sql.gz", "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3",
           "/usr/share/glewlwyd/database/init.sqlite3.sql")
CONFIGURATION = Path("/etc/glewlwyd/glewlwyd.conf")


def schema():
    for path in (Path(name) for pattern in SCHEMAS for name in glob.glob(pattern)):
        return gzip.decompress(path.read_bytes()).decode() if path.suffix == ".gz" else path.read_text()
    sys.exit("glewlwyd's tables are not installed")


def prepare(room, port):
    room.mkdir(parents=True)
    with sqlite3.connect(room / "database") as database:
        database.executescript(schema())
    own = {"port": port, "bind_address": '"127.0.0.1"', "external_url": f'"http://127.0.0.1:{port}"', "log_mode": '"console"', "log_level": '"WARNING"'}
    lines = [line for line in CONFIGURATION.read_text().splitlines() if "@include" not in line]
    lines = [line for line in lines if not re.match(rf"\s*({'|'.join(own)})\s*=", line)]
    lines += [f"{name}={value}" for name, value in own.items()]
    lines.append(f'database = {{ type = "sqlite3" path = "{room}/database" }};')
    (room / "glewlwyd.conf").write_text("\n".join(lines) + "\n")
    for command in (["genrsa", "-out", room / "key.pem", "2048"], ["rsa", "-in", room / "key.pem", "-pubout", "-out", room / "public.pem"]):
        subprocess.run(["openssl", *command], check=True, capture_output=True)


class Administrator:
    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def post(self, path, body):
        request = urllib.request.Request(f"{self.url}/api/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            self.opener.open(request, timeout=10).close()
        except urllib.error.HTTPError as error:
            sys.exit(f"{path}: {error.code} {error.read()[:300]}")


def wait(url):
    server = os.getppid()
    for _ in range(100):
        if os.getppid() != server:
            sys.exit("glewlwyd has ended")
        try:
            return urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
    sys.exit("glewlwyd does not answer")


def set_up(room, url, client, secret, redirect_uri):
    wait(f"{url}/config")
    administrator = Administrator(url)
    # Who administers it after the tables were made.
    administrator.post("auth/", {"username": "admin", "password": "password"})
    parameters = {
        "subject-type": "public", "jwt-type": "rsa", "jwt-key-size": "256", "key": (room / "key.pem").read_text(),
        "cert": (room / "public.pem").read_text(), "default-kid": "one", "access-token-duration": 3600, "refresh-token-duration": 86400,
        "code-duration": 600, "refresh-token-rolling": True, "allow-non-oidc": False, "auth-type-code-enabled": True,
        "auth-type-token-enabled": False, "auth-type-id-token-enabled": True, "auth-type-none-enabled": False,
        "auth-type-password-enabled": False, "auth-type-client-enabled": True, "auth-type-device-enabled": False,
        "auth-type-refresh-enabled": True, "scope": [], "additional-parameters": [], "claims": [], "name-claim": "mandatory",
        "email-claim": "mandatory", "jwks-show": True, "jwks-x5c": [], "request-parameter-allow": True, "pkce-allowed": True,
        "pkce-method-plain-allowed": False}
    administrator.post("client/", {
        "client_id": client, "client_name": "tests", "client_secret": secret, "confidential": True, "redirect_uri": [redirect_uri],
        "authorization_type": ["code", "refresh_token"], "token_endpoint_auth_method": ["client_secret_basic", "client_secret_post"],
        "scope": ["openid"], "enabled": True})
    # The sound one is the last: where it answers, all do.
    faults = {"elsewhere": {"iss": f"{url}/api/other"}, "keyless": {"jwt-type": "sha", "key": "only-for-this-test-0123456789abcdef", "cert": ""}, "oidc": {}}
    for name, fault in faults.items():
        administrator.post("mod/plugin/", {
            "module": "oidc", "name": name, "display_name": name, "parameters": {"iss": f"{url}/api/{name}", **parameters, **fault}})


def main():
    folder, port, client, secret, redirect_uri = sys.argv[1:]
    if not shutil.which("glewlwyd") or not CONFIGURATION.exists():
        sys.exit("glewlwyd is not installed")
    room = Path(folder)
    prepare(room, int(port))
    if os.fork() == 0:
        set_up(room, f"http://127.0.0.1:{port}", client, secret, redirect_uri)
        return
    # It takes this process over: who ends this one ends the server.
    os.execvp("glewlwyd", ["glewlwyd", f"--config-file={room}/glewlwyd.conf"])


if __name__ == "__main__":
    main()
