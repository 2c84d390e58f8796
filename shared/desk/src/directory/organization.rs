//! Organizations, as administrators look after them: what they are called, which domains lead to
//! them, with whom their tickets are shared.

use tenancy::policy::{Granted, Thing, act};
use tenancy::port::DbError;
use tenancy::principal::Sharing;
use tenancy::realm::Path;
use tenancy::{Id, RealmId, Statement, TenantId};

use super::upkeep;
use crate::intake::one_line;
use crate::ticket::Named;
use crate::wish::Wish;

/// Most domains of an organization.
const MOST_DOMAINS: usize = 50;
/// Longest name of an organization, in characters.
const LONGEST: usize = 128;
/// Providers where everybody can have an address: whoever writes from there belongs to nobody
/// (T-69).
const FREE: [&str; 31] = [
    "aol.com",
    "fastmail.com",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.com",
    "icloud.com",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "me.com",
    "msn.com",
    "outlook.com",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "t-online.de",
    "web.de",
    "yahoo.com",
    "yahoo.de",
    "yandex.ru",
    "zoho.com",
];

/// An organization as those see it who look after it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Organization {
    /// Its id.
    pub id: Id,
    /// Its name.
    pub name: String,
    /// The realm it belongs to.
    pub realm: Named<RealmId>,
    /// With whom its members' tickets are shared.
    pub sharing: Sharing,
    /// Which members take part in each other's new tickets.
    pub taking_part: Sharing,
    /// Whether the account manager gets their new tickets, unless somebody else is to.
    pub assigns_manager: bool,
    /// The domains whose new users join it; a leading dot stands for all below.
    pub domains: Vec<String>,
    /// The address of the account manager, and where they stand.
    pub manager: Option<(String, Path)>,
    /// Goes up with each change.
    pub version: i64,
    /// Where its realm lies.
    pub path: Path,
    pub(super) tenant: TenantId,
}

impl Thing for Organization {
    fn tenant(&self) -> TenantId {
        self.tenant
    }

    fn path(&self) -> Option<&Path> {
        Some(&self.path)
    }
}

/// A user who is in an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The user's id.
    pub id: Id,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Whether they see what is shared with primary contacts.
    pub is_primary: bool,
}

/// What an organization is to be.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The version that was read.
    pub version: i64,
    /// Its name.
    pub name: &'a str,
    /// Its domains, separated by commas or spaces.
    pub domains: &'a str,
    /// With whom its members' tickets are shared.
    pub sharing: Sharing,
    /// Which members take part in each other's new tickets.
    pub taking_part: Sharing,
    /// Whether the account manager gets their new tickets.
    pub assigns_manager: bool,
    /// Who the account manager becomes.
    pub manager: Wish<Id>,
}

/// Why an organization was not made or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The name is empty or too long.
    Name,
    /// The realm has one of this name.
    Taken,
    /// Something is no domain, or there are too many.
    Domains,
    /// A domain where everybody can have an address.
    FreeMail,
    /// A domain that leads to another organization of the realm.
    DomainTaken,
    /// Somebody else was first.
    Stale,
    /// The database's own trouble.
    Failed(DbError),
}

/// Tells why a batch about organizations was not written.
pub fn refused(error: DbError) -> Refused {
    match error {
        DbError::Duplicate(columns) if columns.contains("organization_domain") => {
            Refused::DomainTaken
        }
        DbError::Duplicate(columns) if columns.contains("organization.name") => Refused::Taken,
        DbError::Stale => Refused::Stale,
        error @ (DbError::Duplicate(_)
        | DbError::Missing(_)
        | DbError::Dangling
        | DbError::Busy
        | DbError::Refused(_)
        | DbError::Corrupt(_)
        | DbError::Failed(_)) => Refused::Failed(error),
    }
}

/// The statement that makes an organization in a realm.
///
/// # Errors
/// [`Refused::Name`].
pub fn make(
    realm: &Granted<tenancy::realm::Realm, act::OrganizationCreate>,
    id: &Id,
    name: &str,
) -> Result<Statement, Refused> {
    Ok(upkeep::insert(realm, id, &checked_name(name)?))
}

/// The statements that change an organization, all or nothing.
///
/// # Errors
/// What is wrong with it.
pub fn change(
    organization: &Granted<Organization, act::OrganizationEdit>,
    wanted: &Wanted<'_>,
) -> Result<Vec<Statement>, Refused> {
    let (name, domains) = (checked_name(wanted.name)?, domains(wanted.domains)?);
    Ok(vec![
        upkeep::update(organization, &name, wanted),
        upkeep::forget_domains(organization),
        upkeep::add_domains(organization, &domains),
    ])
}

fn checked_name(typed: &str) -> Result<String, Refused> {
    let name = one_line(typed);
    let is_fit = (1..=LONGEST).contains(&name.chars().count());
    is_fit.then_some(name).ok_or(Refused::Name)
}

/// Reads domains as they are typed, each once.
fn domains(typed: &str) -> Result<Vec<String>, Refused> {
    let typed = typed.to_lowercase();
    let parts = typed.split([',', ';', ' ', '\n', '\r', '\t']);
    let mut domains: Vec<String> = Vec::new();
    for part in parts.map(|part| part.trim_start_matches('@')) {
        if part.is_empty() || domains.iter().any(|known| known == part) {
            continue;
        }
        let plain = part.strip_prefix('.').unwrap_or(part);
        if !is_domain(plain) || domains.len() == MOST_DOMAINS {
            return Err(Refused::Domains);
        }
        if FREE.contains(&plain) {
            return Err(Refused::FreeMail);
        }
        domains.push(part.to_owned());
    }
    Ok(domains)
}

/// A domain with at least one dot: a leading dot before a top-level domain would take in the
/// whole world.
fn is_domain(text: &str) -> bool {
    let is_good = |c: char| c.is_alphanumeric() || c == '-';
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(is_good)
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_are_read_as_people_type_them() {
        let read = domains("Example.com, .example.org;@sub.example.net\nexample.com").unwrap();
        assert_eq!(read, ["example.com", ".example.org", "sub.example.net"]);
        assert_eq!(domains(" , ").unwrap(), [""; 0]);
        for wrong in [
            "com",
            ".com",
            "a..b",
            "-a.example",
            "exa mple",
            "a@b.example",
            "x/y.z",
        ] {
            assert_eq!(domains(wrong), Err(Refused::Domains), "{wrong}");
        }
        let many: Vec<_> = (0..51).map(|at| format!("d{at}.example")).collect();
        assert_eq!(domains(&many.join(",")), Err(Refused::Domains));
    }

    #[test]
    fn t_69_free_mail_belongs_to_nobody() {
        assert_eq!(domains("example.com, gmail.com"), Err(Refused::FreeMail));
        assert_eq!(domains(".GMX.de"), Err(Refused::FreeMail));
    }

    #[test]
    fn the_list_of_free_mail_is_in_order() {
        assert!(FREE.is_sorted());
    }
}
