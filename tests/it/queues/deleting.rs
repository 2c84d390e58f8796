//! Deleting a ticket from its page.

use realmdesk_tests::{World, html};

use super::ada;

fn acme() -> (World, String) {
    let world = World::new().tenant("acme");
    let number = world.ticket("acme", "Printer on fire");
    (world, format!("/queues/tickets/{number}"))
}

const DELETE: [(&str, &str); 1] = [("change", "delete")];

#[test]
fn a_ticket_is_deleted_after_a_second_thought_without_script() {
    let (world, path) = acme();
    let mut ada = ada(&world);
    let page = ada.get(&path);
    let (_, rest) = page.text().split_once("<summary>Delete").unwrap();
    let (folded, _) = rest.split_once("</details>").unwrap();
    assert!(folded.contains("There is no way back."), "{folded}");
    world.meter.take_trips();
    let gone = ada.submit(&path, &DELETE);
    assert_eq!(
        (gone.status, gone.location()),
        (303, "/queues/open?done=deleted")
    );
    assert_eq!(world.meter.take_trips(), 2 + 2, "with the page of the form");
    let list = ada.get("/queues/open?done=deleted");
    assert!(list.text().contains("The ticket is deleted."));
    assert!(!list.text().contains("Printer on fire"));
    assert!(!ada.get("/queues/open").text().contains("is deleted"));
    assert_eq!(ada.get(&path).status, 404);
    let told = world.rows("SELECT kind, actor FROM event WHERE kind <> 'created'");
    assert_eq!(told, ["deleted|agent"]);
    assert_eq!(
        world.rows("SELECT state, shelf FROM ticket"),
        ["closed|deleted"]
    );
}

#[test]
fn an_agent_whose_role_does_not_delete_is_offered_nothing_and_refused() {
    let (world, path) = acme();
    let mut ada = ada(&world);
    let form = html::form(ada.get(&path).text(), &path).unwrap();
    world.execute(
        "UPDATE role SET permissions = (SELECT json_group_array(p.value)
                                          FROM json_each(permissions) AS p
                                         WHERE p.value <> 'ticket.delete')",
    );
    assert!(!ada.get(&path).text().contains("Delete the ticket"));
    let page = ada.send_form(&form, &DELETE);
    assert_eq!(page.status, 403);
    assert_eq!(world.rows("SELECT shelf FROM ticket"), ["NULL"]);
}

#[test]
fn t_60_a_ticket_out_of_sight_is_deleted_by_nobody() {
    let world = World::new().parent();
    let number = world.ticket("sp1", "Printer on fire");
    let mut sp3 = world.browser("p.localhost").signed_in("agent@sp3.example");
    let token = html::form(sp3.get("/queues/open").text(), "/auth/sign-out")
        .unwrap()
        .hidden;
    let mut gone = |number: &str| {
        let fields = [("change".to_owned(), "delete".to_owned())];
        let all: Vec<_> = token.iter().cloned().chain(fields).collect();
        sp3.post(&format!("/queues/tickets/{number}"), &html::encoded(&all))
            .raw()
    };
    assert_eq!(gone(&number), gone("000000"));
    assert_eq!(world.rows("SELECT shelf FROM ticket"), ["NULL"]);
}
