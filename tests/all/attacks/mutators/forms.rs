//! How honest and other senders write (S23, S64, S67, X04, X11, X15, X16, X21, X24 to X28): forms
//! that are to be read, and names that two readers read differently.

use super::Mutator;
use crate::attacks::case::{ACCEPT, Alive, Base, Case, accept_with, limit, malformed, reject};
use crate::attacks::mint::{
    self, ASSERTION_ID, DS, FORGED, HONEST, Protection, RESPONSE_ID, SAML, SAMLP, swap, swap_first,
};

pub(crate) const ROWS: [Mutator; 4] = [honest_forms, crowded, inherited, identifiers];

fn is_plain(base: &Base) -> bool {
    !base.is_encrypted()
}

/// S64, S67, X24 to X27: what honest providers write, which must be read.
fn honest_forms(base: &Base) -> Vec<Case> {
    if !is_plain(base) {
        return Vec::new();
    }
    let text = &base.text;
    let spec = |from: &str, to: &str, canonical: &str| {
        // What is digested differs from what is written.
        let (from, to, canonical) = (from.to_owned(), to.to_owned(), canonical.to_owned());
        base.spec.clone().asserting(&from, &to).signing(move |mut signing| {
            signing.canonical.push((to.clone(), canonical.clone()));
            signing
        })
    };
    let mut cases = Vec::new();
    let mut honest = |row: &str, variant: &str, text: String| {
        cases.push(base.case(row, variant, text, ACCEPT).alive(Alive::Silent).untwinned());
    };
    honest("S67", "single-quotes", swap(text, "\"", "'"));
    honest("S67", "empty-tags", swap(text, "></ds:DigestMethod>", "/>"));
    honest("S67", "spaces-in-tags", swap(text, "></ds:DigestMethod>", "  ></ds:DigestMethod >"));
    honest("X24", "line-ends-in-tags", swap(text, " IssueInstant=", "\r\n\tIssueInstant="));
    // The outer signature of two covers the inner one as it is written.
    if base.spec.protection != Protection::Both {
        let value = "</ds:SignatureValue>";
        honest("X24", "value", swap(text, value, &format!("&#13;\r\n{value}")));
        honest(
            "X24",
            "certificate",
            swap(text, "</ds:X509Certificate>", "&#13;\r\n</ds:X509Certificate>"),
        );
    }
    let group = ">annotators</saml:AttributeValue>";
    let mut minted = |row: &str, variant: &str, from: &str, to: &str, canonical: &str| {
        if base.spec.protection == Protection::Both {
            return;
        }
        let text = spec(from, to, canonical).mint();
        cases.push(base.case(row, variant, text, ACCEPT).alive(Alive::Silent).untwinned());
    };
    minted(
        "X24",
        "reference",
        group,
        ">a&#13;b</saml:AttributeValue>",
        ">a&#xD;b</saml:AttributeValue>",
    );
    minted(
        "X24",
        "line-end",
        group,
        ">a\r\nb</saml:AttributeValue>",
        ">a\nb</saml:AttributeValue>",
    );
    minted(
        "X24",
        "carriage-return",
        group,
        ">a\rb</saml:AttributeValue>",
        ">a\nb</saml:AttributeValue>",
    );
    minted("X26", "tab", "Name=\"groups\"", "Name=\"a\tb\"", "Name=\"a b\"");
    minted("X26", "tab-reference", "Name=\"groups\"", "Name=\"a&#9;b\"", "Name=\"a&#x9;b\"");
    minted("X26", "line-end", "Name=\"groups\"", "Name=\"a\r\nb\"", "Name=\"a b\"");
    minted("X26", "greater", "Name=\"groups\"", "Name=\"a&gt;b\"", "Name=\"a>b\"");
    minted("X26", "quote", "Name=\"groups\"", "Name=\"a&apos;b\"", "Name=\"a'b\"");
    minted(
        "X26",
        "text-greater",
        group,
        ">a>b</saml:AttributeValue>",
        ">a&gt;b</saml:AttributeValue>",
    );
    minted(
        "X11",
        "cdata-escape",
        group,
        "><![CDATA[a<b]]></saml:AttributeValue>",
        ">a&lt;b</saml:AttributeValue>",
    );
    let xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
    let hinted =
        format!("<samlp:Response {xsi} xsi:schemaLocation=\"urn:x http://evil.test/x.xsd\" ");
    let stylesheet = format!("<?xml-stylesheet href=\"http://evil.test/x.xsl\"?>{text}");
    if !base.signs_response() {
        let hint = swap_first(text, "<samlp:Response ", &hinted);
        cases.push(base.case("X27", "location", hint, ACCEPT).untwinned());
    }
    cases.push(base.case("X27", "stylesheet", stylesheet, ACCEPT).untwinned());
    let include = swap_first(
        text,
        "<samlp:Status>",
        "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\"></xi:include><samlp:Status>",
    );
    cases.push(base.case("X27", "include", include, reject("saml-schema")).alive(Alive::Silent));
    if base.spec.protection == Protection::Assertion {
        // What nobody signed can speak against a login, and never for it.
        let unsigned = |variant: &str, from: &str, to: &str, reason| {
            base.case("S64", variant, swap_first(text, from, to), reject(reason))
        };
        cases.push(base.case("S64", "", text.clone(), ACCEPT).untwinned());
        cases.push(unsigned("status", "status:Success", "status:Responder", "saml-status"));
        cases.push(unsigned("destination", mint::ACS, "https://evil.test/", "saml-destination"));
        cases.push(unsigned("issuer", mint::ISSUER, mint::OTHER_ISSUER, "saml-issuer"));
        cases.push(unsigned("request", mint::REQUEST, "_request-2", "saml-in-response-to"));
    }
    cases
}

/// A40, A30: many things that are let through do not hide one that is not.
fn crowded(base: &Base) -> Vec<Case> {
    if !is_plain(base) || base.spec.protection != Protection::Assertion {
        return Vec::new();
    }
    let root = "<samlp:Response ";
    let attributes: String = (0..50).map(|number| format!("a{number}=\"\" ")).collect();
    let crowd = swap_first(&base.text, root, &format!("{root}{attributes}"));
    let unknown = "<samlp:Unknown></samlp:Unknown><samlp:Status>";
    let hidden = swap_first(&crowd, "<samlp:Status>", unknown);
    let offset = "2026-11-24T14:00:00+02:00";
    let many = format!("<saml:AuthnStatement AuthnInstant=\"{offset}\" ");
    let statement = mint::element(&base.spec.assertion, "saml:AuthnStatement").to_owned();
    let own = "<saml:AuthnStatement AuthnInstant=\"2026-11-24T11:59:50Z\" ";
    let other = swap_first(&statement, own, &many);
    let bad = swap_first(&statement, own, "<saml:AuthnStatement AuthnInstant=\"noon\" ");
    let spec = |statements: String| base.spec.clone().asserting(&statement, &statements);
    let told = accept_with("saml-time-format");
    vec![
        base.case("A40", "crowd", crowd, accept_with("saml-schema")).untwinned(),
        base.case("A40", "hidden-in-crowd", hidden, reject("saml-schema")),
        base.minted("A30", "crowd", &spec(other.repeat(60)), told).untwinned(),
        base.minted(
            "A30",
            "hidden-in-crowd",
            &spec(format!("{}{bad}", other.repeat(60))),
            reject("saml-time-format"),
        ),
    ]
}

/// X25: canonicalisation that takes in what is written around the signed part.
fn inherited(base: &Base) -> Vec<Case> {
    if !is_plain(base) || base.spec.protection != Protection::Assertion {
        return Vec::new();
    }
    let lang = " xml:lang=\"en\"";
    let above = format!(" xmlns:saml=\"{SAML}\" xmlns:samlp=\"{SAMLP}\"{lang}");
    let own = format!(" xmlns:saml=\"{SAML}\" ID=");
    let both = format!(" xmlns:saml=\"{SAML}\" xmlns:samlp=\"{SAMLP}\" ID=");
    let version = " Version=\"2.0\">";
    let spoken = format!(" Version=\"2.0\"{lang}>");
    let mut cases = Vec::new();
    for (variant, uri) in [
        ("1.0", "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
        ("1.1", "http://www.w3.org/2006/12/xml-c14n11"),
    ] {
        let spec = base.spec.clone().responding(version, &spoken).signing(|signing| {
            let mut signing = signing.writing(mint::EXCLUSIVE, uri);
            signing.inherited.clone_from(&above);
            signing.canonical.push((own.clone(), both.clone()));
            signing.canonical.push((version.to_owned(), spoken.clone()));
            signing
        });
        let found = accept_with("sig-inclusive-c14n");
        cases.push(base.minted("X25", variant, &spec, found).alive(Alive::Silent).untwinned());
        // The signature holds for the language that was spoken around it, and for no other.
        let other = swap(&spec.mint(), lang, " xml:lang=\"de\"");
        let changed = base.case("X25", &format!("{variant}-changed"), other, reject(""));
        cases.push(changed.alive(Alive::Silent));
        let taken_out = swap(&spec.mint(), lang, "");
        let changed = base.case("X25", &format!("{variant}-removed"), taken_out, reject(""));
        cases.push(changed.alive(Alive::Silent));
    }
    cases
}

/// S23, X04, X15, X16, X21, X28: identifiers and names that two readers read differently.
fn identifiers(base: &Base) -> Vec<Case> {
    if !is_plain(base) || base.spec.protection == Protection::Both {
        return Vec::new();
    }
    let text = &base.text;
    let (id, root) = if base.signs_response() {
        (RESPONSE_ID, "<samlp:Response ")
    } else {
        (ASSERTION_ID, "<saml:Assertion ")
    };
    let written = format!(" ID=\"{id}\"");
    let at_root = |more: &str| swap_first(text, root, &format!("{root}{more} "));
    let renamed = |name: &str| swap_first(text, &written, &format!(" {name}=\"{id}\""));
    let valued = |value: &str| swap_first(text, &written, &format!(" ID=\"{value}\""));
    let dtd = format!("<!DOCTYPE a [<!ENTITY i \"{id}\">]>{}", valued("&i;"));
    let prefixed = swap(&swap(text, "<ds:", "<x:"), "</ds:", "</x:");
    let no_namespace = prefixed.replace(&format!("xmlns:ds=\"{DS}\""), "xmlns:x=\"urn:x\"");
    let wide =
        |count: usize| (0..count).map(|number| format!(" a{number}=\"\"")).collect::<String>();
    let forged = swap(&no_namespace, HONEST, FORGED);
    let mut cases = vec![
        base.case("X04", "", dtd, malformed("xml-doctype")),
        base.case("X15", "small", at_root(&format!("id=\"{id}\"")), reject("sig-id-ambiguous")),
        base.case("X15", "mixed", at_root("Id=\"_x\""), reject("sig-id-ambiguous")),
        base.case("X15", "xml", at_root(&format!("xml:id=\"{id}\"")), reject("sig-id-ambiguous")),
        base.case(
            "X15",
            "prefixed",
            at_root(&format!("xmlns:x=\"urn:x\" x:ID=\"{id}\"")),
            reject("sig-id-ambiguous"),
        ),
        base.case("X16", "other-namespace", forged, reject("sig-coverage")),
        base.case("X28", "small", renamed("id"), reject("")),
        base.case("X28", "mixed", renamed("Id"), reject("")),
        base.case("X28", "blank-behind", valued(&format!("{id} ")), reject("")),
        base.case("X28", "blank-before", valued(&format!(" {id}")), reject("")),
        base.case("X28", "line-end", valued(&format!("{id}&#10;")), reject("")),
        base.case("X28", "capital", valued(&id.to_uppercase()), reject("")),
        base.case(
            "X21",
            "border",
            swap_first(text, "<samlp:Status>", &format!("<samlp:Status{}>", wide(65))),
            limit("xml-attributes"),
        ),
        base.case(
            "X21",
            "thousands",
            swap_first(text, "<samlp:Status>", &format!("<samlp:Status{}>", wide(2_000))),
            limit("xml-attributes"),
        ),
    ];
    for case in &mut cases {
        case.alive = Alive::Silent;
    }
    let reference = format!("URI=\"#{id}\"");
    for (variant, fragment) in [
        ("reference-blank", format!("{id} ")),
        ("reference-capital", id.to_uppercase()),
        ("reference-escaped", format!("%5F{}", &id[1..])),
    ] {
        let spec = base
            .spec
            .clone()
            .signing(|signing| signing.writing(&reference, &format!("URI=\"#{fragment}\"")));
        let reason = if variant == "reference-capital" {
            "sig-reference-unresolved"
        } else {
            "sig-reference-uri"
        };
        cases.push(base.minted("X28", variant, &spec, reject(reason)).alive(Alive::Reads));
    }
    for (variant, name) in [("digit", "1-number"), ("colon", "a:b")] {
        let spec = renumbered(base, id, name);
        cases.push(base.case("S23", variant, spec, accept_with("saml-id-ncname")).untwinned());
    }
    cases
}

/// The same message with another ID of what is signed.
fn renumbered(base: &Base, id: &str, name: &str) -> String {
    let mut spec = base.spec.clone();
    if base.signs_response() {
        spec.response = swap(&spec.response, id, name);
        let assertion = spec.minted_assertion();
        spec.outer.sign(&spec.response.replace(mint::ASSERTION, &assertion), name)
    } else {
        spec.assertion = swap(&spec.assertion, id, name);
        let assertion = spec.inner.sign(&spec.assertion, name);
        spec.around(&assertion)
    }
}
