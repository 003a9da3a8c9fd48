//! Integration tests.

mod attacks;
mod binary;
mod captured;
mod carriers;
mod commands;
mod convert;
mod documents;
mod fixtures;
mod hocon;
mod hostile;
mod house;
mod init;
mod label_studio_environment;
mod ldap;
mod pages;
mod pysaml2;
mod render;
mod run;
mod setup;
mod setups;
mod sheets;
mod validate;
mod yaml;
