"""Which attributes pysaml2 hands to an application, names and values, as a fixture.

  pip install pysaml2==7.5.5
  python record_pysaml2_values.py           # writes fixtures/account/pysaml2.jsonl

Each case is an attribute statement that is read as pysaml2 reads one of a response, with
allow_unknown_attributes on.
"""

import json
import pathlib
import random

from saml2 import saml
from saml2.attribute_converter import ac_factory, to_local

TABLE = pathlib.Path(__file__).parent / "../../fixtures/account/pysaml2.jsonl"
FORMATS = [None, None, saml.NAME_FORMAT_UNSPECIFIED, saml.NAME_FORMAT_BASIC, saml.NAME_FORMAT_URI, "", "urn:other"]
CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
NAMES = [CLAIM + "emailaddress", CLAIM + "givenname", CLAIM.upper() + "surname", "Email", " Email ", "email", "groups",
         "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups", "urn:oid:0.9.2342.19200300.100.1.3", "URN:OID:2.5.4.42",
         "urn:mace:dir:attribute-def:mail", "mail", "http://schemas.xmlsoap.org/claims/Group", "displayname"]
VALUES = ["ann@acme.test", " ann ", "", "  ", "\tAnn\n", "\u00a0x\u00a0", "Leads,Staff", "CN=Leads, OU=unit", "zo\u00eb"]


def main():
    rng = random.Random(5)
    converters = ac_factory()
    TABLE.parent.mkdir(exist_ok=True)
    with TABLE.open("w") as out:
        for _ in range(300):
            attributes = [{"name": rng.choice(NAMES), "name_format": rng.choice(FORMATS),
                           "values": [rng.choice(VALUES) for _ in range(rng.choice([0, 1, 1, 2, 3]))]}
                          for _ in range(rng.randint(0, 6))]
            statement = saml.AttributeStatement(attribute=[
                saml.Attribute(name=one["name"], name_format=one["name_format"],
                               attribute_value=[saml.AttributeValue(text=value) for value in one["values"]])
                for one in attributes])
            parsed = saml.attribute_statement_from_string(str(statement))
            row = {"attributes": attributes, "ava": to_local(converters, parsed, True)}
            out.write(json.dumps(row, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
