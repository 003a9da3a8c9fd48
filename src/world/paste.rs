//! A paste on a terminal. A terminal hands over whole lines and keeps 4,095 bytes of each (termios(3),
//! canonical mode), which is less than a message has; so this mode is left while it is pasted.

use std::io::{self, Read as _, Write as _};

use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, tcgetattr, tcsetattr};

use crate::world::{Interrupt, World};

/// What came of a paste.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pasted {
    /// It was ended by Ctrl-D.
    Bytes(Vec<u8>),
    /// It was given up by Ctrl-C.
    GivenUp,
}

/// Reads what is pasted up to Ctrl-D, without showing it; at most one byte more than the limit.
pub fn paste(prompt: &str, limit: usize, world: &mut World<'_>) -> io::Result<Pasted> {
    let interrupt = world.interrupt.clone();
    let _guard = Unbuffered::begin(&interrupt)?;
    writeln!(world.stderr, "{prompt}")?;
    world.stderr.flush()?;
    let (mut bytes, mut chunk) = (Vec::new(), [0_u8; CHUNK]);
    while bytes.len() <= limit {
        let count = world.stdin.read(&mut chunk)?;
        let read = &chunk[..count];
        let end = read.iter().position(|byte| matches!(*byte, END | GIVE_UP));
        bytes.extend_from_slice(&read[..end.unwrap_or(count)]);
        match end.map(|end| read[end]) {
            Some(GIVE_UP) => return Ok(Pasted::GivenUp),
            Some(_) => break,
            None if count == 0 => break,
            None => {}
        }
    }
    Ok(Pasted::Bytes(bytes))
}

/// A terminal that hands over every byte at once and shows none, while this lives.
struct Unbuffered<'i>(&'i Interrupt);

impl<'i> Unbuffered<'i> {
    fn begin(interrupt: &'i Interrupt) -> io::Result<Self> {
        let mut settings = tcgetattr(io::stdin())?;
        interrupt.keep_terminal(settings.clone());
        let guard = Self(interrupt);
        settings.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        settings.special_codes[SpecialCodeIndex::VMIN] = 1;
        settings.special_codes[SpecialCodeIndex::VTIME] = 0;
        tcsetattr(io::stdin(), OptionalActions::Now, &settings)?;
        Ok(guard)
    }
}

impl Drop for Unbuffered<'_> {
    fn drop(&mut self) {
        self.0.leave_terminal();
    }
}

const CHUNK: usize = 4096;
/// Ctrl-D.
const END: u8 = 4;
/// Ctrl-C.
const GIVE_UP: u8 = 3;
