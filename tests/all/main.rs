//! Integration tests.

mod binary;
mod commands;
mod fixtures;
mod house;
mod pages;
mod render;
mod run;
mod validate;
mod yaml;
