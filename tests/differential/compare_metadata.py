#!/usr/bin/env python3
"""Compares what ssoctl finds against the schemas of SAML metadata with `xmllint --schema`.

    cargo build --manifest-path tests/differential/Cargo.toml
    python3 tests/differential/compare_metadata.py N SEED [--binary PATH] [--show N]

N documents are made from sound ones at random: elements dropped, doubled, moved, renamed, put in;
attributes dropped, put in, renamed; values and texts changed. Each is judged by both. The schemas are
those of Debian's packages opensaml-schemas and xmltooling-schemas, pointed at each other.

Exit codes: 0 nothing differs but what is explained, 1 something does, 77 xmllint or the schemas cannot
be had.
"""

import argparse
import collections
import copy
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from xml.dom import minidom

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OPENSAML, XMLTOOLING = pathlib.Path("/usr/share/xml/opensaml"), pathlib.Path("/usr/share/xml/xmltooling")
MD = "urn:oasis:names:tc:SAML:2.0:metadata"
IMPORTS = [
    (MD, OPENSAML, "saml-schema-metadata-2.0"), ("urn:oasis:names:tc:SAML:2.0:assertion", OPENSAML, "saml-schema-assertion-2.0"),
    ("urn:oasis:names:tc:SAML:metadata:ui", OPENSAML, "sstc-saml-metadata-ui-v1.0"), ("urn:oasis:names:tc:SAML:metadata:rpi", OPENSAML, "saml-metadata-rpi-v1.0"),
    ("urn:oasis:names:tc:SAML:metadata:attribute", OPENSAML, "sstc-metadata-attr"), ("urn:oasis:names:tc:SAML:metadata:algsupport", OPENSAML, "sstc-saml-metadata-algsupport-v1.0"),
    ("urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol", OPENSAML, "sstc-saml-idp-discovery"), ("urn:oasis:names:tc:SAML:profiles:SSO:request-init", OPENSAML, "sstc-request-initiation"),
    ("urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo", OPENSAML, "saml-async-slo-v1.0"), ("urn:oasis:names:tc:SAML:attribute:ext", OPENSAML, "sstc-saml-attribute-ext"),
    ("http://www.w3.org/2009/xmlenc11#", XMLTOOLING, "xenc11-schema"), ("http://www.w3.org/2009/xmldsig11#", XMLTOOLING, "xmldsig11-schema"),
]
FURTHER = [(XMLTOOLING, "xmldsig-core-schema"), (XMLTOOLING, "xenc-schema"), (XMLTOOLING, "xml")]

NS = ('xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:mdui="urn:oasis:names:tc:SAML:metadata:ui" '
      'xmlns:mdrpi="urn:oasis:names:tc:SAML:metadata:rpi" xmlns:mdattr="urn:oasis:names:tc:SAML:metadata:attribute" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" '
      'xmlns:alg="urn:oasis:names:tc:SAML:metadata:algsupport" xmlns:idpdisc="urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol" xmlns:shibmd="urn:mace:shibboleth:metadata:1.0" '
      'xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" xmlns:dsig11="http://www.w3.org/2009/xmldsig11#" xmlns:init="urn:oasis:names:tc:SAML:profiles:SSO:request-init" '
      'xmlns:aslo="urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo" xmlns:remd="http://refeds.org/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"')
CERT = "MIIB\n  AgME\nBQYH\n"
SIGNATURE = ('<ds:Signature Id="s1"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/><ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
             '<ds:Reference URI="#_a"><ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><ec:InclusiveNamespaces xmlns:ec="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="xs"/></ds:Transform></ds:Transforms>'
             '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>AAAA</ds:DigestValue></ds:Reference></ds:SignedInfo><ds:SignatureValue>QUJD</ds:SignatureValue><ds:KeyInfo><ds:KeyName>k</ds:KeyName></ds:KeyInfo></ds:Signature>')
KEY = f'<ds:KeyInfo><ds:KeyName>k</ds:KeyName><ds:X509Data><ds:X509SubjectName>CN=x</ds:X509SubjectName><ds:X509Certificate>{CERT}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>'
KEYS = (f'<md:KeyDescriptor use="signing">{KEY}</md:KeyDescriptor><md:KeyDescriptor><ds:KeyInfo><ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue></ds:KeyValue></ds:KeyInfo></md:KeyDescriptor>'
        f'<md:KeyDescriptor use="encryption">{KEY}<md:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"><xenc:KeySize>128</xenc:KeySize><ds:DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></md:EncryptionMethod>'
        '<md:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#rsa-oaep"><xenc11:MGF Algorithm="http://www.w3.org/2009/xmlenc11#mgf1sha256"/></md:EncryptionMethod></md:KeyDescriptor>'
        '<md:KeyDescriptor><ds:KeyInfo><ds:KeyValue><dsig11:ECKeyValue><dsig11:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/><dsig11:PublicKey>AQAB</dsig11:PublicKey></dsig11:ECKeyValue></ds:KeyValue></ds:KeyInfo></md:KeyDescriptor>')
UI = ('<mdui:UIInfo><mdui:DisplayName xml:lang="en">Acme</mdui:DisplayName><mdui:Description xml:lang="de">Prüfung</mdui:Description><mdui:Keywords xml:lang="en">a b</mdui:Keywords>'
      '<mdui:Logo height="80" width="200" xml:lang="en">https://idp.acme.test/l.png</mdui:Logo><mdui:InformationURL xml:lang="en">https://idp.acme.test/i?a=1&amp;b=2</mdui:InformationURL><mdui:PrivacyStatementURL xml:lang="en">https://idp.acme.test/p</mdui:PrivacyStatementURL></mdui:UIInfo>'
      '<mdui:DiscoHints><mdui:IPHint>192.0.2.0/24</mdui:IPHint><mdui:DomainHint>acme.test</mdui:DomainHint><mdui:GeolocationHint>geo:47.3,8.5</mdui:GeolocationHint></mdui:DiscoHints>')
EXT = ('<md:Extensions><mdrpi:RegistrationInfo registrationAuthority="https://fed.acme.test" registrationInstant="2020-01-02T03:04:05Z"><mdrpi:RegistrationPolicy xml:lang="en">https://fed.acme.test/p</mdrpi:RegistrationPolicy></mdrpi:RegistrationInfo>'
       '<mdrpi:PublicationInfo publisher="https://fed.acme.test" creationInstant="2020-01-02T03:04:05.123Z" publicationId="x"><mdrpi:UsagePolicy xml:lang="en">https://fed.acme.test/u</mdrpi:UsagePolicy></mdrpi:PublicationInfo>'
       '<mdattr:EntityAttributes><saml:Attribute Name="http://macedir.org/entity-category" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri"><saml:AttributeValue xsi:type="xs:string">http://refeds.org/category/code-of-conduct/v2</saml:AttributeValue><saml:AttributeValue>x</saml:AttributeValue></saml:Attribute></mdattr:EntityAttributes>'
       '<alg:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><alg:SigningMethod MinKeySize="2048" MaxKeySize="4096" Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/></md:Extensions>')
B = "urn:oasis:names:tc:SAML:2.0:bindings:"
REST = ('<md:Organization><md:Extensions><x:y xmlns:x="urn:x">t<x:z/></x:y></md:Extensions><md:OrganizationName xml:lang="en">Acme</md:OrganizationName><md:OrganizationName xml:lang="de">Acme</md:OrganizationName><md:OrganizationDisplayName xml:lang="en">Acme</md:OrganizationDisplayName><md:OrganizationURL xml:lang="en">https://acme.test/</md:OrganizationURL></md:Organization>'
        '<md:ContactPerson contactType="technical"><md:Company>Acme</md:Company><md:GivenName>A</md:GivenName><md:SurName>L</md:SurName><md:EmailAddress>mailto:a@acme.test</md:EmailAddress><md:TelephoneNumber>+41 1</md:TelephoneNumber></md:ContactPerson>'
        '<md:ContactPerson contactType="other" remd:contactType="http://refeds.org/metadata/contactType/security"><md:GivenName>S</md:GivenName><md:EmailAddress>mailto:s@acme.test</md:EmailAddress></md:ContactPerson><md:AdditionalMetadataLocation namespace="urn:x">https://acme.test/m</md:AdditionalMetadataLocation>')
IDP = (f'<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol urn:oasis:names:tc:SAML:1.1:protocol" WantAuthnRequestsSigned="false" errorURL="https://idp.acme.test/e" cacheDuration="PT6H"><md:Extensions><shibmd:Scope regexp="false">acme.test</shibmd:Scope>{UI}</md:Extensions>{KEYS}'
       f'<md:ArtifactResolutionService index="0" isDefault="true" Binding="{B}SOAP" Location="https://idp.acme.test/a"/><md:SingleLogoutService Binding="{B}HTTP-POST" Location="https://idp.acme.test/o" ResponseLocation="https://idp.acme.test/r" aslo:supportsAsynchronous="true"/><md:ManageNameIDService Binding="{B}SOAP" Location="https://idp.acme.test/n"/>'
       f'<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</md:NameIDFormat><md:NameIDFormat>\n  urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\n</md:NameIDFormat><md:SingleSignOnService Binding="{B}HTTP-Redirect" Location="https://idp.acme.test/s"/><md:SingleSignOnService Binding="{B}HTTP-POST" Location="https://idp.acme.test/s"/>'
       f'<md:NameIDMappingService Binding="{B}SOAP" Location="https://idp.acme.test/m"/><md:AssertionIDRequestService Binding="{B}URI" Location="https://idp.acme.test/q"/><md:AttributeProfile>urn:oasis:names:tc:SAML:2.0:profiles:attribute:basic</md:AttributeProfile><saml:Attribute Name="mail" FriendlyName="mail"/></md:IDPSSODescriptor>')
SP = (f'<md:SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol" AuthnRequestsSigned="1" WantAssertionsSigned="true"><md:Extensions>{UI}<init:RequestInitiator Binding="urn:oasis:names:tc:SAML:profiles:SSO:request-init" Location="https://sp.acme.test/Login"/><idpdisc:DiscoveryResponse Binding="urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol" Location="https://sp.acme.test/D" index="1"/></md:Extensions>{KEYS}'
      f'<md:SingleLogoutService Binding="{B}SOAP" Location="https://sp.acme.test/o"/><md:AssertionConsumerService Binding="{B}HTTP-POST" Location="https://sp.acme.test/acs" index="1" isDefault="true"/><md:AssertionConsumerService Binding="{B}PAOS" Location="https://sp.acme.test/ecp" index="65535"/>'
      '<md:AttributeConsumingService index="1"><md:ServiceName xml:lang="en">Acme</md:ServiceName><md:ServiceDescription xml:lang="en">A</md:ServiceDescription><md:RequestedAttribute FriendlyName="mail" Name="urn:oid:0.9.2342.19200300.100.1.3" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri" isRequired="true"><saml:AttributeValue>v</saml:AttributeValue></md:RequestedAttribute></md:AttributeConsumingService></md:SPSSODescriptor>')
OTHERS = (f'<md:AuthnAuthorityDescriptor protocolSupportEnumeration="urn:p">{KEYS}<md:AuthnQueryService Binding="{B}SOAP" Location="https://idp.acme.test/1"/><md:AssertionIDRequestService Binding="{B}SOAP" Location="https://idp.acme.test/2"/><md:NameIDFormat>urn:f</md:NameIDFormat></md:AuthnAuthorityDescriptor>'
          f'<md:AttributeAuthorityDescriptor protocolSupportEnumeration="urn:p"><md:AttributeService Binding="{B}SOAP" Location="https://idp.acme.test/3"/><md:NameIDFormat>urn:f</md:NameIDFormat><md:AttributeProfile>urn:a</md:AttributeProfile><saml:Attribute Name="a"><saml:AttributeValue xsi:nil="true"/></saml:Attribute></md:AttributeAuthorityDescriptor>'
          f'<md:PDPDescriptor protocolSupportEnumeration="urn:p"><md:AuthzService Binding="{B}SOAP" Location="https://idp.acme.test/4"/></md:PDPDescriptor>')
SEEDS = [
    f'<md:EntityDescriptor {NS} ID="_a" entityID="https://idp.acme.test/m" validUntil="2036-01-01T00:00:00Z" cacheDuration="PT1H">{SIGNATURE}{EXT}{IDP}{REST}</md:EntityDescriptor>',
    f'<md:EntityDescriptor {NS} ID="_a" entityID="https://sp.acme.test/m" validUntil="2036-01-01T00:00:00+02:00">{EXT}{SP}{REST}</md:EntityDescriptor>',
    f'<md:EntitiesDescriptor {NS} ID="_a" Name="urn:fed" cacheDuration="P1DT2H">{SIGNATURE}{EXT}<md:EntityDescriptor entityID="https://a.acme.test">{OTHERS}</md:EntityDescriptor><md:EntitiesDescriptor ID="_b"><md:EntityDescriptor ID="_c" entityID="https://b.acme.test">{OTHERS}{REST}</md:EntityDescriptor></md:EntitiesDescriptor></md:EntitiesDescriptor>',
    f'<md:EntityDescriptor {NS} entityID="https://af.acme.test"><md:AffiliationDescriptor affiliationOwnerID="https://o.acme.test"><md:AffiliateMember>https://m.acme.test</md:AffiliateMember><md:KeyDescriptor>{KEY}</md:KeyDescriptor></md:AffiliationDescriptor></md:EntityDescriptor>',
    f'<md:EntityDescriptor {NS} entityID="https://r.acme.test"><md:RoleDescriptor xsi:type="md:PDPDescriptorType" protocolSupportEnumeration="urn:p"><md:AuthzService Binding="{B}SOAP" Location="https://idp.acme.test/4"/></md:RoleDescriptor></md:EntityDescriptor>',
]
VALUES = ["", " ", "  x ", "true", "TRUE", "1", "0", "2", "-1", "65535", "65536", "+5", "007", "1.5", "99999999999999999999", "signing", "Signing", " signing", "encryption", "technical", "Technical", "en", "de-CH", "e", "en_US", "x-klingon", "deutschland",
          "2036-01-01T00:00:00Z", "2036-01-01T00:00:00", "2036-02-30T00:00:00Z", "2036-02-29T00:00:00Z", "2035-02-29T00:00:00Z", "2036-13-01T00:00:00Z", "2036-01-01T24:00:00Z", "2036-01-01T24:00:01Z", "2036-01-01T23:59:60Z", "2036-01-01T25:00:00Z", "2036-01-01", "2036-1-1T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z",
          "-0044-03-15T00:00:00Z", "12036-01-01T00:00:00Z", "02036-01-01T00:00:00Z", "2036-01-01T00:00:00.5Z", "2036-01-01T00:00:00.Z", "2036-01-01T00:00:00+14:00", "2036-01-01T00:00:00+14:01", "2036-01-01T00:00:00-13:59", "2036-01-01T00:00:00+02", "2036-01-01t00:00:00z", " 2036-01-01T00:00:00Z ",
          "PT1H", "P1D", "P", "PT", "P1DT", "-P1D", "P0D", "P1Y2M3DT4H5M6.7S", "PT1.5H", "PT.5S", "PT5.S", "P1H", "PT1D", "P1M1Y", "1D", "p1d", "PT1H1H", " P1D ", "P1W", "PT36000000000000S", "PT0S",
          "https://idp.acme.test/x", "http://[::1]:80/", "http://[::1", "http://a:b/", "http://a:/", "http://a:80", "a b", "https://a b.test", "urn:x:y", "urn:", ":x", "::", "1a:b", "a:b", "./a:b", "//h/p", "//", "/", "#f", "#f#g", "?q?r", "%41", "%4", "%zz", "http://a/%41", "ü", "http://ü.test/<>", "a\\b", "{x}", "a|b", "http://u@h/", "http://u@@h/", "http://u:p@h:1/", "mailto:a@b", "mailto:", "http:///x", "http:x", "http://h?q", "http://h#f[1]", "http://h/[1]", "h:/p:q@r", "geo:1,2", "\\\\srv\\x", "C:\\x", "http://h:99999999", "http://h:999999999", "http://1.2.3.400/", "a@b", "x" * 1024, "x" * 1025, "é" * 1024, "é" * 1025,
          "AAAA", "AA==", "AB==", "AAA=", "AAB=", "AAAA====", "A", "AA", "AAA", "A A A A", "AA=A", "AAAA-", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "A\nA\n=\n=", "====", "=", "AAAAA===", "_a", "_b", "_c", "1a", "a:b", "a b", "é", "s1", "ki", "md:x", "xs:string", "xs:integer", "xs:nothing", "md:IDPSSODescriptorType", "md:EndpointType", "md:RoleDescriptorType", "md:ExtensionsType", "saml:AttributeType", "nothing", "xs:anyType", "xs:dateTime", "xs:boolean", "xs:base64Binary", "xs:anyURI"]
ATTRIBUTES = ["ID", "Id", "validUntil", "cacheDuration", "entityID", "Name", "use", "index", "isDefault", "Binding", "Location", "ResponseLocation", "protocolSupportEnumeration", "contactType", "xml:lang", "xml:id", "xml:space", "xml:base", "xml:foo", "xsi:type", "xsi:nil", "xsi:foo", "md:use", "remd:contactType", "aslo:supportsAsynchronous", "foo", "Algorithm", "URI",
              "height", "WantAuthnRequestsSigned", "isRequired", "registrationInstant", "ds:foo", "saml:foo", "mdui:foo", "MinKeySize", "NameFormat"]
# What differs and may: a part of what xmllint says, or of what ssoctl says, and the reason.
EXPLAINED = [
    ("ssoctl", r"must be base64", "libxml2 passes over characters that base64 does not have"),
    ("ssoctl", r"mdrpi:\w+ cannot stand here in mdrpi:\w+, where an extension may follow", "libxml2 forgets that elements of the own namespace do not follow foreign ones"),
    ("xmllint", r"is not a valid value of the .*type 'xs:language'|xml:lang' is not", "libxml2 2.9 wants languages as BCP 47 has them, XML Schema does not"),
    ("xmllint", r"xml:id : attribute value", "xml:id is no part of SAML, and its value is not judged"),
    ("xmllint", r"RoleDescriptor.*xsi:type attribute does not resolve", "roles of other protocols, as AD FS has them, are let through"),
]


def prefixed(text):
    return re.findall(r"<((?:md|ds|saml|mdui|mdrpi|mdattr|alg|idpdisc|init|xenc|xenc11|dsig11|shibmd):[\w-]+)", text)


NAMES = sorted({name for seed in SEEDS for name in prefixed(seed)} | {"saml:Assertion", "saml:NameID", "saml:Issuer", "ds:Object", "ds:Manifest", "ds:PGPData", "ds:SPKIData", "ds:MgmtData", "ds:RetrievalMethod", "ds:HMACOutputLength", "ds:DSAKeyValue", "ds:X509CRL", "ds:X509SKI", "xenc:OAEPparams", "xenc:EncryptedData", "xenc:EncryptedKey", "xenc:CipherData", "md:Unknown", "ds:Unknown", "x:unknown", "plain"})


def schemas(folder):
    """The schemas in one folder, each import pointed at its file, and one that draws them together."""
    for place, name in {(place, name) for _, place, name in IMPORTS} | set(FURTHER):
        text = (place / f"{name}.xsd").read_text(encoding="utf-8")
        text = re.sub(r"<!DOCTYPE.*?\]>", "", text, flags=re.S)
        text = re.sub(r"schemaLocation=([\"'])(?:[^\"']*/)?([\w.-]+\.xsd)\1", r"schemaLocation=\1\2\1", text)
        if name == "xmldsig11-schema":
            text = text.replace('<import namespace="http://www.w3.org/2000/09/xmldsig#"/>', '<import namespace="http://www.w3.org/2000/09/xmldsig#" schemaLocation="xmldsig-core-schema.xsd"/>')
        (folder / f"{name}.xsd").write_text(text, encoding="utf-8")
    imports = "".join(f'<xs:import namespace="{namespace}" schemaLocation="{name}.xsd"/>' for namespace, _, name in IMPORTS)
    whole = folder / "all.xsd"
    whole.write_text(f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:all">{imports}</xs:schema>')
    return whole


def element(document, name):
    prefix = name.split(":")[0] if ":" in name else ""
    namespace = {"x": "urn:unknown", "": None}.get(prefix) or (re.search(rf'xmlns:{prefix}="([^"]*)"', NS).group(1) if prefix else None)
    new = document.createElementNS(namespace, name)
    if prefix == "x":
        new.setAttribute("xmlns:x", "urn:unknown")
    return new


def mutate(rng, document):
    every = [node for node in document.getElementsByTagName("*")]
    inner = every[1:] or every
    node = rng.choice(every)
    way = rng.choice(("drop", "double", "swap", "move", "rename", "put", "cut", "value", "value", "value", "attribute", "attribute", "text", "text", "rename attribute", "words", "copy"))
    if way in ("drop", "double", "move", "copy"):
        node = rng.choice(inner)
        if node.parentNode is None or node.parentNode is document:
            return
        if way == "drop":
            node.parentNode.removeChild(node)
        elif way == "double":
            node.parentNode.insertBefore(node.cloneNode(True), node)
        else:
            target = rng.choice(every)
            up, inside = target, False
            while up is not None:
                inside |= up is node
                up = up.parentNode
            if inside:
                return
            piece = node if way == "move" else node.cloneNode(True)
            if way == "move":
                node.parentNode.removeChild(node)
            target.insertBefore(piece, rng.choice(list(target.childNodes) + [None]))
    elif way == "swap":
        elements = [child for child in node.childNodes if child.nodeType == 1]
        if len(elements) > 1:
            one, other = rng.sample(elements, 2)
            node.insertBefore(one, other)
    elif way == "rename":
        if node.parentNode is document:
            return
        new = element(document, rng.choice(NAMES))
        for name, value in list(node.attributes.items()):
            new.setAttribute(name, value)
        for child in list(node.childNodes):
            new.appendChild(child)
        node.parentNode.replaceChild(new, node)
    elif way == "put":
        node.insertBefore(element(document, rng.choice(NAMES)), rng.choice(list(node.childNodes) + [None]))
    elif way == "cut" and node.attributes.length:
        name = rng.choice([name for name in node.attributes.keys()])
        if not name.startswith("xmlns"):
            node.removeAttribute(name)
    elif way == "value" and node.attributes.length:
        name = rng.choice([name for name in node.attributes.keys()])
        if not name.startswith("xmlns"):
            node.setAttribute(name, rng.choice(VALUES))
    elif way == "rename attribute" and node.attributes.length:
        name = rng.choice([name for name in node.attributes.keys()])
        if not name.startswith("xmlns"):
            value = node.getAttribute(name)
            node.removeAttribute(name)
            node.setAttribute(rng.choice(ATTRIBUTES), value)
    elif way == "attribute":
        node.setAttribute(rng.choice(ATTRIBUTES), rng.choice(VALUES))
    elif way == "text":
        leaves = [one for one in every if not [child for child in one.childNodes if child.nodeType == 1]]
        leaf = rng.choice(leaves)
        for child in list(leaf.childNodes):
            leaf.removeChild(child)
        leaf.appendChild(document.createTextNode(rng.choice(VALUES)))
    elif way == "words":
        node.insertBefore(document.createTextNode(rng.choice(["x", " \n ", "\u00a0"])), rng.choice(list(node.childNodes) + [None]))


def make(rng):
    document = minidom.parseString(rng.choice(SEEDS))
    for _ in range(rng.choice((1, 1, 1, 2))):
        mutate(rng, document)
    return document.documentElement.toxml()


def ask_xmllint(schema, folder, texts):
    """For each document what xmllint says: nothing, or its first complaint; None where it is not well-formed."""
    answers = []
    for start in range(0, len(texts), 500):
        paths = []
        for number, text in enumerate(texts[start:start + 500]):
            path = folder / f"{start + number}.xml"
            path.write_text(text, encoding="utf-8")
            paths.append(path.name)
        run = subprocess.run(["xmllint", "--nonet", "--noout", "--schema", str(schema), *paths], cwd=folder, capture_output=True, text=True, errors="replace")
        said = collections.defaultdict(list)
        for line in run.stderr.splitlines():
            name, _, rest = line.partition(":" if re.match(r"\d+\.xml:", line) else " ")
            said[name].append(rest)
        for path in paths:
            lines = said[path]
            if any("fails to validate" in line for line in lines):
                answers.append(next((line for line in lines if "error" in line), "?"))
            else:
                answers.append("" if any(line.strip() == "validates" for line in lines) else None)
    return answers


def ask_ssoctl(binary, folder, texts):
    path = folder / "list"
    path.write_text("".join(json.dumps(text) + "\n" for text in texts), encoding="utf-8")
    run = subprocess.run([binary, "metadata", str(path)], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def explained(theirs, ours, text):
    for where, words, reason in EXPLAINED:
        said = {"xmllint": theirs, "ssoctl": " | ".join(ours), "text": text}[where]
        if re.search(words, said):
            return reason
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--binary", default=str(ROOT / "target/differential/debug/yaml-differential"))
    parser.add_argument("--show", type=int, default=20)
    given = parser.parse_args()
    if not shutil.which("xmllint") or not all((place / f"{name}.xsd").exists() for _, place, name in IMPORTS):
        return 77
    rng = random.Random(given.seed)
    texts = SEEDS + [make(rng) for _ in range(given.count)]
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        theirs = ask_xmllint(schemas(folder), folder, texts)
        ours = ask_ssoctl(given.binary, folder, texts)
    counts, shown = collections.Counter(), 0
    for text, their, our in zip(texts, theirs, ours):
        if their is None or "error" in our:
            # A prefix without a declaration is a fault of the XML to ssoctl; to libxml2 it is part of a name, which
            # the schema refuses except where it lets anything stand.
            undeclared = "a prefix that no xmlns declares" in our.get("error", "")
            what = "not well-formed" if undeclared or (their != "" and "error" in our) else "one reads it"
            counts[what] += 1
            if what == "one reads it":
                print("---", "xmllint:", their, "ssoctl:", our, text[:3000] if given.show > 50 else "")
            continue
        if bool(their) == bool(our["faults"]):
            counts["both refuse" if their else "both accept"] += 1
            continue
        reason = explained(their, our["faults"], text)
        counts[f"explained: {reason}" if reason else "DIFFERENT"] += 1
        if not reason and shown < given.show:
            shown += 1
            met = [value for value in VALUES if value.strip() and (f'"{value}"' in text or f">{value}<" in text) and len(value) < 80]
            print("---", "xmllint:", their[:300] or "valid", "\n    ssoctl:", our["faults"][:2] or "valid", "\n    values:", met)
    for what, number in sorted(counts.items()):
        print(f"{number:7} {what}")
    for text, their, our in zip(SEEDS, theirs, ours):
        if their or our.get("faults") or our.get("error"):
            print("a sound document is refused:", their, our)
            return 1
    return 1 if counts["DIFFERENT"] or counts["one reads it"] else 0


if __name__ == "__main__":
    sys.exit(main())
