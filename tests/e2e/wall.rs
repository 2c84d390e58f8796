//! A sample of the wall's laws on the real runtimes; natively they are tried by the thousand.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use realmdesk_tests::viewers::{Case, case};
use serde_json::json;

use crate::Outcome;
use crate::client::Browser;
use crate::demo::Agent;
use crate::queues::{all, each, sign_in};
use crate::stage::{Stage, unique};

/// How many random trees are tried.
const TREES: usize = 6;
const REALMS: usize = 200;
const TICKETS: usize = 260;

pub(crate) fn agents_see_what_a_walk_of_the_tree_finds(stage: &Stage) -> Outcome {
    let mut runner = TestRunner::deterministic();
    let strategy = case(REALMS);
    for _ in 0..TREES {
        let tree = strategy.new_tree(&mut runner);
        let tree = tree.map_err(|reason| reason.to_string())?;
        let case = tree.current();
        let case = if case.walked().is_empty() {
            case.at_the_root()
        } else {
            case
        };
        let mut viewer = staged(stage, &case)?;
        let mut seen: Vec<String> = each(&all(&mut viewer, "open")?, "subject")
            .map(str::to_owned)
            .collect();
        let shown = viewer.get_json("/queues/open")?["counts"]["open"].clone();
        let mut walked: Vec<String> = (0..TICKETS)
            .map(|ticket| ticket % case.parents.len())
            .filter(|realm| case.walks_to(*realm))
            .map(|realm| (realm + 1).to_string())
            .collect();
        seen.sort();
        walked.sort();
        assert_eq!(seen, walked, "{case:?}");
        assert_eq!(shown, walked.len(), "{case:?}");
    }
    Ok(())
}

/// A new tenant that is made into the case, and its viewer, signed in.
fn staged(stage: &Stage, case: &Case) -> Outcome<Browser> {
    let slug = unique("wall");
    let host = format!("{slug}.localhost");
    let admin = json!({ "email": "ada@wall.example", "name": "Ada" });
    let wanted = json!({ "slug": slug, "name": "Wall", "host": host, "admin": admin });
    let client = stage.client("any.example");
    let secret = format!("Bearer {}", stage.demo.operator_secret);
    let request = client.request("POST", "/admin/tenants");
    let request = request.header("authorization", secret);
    client.send(request, wanted.to_string())?.expect(201);

    let tenant = format!("(SELECT tenant_id FROM tenant WHERE slug = '{slug}')");
    let known = stage.demo.acme.agent_of("Acme")?;
    let mut statements = case.statements(&tenant, TICKETS);
    // The first role is nobody's but the viewer's; the password is that of a known agent.
    statements.push(format!(
        "UPDATE agent SET role_id = 1, password_hash =
                (SELECT a.password_hash FROM agent AS a WHERE a.email = '{}')
          WHERE tenant_id = {tenant}",
        known.email
    ));
    for batch in statements.chunks(100) {
        let request = client.request("POST", "/conformance/batch");
        let request = request.header("content-type", "application/json");
        client.send(request, json!(batch).to_string())?.expect(200);
    }
    let mut viewer = stage.browser(&host);
    let agent = Agent {
        email: "ada@wall.example".to_owned(),
        password: known.password.clone(),
        realm: "Wall".to_owned(),
    };
    sign_in(&mut viewer, &agent)?;
    Ok(viewer)
}
