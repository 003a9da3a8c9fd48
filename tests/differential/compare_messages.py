#!/usr/bin/env python3
"""Compares what ssoctl finds against the schemas of SAML messages with what python3-saml and pysaml2 say.

    cargo build --manifest-path tests/differential/Cargo.toml
    python3 tests/differential/compare_messages.py N SEED [--binary PATH] [--show N]

N responses are made from sound ones at random, as compare_metadata.py makes metadata. Each is held
against the schemas that the libraries ship, by the program that each library uses: libxml2 by
python3-saml; xmlschema by pysaml2, on the message as received and on what pysaml2 writes after reading it.

ssoctl is never to let through what a library refuses. What it refuses and a library lets through has to be
explained.

Exit codes: 0 nothing differs but what is explained, 1 something does, 77 the libraries cannot be had.
"""

import argparse
import collections
import json
import logging
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import warnings

import compare_metadata as mutations

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
try:
    import onelogin.saml2
    from lxml import etree
    from saml2 import samlp
    from saml2.xml.schema import XMLSchemaError, validate
except ImportError as error:
    print(f"NOT CHECKED: {error}")
    sys.exit(77)

NS = ('xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" '
      'xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" xmlns:dsig11="http://www.w3.org/2009/xmldsig11#" xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" '
      'xmlns:aslo="urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo" xmlns:ext="urn:oasis:names:tc:SAML:attribute:ext" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"')
HEAD = 'Version="2.0" IssueInstant="2026-11-24T12:00:00Z"'
SUCCESS = ('<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"><samlp:StatusCode Value="urn:x"/></samlp:StatusCode><samlp:StatusMessage>fine</samlp:StatusMessage>'
           '<samlp:StatusDetail><x:y xmlns:x="urn:unknown">t</x:y></samlp:StatusDetail></samlp:Status>')
KEY = '<ds:KeyInfo><ds:KeyName>k</ds:KeyName><ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>CN=x</ds:X509IssuerName><ds:X509SerialNumber>12</ds:X509SerialNumber></ds:X509IssuerSerial><ds:X509Certificate>MIIB\n  AgME\nBQYH\n</ds:X509Certificate></ds:X509Data><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo>'
SIGNATURE = re.sub(r"<ds:KeyInfo>.*</ds:KeyInfo>", lambda _: KEY, mutations.SIGNATURE)
NAME = '<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" NameQualifier="https://idp.acme.test" SPNameQualifier="https://sp.acme.test" SPProvidedID="x">alice@acme.test</saml:NameID>'
DATA = 'NotBefore="2026-11-24T12:00:00Z" NotOnOrAfter="2026-11-24T12:05:00.123Z" Recipient="https://sp.acme.test/acs" InResponseTo="_q" Address="192.0.2.1"'
CONFIRMED = f'<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData {DATA}/></saml:SubjectConfirmation>'
KEPT = f'<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key">{NAME}<saml:SubjectConfirmationData xsi:type="saml:KeyInfoConfirmationDataType" NotOnOrAfter="2026-11-24T12:05:00Z">{KEY}</saml:SubjectConfirmationData></saml:SubjectConfirmation>'
CONDITIONS = ('<saml:Conditions NotBefore="2026-11-24T12:00:00Z" NotOnOrAfter="2026-11-24T12:05:00Z"><saml:AudienceRestriction><saml:Audience>https://sp.acme.test</saml:Audience><saml:Audience>urn:b</saml:Audience></saml:AudienceRestriction>'
              '<saml:OneTimeUse/><saml:ProxyRestriction Count="1"><saml:Audience>urn:c</saml:Audience></saml:ProxyRestriction></saml:Conditions>')
CONTEXT = '<saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef><saml:AuthnContextDecl><x:d xmlns:x="urn:unknown" a="1">t</x:d></saml:AuthnContextDecl><saml:AuthenticatingAuthority>https://up.acme.test</saml:AuthenticatingAuthority></saml:AuthnContext>'
AUTHN = f'<saml:AuthnStatement AuthnInstant="2026-11-24T12:00:00Z" SessionIndex="_s" SessionNotOnOrAfter="2026-11-24T20:00:00Z"><saml:SubjectLocality Address="192.0.2.1" DNSName="a"/>{CONTEXT}</saml:AuthnStatement>'
FORMAT = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic"
ATTRIBUTES = (f'<saml:AttributeStatement><saml:Attribute Name="mail" NameFormat="{FORMAT}" FriendlyName="mail" ext:OriginalIssuer="urn:x"><saml:AttributeValue xsi:type="xs:string">a@acme.test</saml:AttributeValue></saml:Attribute>'
              '<saml:Attribute Name="n"><saml:AttributeValue xsi:type="xs:integer">5</saml:AttributeValue><saml:AttributeValue>plain</saml:AttributeValue><saml:AttributeValue/></saml:Attribute>'
              f'<saml:Attribute Name="id"><saml:AttributeValue>{NAME}</saml:AttributeValue><saml:AttributeValue xsi:nil="true"/></saml:Attribute></saml:AttributeStatement>')
DECISION = '<saml:AuthzDecisionStatement Resource="https://sp.acme.test/" Decision="Permit"><saml:Action Namespace="urn:a">read</saml:Action><saml:Evidence><saml:AssertionIDRef>_z</saml:AssertionIDRef></saml:Evidence></saml:AuthzDecisionStatement>'
SEALED = ('<xenc:EncryptedData Type="http://www.w3.org/2001/04/xmlenc#Element"><xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/><ds:KeyInfo><xenc:EncryptedKey Recipient="https://sp.acme.test"><xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p">'
          '<ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></xenc:EncryptionMethod><xenc:CipherData><xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo><xenc:CipherData><xenc:CipherValue>QUJD</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>')
ISSUER = "<saml:Issuer>https://idp.acme.test</saml:Issuer>"
RESPONSE = f'{NS} ID="_r" InResponseTo="_q" {HEAD} Destination="https://sp.acme.test/acs" Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified"'
ADVICE = f'<saml:Advice><saml:AssertionIDRef>_y</saml:AssertionIDRef><saml:AssertionURIRef>urn:u</saml:AssertionURIRef><x:y xmlns:x="urn:unknown"/><saml:Assertion ID="_i" {HEAD}>{ISSUER}</saml:Assertion></saml:Advice>'
SEEDS = [
    f'<samlp:Response {RESPONSE}>{ISSUER}{SIGNATURE.replace("_a", "_r")}<samlp:Extensions><x:y xmlns:x="urn:unknown">t</x:y></samlp:Extensions>{SUCCESS}<saml:Assertion ID="_a" {HEAD}>{ISSUER}<saml:Subject>{NAME}{CONFIRMED}</saml:Subject>{CONDITIONS}{AUTHN}{ATTRIBUTES}</saml:Assertion></samlp:Response>',
    f'<samlp:Response {RESPONSE}>{ISSUER}{SUCCESS}<saml:Assertion ID="_a" {HEAD}>{ISSUER}{SIGNATURE}<saml:Subject>{KEPT}</saml:Subject>{CONDITIONS}{ADVICE}{AUTHN}{DECISION}{ATTRIBUTES}</saml:Assertion></samlp:Response>',
    f'<samlp:Response {RESPONSE}>{ISSUER}{SUCCESS}<saml:EncryptedAssertion>{SEALED}</saml:EncryptedAssertion></samlp:Response>',
    f'<samlp:Response {RESPONSE}>{ISSUER}{SUCCESS}<saml:Assertion ID="_a" {HEAD}>{ISSUER}<saml:Subject><saml:EncryptedID>{SEALED}</saml:EncryptedID>{CONFIRMED}</saml:Subject>{CONDITIONS}{AUTHN}<saml:AttributeStatement><saml:EncryptedAttribute>{SEALED}</saml:EncryptedAttribute></saml:AttributeStatement></saml:Assertion></samlp:Response>',
]
mutations.NS, mutations.SEEDS = NS, SEEDS
mutations.VALUES = [value for value in mutations.VALUES if not value.startswith("md:")] + [
    "Permit", "Deny", "Maybe", "5", "abc", "1e5", "INF", "--05-01", "12:00:00", "2026-11-24", "saml:KeyInfoConfirmationDataType", "saml:OneTimeUseType", "saml:NameIDType", "xs:double", "xs:date", "xs:gMonthDay", "xs:time", "xs:decimal", "xs:unsignedByte", "x:unknown", "256"]
mutations.ATTRIBUTES = ["ID", "Id", "Version", "IssueInstant", "Destination", "Consent", "InResponseTo", "NotBefore", "NotOnOrAfter", "Recipient", "Format", "NameQualifier", "Name", "NameFormat", "Count", "Decision", "Method", "Algorithm", "URI", "Type", "foo", "xml:lang", "xml:space", "xml:id", "xsi:type", "xsi:type", "xsi:nil", "xsi:foo", "saml:foo", "ext:OriginalIssuer", "ext:foo", "ds:foo"]
mutations.NAMES = sorted({name for seed in SEEDS for name in re.findall(r"<((?:samlp|saml|ds|xenc):[\w-]+)", seed)} | {
    "saml:BaseID", "saml:Condition", "saml:Statement", "saml:AuthnContextDeclRef", "saml:Unknown", "samlp:Unknown", "samlp:Terminate", "ds:Object", "ds:Manifest", "ds:RetrievalMethod", "ds:HMACOutputLength", "ds:MgmtData", "xenc:ReferenceList", "xenc:AgreementMethod", "xenc11:MGF", "dsig11:ECKeyValue", "md:Extensions", "x:unknown", "plain"})
# What differs and may: whom it concerns, a part of what ssoctl or the library says, and the reason.
EXPLAINED = [
    ("pysaml2", r"^fine .*\u00a0", "xmlschema takes a no-break space for white space"),
    ("pysaml2", r"^fine .*samlp:(StatusDetail|Extensions) holds text", "xmlschema passes over text among elements of any kind"),
    ("pysaml2", r"^fine .*Address must be an IP address", "pysaml2 looks at addresses after the schemas"),
    ("pysaml2", r"^fine .*cannot have an attribute xsi:foo", "xmlschema lets xsi:foo through where pysaml2 may lose it"),
    ("pysaml2", r"'xs:\w+' not found.*SignatureMethod [^>]*[^/]><saml:", "pysaml2 loses prefixes inside elements that it does not know"),
    ("pysaml2", r"KeyInfoConfirmationDataType' not found", "pysaml2 loses the prefix of a type that confirms no login"),
]


def by_python3_saml():
    place = pathlib.Path(onelogin.saml2.__file__).parent / "schemas/saml-schema-protocol-2.0.xsd"
    schema = etree.XMLSchema(etree.parse(str(place)))

    def ask(text):
        try:
            return "" if schema.validate(etree.fromstring(text.encode())) else str(schema.error_log[0].message)
        except etree.XMLSyntaxError as error:
            return str(error)

    return ask


def by_pysaml2():
    def refusal(text):
        try:
            validate(text)
            return ""
        except XMLSchemaError as error:
            lines = str(error.args[0]["error"]).splitlines()
            return next((line for line in lines if line.startswith("Reason")), lines[0] if lines else "?")

    def ask(text):
        try:
            message = samlp.response_from_string(text)
        except Exception as error:  # noqa: BLE001 - any exception is a refusal
            return f"{type(error).__name__}", refusal(text)
        return (refusal(str(message)) if message is not None else "nothing"), refusal(text)

    return ask


def ask_ssoctl(binary, texts):
    with tempfile.NamedTemporaryFile("w", suffix=".list") as file:
        file.write("".join(json.dumps(text) + "\n" for text in texts))
        file.flush()
        run = subprocess.run([binary, "messages", file.name], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def explained(library, theirs, ours, text):
    said = f"{theirs or 'fine'} || {' | '.join(ours)} || {text}"
    return next((why for whom, words, why in EXPLAINED if whom in (library, "") and re.search(words, said, re.S)), None)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--binary", default=str(mutations.ROOT / "target/differential/debug/yaml-differential"))
    parser.add_argument("--show", type=int, default=20)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    texts = SEEDS + [mutations.make(rng) for _ in range(given.count)]
    answers = ask_ssoctl(given.binary, texts)
    python3_saml, pysaml2 = by_python3_saml(), by_pysaml2()
    counts, shown = collections.Counter(), 0
    for text, answer in zip(texts, answers):
        if any("error" in one for one in answer.values()):
            counts["not well-formed"] += 1
            continue
        read, raw = pysaml2(text)
        said = python3_saml(text)
        # Where pysaml2 mends a message by reading it, ssoctl may refuse what was received.
        for library, refuses, complaint in (("python3-saml", said, said), ("pysaml2", read and (raw or read), read or raw)):
            ours = answer[library]["faults"]
            is_mended = library == "pysaml2" and ours and raw and not read
            if bool(ours) == bool(refuses) or is_mended:
                counts[f"{library}: {'refused' if ours else 'fine'}"] += 1
                continue
            why = explained(library, complaint, ours, text)
            if why:
                counts[f"{library}: {why}"] += 1
                continue
            counts[f"{library}: {'stricter' if ours else 'KINDER'}, unexplained"] += 1
            if shown < given.show:
                shown += 1
                print(f"--- {library}\n  library: {complaint or 'fine'}\n  ssoctl:  {ours or 'fine'}\n  {text if given.show < 3 else ''}")
    for what, count in sorted(counts.items()):
        print(f"{count:6} {what}")
    return 1 if any("unexplained" in what for what in counts) else 0


if __name__ == "__main__":
    sys.exit(main())
