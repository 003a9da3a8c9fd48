#!/usr/bin/env bash
# Other programs read what `ssoctl sp-metadata` writes.
#   tests/peers/sp_metadata.sh [SSOCTL]
# PYTHON names an interpreter with pysaml2 and python3-saml, SCHEMAS a folder with the SAML schemas
# (files opensaml/*.xsd and xmltooling/*.xsd, as Debian has them in /usr/share/xml). What is not
# there is said: NOT CHECKED.
set -euo pipefail

ssoctl=$(realpath "${1:-target/debug/ssoctl}")
python=${PYTHON:-python3}
schemas=${SCHEMAS:-/usr/share/xml}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0

check() { # NAME COMMAND...
    local name=$1
    shift
    if "$@" >log 2>&1; then echo "ok           $name"; else
        echo "FAILED       $name"
        cat log
        failed=1
    fi
}

not_checked() { echo "NOT CHECKED  $1"; }

"$ssoctl" sp-metadata --app cvat --provider okta --base-url https://cvat.acme.test -o plain.xml
"$ssoctl" sp-metadata --entity-id https://app.acme.test/saml --acs https://app.acme.test/acs \
    --acs https://app.acme.test/acs2 --slo https://app.acme.test/slo \
    --name-id-format persistent --name-id-format emailAddress \
    --organization 'Acme & Sons|Acme "A"|https://acme.test' --contact technical:Ops:ops@acme.test \
    --valid-until 365d --generate-key rsa.key --sign-key rsa.key -o rsa.xml
openssl ecparam -name prime256v1 -genkey -noout -out ec.key
openssl req -x509 -new -key ec.key -subj /CN=app.acme.test -days 30 -out ec.crt
"$ssoctl" sp-metadata --entity-id urn:acme:app --acs https://app.acme.test/acs \
    --signing-cert ec.crt --signing-cert rsa.crt --encryption-cert rsa.crt --sign-key ec.key -o ec.xml

if command -v xmllint >/dev/null && [ -e "$schemas/opensaml/saml-schema-metadata-2.0.xsd" ]; then
    cp "$schemas"/opensaml/saml-schema-{metadata,assertion}-2.0.xsd .
    cp "$schemas"/xmltooling/{xmldsig-core-schema,xenc-schema,xml}.xsd .
    sed -i -E 's|schemaLocation=(["'"'"'])https?://[^"'"'"']*/|schemaLocation=\1|; /<!DOCTYPE/,/\]>/d' ./*.xsd
    for one in plain rsa ec; do
        check "xmllint: $one" xmllint --noout --nonet --schema saml-schema-metadata-2.0.xsd $one.xml
    done
else
    not_checked "xmllint with the SAML schemas"
fi

if command -v xmlsec1 >/dev/null; then
    id=urn:oasis:names:tc:SAML:2.0:metadata:EntityDescriptor
    for one in rsa ec; do
        check "xmlsec1: $one" xmlsec1 --verify --id-attr:ID $id --pubkey-cert-pem $one.crt $one.xml
        sed 's|app.acme.test/acs|evil.acme.test/acs|' $one.xml >changed.xml
        check "xmlsec1 refuses a change: $one" bash -c \
            "! xmlsec1 --verify --id-attr:ID $id --pubkey-cert-pem $one.crt changed.xml"
    done
else
    not_checked "xmlsec1"
fi

if "$python" -c 'import saml2' 2>/dev/null; then
    check pysaml2 "$python" - <<'P'
from saml2.attribute_converter import ac_factory
from saml2.mdstore import InMemoryMetaData

for name, acs in (("plain", 1), ("rsa", 2), ("ec", 1)):
    store = InMemoryMetaData(ac_factory(), open(f"{name}.xml").read())
    store.load()
    (entity,) = store.keys()
    role = store[entity]["spsso_descriptor"][0]
    assert len(role["assertion_consumer_service"]) == acs, name
P
else
    not_checked pysaml2
fi

if "$python" -c 'import onelogin.saml2' 2>/dev/null; then
    check python3-saml "$python" - <<'P'
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

settings = OneLogin_Saml2_Settings.__new__(OneLogin_Saml2_Settings)
settings._debug = True
for name in ("plain", "rsa", "ec"):
    text = open(f"{name}.xml").read()
    assert not OneLogin_Saml2_Settings.validate_metadata(settings, text), name
for name in ("rsa", "ec"):
    text = open(f"{name}.xml").read()
    cert = open(f"{name}.crt").read()
    assert OneLogin_Saml2_Utils.validate_metadata_sign(text, cert=cert), name
P
else
    not_checked python3-saml
fi
exit $failed
