//! What cannot be read, in words.

use std::io;
use std::path::Path;

use crate::apps::App;
use crate::commands::Failure;
use crate::commands::validate::config::{Job, shown};
use crate::model::nearest;
use crate::world::disk;

/// A file that cannot be read.
pub(super) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::file("read", &shown(path), error);
    if error.kind() != io::ErrorKind::NotFound {
        return failure;
    }
    if path.is_symlink() {
        return Failure::new(format!("cannot read {}: it is a link to nothing", shown(path)));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let wanted =
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let names = disk::names(folder);
    match nearest(&wanted, names.iter().map(String::as_str)) {
        Some((near, _)) => failure.hint(format!("did you mean {}?", shown(&folder.join(near)))),
        None => failure,
    }
}

/// A named file that no application here reads.
pub(super) fn unrecognised(job: &Job, path: &Path, kind: Option<&str>) -> Failure {
    let name = name_of(job, path);
    match kind {
        Some("a SAML response") => {
            Failure::new(format!("{name} is a SAML response, not a configuration"))
                .hint(format!("try: ssoctl decode-assertion {name}"))
        }
        Some(kind) => {
            Failure::new(format!("{name} is {kind}, which nothing here lints yet")).hint(LOOKED_FOR)
        }
        None => Failure::new(format!("{name} is not recognised")).hint(format!(
            "{LOOKED_FOR}; --app says whose file it is: cvat, label-studio, clearml or calabi"
        )),
    }
}

/// A file that several applications could have for their configuration.
pub(super) fn ambiguous(job: &Job, path: &Path, apps: &[&'static App]) -> Failure {
    let names: Vec<&str> = apps.iter().map(|app| app.name.as_str()).collect();
    let ids: Vec<String> = apps.iter().map(|app| format!("--app {}", app.id)).collect();
    Failure::new(format!(
        "{} could be a configuration of {}",
        name_of(job, path),
        names.join(" or of ")
    ))
    .hint(format!("say which it is: {}", ids.join(" or ")))
}

/// Nothing to judge in all that was looked at.
pub(super) fn nothing_found(job: &Job) -> Failure {
    let names = job.paths.iter().map(|path| shown(path));
    let names =
        names.chain(job.targets.iter().map(|target| format!("{} (ssoctl.toml)", target.path)));
    let names: Vec<String> =
        names.map(|name| if name.is_empty() { ".".to_owned() } else { name }).collect();
    Failure::new(format!("no SSO configuration found in {}", names.join(", ")))
        .hint(format!("{LOOKED_FOR}; name a file, or see `ssoctl validate --help`"))
}

/// The name under which a file is shown.
pub(super) fn name_of(job: &Job, path: &Path) -> String {
    if path == Path::new("-") {
        return job.stdin_filename.clone().unwrap_or_else(|| "-".to_owned());
    }
    shown(path)
}

/// What gives a file away.
const LOOKED_FOR: &str = "looked for CVAT's auth_config.yml (a map with `sso`), Label Studio's settings \
    (mapping_email, roles_groups ...), Calabi's sheet (a map with `calabi`), and for files that set \
    variables of theirs or of ClearML's server (CLEARML__..., AUTH_LDAP_..., AUTH_CONFIG_PATH ...)";
