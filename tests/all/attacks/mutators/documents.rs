//! What is no acceptable XML, and what two readers would read differently (X01 to X28).

use super::Mutator;
use crate::attacks::case::{Alive, Base, Case, Expected, accept_with, limit, malformed, reject};
use crate::attacks::mint::{HONEST, swap, swap_first};

pub(crate) const ROWS: [Mutator; 3] = [documents, differences, ceilings];

fn documents(base: &Base) -> Vec<Case> {
    let text = &base.text;
    let root = "<samlp:Response ";
    let behind = |more: &str| format!("{text}{more}");
    let before = |more: &str| format!("{more}{text}");
    let declared = |declaration: &str| format!("{declaration}{text}");
    let rows: Vec<(&str, &str, Vec<u8>, Expected)> = vec![
        ("X01", "", before("<!DOCTYPE a>").into(), malformed("xml-doctype")),
        (
            "X01",
            "subset",
            before("<!DOCTYPE a [<!ENTITY b \"c\">]>").into(),
            malformed("xml-doctype"),
        ),
        (
            "X02",
            "system",
            before("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">").into(),
            malformed("xml-doctype"),
        ),
        (
            "X02",
            "public",
            before("<!DOCTYPE a PUBLIC \"x\" \"http://evil.test/\">").into(),
            malformed("xml-doctype"),
        ),
        (
            "X03",
            "",
            before("<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]>").into(),
            malformed("xml-doctype"),
        ),
        ("X05", "", behind("<a></a>").into(), malformed("xml-trailing-content")),
        ("X05", "same", behind(text).into(), malformed("xml-trailing-content")),
        ("X06", "text", behind("x").into(), malformed("xml-trailing-content")),
        (
            "X06",
            "declaration",
            behind("<?xml version=\"1.0\"?>").into(),
            malformed("xml-trailing-content"),
        ),
        ("X06", "bom", before("\u{feff}").into(), accept_with("")),
        ("X06", "blank", behind("\n\n").into(), accept_with("")),
        ("X06", "comment", behind("<!-- x -->").into(), accept_with("")),
        (
            "X07",
            "declared",
            declared("<?xml version=\"1.0\" encoding=\"UTF-16\"?>").into(),
            malformed("xml-encoding"),
        ),
        (
            "X07",
            "honest",
            declared("<?xml version=\"1.0\" encoding=\"UTF-8\"?>").into(),
            accept_with(""),
        ),
        (
            "X08",
            "control",
            swap_first(text, "<samlp:Status>", "<samlp:Status>\u{1}").into(),
            malformed("xml-char"),
        ),
        (
            "X08",
            "reference",
            swap_first(text, "<samlp:Status>", "<samlp:Status>&#xFFFE;").into(),
            malformed("xml-char"),
        ),
        (
            "X08",
            "nul",
            swap_first(text, "<samlp:Status>", "<samlp:Status>&#0;").into(),
            malformed("xml-char"),
        ),
        ("X09", "", declared("<?xml version=\"1.1\"?>").into(), malformed("xml-version")),
        (
            "X14",
            "",
            swap_first(text, root, "<samlp:Response Version=\"2.0\" ").into(),
            malformed("xml-attribute-duplicate"),
        ),
        (
            "X16",
            "xmlns",
            swap_first(text, root, "<samlp:Response xmlns:xml=\"urn:x\" ").into(),
            malformed("xml-namespace"),
        ),
        (
            "X17",
            "",
            swap_first(text, root, "<samlp:Response y:z=\"1\" ").into(),
            malformed("xml-namespace"),
        ),
        (
            "X17",
            "colons",
            swap_first(text, "<samlp:Status>", "<a:b:c></a:b:c><samlp:Status>").into(),
            malformed("xml-namespace"),
        ),
    ];
    let cases = rows.into_iter().map(|(row, variant, bytes, expected)| {
        base.case(row, variant, bytes, expected).alive(Alive::Silent)
    });
    cases.collect()
}

/// A name that one reader reads short: the text changes, the canonical form does not.
fn differences(base: &Base) -> Vec<Case> {
    if base.is_encrypted() {
        return Vec::new();
    }
    let name = format!(">{HONEST}</saml:NameID>");
    let commented = swap(&base.text, &name, ">alice<!---->@corp.test</saml:NameID>");
    let mut cases = vec![
        base.case("X10", "", commented, reject("xml-differential")).alive(Alive::Silent),
        base.case(
            "X12",
            "",
            swap(&base.text, &name, ">alice<?x y?>@corp.test</saml:NameID>"),
            reject("xml-differential"),
        )
        .alive(Alive::Silent),
        base.case(
            "X13",
            "",
            swap(&base.text, &name, ">alice<saml:b></saml:b>@corp.test</saml:NameID>"),
            reject("saml-schema"),
        )
        .alive(Alive::Silent),
        base.case(
            "X11",
            "",
            swap(&base.text, &name, "><![CDATA[alice]]>@corp.test</saml:NameID>"),
            accept_with(""),
        )
        .alive(Alive::Silent),
    ];
    let doubled = swap_first(&base.text, "<saml:Assertion ", "<saml:Assertion id=\"_x\" ");
    cases.push(base.case("X15", "", doubled, reject("sig-id-ambiguous")).alive(Alive::Silent));
    let relative = swap_first(
        &base.text,
        "<saml:Assertion ",
        "<saml:Assertion xmlns:r=\"relative\" r:a=\"1\" ",
    );
    cases.push(base.case("X18", "", relative, reject("sig-c14n-failed")).alive(Alive::Silent));
    cases
}

fn ceilings(base: &Base) -> Vec<Case> {
    if base.is_encrypted() || base.spec.protection != crate::attacks::mint::Protection::Both {
        return Vec::new();
    }
    let deep = format!("{}{}<samlp:Status>", "<a>".repeat(5000), "</a>".repeat(5000));
    let wide: String = (0..5000).map(|number| format!(" a{number}=\"\"")).collect();
    let spaces: String =
        (0..40).map(|number| format!(" xmlns:n{number}=\"urn:{number}\"")).collect();
    let huge = "x".repeat(9 << 20);
    let many = format!("{}<samlp:Status>", "<a></a>".repeat(60_000));
    let text = &base.text;
    vec![
        base.case("X20", "", swap_first(text, "<samlp:Status>", &deep), limit("xml-depth"))
            .alive(Alive::Silent),
        base.case(
            "X21",
            "",
            swap_first(text, "<samlp:Response ", &format!("<samlp:Response{wide} ")),
            limit("xml-attributes"),
        )
        .alive(Alive::Silent),
        base.case(
            "X22",
            "",
            swap_first(text, "<samlp:Response ", &format!("<samlp:Response{spaces} ")),
            limit("xml-namespaces"),
        )
        .alive(Alive::Silent),
        base.case("X23", "nodes", swap_first(text, "<samlp:Status>", &many), limit("xml-nodes"))
            .alive(Alive::Silent),
        base.case("X23", "size", swap_first(text, HONEST, &huge), limit("bind-size"))
            .alive(Alive::Silent),
    ]
}
