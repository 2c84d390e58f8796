//! Every path that a page links to or posts to, so that routes and links cannot drift apart.

pub const HOME: &str = "/";
pub const OPEN: &str = "/open";
pub const SIGN_IN: &str = "/auth/sign-in";
pub const BOOTSTRAP: &str = "/auth/bootstrap";
pub const SIGN_OUT: &str = "/auth/sign-out";
/// Where a user signs in, who gets a link instead of having a password.
pub const USER_SIGN_IN: &str = "/account/sign-in";
pub const SIGN_IN_LINK: &str = "/account/link";
/// Where a visitor is told to look into their mail.
pub const SIGN_IN_SENT: &str = "/account/sent";
pub const USER_SIGN_OUT: &str = "/account/sign-out";
pub const STATUS: &str = "/status";
pub const STATUS_SENT: &str = "/status/sent";
pub const TICKETS: &str = "/tickets";
pub const QUEUES: &str = "/queues";
/// Where an agent opens a ticket for a user.
pub const NEW_TICKET: &str = "/queues/new";
pub const CHOOSE_REALM: &str = "/queues/realm";
pub const ADMIN: &str = "/admin";
pub const REALMS: &str = "/admin/realms";
pub const AGENTS: &str = "/admin/agents";
pub const DEPARTMENTS: &str = "/admin/departments";
pub const TEAMS: &str = "/admin/teams";
pub const FORMS: &str = "/admin/forms";
pub const LISTS: &str = "/admin/lists";
pub const STATUSES: &str = "/admin/statuses";
pub const FILTERS: &str = "/admin/filters";
pub const CANNED: &str = "/admin/canned";
pub const TEMPLATES: &str = "/admin/templates";
pub const TOPICS: &str = "/admin/topics";
pub const USERS: &str = "/admin/users";
pub const ORGANIZATIONS: &str = "/admin/organizations";
pub const PROFILES: &str = "/admin/profiles";
pub const BANS: &str = "/admin/bans";
pub const LOG: &str = "/admin/log";
pub const KEYS: &str = "/admin/keys";
pub const SEPARATION: &str = "/admin/separation";
pub const EXPLAIN: &str = "/admin/explain";
pub const CAPTURED_MAIL: &str = "/mail/captured";

/// Returns the portal's page of a ticket, without the access link's signature.
pub fn ticket(number: &str) -> String {
    format!("/tickets/{number}")
}

/// Returns where an agent fills in a ticket's fields anew.
pub fn edit(number: &str) -> String {
    format!("/queues/edit/{number}")
}

/// Returns a file on a ticket, for whoever may read the ticket.
pub fn ticket_file(number: &str, id: &str) -> String {
    format!("/tickets/{number}/files/{id}")
}

/// Returns where a user posts a message to a ticket.
pub fn message(number: &str) -> String {
    format!("/tickets/{number}/message")
}

/// Returns the first page of a user's list.
pub fn tickets(whose: &str, state: &str) -> String {
    format!("{TICKETS}?whose={whose}&state={state}")
}

/// Returns the first page of what a user's list holds about a topic and with a text; either may
/// be empty.
pub fn tickets_about(whose: &str, state: &str, topic: &str, search: &str) -> String {
    let pair = |name: &str, value: &str| match value {
        "" => String::new(),
        value => format!("&{name}={}", encoded(value)),
    };
    let path = tickets(whose, state);
    path + &pair("topic", topic) + &pair("search", search)
}

/// Returns a text as it stands in an address.
pub fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'.' | b'-' | b'_' => char::from(byte).into(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Returns the first page of a queue.
pub fn queue(slug: &str) -> String {
    format!("{QUEUES}/{slug}")
}

/// Returns a ticket's page for those who work it.
pub fn work(number: &str) -> String {
    format!("{QUEUES}/tickets/{number}")
}

/// Returns a file on a ticket, for those who work it.
pub fn work_file(number: &str, id: &str) -> String {
    format!("{QUEUES}/tickets/{number}/files/{id}")
}

/// Returns the list of a realm and those below it.
pub fn realms_in(realm: &i64) -> String {
    format!("{REALMS}?in={realm}")
}

/// Returns the page of a realm.
pub fn realm(realm: &i64) -> String {
    format!("{REALMS}/{realm}")
}

/// Returns the page on which a realm is put elsewhere.
pub fn realm_move(realm: &i64) -> String {
    format!("{REALMS}/{realm}/move")
}

/// Returns the page of who sees a realm.
pub fn realm_access(realm: &i64) -> String {
    format!("{REALMS}/{realm}/access")
}

/// Returns the page of a realm's settings.
pub fn realm_settings(realm: &i64) -> String {
    format!("{REALMS}/{realm}/settings")
}

/// Returns the same, with the setting of this field open.
pub fn changed_setting(realm: &i64, field: &str) -> String {
    format!("{}?at={field}", realm_settings(realm))
}

/// Returns the page of an agent.
pub fn agent(id: &str) -> String {
    format!("{AGENTS}/{id}")
}

/// Returns the list of a realm's help topics.
pub fn topics_in(realm: &i64) -> String {
    format!("{TOPICS}?in={realm}")
}

/// Returns the page of a help topic, among those of a realm.
pub fn topic(topic: &i64, realm: &i64) -> String {
    format!("{TOPICS}/{topic}?in={realm}")
}

/// Returns the list of a realm's forms.
pub fn forms_in(realm: &i64) -> String {
    format!("{FORMS}?in={realm}")
}

/// Returns the page of a form, among those of a realm.
pub fn form(form: &i64, realm: &i64) -> String {
    format!("{FORMS}/{form}?in={realm}")
}

/// Returns the page of a form's field.
pub fn field(form: &i64, field: &i64, realm: &i64) -> String {
    format!("{FORMS}/{form}/fields/{field}?in={realm}")
}

/// Returns the lists of a realm.
pub fn lists_in(realm: &i64) -> String {
    format!("{LISTS}?in={realm}")
}

/// Returns the page of a list, among those of a realm.
pub fn list(list: &i64, realm: &i64) -> String {
    format!("{LISTS}/{list}?in={realm}")
}

/// Returns the page of a list, about to change one of its items.
pub fn list_item(list: &i64, realm: &i64, item: &i64) -> String {
    format!("{LISTS}/{list}?in={realm}&item={item}")
}

/// Returns the page of the statuses, about to change one.
pub fn status(status: &i64) -> String {
    format!("{STATUSES}?status={status}")
}

/// Returns the list of a realm's filters.
pub fn filters_in(realm: &i64) -> String {
    format!("{FILTERS}?in={realm}")
}

/// Returns the list of a realm's mails.
pub fn templates_in(realm: &i64) -> String {
    format!("{TEMPLATES}?in={realm}")
}

/// Returns the page of a kind of mail, among those of a realm.
pub fn template(code: &str, realm: &i64) -> String {
    format!("{TEMPLATES}/{code}?in={realm}")
}

/// Returns the list of a realm's departments.
pub fn departments_in(realm: &i64) -> String {
    format!("{DEPARTMENTS}?in={realm}")
}

/// Returns the page of a department, among those of a realm.
pub fn department(department: &i64, realm: &i64) -> String {
    format!("{DEPARTMENTS}/{department}?in={realm}")
}

/// Returns the list of a realm's teams.
pub fn teams_in(realm: &i64) -> String {
    format!("{TEAMS}?in={realm}")
}

/// Returns the page of a team, among those of a realm.
pub fn team(team: &i64, realm: &i64) -> String {
    format!("{TEAMS}/{team}?in={realm}")
}

/// Returns the list of a realm's canned replies.
pub fn canned_in(realm: &i64) -> String {
    format!("{CANNED}?in={realm}")
}

/// Returns the page of a canned reply, among those of a realm.
pub fn canned_reply(reply: &i64, realm: &i64) -> String {
    format!("{CANNED}/{reply}?in={realm}")
}

/// Returns the page of a filter, among those of a realm.
pub fn filter(filter: &i64, realm: &i64) -> String {
    format!("{FILTERS}/{filter}?in={realm}")
}

/// Returns the list of the users of a realm and of those below it.
pub fn users_in(realm: &i64) -> String {
    format!("{USERS}?in={realm}")
}

/// Returns the page of a user.
pub fn user(id: &str) -> String {
    format!("{USERS}/{id}")
}

/// Returns the page of what is known of a user.
pub fn user_profile(id: &str) -> String {
    format!("{PROFILES}/users/{id}")
}

/// Returns the page of what is known of an organization.
pub fn organization_profile(id: &str) -> String {
    format!("{PROFILES}/organizations/{id}")
}

/// Returns the page of what is known of an item of a list, which belongs to a realm.
pub fn item_profile(list: &i64, item: &i64, realm: &i64) -> String {
    format!("{PROFILES}/lists/{list}/{item}?in={realm}")
}

/// Returns the list of the organizations of a realm and of those below it.
pub fn organizations_in(realm: &i64) -> String {
    format!("{ORGANIZATIONS}?in={realm}")
}

/// Returns the page of an organization.
pub fn organization(id: &str) -> String {
    format!("{ORGANIZATIONS}/{id}")
}

/// Returns the list of the API keys of a realm and of those below it.
pub fn keys_in(realm: &i64) -> String {
    format!("{KEYS}?in={realm}")
}

/// Returns the page of an API key.
pub fn key(id: &str) -> String {
    format!("{KEYS}/{id}")
}

/// Returns the ban lists of a realm and of those below it.
pub fn bans_in(realm: &i64) -> String {
    format!("{BANS}?in={realm}")
}

/// Returns where a list of a realm goes on, behind something of another realm.
pub fn behind(list: &str, realm: &i64, search: &str, at: &i64, key: &str) -> String {
    let searched = match search {
        "" => String::new(),
        search => format!("&q={}", encoded(search)),
    };
    format!("{list}?in={realm}{searched}&at={at}&after={}", encoded(key))
}

/// Returns where the log goes on, behind a deed.
pub fn log(agent: &str, kind: &str, before: &str) -> String {
    let (agent, kind) = (encoded(agent), encoded(kind));
    format!("{LOG}?agent={agent}&kind={kind}&before={before}")
}
