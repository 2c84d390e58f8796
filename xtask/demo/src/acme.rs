//! The tenant `acme`: one company, one realm.

use desk::blueprint::{self, NewApiKey, NewMailAddress, NewOrganization, ROOT};
use desk::setting::Key;
use serde_json::{Value, json};
use tenancy::Scope;
use tenancy::policy::{CallKey, Key as _};
use tenancy::principal::Sharing;

use crate::Outcome;
use crate::tenant::{Asked, EndUser, Person, World, agent_info, user_info, write};

const HOST: &str = "acme.localhost";
const API_KEY: &str = "ACME0000000000000000000000000001";
const MAIL: &str = "help@acme.example";
const MAIL_SECRET: &str = "acme-mail-secret";

const AGENT: Person = Person {
    name: "Acme Service Desk",
    email: "agent@acme.example",
    realm: (1, "Acme"),
};

/// Two of them belong to one organization, which shares their tickets with both.
const USERS: [EndUser; 3] = [
    EndUser {
        name: "Plant Office",
        email: "plant@acme.example",
        realm: (1, "Acme"),
    },
    EndUser {
        name: "Laboratory",
        email: "lab@acme.example",
        realm: (1, "Acme"),
    },
    EndUser {
        name: "Reception",
        email: "reception@acme.example",
        realm: (1, "Acme"),
    },
];

const ASKED: [Asked; 8] = [
    Asked {
        hours_ago: 190,
        name: "Accounts Payable",
        email: "payables@acme.example",
        topic: 1,
        subject: "Invoice archive shows last year only",
        message: "Since Monday the archive lists invoices from last year, but none older.\n\nWe need 2023 for the audit.",
    },
    Asked {
        hours_ago: 120,
        name: "Reception",
        email: "reception@acme.example",
        topic: 10,
        subject: "Door badge reader beeps but does not open",
        message: "The reader at the main entrance beeps twice and stays red. Visitors ring for us instead.",
    },
    Asked {
        hours_ago: 75,
        name: "Warehouse 2",
        email: "warehouse2@acme.example",
        topic: 11,
        subject: "New colleague cannot sign in to the stock system",
        message: "The account was created last week. The system says the password is wrong, also after a reset.",
    },
    Asked {
        hours_ago: 30,
        name: "Plant Office",
        email: "plant@acme.example",
        topic: 10,
        subject: "Label printer prints every second label blank",
        message: "Printer PL-04. Cleaning the head did not help.\n\nWe can work around it until Friday.",
    },
    Asked {
        hours_ago: 26,
        name: "Marketing",
        email: "marketing@acme.example",
        topic: 2,
        subject: "The new portal is much faster, thank you",
        message: "Just that. Opening a request used to take us a minute.",
    },
    Asked {
        hours_ago: 9,
        name: "Accounts Payable",
        email: "payables@acme.example",
        topic: 1,
        subject: "Please add two approvers for travel expenses",
        message: "From December on, the two team leads of plant 3 approve travel expenses.",
    },
    Asked {
        hours_ago: 3,
        name: "Laboratory",
        email: "lab@acme.example",
        topic: 10,
        subject: "Scale in room 2.14 sends no readings",
        message: "It shows the weight, but nothing arrives in the laboratory system.",
    },
    Asked {
        hours_ago: 1,
        name: "Reception",
        email: "reception@acme.example",
        topic: 1,
        subject: "Guest Wi-Fi for a delegation on Thursday",
        message: "Twelve guests, 9 to 17 h. Can we have a code that is valid for the day?",
    },
];

/// A mail and its answer, so that a thread can be seen.
const QUESTION: &str = "From: Night Shift <nightshift@acme.example>\nTo: help@acme.example\n\
Subject: Conveyor 3 stops around two o'clock\nMessage-ID: <shift-1@acme.example>\n\n\
Hello,\n\nfor three nights now conveyor 3 has stopped shortly after two and started again by itself.\n\n\
The display says E-17.\n";
const MORE: &str = "From: Night Shift <nightshift@acme.example>\nTo: help@acme.example\n\
Subject: Re: Conveyor 3 stops around two o'clock\nMessage-ID: <shift-2@acme.example>\n\
In-Reply-To: <shift-1@acme.example>\n\nIt happened again tonight, at 2:10.\n";

pub(crate) fn fill(world: &World) -> Outcome {
    world.clock.turn_to(200 * 60);
    let (_, scope) = world.create_tenant("acme", "Acme")?;
    let agent = world.id();
    write(
        &scope,
        vec![
            blueprint::add_host(&scope, HOST, ROOT, true),
            blueprint::set_setting(&scope, ROOT, Key::Accent, "indigo"),
            // Load is measured on this tenant, and comes from one address.
            blueprint::set_setting(&scope, ROOT, Key::OpenLimit, "0"),
            world.add_agent(&scope, &agent, &AGENT),
            blueprint::make_administrator(&scope, &agent),
            blueprint::add_manager(&scope, blueprint::SUPPORT, &agent),
            blueprint::add_manager(&scope, 3, &agent),
            blueprint::add_mail_address(
                &scope,
                &NewMailAddress {
                    address: MAIL,
                    name: "Acme Help",
                    realm: ROOT,
                    secret: MAIL_SECRET,
                    is_primary: true,
                },
            ),
            blueprint::add_api_key(
                &scope,
                &NewApiKey {
                    key: API_KEY,
                    name: "Demo key",
                    realm: ROOT,
                    sources: &[],
                    can_run_cron: true,
                    permissions: CallKey::ALL,
                    now: world.runtime.clock.now(),
                },
            ),
        ],
    )?;
    organize(world, &scope)?;
    let mut numbers = Vec::new();
    for asked in &ASKED {
        numbers.push(world.ask(API_KEY, asked)?);
    }
    world.mail(14, MAIL, MAIL_SECRET, QUESTION)?;
    world.mail(5, MAIL, MAIL_SECRET, MORE)?;
    let agent = world.sign_in(&scope, &agent, AGENT.email)?;
    for (number, hours_ago) in numbers.iter().zip([180, 100, 60]) {
        world.close(&scope, number, &agent, hours_ago)?;
    }
    world.sweep();
    Ok(())
}

fn organize(world: &World, scope: &Scope) -> Outcome {
    let (users, plant) = (world.add_users(scope, &USERS)?, world.id());
    let organization = NewOrganization {
        id: &plant,
        realm: ROOT,
        name: "Plant 3",
        sharing: Sharing::Everybody,
    };
    let mut batch = vec![blueprint::add_organization(scope, &organization)];
    let members = users.iter().take(2);
    batch.extend(members.map(|user| blueprint::join_organization(scope, user, &plant, false)));
    write(scope, batch)
}

pub(crate) fn info(portal_origin: &str) -> Value {
    let mut people = vec![agent_info(&AGENT)];
    people.extend(USERS.iter().map(user_info));
    json!({
        "slug": "acme",
        "host": HOST,
        "portal_url": portal_origin.replace("{host}", HOST),
        "api_key": API_KEY,
        "mail": { "address": MAIL, "secret": MAIL_SECRET },
        "people": people,
    })
}
