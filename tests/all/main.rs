//! Integration tests.

mod binary;
mod commands;
mod fixtures;
mod hocon;
mod hostile;
mod house;
mod pages;
mod render;
mod run;
mod validate;
mod yaml;
