//! Directives of a document, and tags by their handles (YAML 1.1, 7.1).

use std::borrow::Cow;
use std::collections::HashMap;

use crate::source::Span;
use crate::syntax::yaml::cursor::Result;
use crate::syntax::yaml::error::YamlError;
use crate::syntax::yaml::token::Directive;

/// The handles that a document declares.
#[derive(Debug, Default)]
pub(super) struct Handles<'t> {
    prefixes: HashMap<&'t str, Cow<'t, str>>,
    has_version: bool,
}

/// What the tags of YAML itself start with.
pub(super) const YAML_PREFIX: &str = "tag:yaml.org,2002:";

impl<'t> Handles<'t> {
    /// Forgets the directives of the document before.
    pub(super) fn clear(&mut self) {
        self.prefixes.clear();
        self.has_version = false;
    }

    /// Takes in a directive.
    pub(super) fn directive(&mut self, directive: Directive<'t>, span: Span) -> Result<()> {
        match directive {
            Directive::Reserved => Ok(()),
            Directive::Tag(handle, prefix) => {
                if self.prefixes.insert(handle.value, prefix).is_some() {
                    let message = "this handle is declared twice";
                    return Err(YamlError::syntax(message, handle.span));
                }
                Ok(())
            }
            Directive::Yaml(_) if self.has_version => {
                Err(YamlError::syntax("a second `%YAML`", span))
            }
            Directive::Yaml(false) => Err(YamlError::syntax("only YAML 1 can be read", span)),
            Directive::Yaml(true) => {
                self.has_version = true;
                Ok(())
            }
        }
    }

    /// A tag's full name.
    pub(super) fn expand(&self, handle: Option<&str>, suffix: &str, span: Span) -> Result<String> {
        let prefix = match handle {
            None => "",
            Some(handle) => match self.prefixes.get(handle) {
                Some(prefix) => prefix,
                None if handle == "!" => "!",
                None if handle == "!!" => YAML_PREFIX,
                None => {
                    let message = "no `%TAG` declares the handle of this tag";
                    return Err(YamlError::syntax(message, span));
                }
            },
        };
        Ok(format!("{prefix}{suffix}"))
    }
}
