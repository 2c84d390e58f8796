//! What the variables of templates stand for, mail by mail.

use desk::form::Answer;
use desk::intake::Draft;
use desk::overdue::DueTicket;
use desk::setting::{Key, Settings};
use desk::template::Facts;
use desk::ticket::number::PLACEHOLDER;
use desk::ticket::{FilledIn, News};
use pages::Locale;
use pages::mail::{MessageAlert, OverdueAlert};

use super::Reply;
use crate::facts::told;

/// Of a new ticket, for whoever hears of it, without what was filled in.
pub(super) fn of_request(company: Facts, draft: &Draft<'_>, origin: &str) -> Facts {
    let request = draft.request();
    let department = &*draft.routing().department.name;
    company
        .plain("url", origin)
        .plain("ticket.number", PLACEHOLDER)
        .plain("ticket.dept", department)
        .plain("ticket.dept.name", department)
        .plain(
            "ticket.staff_link",
            format!("{origin}{}", pages::url::queue("open")),
        )
        .typed("ticket.subject", &*request.subject)
        .typed("message", &*request.message)
        .name("recipient.name", &request.name)
        .and(of_requester(&request.name, request.email.as_str()))
}

/// Of whoever raised a ticket.
fn of_requester(name: &str, address: &str) -> Facts {
    Facts::default()
        .typed("ticket.email", address)
        .typed("ticket.user.email", address)
        .typed("ticket.user", name)
        .name("ticket.name", name)
        .name("ticket.user.name", name)
}

/// What was filled into the fields of a new ticket: what all agents may see, or, unless it is for
/// them alone, what the requester may see as well.
pub(super) fn of_answers(draft: &Draft<'_>, is_for_agents: bool, locale: Locale) -> Facts {
    let answers = draft.admission().answers.iter();
    let seen = answers.filter(|it| it.is_for_agents && (is_for_agents || it.is_for_users));
    let words = |it: &Answer| {
        let number = it.values.first().and_then(|value| value.number);
        told(locale, it.kind, &it.words, number)
    };
    Facts::filled(seen.map(|it| (&*it.name, words(it))).collect())
}

/// What was filled into the fields of a ticket.
fn of_filled<'f>(filled: impl IntoIterator<Item = &'f FilledIn>, locale: Locale) -> Facts {
    let words = |it: &FilledIn| told(locale, it.kind, &it.words, it.number);
    let filled = filled.into_iter().map(|it| (&*it.name, words(it)));
    Facts::filled(filled.collect())
}

/// Of a message, for the agent who hears of it.
pub(super) fn of_message(mail: &MessageAlert<'_>, news: &News, text: &str) -> Facts {
    of_news(news, true, mail.head.locale)
        .plain("ticket.staff_link", mail.link)
        .typed("message", text)
        .name("poster.name", mail.author)
}

/// Of a ticket that something happened to, for agents or for users.
pub(super) fn of_news(news: &News, is_for_agents: bool, locale: Locale) -> Facts {
    let seen = news
        .filled
        .iter()
        .filter(|it| is_for_agents || it.is_for_users);
    of_filled(seen, locale)
        .and(of_ticket(&news.number, &news.subject, &news.department))
        .and(of_requester(&news.requester.name, &news.requester.address))
}

/// Of any ticket.
fn of_ticket(number: &str, subject: &str, department: &str) -> Facts {
    Facts::default()
        .plain("ticket.number", number)
        .plain("ticket.dept", department)
        .plain("ticket.dept.name", department)
        .typed("ticket.subject", subject)
}

/// Of a reply, for the requester.
pub(super) fn of_reply(reply: Reply<'_>, locale: Locale) -> Facts {
    of_news(reply.news, false, locale)
        .plain("response", reply.text)
        .plain("staff.name", reply.author)
        .plain("poster.name", reply.author)
        .name("recipient.name", &reply.news.requester.name)
}

/// Of an overdue ticket.
pub(super) fn of_overdue(mail: &OverdueAlert<'_>, ticket: &DueTicket) -> Facts {
    of_filled(&ticket.filled, mail.head.locale)
        .and(of_ticket(
            &ticket.number,
            &ticket.subject,
            &ticket.department,
        ))
        .and(of_requester(
            &ticket.requester.name,
            &ticket.requester.address,
        ))
        .plain("ticket.due_date", mail.head.locale.moment(&mail.due_at))
        .plain("ticket.staff_link", mail.link)
        .plain("comments", "")
}

/// Of the company that writes: a realm's name where its settings name no other.
pub fn facts_of_company(realm: &str, settings: &Settings) -> Facts {
    let name = match settings.get(Key::CompanyName) {
        "" => realm,
        name => name,
    };
    Facts::default()
        .plain("company", name)
        .plain("company.name", name)
        .plain("company.website", settings.get(Key::CompanyWebsite))
        .plain("company.phone", settings.get(Key::CompanyPhone))
        .plain("company.address", settings.get(Key::CompanyAddress))
        .plain("signature", name)
}
