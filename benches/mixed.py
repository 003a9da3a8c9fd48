"""mixed.py OUT N : a folder of N files of all four applications, all sound but different, for benches.

Each kind has a folder of its own for every file, as deployments have: CVAT's auth_config.yml, Label
Studio's settings and environment, ClearML's variables in Compose and Helm, Calabi's sheet; and every
fifth file is a manifest that belongs to nobody. Deterministic.
"""

import json
import pathlib
import random
import sys


def cvat(r, org):
    providers = "".join(
        f"    - id: {org}-{n}\n      name: {org} {n}\n      protocol: OIDC\n"
        f"      server_url: https://{org}{n}.okta.com\n      client_id: 0oa{r.randrange(10**12):012d}\n"
        f"      client_secret: \"{r.randrange(16**24):024x}\"\n      email_domain: {org}{n}.test\n"
        for n in range(r.randint(2, 4)))
    return "auth_config.yml", f"sso:\n  enabled: true\n  selection_mode: email_address\n  identity_providers:\n{providers}"


def settings(r, org):
    body = {"domain": f"{org}.test", "metadata_url": f"https://{org}.okta.com/app/exk{r.randrange(10**9):09d}/sso/saml/metadata",
            "idp_provider": "okta", "mapping_email": "email", "mapping_first_name": "firstName",
            "mapping_last_name": "lastName", "mapping_groups": "groups",
            "roles_groups": [[role, f"{org}-{role}-{n}"] for role in ("Administrator", "Reviewer") for n in range(r.randint(1, 6))],
            "workspaces_groups": [[f"Team {n}", f"{org}-{role}-0"] for n in range(3) for role in ("Reviewer", "Administrator")]}
    return "saml.json", json.dumps(body, indent=2) + "\n"


def ldap(r, org):
    base = f"dc={org},dc=test"
    roles = "".join(f"AUTH_LDAP_ORGANIZATION_ROLE_{role}=cn={role.lower()},ou=groups,{base}\n" for role in ("ADMINISTRATOR", "ANNOTATOR"))
    return "env.list", (f"AUTH_LDAP_ENABLED=1\nAUTH_LDAP_SERVER_URI=ldaps://ldap.{org}.test\n"
                        f"AUTH_LDAP_BIND_DN=cn=reader,{base}\nAUTH_LDAP_BIND_PASSWORD={r.randrange(16**20):020x}\n"
                        f"AUTH_LDAP_USER_DN_TEMPLATE=uid=%(user)s,ou=people,{base}\n"
                        f"AUTH_LDAP_ORGANIZATION_OWNER_EMAIL=owner@{org}.test\nAUTH_LDAP_USER_QUERY_FIELD=email\n{roles}")


def variables(r, org):
    path = "login__sso__oauth_client__okta__"
    base = f"https://{org}.okta.com/oauth2/default"
    return [(f"CLEARML__secure__{path}client_id", f'"0oa{r.randrange(10**9):09d}"'),
            (f"CLEARML__secure__{path}client_secret", "${SECRET_" + org.upper() + "}"),
            (f"CLEARML__secure__{path}default_company", f'"{r.randrange(16**31, 16**32):032x}"'),
            (f"CLEARML__services__{path}authorize_url", f'"{base}/v1/authorize"'),
            (f"CLEARML__services__{path}access_token_url", f'"{base}/v1/token"'),
            (f"CLEARML__services__{path}base_url", f'"{base}/"')]


def compose(r, org):
    lines = "".join(f"      - {name}={value}\n" for name, value in variables(r, org))
    others = "".join(f"  worker{n}:\n    image: worker:{n}\n    environment:\n      - A={n}\n" for n in range(4))
    return "docker-compose.override.yml", f"services:\n  apiserver:\n    image: clearml/server\n    environment:\n{lines}{others}"


def helm(r, org):
    lines = "".join(f"    - name: {name}\n      value: '{value}'\n" for name, value in variables(r, org) if "SECRET" not in value)
    name = "CLEARML__secure__login__sso__oauth_client__okta__client_secret"
    secret = f"    - name: {name}\n      valueFrom:\n        secretKeyRef:\n          name: sso\n          key: secret\n"
    return "values.override.yaml", f"apiserver:\n  extraEnvs:\n{lines}{secret}"


def calabi(r, org):
    mappings = "".join(f"        - group: {org}-{n}\n          role: {role}\n" for n, role in enumerate(("Admin", "Analyst", "Viewer")))
    return "calabi-sso.yml", (f"calabi:\n  domain: calabi.{org}.test\n  mfa: required\n  providers:\n    - display_name: Okta\n"
                              f"      idp: okta\n      metadata_url: https://{org}.okta.com/app/exk{r.randrange(10**9):09d}/sso/saml/metadata\n"
                              "      attributes:\n        email: email\n        first_name: firstName\n        last_name: lastName\n"
                              f"        groups: groups\n      default_role: Viewer\n      group_mappings:\n{mappings}")


def other(r, org):
    keys = "".join(f"  key{n}: {r.randrange(10**6)}\n" for n in range(40))
    return "deployment.yaml", f"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {org}\ndata:\n{keys}"


KINDS = [cvat, settings, ldap, compose, helm, calabi, other]
out, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
for i in range(count):
    r = random.Random(i)
    name, text = KINDS[i % len(KINDS)](r, f"org{i:05d}")
    folder = out / f"{i:05d}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
