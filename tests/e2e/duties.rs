//! Departments and teams, as administrators look after them.

use crate::Outcome;
use crate::administration::{administrator, id, post, realm};
use crate::stage::{Stage, unique};

pub(crate) fn departments_and_teams_are_made_changed_and_removed(stage: &Stage) -> Outcome {
    let mut p = administrator(stage)?;
    let here = realm(&mut p, "SP2")?;
    let agent = stage.demo.parent.agent_of("P")?.email.to_uppercase();
    for (list, leader) in [("departments", "manager"), ("teams", "lead")] {
        let (list, name) = (format!("/admin/{list}"), unique("Größe <&>"));
        let fields = [("in", id(&here)), ("name", &*name)];
        let made = post(&mut p, &list, &fields)?.expect(303);
        let page = made.header("location").replace("&done=added", "");
        let reading = |told: &serde_json::Value| {
            let reading = told["reading"].as_str();
            reading.unwrap_or_default().to_owned()
        };
        let old = reading(&p.get_json(&page)?);
        let save = [
            ("in", id(&here)),
            ("change", "save"),
            ("reading", &*old),
            ("name", &*name),
            (leader, &*agent),
        ];
        post(&mut p, &page, &save)?.expect(303);
        let now = p.get_json(&page)?;
        assert_eq!(now["name"], name.as_str());
        assert_eq!(now[leader], agent.to_lowercase().as_str());
        post(&mut p, &page, &save)?.expect(409);
        let now = reading(&now);
        let remove = [("in", id(&here)), ("change", "remove"), ("reading", &*now)];
        post(&mut p, &page, &remove)?.expect(303);
        p.get(&page)?.expect(404);
    }
    Ok(())
}
