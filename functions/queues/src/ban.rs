//! Banning the requester of a ticket in the ticket's realm, and taking that back (AR-7).

use desk::deed::{Deed, Kind, Verb};
use desk::email::EmailAddress;
use desk::filter;
use desk::ticket::{self, WorkTicket};
use pages::work::Done;
use serde_json::json;
use tenancy::Table;
use tenancy::policy::{Granted, act};
use tenancy::realm::{self, Realm};
use web::administering::write;
use web::{Answer, Desk, Failure, Visit, form};

use crate::refer::answer;
use crate::ticket::{asking, failure, granted};

/// Whether a form asks to ban, or to take that back; nothing, where it asks for something else.
pub(crate) fn asked(change: &str) -> Option<bool> {
    match change {
        "ban" => Some(true),
        "unban" => Some(false),
        _ => None,
    }
}

pub(crate) async fn change(visit: Visit, number: &str, csrf: &str, is_ban: bool) -> Answer {
    let (desk, (found, realms)) = Desk::enter(visit, |scope| {
        let ticket = ticket::find_for_work(scope, number);
        (ticket, realm::of_ticket(scope, number))
    })
    .await?;
    form::check(&desk.visit, &desk.signer, csrf)?;
    let ticket = granted::<act::TicketView>(&desk, found)?;
    let sight = desk.agent.sight(Table::Ticket);
    let realm = asking(&desk, &sight).grant(realms).map_err(failure)?;
    written(&desk, &ticket, &realm, is_ban).await?;
    let done = if is_ban { Done::Banned } else { Done::Unbanned };
    Ok(answer(&desk, number, done))
}

async fn written(
    desk: &Desk,
    ticket: &Granted<WorkTicket, act::TicketView>,
    realm: &Granted<Realm, act::BanlistManage>,
    is_ban: bool,
) -> Result<(), Failure> {
    let address = EmailAddress::parse(&ticket.requester.email).ok_or(Failure::NotFound)?;
    let (batch, verb) = if is_ban {
        (filter::ban(realm, &address).into(), Verb::Made)
    } else {
        (vec![filter::unban(realm, &address)], Verb::Removed)
    };
    let deed = Deed::new(realm.id, verb, Kind::Ban).of(&address, address.as_str());
    let deed = deed.changing(json!({ "ticket": ticket.number }));
    write(desk, realm.scope(), batch, &deed).await?;
    Ok(())
}
