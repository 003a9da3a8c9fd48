//! Which files git keeps, read from its index (gitformat-index(5)); no program is started, so a
//! hostile repository has nothing to run.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::world::disk;

/// The repositories that a run has looked at.
#[derive(Debug, Default)]
pub struct Repositories {
    roots: Mutex<HashMap<PathBuf, Option<PathBuf>>>,
    indexes: Mutex<HashMap<PathBuf, Arc<HashSet<Vec<u8>>>>>,
}

impl Repositories {
    /// Whether git keeps a file. An index that cannot be read keeps nothing.
    pub fn keep(&self, file: &Path) -> bool {
        let Ok(file) = std::path::absolute(file) else { return false };
        let Some(root) = file.parent().and_then(|folder| self.root(folder)) else { return false };
        let Ok(inside) = file.strip_prefix(&root) else { return false };
        self.index(&root).contains(inside.as_os_str().as_bytes())
    }

    /// The nearest folder upwards that holds a repository.
    fn root(&self, folder: &Path) -> Option<PathBuf> {
        let mut looked = Vec::new();
        let mut found = None;
        for folder in folder.ancestors() {
            let roots = self.roots.lock().expect("bug: a reader of the cache panicked");
            if let Some(known) = roots.get(folder) {
                found.clone_from(known);
                break;
            }
            drop(roots);
            looked.push(folder.to_owned());
            if folder.join(".git").exists() {
                found = Some(folder.to_owned());
                break;
            }
        }
        let mut roots = self.roots.lock().expect("bug: a reader of the cache panicked");
        roots.extend(looked.into_iter().map(|folder| (folder, found.clone())));
        found
    }

    fn index(&self, root: &Path) -> Arc<HashSet<Vec<u8>>> {
        let mut indexes = self.indexes.lock().expect("bug: a reader of the cache panicked");
        let index = indexes.entry(root.to_owned()).or_insert_with(|| {
            let bytes =
                git_folder(root).and_then(|folder| bounded(&folder.join("index"), LARGEST_INDEX));
            Arc::new(bytes.and_then(|bytes| paths(&bytes)).unwrap_or_default())
        });
        Arc::clone(index)
    }
}

/// `.git` itself, or the folder that a `.git` file of a work tree names.
fn git_folder(root: &Path) -> Option<PathBuf> {
    let git = root.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = bounded(&git, LARGEST_LINK)?;
    let named = text.strip_prefix(b"gitdir: ")?.trim_ascii_end();
    Some(root.join(OsStr::from_bytes(named)))
}

/// The bytes of a regular file that is not larger than a limit.
fn bounded(path: &Path, limit: u64) -> Option<Vec<u8>> {
    let file = disk::read_found(path, limit).ok()?;
    file.larger.is_none().then_some(file.bytes)
}

/// The paths in an index of version 2, 3 or 4.
fn paths(bytes: &[u8]) -> Option<HashSet<Vec<u8>>> {
    let version = number(bytes, 4)?;
    if bytes.get(..4)? != b"DIRC" || !(2..=4).contains(&version) {
        return None;
    }
    let mut found = HashSet::new();
    let mut at = 12;
    let mut path: Vec<u8> = Vec::new();
    for _ in 0..number(bytes, 8)? {
        let flags = u16::from_be_bytes(bytes.get(at + 60..at + 62)?.try_into().ok()?);
        let mut name = at + if version > 2 && flags & EXTENDED != 0 { 64 } else { 62 };
        if version == 4 {
            path.truncate(path.len().checked_sub(offset(bytes, &mut name)?)?);
        } else {
            path.clear();
        }
        let length = bytes.get(name..)?.iter().position(|&byte| byte == 0)?;
        path.extend_from_slice(&bytes[name..name + length]);
        found.insert(path.clone());
        let end = name + length + 1;
        at = if version == 4 { end } else { at + (end - at).next_multiple_of(8) };
    }
    Some(found)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// A number as git writes offsets: seven bits a byte, with one added for each further byte.
fn offset(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let mut value = 0_usize;
    for round in 0..5 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value = (value + usize::from(round > 0)).checked_shl(7)? | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

const EXTENDED: u16 = 0x4000;
const LARGEST_INDEX: u64 = 256 << 20;
const LARGEST_LINK: u64 = 4096;

#[cfg(test)]
mod tests {
    use super::paths;

    fn index(version: u8, names: &[&str]) -> Vec<u8> {
        let mut bytes = b"DIRC\0\0\0".to_vec();
        bytes.push(version);
        bytes.extend(u32::try_from(names.len()).expect("few").to_be_bytes());
        let mut before = "";
        for name in names {
            let start = bytes.len();
            bytes.extend([0; 62]);
            if version == 4 {
                let shared = before.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
                bytes.push(u8::try_from(before.len() - shared).expect("short"));
                bytes.extend(&name.as_bytes()[shared..]);
                bytes.push(0);
            } else {
                bytes.extend(name.as_bytes());
                bytes.push(0);
                bytes.resize(start + (bytes.len() - start).next_multiple_of(8), 0);
            }
            before = name;
        }
        bytes
    }

    #[test]
    fn paths_are_read_from_every_version() {
        for version in [2, 3, 4] {
            let found = paths(&index(version, &["deploy/a.yml", "deploy/auth_config.yml", "z"]));
            let found = found.expect("it is an index");
            assert!(found.contains(b"deploy/auth_config.yml".as_slice()), "version {version}");
            assert_eq!(found.len(), 3);
        }
    }

    #[test]
    fn no_truncation_panics() {
        for version in [2, 4] {
            let bytes = index(version, &["deploy/a.yml", "deploy/b.yml"]);
            for end in 0..bytes.len() {
                drop(paths(&bytes[..end]));
            }
        }
    }
}
