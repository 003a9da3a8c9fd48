//! Whole files that give variables to a process.

use std::fmt::Write;

use crate::carriers::written::yaml;
use crate::carriers::{Carrier, assignment};

/// One variable of a file that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The variable.
    pub name: &'a str,
    /// What the process is to see.
    pub value: &'a str,
    /// What is said above it.
    pub comment: Option<&'a str>,
}

/// Whose variables are written.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// The service of Compose, or the name of the secret in Kubernetes.
    pub service: &'a str,
    /// The keys of Helm values under which the list stands: `apiserver`, `extraEnvs`. Under
    /// `extraEnvironmentVars` it is a map.
    pub path: &'a [&'a str],
}

/// A variable that a carrier cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritable {
    /// Its name.
    pub name: String,
}

/// A whole file: one variable after the other, each value exactly as the process is to see it. For
/// Kubernetes it is a secret, for `envFrom`.
pub fn write(
    carrier: Carrier,
    target: Target<'_>,
    lines: &[Line<'_>],
) -> Result<String, Unwritable> {
    let is_map = target.path.last() == Some(&"extraEnvironmentVars");
    let (mut text, depth) = head(carrier, target);
    for line in lines {
        let unwritable = || Unwritable { name: line.name.to_owned() };
        let set = match carrier {
            Carrier::Kubernetes => Some(format!("{}: {}", line.name, yaml(line.value))),
            Carrier::Helm if is_map => {
                super::written(carrier, line.value).map(|value| format!("{}: {value}", line.name))
            }
            _ => assignment(carrier, line.name, line.value),
        };
        let set = set.ok_or_else(unwritable)?;
        let comment = line.comment.into_iter().flat_map(str::lines);
        let comment = comment.map(|line| format!("# {line}"));
        if matches!(carrier, Carrier::DockerRun | Carrier::EnvironmentFile | Carrier::Shell) {
            // A value of several lines must not be indented.
            comment.chain([set]).for_each(|line| push(&mut text, "", &line));
            continue;
        }
        let indent = " ".repeat(depth);
        let set = set.lines().map(str::to_owned).collect::<Vec<_>>();
        comment.chain(set).for_each(|line| push(&mut text, &indent, &line));
    }
    Ok(text)
}

fn push(text: &mut String, indent: &str, line: &str) {
    writeln!(text, "{indent}{line}").expect("a string takes all");
}

/// What stands above the variables, and how far they are indented.
fn head(carrier: Carrier, target: Target<'_>) -> (String, usize) {
    let nested = |keys: &[&str]| {
        let mut text = String::new();
        for (depth, key) in keys.iter().enumerate() {
            push(&mut text, &"  ".repeat(depth), &format!("{key}:"));
        }
        (text, keys.len() * 2)
    };
    match carrier {
        Carrier::ComposeList | Carrier::ComposeMap => {
            nested(&["services", target.service, "environment"])
        }
        Carrier::DockerRun | Carrier::EnvironmentFile | Carrier::Shell => (String::new(), 0),
        Carrier::Helm => nested(target.path),
        Carrier::Kubernetes => {
            let name = target.service;
            let head = format!(
                "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\ntype: Opaque\nstringData:\n"
            );
            (head, 2)
        }
    }
}
