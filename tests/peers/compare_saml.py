#!/usr/bin/env python3
"""Compares ssoctl's verdicts on the attack corpus with python3-saml and pysaml2.

usage: compare_saml.py corpus.jsonl [--list]

The corpus is written by `cargo test --test all -- --ignored the_corpus_is_written`. python3-saml gets
the settings that django-allauth makes of CVAT's configuration, pysaml2 the defaults that Label Studio
Enterprise documents. What ssoctl says with the eyes of a library must be what that library says.
Differences that docs/differences.md explains are counted; any other ends with 1. Exit 77: a library
cannot be had.
"""

import base64
import collections
import json
import logging
import pathlib
import re
import subprocess
import sys
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
try:
    from freezegun import freeze_time
    from onelogin.saml2.response import OneLogin_Saml2_Response
    from onelogin.saml2.settings import OneLogin_Saml2_Settings
    from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
    from saml2.client import Saml2Client
    from saml2.config import SPConfig
except ImportError as error:
    print(f"NOT CHECKED: {error}")
    sys.exit(77)


def by_python3_saml(case):
    """What python3-saml says under django-allauth's settings for CVAT: accept or a reason."""
    settings = OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": {
                "entityId": case["audience"],
                "assertionConsumerService": {
                    "url": case["acs"],
                    "binding": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST",
                },
            },
            "idp": {
                "entityId": case["issuer"],
                "singleSignOnService": {"url": "https://idp.corp.test/sso"},
                "x509certMulti": {"signing": case["certificates"]},
            },
            "security": {
                "authnRequestsSigned": False,
                "wantAssertionsSigned": False,
                "wantMessagesSigned": False,
                "wantNameId": False,
                "wantAttributeStatement": True,
                "allowRepeatAttributeName": True,
                "rejectDeprecatedAlgorithm": True,
                "requestedAuthnContext": False,
            },
        }
    )
    address = case["acs"].split("://")[1]
    host, path = address.split("/", 1)
    request = {"https": "on", "http_host": host, "script_name": "/" + path, "get_data": {}}
    response = OneLogin_Saml2_Response(settings, case["message"])
    if not response.is_valid(request, request_id=case["request"]):
        return response.get_error()
    # django-allauth itself takes no response that answers no request, and no account without a uid.
    if not response.get_in_response_to():
        return "unsolicited"
    if not response.get_nameid():
        return "no uid"
    return "accept"


IDP = """<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
 xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="{issuer}"><md:IDPSSODescriptor
 protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{keys}<md:SingleSignOnService
 Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.corp.test/sso"/>
</md:IDPSSODescriptor></md:EntityDescriptor>"""
KEY = """<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate>
</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"""


KEYS = str(pathlib.Path(__file__).parents[2] / "fixtures/saml/keys") + "/"


def client_of(case):
    """A service provider for the connection of a case: a new one each, as pysaml2 keeps replies."""
    keys = "".join(KEY.format(one) for one in case["certificates"])
    metadata = IDP.format(issuer=case["issuer"], keys=keys)
    config = SPConfig()
    config.load(
        {
            "entityid": case["audience"],
            "xmlsec_binary": "/usr/bin/xmlsec1",
            "metadata": {"inline": [metadata]},
            "allow_unknown_attributes": True,
            "encryption_keypairs": [{"key_file": KEYS + "sp.key", "cert_file": KEYS + "sp.crt"}],
            "service": {
                "sp": {
                    "endpoints": {
                        "assertion_consumer_service": [(case["acs"], BINDING_HTTP_POST)]
                    }
                }
            },
        }
    )
    return Saml2Client(config=config)


def by_pysaml2(case):
    """What pysaml2 says with its defaults: accept or a reason."""
    outstanding = {case["request"]: "/"} if case["request"] else {}
    response = client_of(case).parse_authn_request_response(
        case["message"], BINDING_HTTP_POST, outstanding=outstanding
    )
    if response is None or not response.assertions and not response.assertion:
        return "nothing"
    return "accept"


def explained(library):
    """Rows and directions of docs/differences.md: `| S23 | laxer |`."""
    text = pathlib.Path(__file__).parents[2].joinpath("docs/differences.md").read_text()
    section = text.split(f"## {library}")[1].split("\n## ")[0]
    rows = re.findall(r"^\| ([A-Z]\d\d[^|]*) \| (laxer|stricter) \|", section, re.M)
    return {(row.strip(), direction) for names, direction in rows for row in names.split(",")}


def said(function, case):
    try:
        with freeze_time(case["at"].replace("Z", "")):
            return function(case)
    except Exception as error:  # noqa: BLE001 - any exception is a refusal
        return f"{type(error).__name__}: {error}"[:160]


def compare(name, cases, shows):
    """Prints what differs without an explanation; how often that was."""
    key, function = LIBRARIES[name]
    known = explained(name)
    counts = collections.Counter()
    for case in cases:
        if case["flags"]:
            counts["not comparable"] += 1
            continue
        theirs = said(function, case)
        ours = case[key][0]
        if (theirs == "accept") == (ours == "accept"):
            counts["same"] += 1
            continue
        row = re.match(r"[A-Z]\d\d", case["name"]).group()
        direction = "laxer" if theirs == "accept" else "stricter"
        if (row, direction) in known:
            counts["explained"] += 1
        else:
            counts["unexplained"] += 1
            print(f"{name}: {case['name']}: library says {theirs!r}, ssoctl {case[key]}")
        if shows:
            print(f"  {name} {row} {direction}: {theirs[:100]!r} / {case[key]}")
    print(f"{name}: {dict(counts)}")
    return counts["unexplained"] + (counts["same"] == 0)


LIBRARIES = {"python3-saml": ("python3_saml", by_python3_saml), "pysaml2": ("pysaml2", by_pysaml2)}


def main():
    if "--library" in sys.argv:
        cases = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
        name = sys.argv[sys.argv.index("--library") + 1]
        return 1 if compare(name, cases, "--list" in sys.argv) else 0
    # A process each: in one, the XML library of the first changes what the second reads.
    codes = [
        subprocess.run([sys.executable, __file__, *sys.argv[1:], "--library", name]).returncode
        for name in LIBRARIES
    ]
    return max(codes)


if __name__ == "__main__":
    sys.exit(main())
