//! A sample ticket for each kind of mail. It is also the list of what that kind knows: whoever
//! writes a mail gives it all of these variables.

use super::{Audience, Code, Fact, Facts};

impl Code {
    /// The variables that mails of this kind know, with values of a ticket that might be.
    pub fn sample(self) -> Facts {
        let facts = Facts::default()
            .plain("url", "https://help.acme.example")
            .plain("company", "Acme Tools")
            .plain("company.name", "Acme Tools")
            .plain("company.website", "https://www.acme.example")
            .plain("company.phone", "+49 30 5550123")
            .plain("company.address", "1 Mill Lane, Ashford");
        let roots = self.roots().iter();
        roots.fold(facts, |facts, root| self.with_root(facts, root))
    }

    /// The same, with the fields that its mails may tell of: their names and their labels.
    pub fn sample_with(self, fields: &[(String, String)]) -> Facts {
        let sample = self.sample();
        let tells =
            |name: &str| self.tells_fields() && (self.tells_profiles() || !is_profile(name));
        let fields = fields
            .iter()
            .filter(|(name, _)| tells(name) && !sample.knows(&format!("ticket.{name}")));
        let filled = Facts::filled(
            fields
                .map(|(name, label)| (&**name, label.clone()))
                .collect(),
        );
        sample.and(filled)
    }

    /// Whether its mails know what was filled into the ticket's fields.
    fn tells_fields(self) -> bool {
        self.roots().contains(&"ticket")
    }

    /// Whether its mails know what is kept of the user and of their organization: those about
    /// tickets that are just being opened do not.
    fn tells_profiles(self) -> bool {
        !matches!(
            self,
            Self::TicketAutoresp
                | Self::TicketAutoreply
                | Self::TicketNotice
                | Self::TicketOverlimit
                | Self::TicketAlert
        )
    }

    fn with_root(self, facts: Facts, root: &str) -> Facts {
        match root {
            "ticket" => self.with_ticket(facts),
            "task" => with_task(facts),
            "recipient" => self.with_recipient(facts),
            "signature" => facts.with(root, Fact::Ours("Acme Tools".to_owned())),
            "message" | "note" | "comments" => facts.typed(root, "It burns."),
            "response" => facts.plain(root, "Please switch it off."),
            "activity" => facts.plain(root, "A note was written"),
            "assignee" => facts
                .plain("assignee", "Ada Byron")
                .plain("assignee.name", "Ada Byron"),
            "assigner" | "staff" => facts.plain(&format!("{root}.name"), "Bo Berg"),
            "poster" => facts.typed("poster.name", "Ana Lima"),
            _ => facts,
        }
    }

    fn with_ticket(self, facts: Facts) -> Facts {
        let facts = facts
            .plain("ticket.number", "482913")
            .typed("ticket.subject", "Printer on fire")
            .name("ticket.name", "Ana Lima")
            .typed("ticket.email", "ana@example.com")
            .typed("ticket.user", "Ana Lima")
            .name("ticket.user.name", "Ana Lima")
            .typed("ticket.user.email", "ana@example.com")
            .plain("ticket.dept", "Support")
            .plain("ticket.dept.name", "Support");
        let facts = if self.tells_profiles() {
            facts.typed("ticket.user.organization.name", "Acme Tools")
        } else {
            facts
        };
        match self.audience() {
            Audience::User => facts,
            Audience::Agent | Audience::Task if self == Self::TicketOverdue => facts
                .plain("ticket.staff_link", LINK)
                .plain("ticket.due_date", "22 Nov 2026, 14:05 UTC"),
            Audience::Agent | Audience::Task => facts.plain("ticket.staff_link", LINK),
        }
    }

    fn with_recipient(self, facts: Facts) -> Facts {
        match self.audience() {
            Audience::User => facts
                .name("recipient.name", "Ana Lima")
                .plain("recipient.ticket_link", OWN_LINK),
            Audience::Agent | Audience::Task => facts.plain("recipient.name", "Ada Byron"),
        }
    }
}

/// Whether a field is one of a user's or an organization's profile.
fn is_profile(name: &str) -> bool {
    name.starts_with("user.")
}

const LINK: &str = "https://help.acme.example/queues/tickets/482913";
const OWN_LINK: &str = "https://help.acme.example/tickets/482913?access=…";

fn with_task(facts: Facts) -> Facts {
    facts
        .plain("task.number", "17")
        .typed("task.title", "Order a printer")
        .plain("task.dept.name", "Support")
        .plain("task.due_date", "22 Nov 2026, 14:05 UTC")
}
