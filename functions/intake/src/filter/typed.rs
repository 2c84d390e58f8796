//! A filter as it was typed.

use desk::email::EmailAddress;
use desk::filter::{self, Action, Channel, Mailing, NewFilter, Target};
use desk::offer::Kind;
use pages::admin::{FilterTarget, MailRow, Problem, RuleRow, Why};

use super::{Here, actions};
use crate::filters::rules;
use web::ground::Typed;

/// So many rules can be added at once.
const MORE_RULES: usize = 3;

/// The rules with something to look for, and some that are empty.
pub(super) fn rule_rows(typed: &Typed) -> Vec<RuleRow<'_>> {
    let columns = typed.all("what").zip(typed.all("operator"));
    let rows = columns.zip(typed.all("value"));
    let rows = rows.map(|((what, operator), value)| RuleRow {
        what,
        operator,
        value,
    });
    let rows = rows.filter(|row| !row.value.is_empty());
    let empty = std::iter::repeat_n(RuleRow::default(), MORE_RULES);
    rows.chain(empty).take(filter::MOST_RULES).collect()
}

pub(super) fn mail_rows(typed: &Typed) -> Vec<MailRow<'_>> {
    let columns = typed.all("recipients").zip(typed.all("subject"));
    let rows = columns.zip(typed.all("text"));
    let rows = rows.map(|((recipients, subject), text)| MailRow {
        recipients,
        subject,
        text,
    });
    let is_empty = |row: &MailRow<'_>| [row.recipients, row.subject, row.text].concat().is_empty();
    let rows = rows.filter(|row| !is_empty(row));
    rows.chain(std::iter::once(MailRow::default())).collect()
}

pub(super) fn unfit(field: &'static str) -> Problem {
    let why = Why::Value;
    Problem { why, field }
}

pub(super) fn read<'t>(here: &Here<'_>, typed: &'t Typed) -> Result<NewFilter<'t>, Problem> {
    let position = typed
        .number("position")
        .filter(|it| (0..=9_999).contains(it));
    Ok(NewFilter {
        name: typed.get("name"),
        position: position.ok_or(unfit("position"))?,
        target: target(typed)?,
        is_match_all: typed.is_on("all"),
        is_last: typed.is_on("last"),
        rules: rules(typed, &here.offered(Kind::Field), &here.kept.filter.rules)?,
        actions: actions::read(here, typed)?,
    })
}

fn target(typed: &Typed) -> Result<Target, Problem> {
    Ok(
        match FilterTarget::named(typed.get("target")).ok_or(unfit("target"))? {
            FilterTarget::Any => Target::Any,
            FilterTarget::Web => Target::Channel(Channel::Web),
            FilterTarget::Email => Target::Channel(Channel::Email),
            FilterTarget::Api => Target::Channel(Channel::Api),
            FilterTarget::Mailbox => {
                let address = EmailAddress::parse(typed.get("mailbox"));
                Target::Mailbox(address.ok_or(unfit("mailbox"))?.as_str().to_owned())
            }
        },
    )
}

/// The mails that were typed; one that is empty is left out.
pub(super) fn mails(typed: &Typed) -> impl Iterator<Item = Action> {
    let rows = mail_rows(typed);
    let count = rows.len().saturating_sub(1);
    rows.into_iter().take(count).map(|row| {
        Action::Mail(Mailing {
            recipients: row.recipients.trim().to_owned(),
            subject: row.subject.trim().to_owned(),
            text: row.text.trim().replace("\r\n", "\n"),
        })
    })
}
