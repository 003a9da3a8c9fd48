//! `ssoctl sp-metadata`: the service provider's side, as a document for the identity provider.

mod known;
mod material;
mod parts;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::commands::{Failure, Outcome};
use crate::saml::metadata::{self, Certificate};
use crate::saml::sp_metadata::{Contact, Description, Organization, signed};
use crate::source::printable;
use crate::world::{World, disk};
use crate::xml::Limits;
use known::Known;
use material::Material;

/// Write the service provider's SAML metadata
///
/// Addresses come from the application's configuration, or from --app with --provider and --base-url,
/// or from the flags alone. A flag stands above what the application says.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Take provider and attributes from this configuration
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// An environment file that belongs to the configuration
    #[arg(long, value_name = "FILE", requires = "config")]
    pub env_file: Vec<PathBuf>,

    /// The application
    #[arg(long, value_name = "APP", value_parser = ["cvat", "label-studio", "clearml", "calabi"])]
    pub app: Option<String>,

    /// The application's id for the provider
    #[arg(long, value_name = "ID")]
    pub provider: Option<String>,

    /// The address under which people open the application
    #[arg(long, value_name = "URL", value_parser = super::validate::base_url)]
    pub base_url: Option<String>,

    /// The entity id
    #[arg(long, value_name = "ID", value_parser = parts::entity_id, help_heading = "Metadata")]
    pub entity_id: Option<String>,

    /// An assertion consumer service (HTTP-POST); the first is the default
    #[arg(long, value_name = "URL", value_parser = parts::address, help_heading = "Metadata")]
    pub acs: Vec<String>,

    /// A single logout service (HTTP-Redirect)
    #[arg(long, value_name = "URL", value_parser = parts::address, help_heading = "Metadata")]
    pub slo: Vec<String>,

    /// A NameID format: a URI, or unspecified, emailAddress, persistent, transient
    #[arg(long, value_name = "FORMAT", value_parser = parts::format, help_heading = "Metadata")]
    pub name_id_format: Vec<String>,

    /// A certificate of the key that signs requests; two while the key changes
    #[arg(long, value_name = "FILE", help_heading = "Metadata")]
    pub signing_cert: Vec<PathBuf>,

    /// A certificate for which assertions may be encrypted
    #[arg(long, value_name = "FILE", help_heading = "Metadata")]
    pub encryption_cert: Vec<PathBuf>,

    /// Who is behind the application: NAME|URL, or NAME|DISPLAY NAME|URL
    #[arg(long, value_name = "TEXT", value_parser = parts::organization, help_heading = "Metadata")]
    pub organization: Option<Organization>,

    /// Whom to ask: TYPE:NAME:EMAIL, such as technical:Ops:ops@acme.test
    #[arg(long, value_name = "TEXT", value_parser = parts::contact, help_heading = "Metadata")]
    pub contact: Vec<Contact>,

    /// When the document ends to be valid: 2027-01-01T00:00:00Z, 2027-01-01, or 365d
    #[arg(long, value_name = "WHEN", help_heading = "Metadata")]
    pub valid_until: Option<String>,

    /// Sign the document with this private key (PEM)
    #[arg(long, value_name = "FILE", help_heading = "Keys")]
    pub sign_key: Option<PathBuf>,

    /// Make a key for signing requests, and beside it its certificate (.crt), valid for ten years
    #[arg(long, value_name = "FILE", help_heading = "Keys")]
    pub generate_key: Option<PathBuf>,

    /// Write to a file; - is standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
}

/// Makes the document, reads it back, and writes it.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let known = known::known(args, world)?;
    let until = args.valid_until.as_deref().map(|text| parts::valid_until(text, world.now));
    let until =
        until.transpose().map_err(|problem| Failure::new(format!("--valid-until: {problem}")))?;
    let entity_id = args.entity_id.clone().or_else(|| known.entity_id.clone());
    let entity_id = entity_id.ok_or_else(|| missing("--entity-id", &known))?;
    let material = Material::read(args, &entity_id, world)?;
    let description = described(args, &known, entity_id, until, &material);
    if description.acs.is_empty() {
        return Err(missing("--acs", &known));
    }
    let text = match &material.signer {
        Some(signer) => signed(&description, signer).map_err(|error| error.to_string()),
        None => description.document().map_err(|error| error.to_string()),
    }
    .map_err(Failure::new)?;
    read_back(&text, &description)?;
    material.write(world)?;
    let dropped = dropped(args, &description);
    output(args, &text, world)?;
    for note in dropped.into_iter().chain(notes(&description, &known, &material)) {
        drop(writeln!(world.stderr, "ssoctl: {}", printable(&note)));
    }
    Ok(Outcome::Clean)
}

fn described(
    args: &Args,
    known: &Known,
    entity_id: String,
    valid_until: Option<Timestamp>,
    material: &Material,
) -> Description {
    let or_known = |own: &[String], known: &Option<String>| {
        if own.is_empty() { known.iter().cloned().collect() } else { own.to_vec() }
    };
    let own = (!material.signing.is_empty()).then_some(true);
    Description {
        entity_id,
        valid_until,
        acs: or_known(&args.acs, &known.acs),
        slo: or_known(&args.slo, &known.slo),
        name_id_formats: args.name_id_format.clone(),
        signing: material.signing.clone(),
        encryption: material.encryption.clone(),
        signs_requests: if known.cannot_use_keys { Some(false) } else { own },
        service: known.service.clone(),
        organization: args.organization.clone(),
        contacts: args.contact.clone(),
    }
}

/// What our own reader makes of it is what was meant.
fn read_back(text: &str, description: &Description) -> Result<(), Failure> {
    let broken = |why: &str| Failure::new(format!("the metadata would not be sound: {why}"));
    let read = metadata::read(text, Limits::default());
    let read = read.map_err(|_| broken("it cannot be read back"))?;
    let entity = read.by_id(&description.entity_id);
    let entity = entity.ok_or_else(|| broken("the entity id changes on the way"))?;
    let role = entity.sp.as_ref().ok_or_else(|| broken("it describes no service provider"))?;
    let found: Vec<&str> = role.acs.iter().map(|acs| acs.location.value.as_str()).collect();
    if found != description.acs {
        return Err(broken("an address changes on the way"));
    }
    Ok(())
}

fn output(args: &Args, text: &str, world: &mut World<'_>) -> Result<(), Failure> {
    let Some(path) = args.output.as_deref().filter(|path| *path != Path::new("-")) else {
        world.stdout.write_all(text.as_bytes())?;
        return Ok(());
    };
    let name = path.to_string_lossy();
    let verb = if path.exists() { "replaced" } else { "wrote" };
    disk::write(path, text.as_bytes()).map_err(|error| Failure::file("write", &name, &error))?;
    drop(writeln!(world.stderr, "{verb} {}", printable(&name)));
    Ok(())
}

fn missing(flag: &str, known: &Known) -> Failure {
    let failure = Failure::new(format!("what {flag} should be is not known"));
    match known.app {
        Some(app) if known.lacks.is_empty() => failure.hint(format!(
            "for {} somebody chose it: give {flag} with what the identity provider has there",
            app.name
        )),
        Some(app) => {
            let id = app.urls.id.as_ref().filter(|_| known.lacks.contains(&"--provider"));
            let id = id.map(|what| format!(" (--provider: {what})")).unwrap_or_default();
            failure.hint(format!("give {}, or {flag}{id}", known.lacks.join(" and ")))
        }
        None => failure.hint(format!(
            "give {flag}, or --app with --provider and --base-url, or --config auth_config.yml"
        )),
    }
}

/// A word of warning where the file that is replaced shows a certificate that the new one lacks: the
/// identity provider would forget it.
fn dropped(args: &Args, description: &Description) -> Option<String> {
    let path = args.output.as_deref().filter(|path| *path != Path::new("-"))?;
    // Anything but a file (a terminal, a pipe) holds nothing to lose, and would wait for input.
    let text = path.is_file().then(|| std::fs::read_to_string(path).ok()).flatten()?;
    let former = metadata::read(&text, Limits::default()).ok()?;
    let role = former.by_id(&description.entity_id)?.sp.as_ref()?;
    let certificates = role.keys.iter().flat_map(|key| &key.certificates);
    let mut lost = certificates
        .filter_map(Certificate::der)
        .filter(|der| !description.signing.contains(der) && !description.encryption.contains(der));
    lost.next()?;
    Some(format!(
        "warning: {} held a certificate that the new metadata does not: give it with \
         --signing-cert or --encryption-cert as long as it is in use",
        path.to_string_lossy()
    ))
}

/// What a person should know of the document.
fn notes(description: &Description, known: &Known, material: &Material) -> Vec<String> {
    let mut notes = Vec::new();
    let addresses = description.acs.iter().chain(&description.slo);
    notes.extend(
        addresses.filter(|address| parts::is_open(address)).map(|address| {
            format!("warning: {address} is plain http: logins can be read on the way")
        }),
    );
    if let (true, Some(app)) = (known.cannot_use_keys, known.app) {
        if !description.signing.is_empty() {
            notes.push(format!(
                "note: {} signs no requests, so it never uses the signing certificate",
                app.name
            ));
        }
        if !description.encryption.is_empty() {
            notes.push(format!(
                "warning: {} cannot decrypt: an identity provider that encrypts for this certificate \
                 locks everybody out; leave --encryption-cert out",
                app.name
            ));
        }
    }
    if material.signer.as_ref().is_some_and(|signer| signer.certificate.is_none()) {
        notes
            .push("note: no certificate belongs to --sign-key, so the signature names none".into());
    }
    notes
}

const AFTER: &str = "\
Examples:
  ssoctl sp-metadata --config auth_config.yml --provider okta-main --base-url https://cvat.acme.test
  ssoctl sp-metadata --app cvat --provider okta-main --base-url https://cvat.acme.test -o sp.xml
  ssoctl sp-metadata --entity-id https://app.acme.test --acs https://app.acme.test/acs --generate-key sp.key
  ssoctl sp-metadata --entity-id https://app.acme.test --acs https://app.acme.test/acs \\
      --signing-cert now.crt --signing-cert next.crt --sign-key now.key --valid-until 365d

Exit codes: 0 written, 2 the run could not happen.";
