//! `/api`: programs, each behind the key of its realm.

use realmdesk_tests::Call;
use serde_json::{Value, json};

use super::super::askers::{Asker, Who};
use super::super::stage::{About, Thing};
use super::{Case, Leaves};

fn create(path: &str, more: &Value) -> Call {
    let mut ticket = json!({
        "name": "Ana Lima", "email": "ana@example.com", "subject": "Toner", "message": "Empty.",
    });
    ticket
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    Call::post(path).body(ticket.to_string())
}

fn programs(asker: &Asker, _: &Thing) -> bool {
    matches!(asker.who, Who::Program(_))
}

/// A topic of the own realm, or of one above.
fn reaches(asker: &Asker, thing: &Thing) -> bool {
    match asker.who {
        Who::Program(own) => thing.place.is_at_or_above(&own),
        _ => false,
    }
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "POST /api/tickets.json",
            About::Nothing,
            |_, _| create("/api/tickets.json", &json!({})),
            programs,
        ),
        Case::new(
            "POST /api/http.php/tickets.json",
            About::Nothing,
            |_, _| create("/api/http.php/tickets.json", &json!({})),
            programs,
        ),
        Case::new(
            "POST /api/tickets.json",
            About::Topic,
            |_, thing| create("/api/tickets.json", &json!({ "topicId": thing.id })),
            reaches,
        )
        .leaving(Leaves::TheSame),
    ]
}
