//! Attributes as an application's library hands them over.

use std::collections::HashMap;

use crate::account::{Sent, SentAttribute};
use crate::libraries::pysaml2;
use crate::libraries::python::stripped;

/// One attribute as the application sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The name under which it can be mapped.
    pub(super) name: String,
    /// The name under which it was sent.
    pub(super) sent: String,
    /// Its `FriendlyName`.
    pub(super) friendly: Option<String>,
    /// Its values; none for one that is no plain text.
    pub(super) values: Vec<Option<String>>,
}

/// All attributes as the application sees them.
#[derive(Clone, Debug, Default)]
pub(super) struct Attributes(pub(super) Vec<Seen>);

impl Attributes {
    /// As they were sent, values of one name together.
    pub(super) fn plain(sent: &Sent) -> Self {
        let seen = |attribute: &SentAttribute| Seen {
            name: attribute.name.clone(),
            values: attribute.values.clone(),
            ..origin(attribute)
        };
        merged(sent.attributes.iter().map(seen))
    }

    /// As python3-saml has them: blanks around values go, and values of blanks only with them.
    pub(super) fn python3_saml(sent: &Sent) -> Self {
        let seen = |attribute: &SentAttribute| {
            let values = attribute.values.iter().map(|value| value.as_deref().map(stripped));
            let values = values.filter(|value| *value != Some(""));
            let values = values.map(|value| value.map(str::to_owned)).collect();
            Seen { name: attribute.name.clone(), values, ..origin(attribute) }
        };
        let named = sent.attributes.iter().filter(|attribute| !attribute.name.is_empty());
        merged(named.map(seen))
    }

    /// As pysaml2 has them: renamed by their `NameFormat`, blanks around values gone.
    pub(super) fn pysaml2(sent: &Sent) -> Self {
        let seen = |attribute: &SentAttribute| {
            let values = attribute.values.iter();
            let values = values.map(|value| value.as_deref().map(|value| stripped(value).into()));
            let format = attribute.name_format.as_deref();
            let name = pysaml2::delivered(&attribute.name, format).into_owned();
            Seen { name, values: values.collect(), ..origin(attribute) }
        };
        merged(sent.attributes.iter().map(seen))
    }

    /// The attribute of a name, letter by letter.
    pub(super) fn get(&self, name: &str) -> Option<&Seen> {
        self.0.iter().find(|seen| seen.name == name)
    }
}

impl Seen {
    /// The first value, where there is one that is text.
    pub(super) fn first(&self) -> Option<&str> {
        self.values.first()?.as_deref()
    }

    /// The values that are text.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.values.iter().flatten().map(String::as_str)
    }
}

fn origin(attribute: &SentAttribute) -> Seen {
    let friendly = attribute.friendly_name.clone();
    Seen { sent: attribute.name.clone(), friendly, ..Seen::default() }
}

fn merged(attributes: impl Iterator<Item = Seen>) -> Attributes {
    let mut found: Vec<Seen> = Vec::new();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    for seen in attributes {
        if let Some(&at) = by_name.get(&seen.name) {
            found[at].values.extend(seen.values);
            continue;
        }
        by_name.insert(seen.name.clone(), found.len());
        found.push(seen);
    }
    Attributes(found)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value as Json};

    use super::Attributes;
    use crate::account::{Sent, SentAttribute};

    #[test]
    fn pysaml2_hands_over_the_names_and_values_that_were_recorded() {
        let table = include_str!("../../fixtures/account/pysaml2.jsonl");
        let mut count = 0;
        for line in table.lines() {
            let row: Json = serde_json::from_str(line).expect("JSON");
            let attributes = row["attributes"].as_array().expect("a list").iter();
            let sent = Sent { name_id: None, attributes: attributes.map(attribute).collect() };
            let seen = Attributes::pysaml2(&sent).0.into_iter();
            let seen: Map<String, Json> =
                seen.map(|seen| (seen.name, serde_json::json!(seen.values))).collect();
            assert_eq!(Json::Object(seen), row["ava"], "{line}");
            count += 1;
        }
        assert!(count >= 300);
    }

    fn attribute(one: &Json) -> SentAttribute {
        let values = one["values"].as_array().expect("a list").iter();
        SentAttribute {
            name: one["name"].as_str().expect("a name").to_owned(),
            name_format: one["name_format"].as_str().map(str::to_owned),
            friendly_name: None,
            values: values.map(|value| value.as_str().map(str::to_owned)).collect(),
        }
    }
}
