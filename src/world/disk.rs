//! Files: reading with a limit, walking folders, replacing whole.

use std::fs;
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

/// Bytes of a file, and how open it lies.
#[derive(Debug)]
pub struct FileBytes {
    /// At most one byte more than the limit.
    pub bytes: Vec<u8>,
    /// The whole size, where it is known to be larger than the limit.
    pub larger: Option<u64>,
    /// Whether every user of the machine can read it.
    pub world_readable: bool,
}

/// Reads a file that nobody named up to a limit: only a regular one, because a pipe may never end.
pub fn read_found(path: &Path, limit: u64) -> io::Result<FileBytes> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    read(path, limit)
}

/// Reads a file up to a limit.
pub fn read(path: &Path, limit: u64) -> io::Result<FileBytes> {
    let file = fs::File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len().min(limit)).unwrap_or(0) + 1);
    file.take(limit + 1).read_to_end(&mut bytes)?;
    let is_larger = u64::try_from(bytes.len()).is_ok_and(|read| read > limit);
    let world_readable = metadata.is_file() && metadata.permissions().mode() & 0o004 != 0;
    Ok(FileBytes { bytes, larger: is_larger.then_some(metadata.len()), world_readable })
}

/// A file or pipe as a stream, whose end may never come.
pub fn open(path: &Path) -> io::Result<io::BufReader<fs::File>> {
    let file = fs::File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    Ok(io::BufReader::with_capacity(STREAM_BUFFER, file))
}

/// A regular file as a stream, and its size; none where it is anything else.
pub fn stream(path: &Path) -> io::Result<Option<(io::BufReader<fs::File>, u64)>> {
    let file = fs::File::open(path)?;
    let metadata = file.metadata()?;
    let stream = io::BufReader::with_capacity(STREAM_BUFFER, file);
    Ok(metadata.is_file().then_some((stream, metadata.len())))
}

/// All files below a folder that `.gitignore` does not rule out and whose name is wanted, in the
/// order of their paths. Folders that cannot be read are handed to `failed`.
pub fn walk(
    folder: &Path,
    wanted: impl Fn(&str) -> bool,
    mut failed: impl FnMut(String),
) -> Vec<PathBuf> {
    let above = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let is_strange = |folder: &&Path| {
        let exclude = folder.join(".git/info/exclude");
        !has_sound_ignore_files(folder) || !is_sound(&exclude)
    };
    if let Some(strange) = above.ancestors().find(is_strange) {
        failed(format!("{}: an ignore file there is no regular file", strange.display()));
        return Vec::new();
    }
    let mut walk = WalkBuilder::new(folder);
    walk.hidden(false).require_git(false).filter_entry(|entry| {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        entry.file_name() != ".git" && (!is_folder || has_sound_ignore_files(entry.path()))
    });
    let mut found = Vec::new();
    for entry in walk.build() {
        match entry {
            Ok(entry) => {
                let is_file =
                    entry.file_type().is_some_and(|kind| kind.is_file() || kind.is_symlink());
                if is_file && entry.file_name().to_str().is_some_and(&wanted) {
                    found.push(entry.into_path());
                }
            }
            Err(error) => failed(error.to_string()),
        }
    }
    found.sort();
    found
}

/// Whether what the walk will read in a folder by itself is of a sound kind and size.
fn has_sound_ignore_files(folder: &Path) -> bool {
    [".gitignore", ".ignore"].iter().all(|name| is_sound(&folder.join(name)))
}

fn is_sound(file: &Path) -> bool {
    let Ok(metadata) = fs::metadata(file) else { return true };
    metadata.is_file() && metadata.len() <= LARGEST_IGNORE_FILE
}

/// Replaces the content of a file whole or not at all; mode and owner stay. A link stays a link:
/// the file behind it is replaced.
pub fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let metadata = fs::metadata(&path)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("/"));
    let mut file = tempfile::Builder::new().prefix(".ssoctl-").tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().set_permissions(metadata.permissions())?;
    let own = file.as_file().metadata()?;
    if (own.uid(), own.gid()) != (metadata.uid(), metadata.gid()) {
        std::os::unix::fs::fchown(file.as_file(), Some(metadata.uid()), Some(metadata.gid()))?;
    }
    // Giving a file away can clear bits of its mode.
    file.as_file().set_permissions(metadata.permissions())?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    // Without this the new name may be lost in a power failure; the content is not.
    drop(fs::File::open(folder).and_then(|folder| folder.sync_all()));
    Ok(())
}

/// Writes a new file, or replaces one.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    if path.exists() && path.is_file() {
        return replace(path, content);
    }
    fs::write(path, content)
}

/// Writes a new file; one that exists is an error unless it may be replaced. What is private can be
/// read by its owner alone.
pub fn create(path: &Path, content: &[u8], is_private: bool, replaces: bool) -> io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;

    if replaces && path.is_file() {
        if is_private {
            fs::set_permissions(path, fs::Permissions::from_mode(PRIVATE))?;
        }
        return replace(path, content);
    }
    let mode = if is_private { PRIVATE } else { 0o666 };
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    if written.is_err() {
        drop(fs::remove_file(path));
    }
    written
}

/// Makes a folder, and those above it.
pub fn folder(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Names in a folder that can be read, for *did you mean*.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

const LARGEST_IGNORE_FILE: u64 = 1 << 20;
/// For the owner alone.
const PRIVATE: u32 = 0o600;

/// The bytes of a streamed file that are in memory at once.
const STREAM_BUFFER: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::{read, replace, walk};

    #[test]
    fn a_replaced_file_keeps_its_mode_and_a_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("a.yml"), folder.path().join("b.yml"));
        fs::write(&file, "old").expect("written");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("set");
        std::os::unix::fs::symlink(&file, &link).expect("linked");
        replace(&link, b"new").expect("replaced");
        assert_eq!(fs::read(&file).expect("read"), b"new");
        assert_eq!(fs::metadata(&file).expect("there").permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(fs::read_dir(folder.path()).expect("read").count(), 2, "nothing is left over");
    }

    #[test]
    fn walking_respects_gitignore_and_sorts() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["b.yml", "a.yml", "skipped.yml", ".env", "x.txt"] {
            fs::write(folder.path().join(name), "x").expect("written");
        }
        fs::write(folder.path().join(".gitignore"), "skipped.yml\n").expect("written");
        let found = walk(folder.path(), |name| name != "x.txt", |error| panic!("{error}"));
        let names: Vec<_> = found.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(names, [".env", ".gitignore", "a.yml", "b.yml"]);
    }

    #[test]
    fn reading_stops_at_the_limit_and_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a");
        fs::write(&file, "12345").expect("written");
        assert_eq!(read(&file, 4).expect("read").larger, Some(5));
        assert_eq!(read(&file, 5).expect("read").larger, None);
    }
}
