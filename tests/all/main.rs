//! Integration tests.

mod binary;
mod captured;
mod carriers;
mod commands;
mod convert;
mod documents;
mod dsig;
mod fixtures;
mod hocon;
mod hostile;
mod house;
mod init;
mod label_studio_environment;
mod ldap;
mod network;
mod oidc;
mod pages;
mod pysaml2;
mod render;
mod run;
mod server;
mod setup;
mod setups;
mod sheets;
mod validate;
mod yaml;
