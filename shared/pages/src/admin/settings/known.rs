//! Every setting: the name it is stored under, the id of its field, how it is entered, what it is
//! called, and what there is to know about it.

use super::setting::Entry::{
    Colour, Department, Language, Line, Plan, Priority, Sequence, Switch, Topic, Zone,
};
use super::setting::{Group, Setting};

/// Writes settings down by their groups.
macro_rules! settings {
    ($($group:ident { $($key:literal in $field:literal, $entry:expr, $name:literal, $note:literal;)* })*) => {
        /// Every setting, as the page shows them.
        pub(super) const SETTINGS: &[Setting] = &[$($(Setting {
            group: Group::$group,
            key: $key,
            field: $field,
            entry: $entry,
            name: $name,
            note: $note,
        },)*)*];
    };
}

settings! {
    Look {
        "branding.accent" in "accent", Colour,
            "Accent colour",
            "";
        "locale" in "locale", Language,
            "Language",
            "For the portal's pages and the mails to users. Agents' pages are in English.";
        "time_zone" in "time-zone", Zone,
            "Time zone",
            "For the times on pages and in mails.";
    }
    Company {
        "company.name" in "company-name", Line("Acme Tools Ltd."),
            "Name of the company",
            "Mails say it as %{company.name}; none for the realm’s name.";
        "company.website" in "company-website", Line("https://www.acme.example"),
            "Website",
            "Mails say it as %{company.website}. It begins with https:// or http://.";
        "company.phone" in "company-phone", Line("+49 30 5550123"),
            "Phone",
            "Mails say it as %{company.phone}.";
        "company.address" in "company-address", Line("1 Mill Lane, Ashford"),
            "Address",
            "Mails say it as %{company.address}; one line.";
    }
    Tickets {
        "intake.default_topic" in "default-topic", Topic,
            "Help topic of tickets that name none",
            "";
        "intake.default_department" in "default-department", Department,
            "Department of tickets that nothing routes",
            "";
        "intake.default_sla" in "default-sla", Plan,
            "SLA plan of tickets that nothing gives one",
            "";
        "intake.default_priority" in "default-priority", Priority,
            "Priority of tickets that nothing gives one",
            "";
        "intake.number_format" in "number-format", Line("INC-######"),
            "Format of ticket numbers",
            "Each # is a digit; \\# is a #.";
        "intake.number_sequence" in "number-sequence", Sequence,
            "Sequence of ticket numbers",
            "";
        "intake.max_open_tickets" in "max-open-tickets", Line(""),
            "Tickets a user may have open",
            "0 for as many as they like.";
        "intake.overlimit_notice" in "overlimit-notice", Switch,
            "Tell users that they have reached that",
            "";
        "require_topic_to_close" in "topic-to-close", Switch,
            "Close only tickets that have a help topic",
            "";
    }
    Portal {
        "portal.online" in "online", Switch,
            "Portal is open",
            "While it is closed, people see a page that says so and programs are told to come back; mail still makes tickets, and agents go on.";
        "portal.offline_text" in "offline-text", Line(""),
            "Text while the portal is closed",
            "In your own words, at most 500 characters; none for ours.";
        "portal.open_limit" in "open-limit", Line("100"),
            "Tickets from one source",
            "Within ten minutes, over the portal; 0 for any number. A source is a user who has signed in, or else an address.";
        "portal.message_limit" in "message-limit", Line("100"),
            "Messages from one source",
            "The same for what is written to tickets.";
        "portal.status_limit" in "status-limit", Line("30"),
            "Questions for a ticket's link from one source",
            "The same for asking to have the link to a ticket mailed.";
        "collaborator_ticket_visibility" in "collaborators-see", Switch,
            "Show tickets to their collaborators on the portal",
            "";
    }
    Files {
        "file.largest" in "largest-file", Line("8388608"),
            "Largest file",
            "In bytes, at most 9000000; 0 takes no files at all.";
        "file.types" in "file-types", Line("pdf,png,jpg"),
            "Types of files",
            "Endings separated by commas; none takes files of every type.";
    }
    Mail {
        "intake.accept_unregistered" in "accept-unregistered", Switch,
            "Take mail of people who have no ticket yet",
            "";
        "use_email_priority" in "priority-by-mail", Switch,
            "Take a ticket’s priority from its mail",
            "As X-Priority or Importance has it, where no filter says otherwise.";
        "add_email_collabs" in "collaborators-by-mail", Switch,
            "Have whoever else a mail went to take part",
            "Only where the mail was to an address of yours. Those whom others than the requester bring along wait until an agent lets them in.";
        "strip_quoted_reply" in "quotes-are-stripped", Switch,
            "Leave out what mails quote of yours",
            "What stands below the line stays out of the ticket; the mail itself is kept whole.";
        "reply_separator" in "reply-separator", Line("-- reply above this line --"),
            "Line above which your mails are answered",
            "It stands at the top of your mails, 8 to 100 characters.";
    }
    Users {
        "ticket_autoresponder" in "ticket-answer", Switch,
            "Tell users that their ticket came in",
            "Help topics, departments, mail addresses and filters can say no where this says yes.";
        "message_autoresponder" in "message-answer", Switch,
            "Tell users that their message came in",
            "Programs that answer by themselves are never told.";
        "ticket_notice_active" in "ticket-notice", Switch,
            "Tell users of tickets that agents open for them",
            "The agent can leave it out.";
        "message_autoresponder_collabs" in "collaborator-news", Switch,
            "Tell collaborators of messages and replies",
            "Whose address is not proved hears of replies alone.";
    }
    TicketAlerts {
        "admin_email" in "admin-email", Line("admin@acme.example"),
            "Address of the administrator",
            "Alerts that the administrator gets go there; none, and nobody gets them.";
        "ticket_alert_active" in "ticket-alert", Switch,
            "Alerts of new tickets",
            "";
        "ticket_alert_admin" in "ticket-alert-admin", Switch,
            "New ticket: tell the administrator",
            "";
        "ticket_alert_dept_manager" in "ticket-alert-manager", Switch,
            "New ticket: tell the department’s manager",
            "";
        "ticket_alert_dept_members" in "ticket-alert-members", Switch,
            "New ticket: tell the department’s members",
            "While the ticket is assigned to nobody.";
        "ticket_alert_acct_manager" in "ticket-alert-account", Switch,
            "New ticket: tell the account manager of the user’s organization",
            "";
    }
    MessageAlerts {
        "message_alert_active" in "message-alert", Switch,
            "Alerts of new messages",
            "Where none of those below is there, the department’s manager hears of it, so that no message goes unheard.";
        "message_alert_laststaff" in "message-alert-last", Switch,
            "New message: tell the agent who replied last",
            "";
        "message_alert_assigned" in "message-alert-assigned", Switch,
            "New message: tell whoever the ticket is assigned to",
            "The agent, or else everybody in the team.";
        "message_alert_dept_manager" in "message-alert-manager", Switch,
            "New message: tell the department’s manager",
            "Even where others hear of it.";
        "message_alert_acct_manager" in "message-alert-account", Switch,
            "New message: tell the account manager of the user’s organization",
            "";
    }
    NoteAlerts {
        "note_alert_active" in "note-alert", Switch,
            "Alerts of notes",
            "";
        "note_alert_laststaff" in "note-alert-last", Switch,
            "Note: tell the agent who replied last",
            "";
        "note_alert_assigned" in "note-alert-assigned", Switch,
            "Note: tell whoever the ticket is assigned to",
            "";
        "note_alert_dept_manager" in "note-alert-manager", Switch,
            "Note: tell the department’s manager",
            "";
    }
    AssignedAlerts {
        "assigned_alert_active" in "assigned-alert", Switch,
            "Alerts of assignments",
            "";
        "assigned_alert_staff" in "assigned-alert-agent", Switch,
            "Assignment: tell the agent",
            "";
        "assigned_alert_team_lead" in "assigned-alert-lead", Switch,
            "Assignment: tell the team’s lead",
            "Where it is assigned to a team and to no agent.";
        "assigned_alert_team_members" in "assigned-alert-members", Switch,
            "Assignment: tell the team’s members",
            "Where it is assigned to a team and to no agent.";
    }
    TransferAlerts {
        "transfer_alert_active" in "transfer-alert", Switch,
            "Alerts of transfers",
            "";
        "transfer_alert_assigned" in "transfer-alert-assigned", Switch,
            "Transfer: tell whoever the ticket is assigned to",
            "";
        "transfer_alert_dept_manager" in "transfer-alert-manager", Switch,
            "Transfer: tell the new department’s manager",
            "";
        "transfer_alert_dept_members" in "transfer-alert-members", Switch,
            "Transfer: tell the new department’s members",
            "While the ticket is assigned to nobody.";
    }
    OverdueAlerts {
        "overdue_alert_active" in "overdue-alert", Switch,
            "Alerts of overdue tickets",
            "";
        "overdue_alert_assigned" in "overdue-alert-assigned", Switch,
            "Overdue: tell whoever the ticket is assigned to",
            "The agent, or else everybody in the team.";
        "overdue_alert_dept_manager" in "overdue-alert-manager", Switch,
            "Overdue: tell the department’s manager",
            "";
        "overdue_alert_dept_members" in "overdue-alert-members", Switch,
            "Overdue: tell the department’s members",
            "While the ticket is assigned to nobody.";
    }
}
