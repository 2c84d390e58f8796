//! Filing a mail, whichever door it came through.

use std::borrow::Cow;

use desk::alert::{Alert, Parties, Party};
use desk::file::{Files, Limits};
use desk::inbound::{self, Addressed, Arrived, Candidate, Decision, Filing, Known, Voice};
use desk::intake::{Draft, Refusal, Setup};
use desk::outbox::Letter;
use desk::setting::{Key, Settings};
use desk::template::Code;
use desk::ticket::Actor;
use tenancy::port::DbError;
use tenancy::principal::Dialect;
use tenancy::{Runtime, Scope, Site};
use web::Failure;
use web::letters::{self, Audience, Notice, Said, Sender};
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
    let mut known = inbound::within_reach(&scope, mail, known).await?;
    let parties = std::mem::take(&mut known.parties);
    let filing = Filing {
        runtime,
        site: &entered.site,
        mail,
        text: said_anew(mail, &entered.setup.settings),
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
            let letters = news(&filing, &entered, &parties, (&found, &voice)).await?;
            filing
                .go_on(&found, &voice, &entered.setup, &letters)
                .await?;
            Ok(Outcome::Continued(found.news.number))
        }
        Decision::Open => open(&filing, &entered).await,
    }
}

/// What a mail says beside what it quotes of ours, where the realm wants that left out.
fn said_anew<'m>(mail: &'m Arrived, settings: &Settings) -> Cow<'m, str> {
    inbound::without_quote(&mail.text, settings.answer_line())
}

/// The letters that tell agents of a message or a note, and its sender that the message is there.
async fn news(
    filing: &Filing<'_>,
    entered: &Entered,
    parties: &[Party],
    (found, voice): (&Candidate, &Voice),
) -> Result<Vec<Letter>, NotFiled> {
    let setup = &entered.setup;
    let sender = Sender {
        runtime: filing.runtime,
        site: filing.site,
        head: letters::answerable(
            letters::letterhead(&filing.site.name, &setup.settings),
            &setup.settings,
        ),
        address: setup.sender.as_ref(),
    };
    let author = filing.author(voice);
    let said = Said {
        author: &author,
        text: &filing.text,
    };
    let doer = filing.mail.sender.as_ref().map_or("", |it| it.as_str());
    let parties = Parties::of(&found.ticket, parties);
    let told = |alert| parties.told(alert, &setup.settings, doer);
    if !voice.is_message() {
        let alert = letters::Alert {
            code: Code::NoteAlert,
            news: &found.news,
            told: &told(Alert::Note),
            facts: letters::facts_of_note(said.author, said.text),
        };
        return Ok(letters::of_alert_here(sender, setup, &alert).await?);
    }
    let told = told(Alert::Message);
    let mut letters = letters::of_message(sender, &found.news, &told, said, setup).await?;
    let notice = Notice {
        news: &found.news,
        told: &parties.collaborators(&setup.settings, doer, false),
        said,
        is_ours: false,
    };
    letters.extend(letters::of_notice_here(sender, setup, &notice).await?);
    if found.news.is_answered && is_answered(entered, voice) {
        let signer = web::visit::signer(filing.runtime).await?;
        let ticket = (&found.ticket, &found.news);
        letters.push(letters::of_message_received(sender, &signer, ticket, setup).await?);
    }
    Ok(letters)
}

/// Whether the sender of a message is told that it is there. Programs never are: no letter goes
/// out for what they write.
fn is_answered(entered: &Entered, voice: &Voice) -> bool {
    let is_on = entered.setup.settings.is_on(Key::MessageAnswer);
    is_on && *voice == Voice::Owner && !entered.addressed.is_silent
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
    let number = draft.write(&letters, |scope| filing.kept(scope, draft.id(), setup));
    Ok(Outcome::Created(number.await?))
}
