//! Integration tests.

mod binary;
mod carriers;
mod commands;
mod fixtures;
mod hostile;
mod house;
mod pages;
mod render;
mod run;
mod validate;
mod yaml;
