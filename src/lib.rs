//! Lints single sign-on configurations with the eyes of the application that reads them.

pub mod apps;
pub mod carriers;
pub mod cli;
pub mod commands;
pub mod deployment;
pub mod exports;
pub mod fix;
pub mod idps;
pub mod ldap;
pub mod libraries;
pub mod model;
pub mod oidc;
pub mod pki;
pub mod problem;
pub mod render;
pub mod report;
pub mod rule;
pub mod rules;
pub mod saml;
pub mod settings;
pub mod setups;
pub mod sheet;
pub mod source;
pub mod syntax;
pub mod world;
