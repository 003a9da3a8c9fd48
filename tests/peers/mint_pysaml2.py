"""Mints with pysaml2 what the order on standard input asks for."""

import json
import shutil
import sys
from pathlib import Path

from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT, saml, xmldsig
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.server import Server

order = json.load(sys.stdin)
room, keys = Path(order["room"]), Path(order["keys"])
certificate = "".join(line for line in (keys / "app.crt").read_text().splitlines() if not line.startswith("-----"))


def metadata(entity, acs):
    path = room / f"metadata-{len(acs)}.xml"
    path.write_text(
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" '
        f'entityID="{entity}"><md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor>'
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        f'<md:AssertionConsumerService Binding="{BINDING_HTTP_POST}" Location="{acs}" index="0"/></md:SPSSODescriptor></md:EntityDescriptor>')
    return str(path)


config = IdPConfig().load({
    "entityid": "https://pysaml2.acme.test/metadata", "xmlsec_binary": shutil.which("xmlsec1"),
    "key_file": str(keys / "idp.key"), "cert_file": str(keys / "idp.crt"),
    "metadata": {"local": [metadata(*order["plain"]), metadata(*order["sealed"])]},
    "service": {"idp": {
        "endpoints": {"single_sign_on_service": [("https://pysaml2.acme.test/sso", BINDING_HTTP_REDIRECT)]},
        "name_id_format": [saml.NAMEID_FORMAT_EMAILADDRESS],
        "policy": {"default": {"lifetime": {"minutes": 15}, "attribute_restrictions": None,
                               "name_form": "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"}}}}})
idp = Server(config=config)
both = {"sign_response": True, "sign_assertion": True}
for kind, sp, how in (
    ("plain", order["plain"], both),
    ("encrypted", order["sealed"], {**both, "encrypt_assertion": True, "encrypted_advice_attributes": False}),
    ("signed-response", order["plain"], {"sign_response": True, "sign_assertion": False}),
    ("signed-assertion", order["plain"], {"sign_response": False, "sign_assertion": True}),
    ("sha512", order["plain"], {**both, "sign_alg": xmldsig.SIG_RSA_SHA512, "digest_alg": xmldsig.DIGEST_SHA512}),
    ("sha1", order["plain"], {**both, "sign_alg": xmldsig.SIG_RSA_SHA1, "digest_alg": xmldsig.DIGEST_SHA1}),
    ("unsigned", order["plain"], {"sign_response": False, "sign_assertion": False}),
):
    response = idp.create_authn_response(
        identity={"uid": ["alice"], "mail": ["alice@corp.test"], "givenName": ["Alice"], "eduPersonAffiliation": ["staff", "member"]},
        in_response_to=f"_{kind}-request", destination=sp[1], sp_entity_id=sp[0],
        name_id=saml.NameID(format=saml.NAMEID_FORMAT_EMAILADDRESS, text="alice@corp.test"),
        authn={"class_ref": saml.AUTHN_PASSWORD_PROTECTED, "authn_auth": "https://pysaml2.acme.test/metadata"},
        **{"sign_alg": xmldsig.SIG_RSA_SHA256, "digest_alg": xmldsig.DIGEST_SHA256, **how})
    (room / f"{kind}.xml").write_text(str(response))
(room / "metadata.xml").write_text(str(entity_descriptor(config)))
