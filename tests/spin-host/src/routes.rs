//! Which component answers which path, by Spin's rules.
//!
//! A route is a path (`/about`), may end in a trailing wildcard (`/api/...`), and may hold one-segment wildcards (`/user/:id`).
//! An exact segment beats a one-segment wildcard, which beats a trailing one; of two that still match, the longer route wins.
//! Slashes at either end of a path mean nothing, and of two equal routes the later one counts.

use std::cmp::Ordering;

use wasmtime::{Result, ensure};

/// All routes of an application, best match first.
#[derive(Debug, Default)]
pub struct Router {
    routes: Vec<Route>,
}

#[derive(Debug)]
struct Route {
    /// As written in the manifest.
    raw: String,
    component: String,
    segments: Vec<Segment>,
}

/// The order is the order of preference.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Exact(String),
    Any(String),
    Rest,
}

/// The route that answers a path.
#[derive(Debug)]
pub struct RouteMatch<'a> {
    route: &'a Route,
    /// What the trailing wildcard stood for, with its leading slash.
    pub path_info: String,
    /// Names and values of the one-segment wildcards.
    pub named: Vec<(&'a str, String)>,
}

impl Router {
    pub fn new<'a>(routes: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self> {
        let mut router = Self::default();
        for (raw, component) in routes {
            let segments = parse(raw)?;
            router.routes.retain(|route| route.segments != segments);
            router.routes.push(Route {
                raw: raw.into(),
                component: component.into(),
                segments,
            });
        }
        router
            .routes
            .sort_by(|a, b| preference(&a.segments, &b.segments));
        Ok(router)
    }

    pub fn find(&self, path: &str) -> Option<RouteMatch<'_>> {
        self.routes.iter().find_map(|route| route.matches(path))
    }

    /// Route and component, best match first; for the line printed at the start.
    pub fn list(&self) -> impl Iterator<Item = (&str, &str)> {
        self.routes
            .iter()
            .map(|route| (route.raw.as_str(), route.component.as_str()))
    }
}

impl RouteMatch<'_> {
    pub fn component(&self) -> &str {
        &self.route.component
    }

    /// The route as written in the manifest.
    pub fn raw(&self) -> &str {
        &self.route.raw
    }

    /// The route without its trailing wildcard.
    pub fn prefix(&self) -> &str {
        self.raw().strip_suffix("/...").unwrap_or(self.raw())
    }

    /// The route with a slash in front and none behind, which makes `/` empty, as in Spin.
    pub fn based(&self) -> String {
        let path = self.raw().strip_suffix('/').unwrap_or(self.raw());
        if path.starts_with('/') || path.is_empty() {
            return path.to_owned();
        }
        format!("/{path}")
    }
}

impl Route {
    fn matches(&self, path: &str) -> Option<RouteMatch<'_>> {
        let mut rest = Some(path.trim_matches('/')).filter(|path| !path.is_empty());
        let mut found = RouteMatch {
            route: self,
            path_info: String::new(),
            named: Vec::new(),
        };
        for segment in &self.segments {
            let here = match segment {
                Segment::Rest => {
                    found.path_info = path_info(rest.unwrap_or_default(), path);
                    return Some(found);
                }
                Segment::Exact(_) | Segment::Any(_) => rest?,
            };
            let (first, tail) = match here.split_once('/') {
                Some((first, tail)) => (first, Some(tail)),
                None => (here, None),
            };
            match segment {
                Segment::Any(name) => found.named.push((name, first.to_owned())),
                Segment::Exact(wanted) if wanted == first => {}
                Segment::Exact(_) | Segment::Rest => return None,
            }
            rest = tail;
        }
        rest.is_none().then_some(found)
    }
}

/// Spin hands the wildcard's part on with a leading slash, and with the trailing one the client sent.
fn path_info(rest: &str, path: &str) -> String {
    let end = if path.ends_with('/') { "/" } else { "" };
    match rest {
        "" => end.to_owned(),
        _ => format!("/{rest}{end}"),
    }
}

fn parse(raw: &str) -> Result<Vec<Segment>> {
    let path = raw.trim_matches('/');
    if path.is_empty() {
        return Ok(Vec::new());
    }
    let last = path.split('/').count() - 1;
    path.split('/')
        .enumerate()
        .map(|(at, segment)| parse_segment(segment, at == last, raw))
        .collect()
}

fn parse_segment(segment: &str, last: bool, raw: &str) -> Result<Segment> {
    if matches!(segment, "..." | "*") {
        ensure!(last, "the wildcard of route {raw:?} is not at its end");
        return Ok(Segment::Rest);
    }
    ensure!(!segment.is_empty(), "route {raw:?} has an empty segment");
    ensure!(
        !segment.starts_with('*'),
        "the wildcard of route {raw:?} has a name"
    );
    let Some(name) = segment.strip_prefix(':') else {
        return Ok(Segment::Exact(segment.into()));
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    ensure!(
        !name.is_empty() && name.chars().all(plain),
        "the segment {segment:?} of route {raw:?} has no usable name"
    );
    Ok(Segment::Any(name.into()))
}

/// Segment by segment; then the route without the extra wildcard, which is the closer match.
fn preference(one: &[Segment], other: &[Segment]) -> Ordering {
    one.iter()
        .zip(other)
        .map(|(a, b)| a.cmp(b))
        .find(|order| order.is_ne())
        .unwrap_or(one.len().cmp(&other.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(routes: &[&str], path: &str, expected: Option<(&str, &str)>) {
        let reversed = routes.iter().rev().copied().collect::<Vec<_>>();
        for routes in [routes, &reversed] {
            let router = Router::new(routes.iter().map(|route| (*route, *route))).unwrap();
            let found = router.find(path);
            let found = found
                .as_ref()
                .map(|found| (found.component(), found.path_info.as_str()));
            assert_eq!(found, expected, "{path} in {routes:?}");
        }
    }

    #[test]
    fn exact_routes_match_whole_paths() {
        check(&["/foo", "/foo/bar"], "/foo", Some(("/foo", "")));
        check(&["/foo", "/foo/bar"], "/foo/bar", Some(("/foo/bar", "")));
        check(&["/foo", "/foo/bar"], "/foo/", Some(("/foo", "")));
        check(&["/foo"], "/foobar", None);
        check(&["/foo"], "/foo/bar", None);
        check(&["/foo"], "/", None);
        check(&["/"], "/", Some(("/", "")));
        check(&["/"], "/foo", None);
    }

    #[test]
    fn a_trailing_wildcard_takes_the_rest() {
        check(&["/api/..."], "/api", Some(("/api/...", "")));
        check(&["/api/..."], "/api/", Some(("/api/...", "/")));
        check(&["/api/..."], "/api/a/b", Some(("/api/...", "/a/b")));
        check(&["/api/..."], "/api/a/b/", Some(("/api/...", "/a/b/")));
        check(&["/api/..."], "/apis", None);
        check(&["/..."], "/", Some(("/...", "/")));
        check(&["/..."], "/any/thing", Some(("/...", "/any/thing")));
        check(&["/api/*"], "/api/x", Some(("/api/*", "/x")));
    }

    #[test]
    fn the_closest_route_wins() {
        check(&["/...", "/one"], "/one", Some(("/one", "")));
        check(&["/...", "/one"], "/two", Some(("/...", "/two")));
        check(&["/one/...", "/one"], "/one", Some(("/one", "")));
        check(
            &["/...", "/one/...", "/one/two/..."],
            "/one/two/x",
            Some(("/one/two/...", "/x")),
        );
        check(&["/:id", "/me", "/..."], "/me", Some(("/me", "")));
        check(&["/:id", "/me", "/..."], "/you", Some(("/:id", "")));
        check(
            &["/:id", "/me", "/..."],
            "/you/too",
            Some(("/...", "/you/too")),
        );
    }

    #[test]
    fn one_segment_wildcards_are_named() {
        let router = Router::new([("/user/:id/...", "user")]).unwrap();
        let found = router.find("/user/42/edit").unwrap();
        assert_eq!(found.named, [("id", "42".to_owned())]);
        assert_eq!(found.path_info, "/edit");
        assert_eq!(
            (found.raw(), found.prefix()),
            ("/user/:id/...", "/user/:id")
        );
    }

    #[test]
    fn the_later_of_two_equal_routes_counts() {
        let router = Router::new([("/foo", "first"), ("/foo/", "second")]).unwrap();
        assert_eq!(router.find("/foo").unwrap().component(), "second");
    }

    #[test]
    fn the_root_route_is_based_on_nothing() {
        let router = Router::new([("/", "root"), ("api", "api")]).unwrap();
        assert_eq!(router.find("/").unwrap().based(), "");
        assert_eq!(router.find("/api").unwrap().based(), "/api");
    }

    #[test]
    fn bad_routes_are_refused() {
        for route in ["/.../x", "/*name", "/:", "/:a.json", "/a//b"] {
            assert!(Router::new([(route, "x")]).is_err(), "{route}");
        }
    }
}
