//! Renders the sample of every page and mail, and compares it with the stored one.
//!
//! `INSTA_UPDATE=always cargo test -p pages` stores what is rendered now; read the difference before committing it.

use askama::Template;

use crate::account::{
    ListState, Sent, SentPage, SignInLinkPage, StatusPage, TicketsPage, UserSignInPage,
};
use crate::admin::{
    AccessPage, AgentPage, AgentsPage, BansPage, CannedRepliesPage, CannedReplyPage,
    DepartmentPage, DepartmentsPage, ExplainPage, FieldKind, FieldPage, FilterPage, FiltersPage,
    FormPage, FormsPage, InvitedPage, KeyPage, KeysPage, ListPage, ListsPage, LogPage, MadeKey,
    MovePage, OrganizationPage, OrganizationsPage, PeoplePage, PersonPage, ProfilePage, RealmPage,
    RealmsPage, SeparationPage, SettingsPage, StatusesPage, TeamPage, TeamsPage, TemplatePage,
    TemplatesPage, TopicPage, TopicsPage,
};
use crate::assets::{self, ASSETS};
use crate::auth::{BootstrapPage, SignInPage};
use crate::details::DetailsPage;
use crate::error::{ErrorKind, ErrorPage};
use crate::http::PAGE_POLICY;
use crate::mail::{
    CapturedMailPage, Invitation, LimitReached, Mail, MessageAlert, OverdueAlert, SignInLink,
    TicketLink, TicketReceived, WrittenMail,
};
use crate::opening::NewTicketPage;
use crate::portal::Denial;
use crate::portal::{
    ConfirmationPage, LandingPage, LinkNeededPage, OfflinePage, OpenPage, TicketPage,
};
use crate::queues::{Queue, QueuePage, RealmChoicePage};
use crate::reference::ApiPage;
use crate::work::WorkPage;

/// Every page there is, with the name of its snapshot.
fn pages() -> Vec<(String, String)> {
    let mut pages = vec![
        page("portal_landing", &LandingPage::sample()),
        page("portal_open", &OpenPage::sample()),
        page("portal_landing_user", &LandingPage::sample_of_a_user()),
        page("portal_open_user", &OpenPage::sample_of_a_user()),
        page("portal_open_refused", &OpenPage::sample_refused()),
        page("portal_open_fields", &OpenPage::sample_with_fields()),
        page(
            "portal_open_denied",
            &OpenPage::sample_denied(Denial::NotAuthorized),
        ),
        page(
            "portal_open_over_limit",
            &OpenPage::sample_denied(Denial::OverLimit),
        ),
        page(
            "portal_open_too_many",
            &OpenPage::sample_denied(Denial::TooMany),
        ),
        page(
            "portal_open_trapped",
            &OpenPage::sample_denied(Denial::Trapped),
        ),
        page("portal_confirmation", &ConfirmationPage::sample()),
        page("portal_ticket", &TicketPage::sample()),
        page("portal_ticket_too_much", &TicketPage::sample_of_too_much()),
        page(
            "portal_ticket_colleague",
            &TicketPage::sample_of_a_colleague(),
        ),
        page("account_sign_in", &UserSignInPage::sample()),
        page("account_sign_in_refused", &UserSignInPage::sample_refused()),
        page("account_link", &SignInLinkPage::sample()),
        page("account_link_gone", &SignInLinkPage::sample_gone()),
        page("account_sent", &SentPage::sample(Sent::SignIn)),
        page("account_sent_ticket", &SentPage::sample(Sent::Ticket)),
        page("account_status", &StatusPage::sample()),
        page("account_status_too_much", &StatusPage::sample_of_too_much()),
        page("account_status_refused", &StatusPage::sample_refused()),
        page("account_tickets", &TicketsPage::sample()),
        page("account_tickets_filtered", &TicketsPage::sample_filtered()),
        page("account_tickets_shared", &TicketsPage::sample_shared()),
        page(
            "account_tickets_shared_empty",
            &TicketsPage::sample_empty(true, ListState::Open),
        ),
        page("portal_offline", &OfflinePage::sample("")),
        page(
            "portal_offline_text",
            &OfflinePage::sample("We <move> & are back on Monday."),
        ),
        page("portal_link_needed", &LinkNeededPage::sample()),
        page("auth_sign_in", &SignInPage::sample()),
        page("auth_sign_in_refused", &SignInPage::sample_refused()),
        page("auth_bootstrap", &BootstrapPage::sample()),
        page("auth_bootstrap_refused", &BootstrapPage::sample_refused()),
        page("auth_bootstrap_gone", &BootstrapPage::sample_gone()),
        page("mail_captured", &CapturedMailPage::sample()),
        page("reference_api", &ApiPage::sample()),
        page("work_ticket", &WorkPage::sample()),
        page("work_ticket_refused", &WorkPage::sample_refused()),
        page("work_ticket_read_only", &WorkPage::sample_read_only()),
        page("queue_selected", &QueuePage::sample_selected()),
        page("queue_realm", &RealmChoicePage::sample()),
        page("queue_realm_searched", &RealmChoicePage::sample_searched()),
    ];
    pages.extend(administration());
    pages.extend(forms());
    pages.extend(duties());
    for state in ListState::ALL {
        let name = format!("account_tickets_empty_{}", state.slug());
        pages.push(page(&name, &TicketsPage::sample_empty(false, state)));
    }
    for queue in Queue::ALL {
        let sample = QueuePage::sample(queue);
        let slug = sample
            .place()
            .map_or("", |place| place.slug)
            .replace('-', "_");
        pages.push(page(&format!("queue_{slug}"), &sample));
        pages.push(page(
            &format!("queue_{slug}_empty"),
            &QueuePage::sample_empty(queue),
        ));
    }
    for kind in ErrorKind::ALL {
        let name = match kind {
            ErrorKind::Forbidden => "error_forbidden".to_owned(),
            kind => format!("error_{}", kind.status()),
        };
        pages.push(page(&name, &ErrorPage::sample(kind)));
    }
    pages
}

fn page(name: &str, page: &impl Template) -> (String, String) {
    (name.to_owned(), page.render().unwrap())
}

/// The pages of departments and teams.
fn duties() -> Vec<(String, String)> {
    vec![
        page("admin_departments", &DepartmentsPage::sample()),
        page("admin_departments_empty", &DepartmentsPage::sample_empty()),
        page("admin_department", &DepartmentPage::sample()),
        page(
            "admin_department_refused",
            &DepartmentPage::sample_refused(),
        ),
        page("admin_teams", &TeamsPage::sample()),
        page("admin_teams_empty", &TeamsPage::sample_empty()),
        page("admin_team", &TeamPage::sample()),
        page("admin_team_refused", &TeamPage::sample_refused()),
    ]
}

fn forms() -> Vec<(String, String)> {
    vec![
        page("admin_forms", &FormsPage::sample()),
        page("admin_forms_empty", &FormsPage::sample_empty()),
        page("admin_form", &FormPage::sample()),
        page("admin_form_refused", &FormPage::sample_refused()),
        page("admin_field_choice", &FieldPage::sample(FieldKind::Choice)),
        page("admin_field_date", &FieldPage::sample(FieldKind::Date)),
        page(
            "admin_field_section",
            &FieldPage::sample(FieldKind::Section),
        ),
        page("admin_field_refused", &FieldPage::sample_refused()),
    ]
}

/// The pages of administrators.
fn administration() -> Vec<(String, String)> {
    vec![
        page("work_details", &DetailsPage::sample()),
        page("work_details_refused", &DetailsPage::sample_refused()),
        page("work_details_stale", &DetailsPage::sample_stale()),
        page("work_details_empty", &DetailsPage::sample_empty()),
        page("work_new", &NewTicketPage::sample()),
        page("work_new_refused", &NewTicketPage::sample_refused()),
        page("work_new_of_little", &NewTicketPage::sample_of_little()),
        page("admin_realms", &RealmsPage::sample()),
        page("admin_realms_refused", &RealmsPage::sample_refused()),
        page("admin_realms_searched", &RealmsPage::sample_searched()),
        page("admin_realm", &RealmPage::sample()),
        page("admin_realm_refused", &RealmPage::sample_refused()),
        page("admin_realm_archived", &RealmPage::sample_archived()),
        page("admin_move", &MovePage::sample()),
        page("admin_move_searched", &MovePage::sample_searched()),
        page("admin_access", &AccessPage::sample()),
        page("admin_access_refused", &AccessPage::sample_refused()),
        page("admin_access_read_only", &AccessPage::sample_read_only()),
        page("admin_agents", &AgentsPage::sample()),
        page("admin_agents_refused", &AgentsPage::sample_refused()),
        page("admin_agent_invited", &InvitedPage::sample()),
        page("admin_agent_pending", &AgentPage::sample_pending()),
        page("admin_agent", &AgentPage::sample()),
        page("admin_agent_refused", &AgentPage::sample_refused()),
        page("admin_settings", &SettingsPage::sample()),
        page("admin_settings_refused", &SettingsPage::sample_refused()),
        page("admin_filters", &FiltersPage::sample()),
        page("admin_filters_empty", &FiltersPage::sample_empty()),
        page("admin_filter", &FilterPage::sample()),
        page("admin_filter_refused", &FilterPage::sample_refused()),
        page("admin_statuses", &StatusesPage::sample()),
        page("admin_statuses_refused", &StatusesPage::sample_refused()),
        page("admin_lists", &ListsPage::sample()),
        page("admin_lists_empty", &ListsPage::sample_empty()),
        page("admin_list", &ListPage::sample()),
        page("admin_list_refused", &ListPage::sample_refused()),
        page("admin_list_empty", &ListPage::sample_empty()),
        page("admin_keys", &KeysPage::sample()),
        page("admin_keys_refused", &KeysPage::sample_refused()),
        page("admin_key", &KeyPage::sample()),
        page("admin_key_refused", &KeyPage::sample_refused()),
        page("admin_key_made", &MadeKey::sample()),
        page("admin_log", &LogPage::sample()),
        page("admin_log_empty", &LogPage::sample_empty()),
        page("admin_bans", &BansPage::sample()),
        page("admin_bans_refused", &BansPage::sample_refused()),
        page("admin_organizations", &OrganizationsPage::sample()),
        page(
            "admin_organizations_refused",
            &OrganizationsPage::sample_refused(),
        ),
        page("admin_organization", &OrganizationPage::sample()),
        page(
            "admin_organization_refused",
            &OrganizationPage::sample_refused(),
        ),
        page(
            "admin_organization_read_only",
            &OrganizationPage::sample_read_only(),
        ),
        page("admin_users", &PeoplePage::sample()),
        page("admin_users_searched", &PeoplePage::sample_searched()),
        page("admin_user", &PersonPage::sample()),
        page("admin_user_refused", &PersonPage::sample_refused()),
        page("admin_profile", &ProfilePage::sample()),
        page("admin_profile_refused", &ProfilePage::sample_refused()),
        page("admin_profile_stale", &ProfilePage::sample_stale()),
        page("admin_profile_empty", &ProfilePage::sample_empty()),
        page("admin_canned_replies", &CannedRepliesPage::sample()),
        page(
            "admin_canned_replies_empty",
            &CannedRepliesPage::sample_empty(),
        ),
        page("admin_canned_reply", &CannedReplyPage::sample()),
        page(
            "admin_canned_reply_refused",
            &CannedReplyPage::sample_refused(),
        ),
        page("admin_templates", &TemplatesPage::sample()),
        page("admin_template", &TemplatePage::sample()),
        page("admin_template_refused", &TemplatePage::sample_refused()),
        page("admin_template_stale", &TemplatePage::sample_stale()),
        page("admin_topics", &TopicsPage::sample()),
        page("admin_topics_empty", &TopicsPage::sample_empty()),
        page("admin_topic", &TopicPage::sample()),
        page("admin_topic_refused", &TopicPage::sample_refused()),
        page("admin_separation", &SeparationPage::sample()),
        page("admin_explain", &ExplainPage::sample()),
        page("admin_explain_seen", &ExplainPage::sample_seen()),
        page("admin_explain_unknown", &ExplainPage::sample_unknown()),
    ]
}

fn mails() -> [(&'static str, Box<dyn Mail>); 8] {
    [
        ("limit_reached", Box::new(LimitReached::sample())),
        ("invitation", Box::new(Invitation::sample())),
        ("ticket_received", Box::new(TicketReceived::sample())),
        ("written", Box::new(WrittenMail::sample())),
        ("sign_in_link", Box::new(SignInLink::sample())),
        ("ticket_link", Box::new(TicketLink::sample())),
        ("message_alert", Box::new(MessageAlert::sample())),
        ("overdue_alert", Box::new(OverdueAlert::sample())),
    ]
}

#[test]
fn pages_look_as_stored() {
    for (name, html) in pages() {
        insta::assert_snapshot!(name, without_hashes(&html));
    }
}

#[test]
fn mails_look_as_stored() {
    for (name, mail) in mails() {
        let (subject, text) = (mail.subject().unwrap(), mail.text().unwrap());
        insta::assert_snapshot!(
            format!("mail_{name}"),
            format!("Subject: {subject}\n\n{text}")
        );
        insta::assert_snapshot!(format!("mail_{name}_html"), mail.html().unwrap());
    }
}

/// The hashes change with every edit of a style sheet, which says nothing about a page.
fn without_hashes(html: &str) -> String {
    html.replace(assets::CSS, "/assets/app.css")
        .replace(assets::DESK_CSS, "/assets/desk.css")
        .replace(assets::JS, "/assets/app.js")
        .replace(assets::UPLOAD_JS, "/assets/upload.js")
        .replace(assets::FAVICON, "/assets/favicon.svg")
}

#[test]
fn pages_hold_nothing_that_their_policy_refuses() {
    assert!(!PAGE_POLICY.contains("unsafe"));
    for (name, html) in pages() {
        for refused in [
            " style=",
            "<style",
            " onclick=",
            " onsubmit=",
            "javascript:",
            "http://",
        ] {
            assert!(!html.contains(refused), "{name} holds {refused}");
        }
        let scripts = html.matches("<script").count();
        assert_eq!(
            scripts,
            html.matches("<script src=\"/assets/").count(),
            "{name} has an inline script"
        );
    }
}

#[test]
fn pages_tie_every_label_and_description_to_something() {
    for (name, html) in pages() {
        for attribute in [
            " for=\"",
            " aria-describedby=\"",
            " aria-labelledby=\"",
            " href=\"#",
        ] {
            for target in attribute_values(&html, attribute) {
                for id in target.split(' ') {
                    assert!(
                        html.contains(&format!(" id=\"{id}\"")),
                        "{name}: nothing has id {id}"
                    );
                }
            }
        }
    }
}

#[test]
fn pages_give_an_id_only_once() {
    for (name, html) in pages() {
        let mut ids: Vec<_> = attribute_values(&html, " id=\"").collect();
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "{name} gives an id twice");
    }
}

/// Returns what stands between each occurrence of the opening and the next quotation mark.
fn attribute_values<'a>(html: &'a str, opening: &'a str) -> impl Iterator<Item = &'a str> {
    html.split(opening)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
}

#[test]
fn the_ticket_received_mail_repeats_nothing_that_was_typed() {
    let mail = TicketReceived::sample();
    for part in [
        mail.subject().unwrap(),
        mail.text().unwrap(),
        mail.html().unwrap(),
    ] {
        assert!(!part.contains("Grace") && !part.contains("drill"));
        assert!(
            part.contains("{number}"),
            "the placeholder survives: {part}"
        );
    }
}

#[test]
fn static_files_are_named_by_their_content_and_stay_small() {
    for asset in ASSETS {
        assert!(
            !asset.bytes.is_empty() && asset.bytes.len() < 30_000,
            "{}",
            asset.path
        );
        assert_eq!(
            assets::find(asset.path).map(|found| found.bytes),
            Some(asset.bytes)
        );
    }
    assert!(
        assets::find("/assets/app.css").is_none(),
        "a name without a hash is no name"
    );
}
