//! The JSON objects of a token, read so that no two readers differ in what they say.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use crate::crypto::key::PublicKey;
use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::keys::Key;
use crate::oidc::jwt::ledger::{beginning, member};
use crate::problem::{Place, Problem};
use crate::rule::Rule;
use crate::source::{KeyPath, Source, Span, printable};
use crate::syntax::json::{self, JsonErrorKind, LimitKind};
use crate::syntax::tree::{Node, Tree, Value};
use crate::verdict::{Reason, Weight};

/// A JSON object with its places.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its text.
    pub source: Arc<Source>,
    /// Its members.
    pub members: Map<String, Json>,
    tree: Tree,
}

impl Object {
    /// Reads an object, under the name that messages show. What is wrong becomes a reason.
    pub fn read(bytes: &[u8], name: &str) -> Result<Self, Box<Reason>> {
        let lossy = String::from_utf8_lossy(bytes);
        let source = Arc::new(Source::new(name, lossy.as_ref()));
        let fault = |rule: &'static Rule, weight, span, message: String| {
            let place = Place { source: Arc::clone(&source), span, path: KeyPath::default() };
            Box::new(Reason { rule, weight, problem: Problem::new(message, place) })
        };
        let malformed =
            |span, message: String| fault(&cards::JSON, Weight::Malformed, span, message);
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Err(malformed(Span::at(0), format!("{} is not UTF-8", printable(name))));
        };
        let json = json::read(text, &LIMITS).map_err(|error| match error.kind {
            JsonErrorKind::Limit(LimitKind::Bytes) => fault(
                &cards::SIZE,
                Weight::Limit,
                error.span,
                format!("{} has more than {} bytes", printable(name), LIMITS.bytes),
            ),
            JsonErrorKind::Limit(_) => fault(
                &cards::DEPTH,
                Weight::Limit,
                error.span,
                format!("{} is nested too deep or has too many values", printable(name)),
            ),
            kind => malformed(error.span, format!("{} is no JSON: {kind}", printable(name))),
        })?;
        if json.has_byte_order_mark {
            return Err(malformed(Span::at(0), "a byte order mark stands before the JSON".into()));
        }
        if let Some((departure, span)) = json.first_departure() {
            return Err(malformed(span, format!("{} are no part of JSON", departure.name())));
        }
        if let Some((key, span)) = repeated(&json.tree) {
            let message = format!("{} stands twice in one object", printable(&key));
            let reason = fault(&cards::JSON_DUPLICATE, Weight::Malformed, span, message);
            return Err(why(reason, "one reader takes the first value and another the last"));
        }
        match serde_json::from_str(text) {
            Ok(Json::Object(members)) => Ok(Self { source, members, tree: json.tree }),
            Ok(_) => Err(malformed(Span::at(0), format!("{} is no object", printable(name)))),
            // What two readers do not agree on is taken from neither.
            Err(_) => Err(malformed(
                Span::at(0),
                format!("{} has a number or text that not every reader takes", printable(name)),
            )),
        }
    }

    /// The place of a member; where it is absent, that of the object.
    pub fn place(&self, name: &str) -> Place {
        let value = self.tree.root().and_then(|root| root.get(name));
        match value {
            Some(value) => member(&self.source, name, value.span()),
            None => beginning(&self.source),
        }
    }

    /// A member that is there and not `null`.
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// The public key that a header brings along; nothing vouches for it.
    pub(super) fn embedded_key(&self) -> Option<PublicKey> {
        if let Some(key) = self.tree.root()?.get("jwk") {
            return Key::of(key).public?.ok();
        }
        let first = self.members.get("x5c")?.as_array()?.first()?.as_str()?;
        PublicKey::from_certificate(&STANDARD.decode(first).ok()?).ok()
    }

    /// A member that is text; none where it is absent or something else.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name)?.as_str()
    }
}

/// A key that an object has twice, and where its last value stands.
fn repeated(tree: &Tree) -> Option<(String, Span)> {
    let hidden = |node: &Node| match &node.value {
        Value::Map(entries) => entries.iter().find(|entry| entry.hidden).copied(),
        _ => None,
    };
    let entry = tree.nodes.iter().find_map(hidden)?;
    let key = tree.node(entry.key);
    let name = match &key.value {
        Value::Scalar(scalar) => scalar.text.clone(),
        _ => String::new(),
    };
    Some((name, key.span))
}

fn why(mut reason: Box<Reason>, why: &str) -> Box<Reason> {
    reason.problem.why = Some(why.to_owned());
    reason
}

/// How far the JSON of a token goes.
const LIMITS: json::Options = json::Options { bytes: 256 << 10, depth: 32, nodes: 10_000 };

#[cfg(test)]
mod tests {
    use super::Object;

    fn fault(text: &[u8]) -> &'static str {
        Object::read(text, "claims").expect_err("refused").rule.name
    }

    #[test]
    fn members_that_stand_twice_are_found_however_they_are_written() {
        for text in [
            r#"{"sub":"a","sub":"b"}"#,
            r#"{"sub":"a","\u0073ub":"b"}"#,
            r#"{"a":[{"b":{"c":1,"c":1}}]}"#,
        ] {
            assert_eq!(fault(text.as_bytes()), "jwt-json-duplicate", "{text}");
        }
        assert!(Object::read(br#"{"sub":"a","Sub":"b","x":{"sub":"c"}}"#, "claims").is_ok());
    }

    #[test]
    fn hostile_json_is_refused() {
        let faults: [&[u8]; 9] = [
            b"\xef\xbb\xbf{}",
            b"{\0}",
            b"\xff\xfe{\0}\0",
            b"{\"a\":\"\xff\"}",
            br#"{"a":"\ud800"}"#,
            br#"{"a":1e400}"#,
            b"[]",
            b"{\"a\":1,}",
            b"{/**/}",
        ];
        for text in faults {
            assert_eq!(fault(text), "jwt-json", "{text:?}");
        }
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(fault(deep.as_bytes()), "jwt-depth");
        assert!(Object::read(br#"{"a":18446744073709551616,"b":0.5}"#, "claims").is_ok());
    }
}
