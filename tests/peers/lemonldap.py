"""The portal of LemonLDAP::NG on loopback, with nothing in front of it.

    tests/peers/lemonldap.py FOLDER PORT CLIENT SECRET REDIRECT_URI [ISSUER]      as an OpenID provider, until it is ended
"""

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path


def is_here(*modules):
    """Whether the portal can be run, with these modules of Perl besides."""
    wanted = ["-MLemonldap::NG::Portal::Main", "-MString::Random", *(f"-M{module}" for module in modules)]
    return bool(shutil.which("plackup")) and subprocess.run(["perl", *wanted, "-e1"], capture_output=True).returncode == 0


def prepared(room, port, settings):
    """Writes its files into a folder. Gives the command that runs it, and the environment."""
    for name in ("conf", "cache", "sessions", "locks", "lib/Lemonldap/NG/Portal/Captcha"):
        (room / name).mkdir(parents=True)
    store = {"Directory": f"{room}/sessions", "LockDirectory": f"{room}/locks",
             "generateModule": "Lemonldap::NG::Common::Apache::Session::Generate::SHA256"}
    configuration = {
        "cfgNum": 1, "cfgDate": int(time.time()), "cfgVersion": "2.16.1", "cfgAuthor": "tests", "portal": f"http://127.0.0.1:{port}/",
        "domain": "127.0.0.1", "securedCookie": 0, "cookieName": "tests", "key": uuid.uuid4().hex[:16], "timeout": 3600, "requireToken": 1,
        "whatToTrace": "_whatToTrace", "authentication": "Demo", "userDB": "Same", "passwordDB": "Null", "registerDB": "Null",
        "portalSkin": "bootstrap", "globalStorage": "Apache::Session::File", "globalStorageOptions": store, "localSessionStorage": "",
        "persistentStorage": "Apache::Session::File", "persistentStorageOptions": store, "macros": {"_whatToTrace": "$_user"}, "groups": {},
        "locationRules": {}, "exportedHeaders": {}, "exportedVars": {"uid": "uid", "cn": "cn", "mail": "mail"},
        "demoExportedVars": {"uid": "uid", "cn": "cn", "mail": "mail"}, "captcha": "::Captcha::Absent", **settings}
    (room / "conf/lmConf-1.json").write_text(json.dumps(configuration))
    cache = f"{{'namespace'=>'tests','default_expires_in'=>600,'directory_umask'=>'007','cache_root'=>'{room}/cache','cache_depth'=>1}}"
    (room / "llng.ini").write_text(
        f"[all]\nlogLevel=warn\n[configuration]\ntype=File\ndirName={room}/conf\nlocalStorage=Cache::FileCache\nlocalStorageOptions={cache}\n"
        "[portal]\nstaticPrefix=/static\ntemplateDir=/usr/share/lemonldap-ng/portal/templates\nlanguages=en\n")
    # The portal loads a captcha even where none is wanted, and its own needs a library for pictures.
    (room / "lib/Lemonldap/NG/Portal/Captcha/Absent.pm").write_text(
        "package Lemonldap::NG::Portal::Captcha::Absent;\nuse Mouse;\nextends 'Lemonldap::NG::Portal::Main::Plugin';\nsub init { return 1; }\n1;\n")
    (room / "portal.psgi").write_text("use Lemonldap::NG::Portal::Main;\nLemonldap::NG::Portal::Main->run({});\n")
    command = ["plackup", "-E", "deployment", "--host", "127.0.0.1", "--port", str(port), str(room / "portal.psgi")]
    return command, {"LLNG_DEFAULTCONFFILE": f"{room}/llng.ini", "PERL5LIB": f"{room}/lib"}


def openid_provider(room, issuer, client, secret, redirect_uri):
    """Settings of an OpenID provider with one client."""
    key, public = room / "key.pem", room / "public.pem"
    for command in (["genrsa", "-out", key, "2048"], ["rsa", "-in", key, "-pubout", "-out", public]):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    options = {
        "oidcRPMetaDataOptionsClientID": client, "oidcRPMetaDataOptionsClientSecret": secret, "oidcRPMetaDataOptionsBypassConsent": 1,
        "oidcRPMetaDataOptionsIDTokenSignAlg": "RS256", "oidcRPMetaDataOptionsRedirectUris": redirect_uri}
    return {
        "issuerDBOpenIDConnectActivation": 1, "oidcServiceMetaDataIssuer": issuer, "oidcServicePrivateKeySig": key.read_text(),
        "oidcServicePublicKeySig": public.read_text(), "oidcServiceKeyIdSig": "one", "oidcServiceAllowAuthorizationCodeFlow": 1,
        "oidcRPMetaDataOptions": {"tests": options}, "oidcRPMetaDataExportedVars": {"tests": {"email": "mail", "name": "cn"}}}


def main():
    folder, port, client, secret, redirect_uri, *issuer = sys.argv[1:]
    if not is_here():
        sys.exit("LemonLDAP::NG is not installed")
    room = Path(folder)
    room.mkdir(parents=True)
    own = issuer[0] if issuer else f"http://127.0.0.1:{port}"
    command, environment = prepared(room, port, openid_provider(room, own, client, secret, redirect_uri))
    # It takes this process over: who ends this one ends the portal.
    os.execvpe(command[0], command, {**os.environ, **environment})


if __name__ == "__main__":
    main()
