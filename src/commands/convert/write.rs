//! From variables to the text of a carrier.

use std::collections::BTreeMap;

use crate::carriers::{self, Carrier, Line, Target};
use crate::commands::Failure;
use crate::commands::convert::read::Environment;
use crate::commands::convert::{Args, To, Value, hocon};

/// What was made.
#[derive(Debug)]
pub(super) enum Written {
    /// One text.
    Text(String),
    /// Files of the server by their roots.
    Roots(BTreeMap<String, String>),
}

impl Written {
    /// Everything in one text.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Roots(files) => hocon::joined(files),
        }
    }
}

/// The environment in the carrier that is asked for.
pub(super) fn write(args: &Args, environment: &Environment) -> Result<Written, Failure> {
    let carrier = match args.to {
        To::Env => Carrier::EnvironmentFile,
        To::ComposeList => Carrier::ComposeList,
        To::ComposeMap => Carrier::ComposeMap,
        To::Helm => Carrier::Helm,
        To::Hocon => return hocon_files(environment).map(Written::Roots),
    };
    let lines: Vec<Line<'_>> = environment
        .items
        .iter()
        .filter_map(|item| match &item.value {
            Value::Known(value) => {
                Some(Line { name: &item.name, value, comment: item.comment.as_deref() })
            }
            Value::Unknown(_) => None,
        })
        .collect();
    let service = args.service.as_deref().unwrap_or(&environment.app.recognise.service);
    let path: Vec<&str> = environment.app.recognise.helm_path.iter().map(String::as_str).collect();
    let text = carriers::write(carrier, Target { service, path: &path }, &lines);
    let text = text.map_err(|unwritable| {
        Failure::new(format!("{} cannot hold the value of {}", carrier.name(), unwritable.name))
            .hint("choose another carrier, or take the line break out of the value")
    });
    text.map(Written::Text)
}

fn hocon_files(environment: &Environment) -> Result<BTreeMap<String, String>, Failure> {
    if !environment.app.recognise.carriers.contains(&crate::deployment::FileKind::Hocon) {
        return Err(Failure::new(format!("{} reads no HOCON", environment.app.name))
            .hint("it takes env, compose-list, compose-map and helm"));
    }
    let others = environment.items.iter().filter(|item| !hocon::is_setting(&item.name));
    let others: Vec<&str> = others.map(|item| item.name.as_str()).collect();
    if !others.is_empty() {
        return Err(Failure::new(format!(
            "{} is no setting of the server, so no HOCON file can hold it",
            others.join(", ")
        ))
        .hint("take it out of the file first, or choose another carrier"));
    }
    hocon::files(&environment.items)
}
