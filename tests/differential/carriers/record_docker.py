"""Writes down what the Docker client makes of the cases in fixtures/carriers/docker.jsonl:

    python3 record_docker.py < docker.jsonl > recorded.jsonl

The client talks to a stand-in for the engine on a socket of its own, which keeps the variables of
the container that it is asked to create. No engine is needed. Recorded with Docker 28.2.2.
"""

import json
import os
import socketserver
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler

asked = []


class Engine(BaseHTTPRequestHandler):
    """Answers just enough for `docker create`."""

    protocol_version = "HTTP/1.1"

    def answer(self, status, body=b"{}"):
        self.send_response(status)
        self.send_header("Api-Version", "1.45")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self):
        self.answer(200)

    do_GET = do_HEAD

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        asked.append(json.loads(self.rfile.read(length) or b"{}"))
        self.answer(201, b'{"Id": "0123456789ab", "Warnings": []}')

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingUnixStreamServer):
    def get_request(self):
        request, _ = super().get_request()
        return request, ("stand-in", 0)


def main():
    with tempfile.TemporaryDirectory() as folder:
        socket, file = os.path.join(folder, "engine"), os.path.join(folder, "env.list")
        server = Server(socket, Engine)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for line in sys.stdin:
            case = json.loads(line)
            with open(file, "w", encoding="utf-8", newline="") as out:
                out.write(case["text"])
            asked.clear()
            ran = subprocess.run(
                ["docker", "-H", f"unix://{socket}", "create", "--env-file", file, "image"],
                env={"PATH": os.environ["PATH"], "HOME": folder, **case.get("shell", {})},
                capture_output=True,
                check=False,
            )
            made = {"text": case["text"], "shell": case.get("shell", {})}
            if asked:
                # The stand-in has no image, and so no variables of one.
                pairs = [pair.partition("=") for pair in asked[-1].get("Env") or []]
                made["sees"] = {name: value for name, _, value in pairs}
            else:
                assert ran.returncode != 0, ran
                made["refused"] = True
            print(json.dumps(made, ensure_ascii=False))
        server.shutdown()


main()
