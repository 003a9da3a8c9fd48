//! Distinguished names and filters against what OpenLDAP's client library (2.5.13) made of the
//! same texts, and against hostile ones.

use std::fs;

use ssoctl::ldap::dn::{Dn, DnErrorKind};
use ssoctl::ldap::filter::{Filter, FilterErrorKind};
use ssoctl::ldap::url::LdapUrl;
use ssoctl::source::Span;

/// A recorded text and libldap's reading of it, if it took the text.
type Row = (String, Option<String>);

fn rows(name: &str) -> Vec<Row> {
    let path = format!("{}/fixtures/ldap/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(path).expect("the fixture is there");
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| {
        let [text, verdict, reading] =
            row.split('\t').collect::<Vec<_>>().try_into().expect("three columns");
        let text = serde_json::from_str(text).expect("a text in quotes");
        (text, (verdict == "accepted").then(|| reading.to_owned()))
    })
    .collect()
}

fn assert_inside(text: &str, span: Span) {
    assert!(text.get(span.range()).is_some(), "{text:?} {span:?}");
    assert!(text.is_empty() || !span.is_empty(), "{text:?}: an error at no place");
}

#[test]
fn names_are_taken_and_read_as_libldap_does() {
    let rows = rows("dn");
    assert!(rows.len() >= 80);
    for (text, expected) in rows {
        let dn = Dn::parse(&text);
        assert_eq!(dn.as_ref().ok().map(Dn::to_string), expected, "{text:?}");
        match dn {
            Ok(dn) => {
                // A value of `#` alone is read before a blank or separator, not at the end.
                let written = dn.to_string();
                let again = Dn::parse(&if written.ends_with('#') {
                    format!("{written} ")
                } else {
                    written.clone()
                })
                .expect("what is written is read");
                assert_eq!(again.to_string(), written);
                assert!(again.is_same(&dn) && again.notes.is_empty(), "{text:?}");
            }
            Err(error) => assert_inside(&text, error.span),
        }
    }
}

#[test]
fn filters_are_taken_and_read_as_libldap_does() {
    let rows = rows("filter");
    assert!(rows.len() >= 60);
    for (text, expected) in rows {
        let filter = Filter::parse(&text);
        assert_eq!(filter.as_ref().ok().map(Filter::to_string), expected, "{text:?}");
        match filter {
            Ok(filter) => {
                let written = filter.to_string();
                let again = Filter::parse(&written).expect("what is written can be read");
                assert_eq!(again.to_string(), written);
                assert!(again.is_parenthesised, "{text:?}");
            }
            Err(error) => assert_inside(&text, error.span),
        }
    }
}

#[test]
fn a_name_is_refused_at_its_place() {
    for (text, kind, at) in [
        ("CN=Doe, John,OU=People", DnErrorKind::MissingEquals, "John"),
        ("ann@acme.test", DnErrorKind::MissingEquals, "ann@acme.test"),
        ("ACME\\ann", DnErrorKind::MissingEquals, "ACME\\ann"),
        ("cn=a;x,dc=test", DnErrorKind::MissingEquals, "x"),
        ("c_n=a,dc=test", DnErrorKind::BadAttribute, "c_n"),
        ("1.2.=a", DnErrorKind::BadAttribute, "1.2."),
        ("=a", DnErrorKind::BadAttribute, "="),
        ("OID.2.5.4.3=a", DnErrorKind::OidPrefix, "OID."),
        ("cn=a,,dc=test", DnErrorKind::EmptyName, ","),
        ("cn=a, ", DnErrorKind::EmptyName, ", "),
        (",cn=a", DnErrorKind::EmptyName, ","),
        ("cn=a\\é", DnErrorKind::BadEscape, "\\é"),
        ("cn=a\\", DnErrorKind::BadEscape, "\\"),
        ("cn=#0g,dc=test", DnErrorKind::BadHexadecimal, "#0g"),
        ("cn=\"a,dc=test", DnErrorKind::UnclosedQuote, "\"a,dc=test"),
        ("cn=\"a\"b,dc=test", DnErrorKind::TextAfterQuote, "b"),
        ("cn=a<b", DnErrorKind::Unescaped('<'), "<"),
        ("cn=a\0", DnErrorKind::Nul, "\0"),
    ] {
        let error = Dn::parse(text).expect_err(text);
        assert_eq!((error.kind, &text[error.span.range()]), (kind, at), "{text}");
    }
}

#[test]
fn a_filter_is_refused_at_its_place() {
    for (text, kind, at) in [
        ("(uid)", FilterErrorKind::MissingEquals, "uid"),
        ("(&(a=b)(c=d)", FilterErrorKind::Unclosed, "("),
        ("(&(a=b)(c=d", FilterErrorKind::Unclosed, "("),
        ("(a=b))", FilterErrorKind::SurroundingText, ")"),
        (" (a=b)", FilterErrorKind::SurroundingText, " "),
        ("  ", FilterErrorKind::Blank, "  "),
        ("((a=b))", FilterErrorKind::SuperfluousParenthesis, "("),
        ("(&a=b)", FilterErrorKind::MissingParenthesis, "a=b"),
        ("&(a=b)(c=d)", FilterErrorKind::MissingParenthesis, "&(a=b)(c=d)"),
        ("(!(a=b)(c=d))", FilterErrorKind::OneOperand, "(!(a=b)(c=d))"),
        ("(!(a=b) )", FilterErrorKind::OneOperand, "(!(a=b) )"),
        ("(uid =a)", FilterErrorKind::BadAttribute, "uid "),
        ("(cn!=a)", FilterErrorKind::BadAttribute, "cn!"),
        ("(=a)", FilterErrorKind::BadAttribute, "="),
        ("(cn=a**b)", FilterErrorKind::DoubleStar, "**"),
        ("(cn>=a*)", FilterErrorKind::Unescaped('*'), "*"),
        ("(cn=a(b)c)", FilterErrorKind::Unescaped('('), "("),
        ("(cn=\\é)", FilterErrorKind::BadEscape, "\\é"),
        ("(cn:a_b:=c)", FilterErrorKind::BadRule, ":a_b"),
        ("(cn=\0)", FilterErrorKind::Nul, "\0"),
    ] {
        let error = Filter::parse(text).expect_err(text);
        assert_eq!((error.kind, &text[error.span.range()]), (kind, at), "{text}");
    }
}

#[test]
fn texts_cut_anywhere_and_deep_ones_are_refused_without_a_panic() {
    let mut texts: Vec<String> =
        rows("dn").into_iter().chain(rows("filter")).map(|row| row.0).collect();
    texts.extend(
        ["ldap://[::1]:3é/é", "<URL:ldapi://%2Fé%zz%e>", "ldaps://a, ldap://é:"].map(str::to_owned),
    );
    for text in &texts {
        for at in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
            for part in [&text[..at], &text[at..]] {
                let _ = LdapUrl::parse_list(part).map_err(|error| assert_inside(part, error.span));
                let _ = Dn::parse(part).map_err(|error| assert_inside(part, error.span));
                let _ = Filter::parse(part).map_err(|error| assert_inside(part, error.span));
            }
        }
    }
    let deep = |levels: usize| "(!".repeat(levels) + "(a=b)" + &")".repeat(levels);
    assert_eq!(Filter::parse(&deep(1000)).expect("a filter").to_string(), deep(1000));
    let error = Filter::parse(&deep(100_000)).expect_err("too deep");
    assert_eq!(error.kind, FilterErrorKind::TooDeep);
    assert!(Filter::parse(&"(".repeat(1_000_000)).is_err());
    assert_eq!(Dn::parse(&vec!["dc=a"; 100_000].join(",")).expect("a name").depth(), 100_000);
}
