//! Integration tests.

mod binary;
mod commands;
mod documents;
mod fixtures;
mod hostile;
mod house;
mod pages;
mod render;
mod run;
mod validate;
mod yaml;
