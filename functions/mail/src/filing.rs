//! Filing a mail, whichever door it came through.

use desk::file::{Files, Limits};
use desk::inbound::{self, Addressed, Arrived, Candidate, Decision, Filing, Known, Voice};
use desk::intake::{Draft, Refusal, Setup};
use desk::outbox::Letter;
use desk::ticket::Actor;
use tenancy::port::DbError;
use tenancy::principal::Dialect;
use tenancy::{Runtime, Scope, Site};
use web::Failure;
use web::letters::{self, Audience, Sender};
use web::osticket::{Refused, Why};

/// How often a mail is looked at again when another copy of it was taken in meanwhile.
const MOST_TRIES: usize = 3;

/// Where mail comes in.
pub(crate) trait Entrance: Sync {
    /// Why it lets nothing in.
    type Refused: From<Failure>;

    /// Lets the sender in, and looks up all that decides about the mail, in one round trip.
    fn enter(&self, mail: &Arrived) -> impl Future<Output = Result<Entered, Self::Refused>> + Send;
}

/// A mail that was let in, and what it goes by.
pub(crate) struct Entered {
    pub(crate) site: Site,
    /// In whose words a refusal is told, where it is told.
    pub(crate) dialect: Dialect,
    /// The address of ours that it was sent to, and what that says.
    pub(crate) addressed: Addressed,
    pub(crate) setup: Setup,
    pub(crate) known: Known,
}

/// What became of a mail.
pub(crate) enum Outcome {
    Created(String),
    Continued(String),
    Duplicate(Option<String>),
    Dropped,
    /// Its sender may not open a ticket; its source is kept.
    Refused(Refused),
}

/// Takes a mail in.
pub(crate) async fn take_in<E: Entrance>(
    runtime: &Runtime,
    entrance: &E,
    mail: &Arrived,
    raw: &[u8],
) -> Result<Outcome, E::Refused> {
    for _ in 1..MOST_TRIES {
        let entered = entrance.enter(mail).await?;
        match file(runtime, entered, mail, raw).await {
            // Another copy of it was taken in meanwhile: look again.
            Err(NotFiled::Database(error)) if inbound::was_taken_in_meanwhile(&error) => {}
            outcome => return Ok(outcome.map_err(Failure::from)?),
        }
    }
    let entered = entrance.enter(mail).await?;
    let outcome = file(runtime, entered, mail, raw).await;
    Ok(outcome.map_err(Failure::from)?)
}

/// Why a mail was not filed this time.
enum NotFiled {
    Database(DbError),
    Failed(Failure),
}

impl From<DbError> for NotFiled {
    fn from(error: DbError) -> Self {
        Self::Database(error)
    }
}

impl From<Failure> for NotFiled {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<NotFiled> for Failure {
    fn from(not_filed: NotFiled) -> Self {
        match not_filed {
            NotFiled::Database(error) => error.into(),
            NotFiled::Failed(failure) => failure,
        }
    }
}

/// Does what is decided about the mail.
async fn file(
    runtime: &Runtime,
    mut entered: Entered,
    mail: &Arrived,
    raw: &[u8],
) -> Result<Outcome, NotFiled> {
    let scope = Scope::of(runtime, &entered.site);
    let known = std::mem::take(&mut entered.known);
    let known = inbound::within_reach(&scope, mail, known).await?;
    let filing = Filing {
        runtime,
        site: &entered.site,
        mail,
        raw,
        address: &entered.addressed.address,
        files: Files::judge(&mail.files, &Limits::of(&entered.setup.settings)),
    };
    match inbound::decide(mail, known) {
        Decision::Duplicate(number) => {
            filing.keep_copy().await?;
            Ok(Outcome::Duplicate(number))
        }
        Decision::Drop => {
            filing.drop_it().await?;
            Ok(Outcome::Dropped)
        }
        Decision::Continue(found, voice) => {
            let setup = &entered.setup;
            let letters = news(&filing, &found, &voice, setup).await?;
            filing.go_on(&found, &voice, setup, &letters).await?;
            Ok(Outcome::Continued(found.news.number))
        }
        Decision::Open => open(&filing, &entered).await,
    }
}

/// The letters that tell of a message; a note is told to nobody.
async fn news(
    filing: &Filing<'_>,
    found: &Candidate,
    voice: &Voice,
    setup: &Setup,
) -> Result<Vec<Letter>, NotFiled> {
    if !voice.is_message() {
        return Ok(Vec::new());
    }
    let sender = Sender {
        runtime: filing.runtime,
        site: filing.site,
        head: letters::letterhead(&filing.site.name, &setup.settings),
        address: setup.sender.as_ref(),
    };
    let author = filing.author(voice);
    let said = (author.as_str(), filing.mail.text.as_str());
    Ok(letters::of_message(sender, &found.news, said, &setup.templates).await?)
}

/// Opens a ticket. A mail that is not admitted goes no further, but is kept.
async fn open(filing: &Filing<'_>, entered: &Entered) -> Result<Outcome, NotFiled> {
    let trouble = |text: String| NotFiled::Failed(Failure::Trouble(text));
    let (runtime, site, setup) = (filing.runtime, filing.site, &entered.setup);
    let arrival = inbound::arrival(filing.mail, &entered.addressed, site.realm)
        .map_err(|problems| trouble(format!("a mail made no submission: {problems:?}")))?;
    let admission = match setup.admit(arrival) {
        Ok(admission) => admission,
        Err(refusal @ (Refusal::Denied(_) | Refusal::OverLimit)) => {
            filing.drop_it().await?;
            return Ok(Outcome::Refused(
                Why::from(refusal).told_in(entered.dialect),
            ));
        }
        Err(Refusal::NoDepartment | Refusal::NotAsked) => {
            return Err(trouble("no department".to_owned()));
        }
    };
    let draft = Draft::new(runtime, site, admission, Actor::Mail);
    let draft = draft.carrying(filing.files.clone());
    // A program that answers our answer would never stop; one without an address cannot.
    let is_answered = !filing.mail.is_automatic && filing.mail.sender.is_some();
    let audience = Audience {
        requester: is_answered,
        agents: !filing.mail.is_bounce,
    };
    let signer = web::visit::signer(runtime).await?;
    let letters = letters::of_new_ticket(runtime, site, setup, &draft, &signer, audience).await?;
    let number = draft.write(&letters, |scope| filing.kept(scope, draft.id()));
    Ok(Outcome::Created(number.await?))
}
