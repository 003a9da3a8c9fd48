// Mints with the npm package samlp what the order on standard input asks for.
"use strict";
const { readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const samlp = require("samlp");

const order = JSON.parse(readFileSync(0, "utf8"));
const file = (name) => readFileSync(path.join(order.keys, name), "utf8");
const claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";

function Person() {
  return {
    getClaims: () => ({
      [`${claims}upn`]: "alice",
      [`${claims}emailaddress`]: "alice@corp.test",
      [`${claims}givenname`]: "Alice",
      "http://schemas.xmlsoap.org/claims/Group": order.groups,
    }),
    getNameIdentifier: () => ({
      nameIdentifier: "alice@corp.test",
      nameIdentifierFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
    }),
  };
}
Person.prototype.metadata = [];

const common = {
  issuer: "https://samlp.acme.test/metadata", key: file("idp.key"), cert: file("idp.crt"), profileMapper: Person,
  signatureAlgorithm: "rsa-sha256", digestAlgorithm: "sha256", signAssertion: true, signResponse: false,
};

function mint(kind, [entity, acs], more) {
  const options = { ...common, audience: entity, recipient: acs, destination: acs, inResponseTo: `_${kind}-request`, ...more };
  samlp.getSamlResponse(options, {}, (error, xml) => {
    if (error) {
      throw error;
    }
    writeFileSync(path.join(order.room, `${kind}.xml`), xml);
  });
}

mint("plain", order.plain, {});
mint("signed-response", order.plain, { signAssertion: false, signResponse: true });
mint("sha1", order.plain, { signatureAlgorithm: "rsa-sha1", digestAlgorithm: "sha1" });
mint("unsigned", order.plain, { signAssertion: false });
mint("encrypted", order.sealed, { encryptionPublicKey: file("app.pub"), encryptionCert: file("app.crt") });
const metadata = samlp.metadata({ ...common, redirectEndpointPath: "/sso", postEndpointPath: "/sso" });
const request = { headers: { host: "samlp.acme.test" }, protocol: "https", originalUrl: "/metadata" };
const answer = { set() {}, send: (xml) => writeFileSync(path.join(order.room, "metadata.xml"), xml) };
metadata(request, answer, (error) => { throw error; });
