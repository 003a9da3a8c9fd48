//! What a reader of messages enforces, as data: the strict rules of SAML, and where the library of
//! an application departs from them.

use crate::saml::schema::Vocabulary;

/// What a reader enforces.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The reader; none for SAML's own rules.
    pub reader: Option<Reader>,
    /// By how many seconds clocks may differ.
    pub skew: Skew,
    /// What has to be signed.
    pub signed: Signed,
    /// Whether a signature beside a response (of a query, or of POST-SimpleSign) counts as one.
    pub reads_detached: bool,
    /// Whether it compares the address under which it was asked with those in the message.
    pub compares_delivery: bool,
    /// Whether the library lets SHA-1 through; none where the user decides.
    pub sha1: Option<bool>,
    /// How addresses are compared.
    pub destination: UrlMatch,
    /// How the recipient of a confirmation is compared.
    pub recipient: UrlMatch,
    /// How many seconds the instant of a message may lie back or ahead, where the library looks.
    pub issue_window: Option<i64>,
    /// Whether it reads the instants at which something was made.
    pub reads_issue_instants: bool,
    /// The schemas that the library holds messages against, where it does.
    pub schemas: Option<Vocabulary>,
    /// Where it departs from the strict rules.
    pub departures: Vec<(Point, Stance)>,
}

/// Whose rules they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// The application: `CVAT`.
    pub app: String,
    /// Its library; empty where it is not known.
    pub library: &'static str,
}

/// By how many seconds clocks may differ. Some libraries allow it in one place and not in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Skew {
    /// Of the window of the conditions and of instants.
    pub conditions: i64,
    /// Of the window of a confirmation.
    pub confirmation: i64,
    /// Of the end of a session.
    pub session: i64,
    /// Whether the instant at which something ends still counts as inside.
    pub is_end_inside: bool,
}

/// What has to be signed. Nothing at all is never enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Whether the message has to be.
    pub message: bool,
    /// Whether the assertion has to be.
    pub assertion: bool,
}

/// How an address is compared with those that are expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UrlMatch {
    /// It contains the expected one.
    Contains,
    /// It is the expected one, letter for letter.
    Exact,
    /// It begins with the expected one; letters of the host may be of either case.
    Prefix,
}

/// Something in which readers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Point {
    /// The advice holds assertions.
    AdvisedAssertions,
    /// An audience restriction that does not name the application, beside one that does.
    AudienceOfSeveral,
    /// No audience is named.
    AudienceMissing,
    /// There are no attributes.
    AttributesMissing,
    /// There is no statement of how the person logged in.
    AuthnMissing,
    /// There are several such statements.
    AuthnSeveral,
    /// A confirmation has no end.
    ConfirmationEndMissing,
    /// A confirmation names no recipient.
    ConfirmationRecipientMissing,
    /// There are no conditions.
    ConditionsMissing,
    /// A condition that SAML does not know.
    ConditionUnknown,
    /// A signed message names no destination.
    DestinationMissing,
    /// The assertion is encrypted.
    Encrypted,
    /// Attributes are encrypted.
    EncryptedAttributes,
    /// An ID is no XML name.
    IdNoName,
    /// The answer names no request.
    Unsolicited,
    /// There is no name of the person.
    NameMissing,
    /// The name is for another reader.
    NameQualifier,
    /// An instant is written with an offset.
    Offset,
    /// An instant with space around it, or at hour 24.
    InstantSpelling,
    /// An assertion stands where none is read, and in no advice.
    StrayAssertions,
    /// An attribute of the message that SAML does not know.
    UnknownAttribute,
    /// A message was made in the future.
    IssuedInFuture,
}

/// What a reader does about something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stance {
    /// It does not mind.
    Accept,
    /// It refuses the message.
    Refuse,
    /// It accepts, and somebody should look at it.
    Warn,
}

impl Policy {
    /// The strict rules of SAML (saml-profiles-2.0-os section 4.1.4), which readers should enforce.
    pub fn strict() -> Self {
        Self {
            reader: None,
            skew: Skew::even(DEFAULT_SKEW),
            signed: Signed { message: false, assertion: false },
            reads_detached: true,
            compares_delivery: false,
            sha1: None,
            destination: UrlMatch::Exact,
            recipient: UrlMatch::Exact,
            issue_window: None,
            reads_issue_instants: true,
            schemas: None,
            departures: Vec::new(),
        }
    }

    /// The strict rules with the clocks of an application whose library is not known, which is
    /// taken to look for signatures inside the message alone, as most do.
    pub fn of_unknown_library(app: &str, skew: i64) -> Self {
        let reader = Reader { app: app.to_owned(), library: "" };
        Self {
            reader: Some(reader),
            skew: Skew::even(skew),
            reads_detached: false,
            ..Self::strict()
        }
    }

    /// What it does about something.
    pub fn stance(&self, point: Point) -> Stance {
        self.departure(point).unwrap_or_else(|| strict(point))
    }

    /// What it does about something other than the strict rules.
    pub fn departure(&self, point: Point) -> Option<Stance> {
        let found = self.departures.iter().find(|(departs, _)| *departs == point);
        found.map(|(_, stance)| *stance).filter(|stance| *stance != strict(point))
    }
}

impl Skew {
    /// The same everywhere.
    pub fn even(seconds: i64) -> Self {
        Self { conditions: seconds, confirmation: seconds, session: seconds, is_end_inside: false }
    }
}

impl Reader {
    /// It in a sentence: `CVAT's library (python3-saml)`.
    pub fn name(&self) -> String {
        match self.library {
            "" => self.app.clone(),
            library => format!("{}'s library ({library})", self.app),
        }
    }
}

fn strict(point: Point) -> Stance {
    let found = STRICT.iter().find(|(known, _)| *known == point);
    found.map_or(Stance::Refuse, |(_, stance)| *stance)
}

/// The clock difference that is allowed where nothing else is said.
pub const DEFAULT_SKEW: i64 = 180;

/// What the strict rules do not refuse; everything else they do.
const STRICT: [(Point, Stance); 11] = [
    (Point::AdvisedAssertions, Stance::Accept),
    (Point::AttributesMissing, Stance::Accept),
    (Point::AuthnSeveral, Stance::Accept),
    (Point::Encrypted, Stance::Accept),
    (Point::EncryptedAttributes, Stance::Accept),
    (Point::IdNoName, Stance::Warn),
    (Point::InstantSpelling, Stance::Accept),
    (Point::StrayAssertions, Stance::Warn),
    (Point::Unsolicited, Stance::Accept),
    (Point::Offset, Stance::Warn),
    (Point::UnknownAttribute, Stance::Warn),
];
