"""What ssoctl says of messages that other products made, as they are and with one thing wrong each.

    tests/peers/saml.sh target/debug/ssoctl     # installs what can be had, and calls this

A product that is not there is passed over with NOT CHECKED.
"""

import base64
import datetime
import fnmatch
import html.parser
import http.cookiejar
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
import zlib
from pathlib import Path

import lemonldap as portal

HERE = Path(__file__).resolve().parent
BASE = "https://cvat.acme.test"
# What CVAT calls itself towards a provider with the id `peer`; the second one wants its assertions encrypted.
PLAIN = (f"{BASE}/api/auth/saml/peer/metadata/", f"{BASE}/api/auth/saml/peer/acs/")
SEALED = ("https://sealed.acme.test/saml/metadata", "https://sealed.acme.test/saml/acs")
EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
USER, PASSWORD = "alice", "wonderland"
GROUPS = ["admins", "staff & co", "größe"]


# What some of them can be told to do besides: further flags, the exit code, the reason.
BESIDES = {
    "signed-response": [((), 0, ())],
    "signed-assertion": [((), 0, ())],
    "sha512": [((), 0, ())],
    "sha1": [((), 1, {"sig-algorithm-weak"}), (("--allow-sha1",), 0, ())],
    "unsigned": [((), 1, {"sig-missing"})],
}


class Absent(Exception):
    """A product that cannot be had here."""


class Minted:
    """A message, and what belongs to it."""

    def __init__(self, xml, request, page=None):
        self.xml, self.request, self.page = xml, request, page


# Keys and metadata of the two service providers


def make_keys(folder):
    for name in ("idp", "app", "other"):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-sha256", "-nodes", "-days", "30", "-subj", f"/CN={name}.acme.test",
             "-keyout", folder / f"{name}.key", "-out", folder / f"{name}.crt"], check=True, capture_output=True)
    public = subprocess.run(["openssl", "x509", "-in", folder / "app.crt", "-pubkey", "-noout"], check=True, capture_output=True)
    (folder / "app.pub").write_bytes(public.stdout)


def der(path):
    return "".join(line for line in path.read_text().splitlines() if not line.startswith("-----"))


def sp_metadata(work, sp):
    entity, acs = sp
    certificate = der(work / "app.crt")
    return (
        f'<md:EntityDescriptor xmlns:md="{METADATA}" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{entity}">'
        '<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" WantAssertionsSigned="true">'
        f"<md:KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"
        f"</md:KeyDescriptor><md:NameIDFormat>{EMAIL}</md:NameIDFormat><md:AssertionConsumerService "
        f'Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="{acs}" index="0" isDefault="true"/>'
        "</md:SPSSODescriptor></md:EntityDescriptor>")


# A login through the pages of a provider


class Forms(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.all = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.all.append({"action": values.get("action") or "", "method": (values.get("method") or "get").lower(), "inputs": []})
        elif tag in ("input", "button") and self.all and values.get("name"):
            is_off = values.get("type") in ("checkbox", "radio") and "checked" not in values
            if not is_off:
                self.all[-1]["inputs"].append((values["name"], values.get("type", "text"), values.get("value") or ""))


def log_in(sso, sp, user, password):
    request = "_" + uuid.uuid4().hex
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    xml = (
        f'<p:AuthnRequest xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" ID="{request}" Version="2.0" IssueInstant="{now}" '
        f'Destination="{sso}" AssertionConsumerServiceURL="{sp[1]}" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST">'
        f'<a:Issuer xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion">{sp[0]}</a:Issuer>'
        f'<p:NameIDPolicy AllowCreate="true" Format="{EMAIL}"/></p:AuthnRequest>')
    packer = zlib.compressobj(wbits=-15)
    packed = base64.b64encode(packer.compress(xml.encode()) + packer.flush()).decode()
    url, data = sso + "?" + urllib.parse.urlencode({"SAMLRequest": packed, "RelayState": "there"}), None
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    for _ in range(8):
        with opener.open(urllib.request.Request(url, data=data, headers={"Accept": "text/html"}), timeout=20) as answer:
            page, url = answer.read().decode(), answer.geturl()
        forms = Forms(page).all
        for form in forms:
            found = [value for name, _, value in form["inputs"] if name == "SAMLResponse"]
            if found:
                return Minted(base64.b64decode(found[0]).decode(), request, page)
        asking = [form for form in forms if any(kind == "password" for _, kind, _ in form["inputs"])]
        form = (asking or forms or [None])[0]
        if form is None:
            raise RuntimeError(f"no form at {url}: {page[:300]}")
        fields, has_user = {}, False
        for name, kind, value in form["inputs"]:
            if kind == "password":
                value = password
            elif kind in ("text", "email") and asking and not has_user:
                value, has_user = user, True
            if kind not in ("submit", "button") or name not in fields:
                fields[name] = value
        url, data = urllib.parse.urljoin(url, form["action"] or url), urllib.parse.urlencode(fields).encode()
        if form["method"] == "get":
            url, data = url + ("&" if "?" in url else "?") + data.decode(), None
    raise RuntimeError("the pages go on and on")


class Server:
    """A server of our own, ended by the group that it was started in."""

    def __init__(self, command, log, environment=None):
        self.log = log
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, env={**os.environ, **(environment or {})})

    def get(self, url):
        for _ in range(200):
            try:
                with urllib.request.urlopen(url, timeout=10) as answer:
                    return answer.read()
            except urllib.error.HTTPError as error:
                raise RuntimeError(f"{url}: {error.code} {error.read()[:300]}") from error
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        raise RuntimeError(f"{url} does not answer: {self.log.read_text(errors='replace')[:600]}")

    def end(self):
        for kind in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, kind)
                self.process.wait(timeout=5)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# The products. Each gives (messages by kind, the metadata, what CVAT maps, what must come of it).


def simplesamlphp(work):
    site = Path("/usr/share/simplesamlphp/www")
    if not site.exists() or not shutil.which("php"):
        raise Absent("SimpleSAMLphp")
    room = work / "simplesamlphp"
    for name in ("config", "metadata", "sessions", "tmp"):
        (room / name).mkdir(parents=True)
    port = free_port()
    base = f"http://127.0.0.1:{port}/"

    def php(value):
        if isinstance(value, dict):
            return "[" + ",".join(f"{php(key)}=>{php(item)}" for key, item in value.items()) + "]"
        if isinstance(value, list):
            return "[" + ",".join(php(item) for item in value) + "]"
        if isinstance(value, (bool, int)):
            return str(value).lower()
        return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"

    def write(name, variable, value):
        (room / name).write_text(f"<?php\n${variable} = {php(value)};\n")

    person = {"uid": [USER], "mail": [f"{USER}@corp.test"], "givenName": ["Alice"], "groups": GROUPS}
    write("config/config.php", "config", {
        "baseurlpath": base, "certdir": f"{work}/", "tempdir": f"{room}/tmp", "datadir": f"{room}/tmp", "loggingdir": f"{room}/tmp",
        "metadatadir": f"{room}/metadata/", "metadata.sources": [{"type": "flatfile", "directory": f"{room}/metadata/"}],
        "attributenamemapdir": "/usr/share/simplesamlphp/attributemap/", "secretsalt": uuid.uuid4().hex, "auth.adminpassword": uuid.uuid4().hex,
        "timezone": "UTC", "technicalcontact_email": "tests@acme.test", "enable.saml20-idp": True, "admin.protectmetadata": False,
        "module.enable": {"exampleauth": True, "core": True, "saml": True}, "logging.handler": "errorlog",
        "store.type": "phpsession", "session.phpsession.savepath": f"{room}/sessions", "session.cookie.secure": False,
        "metadata.sign.enable": True, "metadata.sign.privatekey": "idp.key", "metadata.sign.certificate": "idp.crt"})
    write("config/authsources.php", "config", {"people": {0: "exampleauth:UserPass", f"{USER}:{PASSWORD}": person}})
    write("metadata/saml20-idp-hosted.php", "metadata", {"__DYNAMIC:1__": {
        "host": "__DEFAULT__", "privatekey": "idp.key", "certificate": "idp.crt", "auth": "people", "NameIDFormat": EMAIL,
        "attributes.NameFormat": "urn:oasis:names:tc:SAML:2.0:attrname-format:basic",
        "authproc": {10: {"class": "saml:AttributeNameID", "attribute": "mail", "Format": EMAIL}}}})
    common = {"certificate": "app.crt", "saml20.sign.response": True, "saml20.sign.assertion": True}
    write("metadata/saml20-sp-remote.php", "metadata", {
        PLAIN[0]: {**common, "AssertionConsumerService": PLAIN[1]},
        SEALED[0]: {**common, "AssertionConsumerService": SEALED[1], "assertion.encryption": True}})
    server = Server(
        ["php", "-d", f"session.save_path={room}/sessions", "-d", "display_errors=0", "-S", f"127.0.0.1:{port}", "-t", str(site)],
        room / "log.txt", {"SIMPLESAMLPHP_CONFIG_DIR": f"{room}/config"})
    try:
        metadata = server.get(base + "saml2/idp/metadata.php")
        sso = base + "saml2/idp/SSOService.php"
        messages = {kind: log_in(sso, sp, USER, PASSWORD) for kind, sp in (("plain", PLAIN), ("encrypted", SEALED))}
    finally:
        server.end()
    mapping = {"uid": "uid", "email": "mail", "first_name": "givenName"}
    account = {"uid": USER, "email": f"{USER}@corp.test", "first_name": "Alice"}
    return messages, metadata, mapping, account, {"groups": GROUPS, "mail": [f"{USER}@corp.test"]}


def lemonldap(work):
    if not portal.is_here("Lasso"):
        raise Absent("LemonLDAP::NG")
    room = work / "lemonldap"
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    options = {"samlSPMetaDataOptionsSignSSOMessage": 1, "samlSPMetaDataOptionsCheckSSOMessageSignature": 0,
               "samlSPMetaDataOptionsNameIDFormat": "email", "samlSPMetaDataOptionsSignatureMethod": "RSA_SHA256"}
    sent = {"mail": "1;mail", "uid": "1;uid", "cn": "0;cn"}
    command, environment = portal.prepared(room, port, {
        "issuerDBSAMLActivation": 1, "samlServicePrivateKeySig": (work / "idp.key").read_text(),
        "samlServicePublicKeySig": (work / "idp.crt").read_text(), "samlServiceUseCertificateInResponse": 1,
        "samlIDPSSODescriptorWantAuthnRequestsSigned": 0,
        "samlSPMetaDataXML": {"plain": {"samlSPMetaDataXML": sp_metadata(work, PLAIN)}, "sealed": {"samlSPMetaDataXML": sp_metadata(work, SEALED)}},
        "samlSPMetaDataOptions": {"plain": {**options, "samlSPMetaDataOptionsEncryptionMode": "none"},
                                  "sealed": {**options, "samlSPMetaDataOptionsEncryptionMode": "assertion"}},
        "samlSPMetaDataExportedAttributes": {"plain": sent, "sealed": sent}})
    server = Server(command, room / "log.txt", environment)
    try:
        metadata = server.get(f"{url}/saml/metadata")
        sso = f"{url}/saml/singleSignOn"
        # One of the people that its demonstration knows.
        messages = {kind: log_in(sso, sp, "dwho", "dwho") for kind, sp in (("plain", PLAIN), ("encrypted", SEALED))}
    finally:
        server.end()
    return (messages, metadata, {"uid": "uid", "email": "mail"}, {"uid": "dwho", "email": "dwho@badwolf.org"}, {"mail": ["dwho@badwolf.org"]})


def minted(command, work, room, environment=None):
    """Messages and metadata that a program writes into a folder."""
    room.mkdir()
    order = {"room": str(room), "keys": str(work), "plain": PLAIN, "sealed": SEALED, "groups": GROUPS}
    run = subprocess.run(command, input=json.dumps(order), capture_output=True, text=True, timeout=60, env={**os.environ, **(environment or {})})
    if run.returncode != 0:
        raise RuntimeError(run.stderr[-800:])
    made = [path for path in room.glob("*.xml") if "metadata" not in path.name]
    messages = {path.stem: Minted(path.read_text(), f"_{path.stem}-request") for path in made}
    return messages, (room / "metadata.xml").read_bytes()


def node_samlp(work):
    if not shutil.which("node") or not (work / "node/node_modules/samlp").exists():
        raise Absent("node samlp")
    messages, metadata = minted(["node", str(HERE / "samlp.cjs")], work, work / "samlp", {"NODE_PATH": str(work / "node/node_modules")})
    claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
    mapping = {"uid": f"{claims}upn", "email": f"{claims}emailaddress", "first_name": f"{claims}givenname"}
    account = {"uid": USER, "email": f"{USER}@corp.test", "first_name": "Alice"}
    return messages, metadata, mapping, account, {"http://schemas.xmlsoap.org/claims/Group": GROUPS}


def pysaml2(work):
    python = work / "python/bin/python"
    if not python.exists() or subprocess.run([python, "-c", "import saml2"], capture_output=True).returncode != 0 or not shutil.which("xmlsec1"):
        raise Absent("pysaml2")
    messages, metadata = minted([str(python), str(HERE / "mint_pysaml2.py")], work, work / "pysaml2")
    oid = "urn:oid:0.9.2342.19200300.100.1."
    mapping = {"uid": f"{oid}1", "email": f"{oid}3", "first_name": "urn:oid:2.5.4.42"}
    account = {"uid": USER, "email": f"{USER}@corp.test", "first_name": "Alice"}
    return messages, metadata, mapping, account, {f"{oid}3": [f"{USER}@corp.test"]}


# What ssoctl says


class Judge:
    def __init__(self, binary, work):
        self.binary, self.work, self.failures, self.count = binary, work, [], 0

    def ask(self, message, arguments):
        (self.work / "message.txt").write_text(message, encoding="utf-8")
        command = [self.binary, "decode-assertion", str(self.work / "message.txt"), "--format", "json", *map(str, arguments)]
        run = subprocess.run(command, capture_output=True, text=True, timeout=30)
        return run.returncode, json.loads(run.stdout) if run.stdout.startswith("{") else {"verdict": None, "error": run.stderr}

    def expect(self, name, message, arguments, code, reasons=(), holds=None):
        """A run must end with this code, for one of these reasons, and what was shown must hold."""
        self.count += 1
        got, report = self.ask(message, arguments)
        verdict = report.get("verdict") or {}
        names = [finding["name"] for finding in report.get("findings", []) if finding["code"] == verdict.get("code")]
        words = f"exit {got}, {verdict.get('class')}, {names[:1]} {report.get('error', '')}"
        if got != code:
            self.failures.append(f"{name}: expected exit {code}, got {words}")
        elif reasons and not any(fnmatch.fnmatch(one, reason) for one in names for reason in reasons):
            self.failures.append(f"{name}: expected one of {sorted(reasons)}, got {words}")
        elif holds is not None:
            problem = holds(report)
            if problem:
                self.failures.append(f"{name}: {problem}")


def differences(wanted, got):
    return [f"{name}: expected {value!r}, got {(got or {}).get(name)!r}" for name, value in wanted.items() if (got or {}).get(name) != value]


def changed(xml, person):
    """The same message with the person's address changed where it is an attribute."""
    place = xml.rindex(person)
    return xml[:place] + "m" + xml[place:]


def damaged(xml):
    """The same message with one character of the encrypted content changed, not of the encrypted key."""
    values = list(re.finditer(r"CipherValue>\s*([A-Za-z0-9+/=\s]+?)\s*<", xml))
    longest = max(values, key=lambda match: len(match.group(1)))
    place = longest.start(1) + len(longest.group(1)) // 2
    while xml[place] in "\r\n \t=":
        place += 1
    return xml[:place] + ("A" if xml[place] != "A" else "B") + xml[place + 1:]


def configuration(work, issuer, mapping):
    certificate = "".join(f"        {line}\n" for line in (work / "idp.crt").read_text().splitlines())
    fields = "".join(f"        {name}: {value}\n" for name, value in mapping.items())
    path = work / "auth_config.yml"
    path.write_text(
        "sso:\n  enabled: true\n  identity_providers:\n    - id: peer\n      name: Peer\n      protocol: SAML\n"
        f"      entity_id: {issuer}\n      sso_url: https://idp.acme.test/sso\n      x509_cert: |\n{certificate}      attribute_mapping:\n{fields}")
    return path


def examine(judge, work, product):
    messages, metadata, mapping, account, attributes = product
    pinned = work / "metadata.xml"
    pinned.write_bytes(metadata)
    issuer = re.search(rb'entityID="([^"]+)"', metadata).group(1).decode()
    later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    config = configuration(work, issuer, mapping)

    def parts(sp, message, **instead):
        values = {"metadata": pinned, "issuer": issuer, "audience": sp[0], "acs": sp[1], "request-id": message.request, **instead}
        return [f"--{name}={value}" for name, value in values.items() if value is not None]

    def sent(report):
        shown = differences(attributes, report["view"]["attributes"])
        open_checks = [item for item in report["verdict"]["unchecked"] if item != "replay"]
        return "; ".join(shown) or (f"not checked: {open_checks}" if open_checks else None)

    def mapped(report):
        return "; ".join(differences(account, report["verdict"]["account"]))

    def wrong(kind, message, sp, key):
        def by(**instead):
            return parts(sp, message, **key, **instead)

        judge.expect(f"{kind}, wrong audience", message.xml, by(audience="https://other.acme.test/"), 1, {"saml-audience"})
        judge.expect(f"{kind}, wrong ACS", message.xml, by(acs="https://other.acme.test/acs"), 1, {"saml-destination", "saml-recipient"})
        judge.expect(f"{kind}, expired", message.xml, by(at=later), 1, {"saml-expired", "saml-session-expired"})
        judge.expect(f"{kind}, wrong issuer", message.xml, by(issuer="https://other.acme.test/", metadata=None, cert=work / "idp.crt"), 1, {"saml-issuer"})
        judge.expect(f"{kind}, wrong certificate", message.xml, by(metadata=None, cert=work / "other.crt"), 1, {"sig-key-untrusted", "sig-value-mismatch"})
        judge.expect(f"{kind}, wrong request", message.xml, by(**{"request-id": "_other"}), 1, {"saml-in-response-to"})
        judge.expect(f"{kind}, no certificate", message.xml, by(metadata=None), 3, {"sig-no-key"})

    plain, sealed = messages["plain"], messages["encrypted"]
    address = account["email"]
    judge.expect("plain, as it is", plain.xml, parts(PLAIN, plain), 0, holds=sent)
    own = ["--config", config, "--base-url", BASE]
    judge.expect("plain, read by CVAT", plain.xml, [*own, "--request-id", plain.request], 0, holds=mapped)
    lines = base64.encodebytes(plain.xml.encode()).decode()
    judge.expect("plain, base64 in lines", lines, parts(PLAIN, plain), 0, holds=sent)
    if plain.page:
        judge.expect("plain, the page that the browser got", plain.page, parts(PLAIN, plain), 0, holds=sent)
    judge.expect("plain, an attribute changed", changed(plain.xml, address), parts(PLAIN, plain), 1, {"sig-digest-mismatch"})
    wrong("plain", plain, PLAIN, {})
    for kind in BESIDES.keys() & messages.keys():
        for flags, code, reasons in BESIDES[kind]:
            message = messages[kind]
            judge.expect(" ".join([kind, *flags]), message.xml, [*parts(PLAIN, message), *flags], code, reasons, None if code else sent)
    if "EncryptedAssertion" not in sealed.xml:
        judge.failures.append("nothing is encrypted")
    key = {"key": work / "app.key"}
    judge.expect("encrypted, as it is", sealed.xml, parts(SEALED, sealed, **key), 0, holds=sent)
    judge.expect("encrypted, no key", sealed.xml, parts(SEALED, sealed), 3, {"enc-key-missing"})
    # The right key may be another one that was not given: nothing is said against the message.
    judge.expect("encrypted, wrong key", sealed.xml, parts(SEALED, sealed, key=work / "other.key"), 3, {"enc-key-missing"})
    # Without a tag of its own a cipher gives other text, which may be no XML any more.
    damage = {"enc-failed", "sig-digest-mismatch", "xml-*"}
    judge.expect("encrypted, content changed", damaged(sealed.xml), parts(SEALED, sealed, **key), 1, damage)
    wrong("encrypted", sealed, SEALED, key)


def main():
    binary, work = sys.argv[1], Path(sys.argv[2])
    make_keys(work)
    failed = False
    for name, product in (("SimpleSAMLphp", simplesamlphp), ("LemonLDAP::NG", lemonldap), ("node samlp", node_samlp), ("pysaml2", pysaml2)):
        start = time.monotonic()
        try:
            made = product(work)
        except Absent:
            print(f"NOT CHECKED: {name} cannot be had here")
            continue
        except (RuntimeError, OSError, subprocess.TimeoutExpired) as error:
            # It is there, but does not run: nothing is said about ssoctl.
            print(f"NOT CHECKED: {name} does not run here: {str(error)[:500]}")
            continue
        judge = Judge(binary, work)
        examine(judge, work, made)
        for failure in judge.failures:
            print(f"{name}: {failure}")
        failed |= bool(judge.failures)
        print(f"{name}: {judge.count - len(judge.failures)} of {judge.count} as expected, {time.monotonic() - start:.1f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
