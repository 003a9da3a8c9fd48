//! Lints single sign-on configurations with the eyes of the application that reads them.

pub mod apps;
pub mod cli;
pub mod commands;
pub mod deployment;
pub mod fix;
pub mod idps;
pub mod libraries;
pub mod model;
pub mod pki;
pub mod problem;
pub mod render;
pub mod report;
pub mod rule;
pub mod rules;
pub mod settings;
pub mod source;
pub mod syntax;
pub mod world;
