//! Questions on a terminal. They are asked on standard error, so that standard output stays data.

use std::io;

use dialoguer::{Input, Password, Select};

/// Asks for one of several; the position of the answer.
pub fn choose(prompt: &str, choices: &[&str]) -> io::Result<usize> {
    Ok(Select::new().with_prompt(prompt).items(choices.iter().copied()).default(0).interact()?)
}

/// Asks for a line; it may be empty.
pub fn line(prompt: &str) -> io::Result<String> {
    Ok(Input::new().with_prompt(prompt).allow_empty(true).interact_text()?)
}

/// Asks for a secret, which is not shown; it may be empty.
pub fn secret(prompt: &str) -> io::Result<String> {
    Ok(Password::new().with_prompt(prompt).allow_empty_password(true).interact()?)
}
