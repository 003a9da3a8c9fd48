"""Which accounts django-allauth makes of attributes and claims, as a fixture.

  pip install "django-allauth[saml]==65.21.1" django==5.2.19 python3-saml==1.16.0
  python record_allauth.py                  # writes fixtures/account/allauth.jsonl

Each case goes the whole way: the attributes are read by python3-saml from an assertion, the provider
makes the login of them, and the sign-up saves the user and the address into an empty database. What
ends with an exception is recorded as that.
"""

import json
import pathlib
import random
from xml.sax.saxutils import escape, quoteattr

import django
from django.conf import settings

HERE = pathlib.Path(__file__).parent
TABLE = HERE / "../../fixtures/account/allauth.jsonl"

settings.configure(
    SECRET_KEY="of a test", ALLOWED_HOSTS=["*"], ROOT_URLCONF="allauth.urls", SITE_ID=1,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
                    "django.contrib.messages", "django.contrib.sites", "allauth", "allauth.account",
                    "allauth.socialaccount", "allauth.socialaccount.providers.saml",
                    "allauth.socialaccount.providers.openid_connect"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware",
                "django.contrib.messages.middleware.MessageMiddleware",
                "allauth.account.middleware.AccountMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    ACCOUNT_EMAIL_VERIFICATION="none", ACCOUNT_SIGNUP_FIELDS=["email", "username*", "password1*"],
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend", LOGGING_CONFIG=None,
)
django.setup()

from allauth.account.models import EmailAddress  # noqa: E402
from allauth.core import context  # noqa: E402
from allauth.socialaccount.internal.flows.signup import process_signup  # noqa: E402
from allauth.socialaccount.models import SocialApp  # noqa: E402
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider  # noqa: E402
from allauth.socialaccount.providers.saml.provider import SAMLProvider  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402
from django.contrib.auth.models import AnonymousUser  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.contrib.sessions.backends.signed_cookies import SessionStore  # noqa: E402
from django.contrib.messages.storage.cookie import CookieStorage  # noqa: E402
from lxml import etree  # noqa: E402
from onelogin.saml2.response import OneLogin_Saml2_Response  # noqa: E402

EMAIL_11 = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
EMAIL_20 = "urn:oasis:names:tc:SAML:2.0:nameid-format:emailAddress"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
NAMES = ["uid", "mail", "email", "Email", CLAIM + "emailaddress", CLAIM + "givenname", "urn:oid:2.5.4.42", "urn:oid:2.5.4.4",
         "urn:oid:0.9.2342.19200300.100.1.3", "urn:oasis:names:tc:SAML:attribute:subject-id", "firstName", "lastName",
         "http://schemas.auth0.com/email_verified", "http://schemas.auth0.com/nickname", "verified", "login", "cn", " uid "]
TEXTS = ["7b1c-42", "ann", "Ann", "ann@acme.test", "Ann.Lee@Acme.Test", "ann@acme", "ann acme", " ann@acme.test ", "", "  ",
         "Jos\u00e9 Mar\u00eda", "\u6771\u4eac", "O'Neil", "a" * 191, "a" * 192, "b" * 160, "true", "TRUE", "1", "yes", "Y", "t", "no", "0",
         "false", "on", "zo\u00eb@acme.test", "x@m\u00fcnchen.test", "\ufb01nn", "ann+1@acme.test", "a..b@acme.test", "@home", "ann@localhost",
         "ann@[127.0.0.1]", "\"a b\"@acme.test", "two words here", "ann\u00a0lee", "-", "...", "Ann\tLee", "user", "\u0130pek", "STRASSE\u00df"]


class Auth:
    """What the provider asks of python3-saml's Auth, answered by its Response."""

    def __init__(self, case):
        name = case["name_id"]
        format = f" Format={quoteattr(name['format'])}" if name and name["format"] is not None else ""
        subject = f"<a:NameID{format}>{escape(name['value'])}</a:NameID>" if name else ""
        rows = "".join(
            f"<a:Attribute Name={quoteattr(n)}>"
            + "".join("<a:AttributeValue><a:NameID>x</a:NameID></a:AttributeValue>" if v is None
                      else f"<a:AttributeValue>{escape(v)}</a:AttributeValue>" for v in values)
            + "</a:Attribute>" for n, values in case["attributes"])
        text = (f'<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="r">'
                f'<a:Assertion ID="s"><a:Subject>{subject}</a:Subject><a:AttributeStatement>{rows}</a:AttributeStatement>'
                f"</a:Assertion></p:Response>")
        self.response = OneLogin_Saml2_Response.__new__(OneLogin_Saml2_Response)
        self.response.document = etree.fromstring(text)
        self.response.encrypted = False
        self.response._settings = self

    def get_security_data(self):
        return {"allowRepeatAttributeName": True, "wantNameId": False}

    def is_strict(self):
        return True

    def get_sp_data(self):
        return {}

    def get_attributes(self):
        return self.response.get_attributes()

    def get_nameid(self):
        return self.response.get_nameid()

    def get_nameid_format(self):
        return self.response.get_nameid_format()


def account(provider, data):
    request = RequestFactory().get("/")
    request.user, request.session = AnonymousUser(), SessionStore()
    request._messages = CookieStorage(request)
    with context.request_context(request):
        try:
            with transaction.atomic():
                login = provider.sociallogin_from_response(request, data)
                process_signup(request, login)
                user = get_user_model().objects.get()
                address = EmailAddress.objects.filter(user=user).first()
                made = {"uid": login.account.uid, "username": user.username, "email": user.email or None,
                        "email_verified": address.verified if address else None,
                        "first_name": user.first_name or None, "last_name": user.last_name or None}
                transaction.set_rollback(True)
                return made
        except Exception as error:  # noqa: BLE001
            return {"error": type(error).__name__}


def saml(case):
    app = SocialApp(provider="saml", client_id="okta", provider_id="https://idp.corp.test/", name="x")
    app.settings = {} if case["mapping"] == "absent" else {"attribute_mapping": case["mapping"]}
    return account(SAMLProvider(None, app=app), Auth(case))


def claims(case):
    app = SocialApp(provider="openid_connect", client_id="c", provider_id="okta", name="x")
    app.settings = {"server_url": "https://idp.corp.test"}
    data = {name: case[name] for name in ("userinfo", "id_token") if case[name] is not None}
    return account(OpenIDConnectProvider(None, app=app), data)


def some_mapping(rng):
    if rng.random() < 0.12:
        return "absent"
    mapping = {}
    for field in ["uid", "email", "email_verified", "username", "first_name", "last_name", "name", "groups"]:
        if rng.random() < 0.25:
            continue
        draw = rng.random()
        mapping[field] = (rng.choice([None, 5, True, {"uid": 1}, [], ["uid", 5], ""]) if draw < 0.03
                          else rng.sample(NAMES, rng.randint(1, 3)) if draw < 0.2 else rng.choice(NAMES))
    return mapping


def some_saml(rng):
    attributes = []
    for _ in range(rng.randint(0, 9)):
        values = [None if rng.random() < 0.02 else rng.choice(TEXTS) for _ in range(rng.choice([0, 1, 1, 1, 1, 2]))]
        attributes.append([rng.choice(NAMES), values])
    name = {"value": rng.choice(TEXTS), "format": rng.choice([EMAIL_11, EMAIL_11, EMAIL_20, PERSISTENT, UNSPECIFIED, None])}
    return {"mapping": some_mapping(rng), "attributes": attributes, "name_id": name if rng.random() < 0.85 else None}


def some_claims(rng):
    odd = [None, 5, 0, True, False, [], {}, "", 1.0]

    def claim_set():
        found = {}
        for name in ["sub", "email", "email_verified", "preferred_username", "name", "given_name", "family_name"]:
            if rng.random() < (0.03 if name == "sub" else 0.3):
                continue
            found[name] = (rng.choice(odd) if rng.random() < 0.05
                           else rng.choice([True, True, False, "true", "True", "false", "False", "1", 1, 0, None]) if name == "email_verified"
                           else rng.choice(TEXTS))
        return found
    draw = rng.random()
    return {"id_token": claim_set() if draw < 0.6 else None, "userinfo": {} if draw < 0.1 else claim_set() if draw > 0.3 else None}


def main():
    call_command("migrate", verbosity=0)
    rng = random.Random(5)
    TABLE.parent.mkdir(exist_ok=True)
    with TABLE.open("w") as out:
        for make, judge, kind in [(some_saml, saml, "saml")] * 500 + [(some_claims, claims, "claims")] * 300:
            case = make(rng)
            row = {"kind": kind, **case, "account": judge(case)}
            out.write(json.dumps(row, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
