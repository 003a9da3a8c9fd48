"""Wall time of `ssoctl check` against providers on loopback: one that answers at once, and fifty that
answer after 100 ms each.

    python3 benches/check.py target/release/ssoctl [RUNS]
"""

import http.server
import json
import statistics
import subprocess
import sys
import threading
import time

KEYS = {
    "keys": [
        {
            "kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "alg": "ES256",
            "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
            "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU",
        }
    ]
}


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_GET(self):
        time.sleep(self.server.delay)
        issuer = f"http://127.0.0.1:{self.server.server_port}"
        documents = {
            "/.well-known/openid-configuration": {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "userinfo_endpoint": f"{issuer}/userinfo",
                "jwks_uri": f"{issuer}/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            },
            "/keys": KEYS,
        }
        found = documents.get(self.path)
        body = json.dumps(found).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(delay):
    server = Server(("127.0.0.1", 0), Handler)
    server.delay = delay
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def measure(name, command, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True)
        times.append(time.perf_counter() - start)
        assert done.returncode == 0, done.stdout + done.stderr
    print(f"{name}: {statistics.median(times):.4f} s ({min(times):.4f}-{max(times):.4f}), {runs} runs")


ssoctl, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 15
url = serve(0)
document = f"{url}/.well-known/openid-configuration"
measure("curl, document and keys", ["curl", "-s", document, f"{url}/keys"], runs)
measure("ssoctl, one provider", [ssoctl, "check", url], runs)
slow = [serve(0.1) for _ in range(50)]
measure("ssoctl, 50 providers of 100 ms", [ssoctl, "check", *slow], max(3, runs // 3))
