//! What components may reach over HTTP.
//!
//! `allowed_outbound_hosts` lists `<scheme>://<host>[:<port>]` with `*` for any; whatever it does not name is denied.
//! `http://self` lets a component call the application itself, with a relative URL or through the host `self.alt`.
//! Calls to other components by `*.spin.internal` are not implemented and so never allowed.

use std::net::IpAddr;
use std::ops::Range;

use http::Uri;
use http::uri::Authority;
use wasmtime::error::Context as _;
use wasmtime::{Result, bail, ensure};

/// The parsed `allowed_outbound_hosts` of one component.
#[derive(Debug, Default)]
pub struct AllowedHosts(Vec<Allowed>);

#[derive(Debug)]
struct Allowed {
    /// `None` is any.
    scheme: Option<String>,
    host: Host,
    /// `None` is any.
    ports: Option<Range<u32>>,
}

#[derive(Debug, PartialEq)]
enum Host {
    Any,
    This,
    /// With the leading dot.
    Below(String),
    Named(String),
    Network(IpAddr, u32),
}

impl AllowedHosts {
    /// Parses the list; an entry that became empty through an empty variable is skipped, as in Spin.
    pub fn parse<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self> {
        let filled = |entry: &&str| !matches!(*entry, "" | "http://" | "https://");
        let parse = |entry: &str| {
            parse(entry.trim())
                .with_context(|| format!("{entry:?} is not an allowed outbound host"))
        };
        entries
            .into_iter()
            .filter(filled)
            .map(parse)
            .collect::<Result<_>>()
            .map(Self)
    }

    /// Whether a request to this address may leave.
    pub fn allow(&self, uri: &Uri) -> bool {
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return false;
        };
        let host = authority
            .host()
            .trim_matches(['[', ']'])
            .to_ascii_lowercase();
        let Some(port) = authority.port_u16().or_else(|| known_port(scheme)) else {
            return false;
        };
        self.0.iter().any(|allowed| {
            allowed
                .scheme
                .as_deref()
                .is_none_or(|allowed| allowed == scheme)
                && allowed.host.covers(&host)
                && allowed
                    .ports
                    .as_ref()
                    .is_none_or(|ports| ports.contains(&u32::from(port)))
        })
    }

    /// Whether the component may call the application it is part of.
    pub fn allow_self(&self) -> bool {
        let http = |scheme: &str| scheme == "http" || scheme == "https";
        self.0.iter().any(|allowed| {
            allowed.scheme.as_deref().is_none_or(http)
                && matches!(allowed.host, Host::Any | Host::This)
        })
    }
}

/// Whether a request is meant for the application itself.
pub fn is_to_self(uri: &Uri) -> bool {
    uri.authority()
        .map(Authority::host)
        .is_none_or(|host| host.is_empty() || host == "self.alt")
}

impl Host {
    fn covers(&self, host: &str) -> bool {
        match self {
            Self::Any => true,
            Self::This => false,
            Self::Below(suffix) => host.parse::<IpAddr>().is_err() && host.ends_with(suffix),
            Self::Named(name) => host == name,
            Self::Network(network, bits) => host
                .parse()
                .is_ok_and(|host| same_network(*network, host, *bits)),
        }
    }
}

fn same_network(one: IpAddr, other: IpAddr, bits: u32) -> bool {
    let differing = match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        _ => return false,
    };
    differing >= bits
}

fn parse(entry: &str) -> Result<Allowed> {
    let (scheme, rest) = entry.split_once("://").context("it has no scheme")?;
    ensure!(
        scheme == "*" || scheme.chars().all(char::is_alphabetic),
        "its scheme is odd"
    );
    let (host, port) = split_port(rest);
    let ports = match port.trim_end_matches('/') {
        "*" => None,
        "" => {
            let port = u32::from(known_port(scheme).context("its port is not known")?);
            Some(port..port + 1)
        }
        port => Some(parse_ports(port)?),
    };
    let scheme = (scheme != "*").then(|| scheme.to_owned());
    Ok(Allowed {
        scheme,
        host: parse_host(host)?,
        ports,
    })
}

/// Splits at the last colon outside brackets.
fn split_port(rest: &str) -> (&str, &str) {
    match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, port),
        _ => (rest, ""),
    }
}

fn parse_ports(text: &str) -> Result<Range<u32>> {
    let number = |text: &str| {
        text.parse::<u16>()
            .map(u32::from)
            .context("its port is no number")
    };
    match text.split_once("..") {
        Some((start, end)) => Ok(number(start)?..number(end)?),
        None => number(text).map(|port| port..port + 1),
    }
}

fn parse_host(text: &str) -> Result<Host> {
    if let Some((address, bits)) = text.split_once('/').filter(|(_, bits)| !bits.is_empty()) {
        let address: IpAddr = address.parse().ok().context("it has a path")?;
        return Ok(Host::Network(
            address,
            bits.parse::<u32>().context("its network is odd")?,
        ));
    }
    let text = text
        .trim_end_matches('/')
        .trim_matches(['[', ']'])
        .to_ascii_lowercase();
    match text.as_str() {
        "" => bail!("it has no host"),
        "*" => Ok(Host::Any),
        "self" | "self.alt" => Ok(Host::This),
        name if name.ends_with(".spin.internal") => {
            bail!("calls between components are not implemented")
        }
        name => match name.strip_prefix("*.") {
            Some(domain) if !domain.contains('*') => Ok(Host::Below(format!(".{domain}"))),
            None if !name.contains(['*', '{']) => Ok(Host::Named(text)),
            _ => bail!("a wildcard may only stand for a whole host or its first part"),
        },
    }
}

fn known_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        "postgres" => Some(5432),
        "mysql" => Some(3306),
        "redis" => Some(6379),
        "mqtt" => Some(1883),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(allowed: &str, uri: &str, expected: bool) {
        let hosts = AllowedHosts::parse([allowed]).unwrap();
        assert_eq!(
            hosts.allow(&uri.parse().unwrap()),
            expected,
            "{uri} by {allowed}"
        );
    }

    #[test]
    fn nothing_is_allowed_unless_named() {
        let none = AllowedHosts::default();
        assert!(!none.allow(&"https://example.com/".parse().unwrap()));
        assert!(!none.allow_self());
    }

    #[test]
    fn scheme_host_and_port_must_all_fit() {
        check("https://example.com", "https://example.com/path", true);
        check("https://example.com", "https://EXAMPLE.com:443/", true);
        check("https://example.com", "http://example.com/", false);
        check("https://example.com", "https://example.com:8443/", false);
        check(
            "https://example.com",
            "https://example.com.evil.test/",
            false,
        );
        check("http://127.0.0.1:8000", "http://127.0.0.1:8000/", true);
        check("http://[::1]:8000", "http://[::1]:8000/", true);
        check(
            "http://127.0.0.1:8000..8002",
            "http://127.0.0.1:8001/",
            true,
        );
        check(
            "http://127.0.0.1:8000..8002",
            "http://127.0.0.1:8002/",
            false,
        );
    }

    #[test]
    fn wildcards_stand_for_any_part() {
        check("*://*:*", "http://anything.test:1234/", true);
        check("https://*.example.com", "https://a.example.com/", true);
        check("https://*.example.com", "https://example.com/", false);
        check("https://*:*", "https://anything.test:1234/", true);
        check("http://10.0.0.0/8", "http://10.1.2.3/", true);
        check("http://10.0.0.0/8", "http://11.1.2.3/", false);
    }

    #[test]
    fn the_application_itself_is_named_self() {
        let hosts = AllowedHosts::parse(["http://self"]).unwrap();
        assert!(hosts.allow_self());
        assert!(!hosts.allow(&"http://self/".parse().unwrap()));
        assert!(is_to_self(&"/path".parse().unwrap()));
        assert!(is_to_self(&"http://self.alt/path".parse().unwrap()));
        assert!(!is_to_self(&"http://example.com/".parse().unwrap()));
    }

    #[test]
    fn bad_entries_are_refused_and_empty_ones_skipped() {
        for entry in [
            "example.com",
            "*",
            "http://a*b",
            "x://host",
            "http://host:port",
            "http://a/b",
        ] {
            assert!(AllowedHosts::parse([entry]).is_err(), "{entry}");
        }
        assert!(AllowedHosts::parse(["https://"]).unwrap().0.is_empty());
    }
}
