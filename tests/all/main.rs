//! Integration tests.

mod binary;
mod commands;
mod fixtures;
mod hostile;
mod house;
mod pages;
mod render;
mod run;
mod sheets;
mod validate;
mod yaml;
