//! What every page has around it: the tenant's name and colours, the viewer, and a notice.
//!
//! Navigation is not passed in: each page's template says where it stands, and the layout templates know the places.

use crate::locale::Locale;

/// The frame of a page. Cheap to copy, so one can be made per request and handed to whichever page is the answer.
#[derive(Debug, Clone, Copy)]
pub struct Shell<'a> {
    /// The name shown in the header and in the page title.
    pub tenant: &'a str,
    /// One or two characters for the mark beside the name; made from the name when `None`.
    pub monogram: Option<&'a str>,
    pub accent: Accent,
    pub locale: Locale,
    /// The signed-in agent, if there is one.
    pub viewer: Option<Viewer<'a>>,
    /// The signed-in end user, if there is one.
    pub user: Option<Viewer<'a>>,
    /// A message above the page's own content.
    pub notice: Option<Notice<'a>>,
}

impl<'a> Shell<'a> {
    /// Returns the frame of a tenant's page in the default locale and colour, with nobody signed in.
    pub const fn of(tenant: &'a str) -> Self {
        Shell {
            tenant,
            monogram: None,
            accent: Accent::Indigo,
            locale: Locale::DEFAULT,
            viewer: None,
            user: None,
            notice: None,
        }
    }

    /// Returns the frame for answers that must not say which tenant they come from, or that come from none.
    pub const fn house() -> Shell<'static> {
        Shell {
            accent: Accent::Slate,
            ..Shell::of("Realmdesk")
        }
    }

    /// Returns the characters of the mark: the given ones, or the initials of the first two words of the name.
    pub fn mark(&self) -> String {
        self.monogram
            .map_or_else(|| initials(self.tenant), str::to_owned)
    }
}

/// The colour of links, buttons and marks.
///
/// A closed set, because a free colour would need an inline style, which the pages' security policy refuses,
/// and because each of these is checked for contrast in light and dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Accent {
    #[default]
    Indigo,
    Blue,
    Teal,
    Green,
    Amber,
    Rose,
    Violet,
    Slate,
}

impl Accent {
    pub const ALL: [Self; 8] = [
        Self::Indigo,
        Self::Blue,
        Self::Teal,
        Self::Green,
        Self::Amber,
        Self::Rose,
        Self::Violet,
        Self::Slate,
    ];

    /// Returns the accent a setting names, or the default one for a name that is unknown.
    pub fn named(token: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|accent| accent.token() == token)
            .unwrap_or_default()
    }

    /// Returns the name used in settings, in `data-accent` and in the style sheet.
    pub const fn token(self) -> &'static str {
        match self {
            Self::Indigo => "indigo",
            Self::Blue => "blue",
            Self::Teal => "teal",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Rose => "rose",
            Self::Violet => "violet",
            Self::Slate => "slate",
        }
    }

    /// Returns the colour for mails, which have no style sheet; white text on it passes WCAG AA.
    pub const fn hex(self) -> &'static str {
        match self {
            Self::Indigo => "#4f46e5",
            Self::Blue => "#1d5fd1",
            Self::Teal => "#0f766e",
            Self::Green => "#15803d",
            Self::Amber => "#a84e08",
            Self::Rose => "#be123c",
            Self::Violet => "#7c3aed",
            Self::Slate => "#334155",
        }
    }
}

/// The direction of the page's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dir {
    #[default]
    Ltr,
    Rtl,
}

impl Dir {
    pub const fn token(self) -> &'static str {
        match self {
            Self::Ltr => "ltr",
            Self::Rtl => "rtl",
        }
    }
}

/// The signed-in person, as the header shows them.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    pub name: &'a str,
    pub email: &'a str,
    /// The realm they work in; left out where the tenant has only one.
    pub realm: Option<&'a str>,
    /// The form token of the sign-out button.
    pub sign_out_token: &'a str,
    /// Whether they find the way to the administration.
    pub administers: bool,
    /// Whether they may open tickets for users.
    pub opens: bool,
}

impl Viewer<'_> {
    pub fn initials(&self) -> String {
        initials(self.name)
    }
}

/// Something to say above the page's own content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice<'a> {
    SignedOut,
    /// The session ran out; what was asked for needs signing in again.
    SessionEnded,
    /// The form's token was too old; nothing was sent, and what was typed is still there.
    FormExpired,
    /// Words the tenant wrote itself.
    Said(&'a str),
}

/// Returns the first characters of the first two words, in capitals.
pub(crate) fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().find(|c| c.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
impl Shell<'static> {
    pub(crate) fn sample() -> Self {
        Shell {
            accent: Accent::Teal,
            ..Shell::of("Acme Tools")
        }
    }

    pub(crate) fn sample_of_a_user() -> Self {
        let user = Viewer {
            name: "Grace Hopper",
            email: "grace@navy.example",
            realm: None,
            sign_out_token: "token-of-sign-out",
            administers: false,
            opens: true,
        };
        Shell {
            user: Some(user),
            ..Self::sample()
        }
    }

    pub(crate) fn sample_of_an_agent() -> Self {
        let viewer = Viewer {
            name: "Ada Byron",
            email: "ada@acme.example",
            realm: Some("Acme Tools"),
            sign_out_token: "token-of-sign-out",
            administers: true,
            opens: false,
        };
        Shell {
            viewer: Some(viewer),
            accent: Accent::Indigo,
            ..Self::sample()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_made_from_the_name_unless_one_is_given() {
        assert_eq!(Shell::of("acme tools and more").mark(), "AT");
        assert_eq!(Shell::of("  (ünal) ").mark(), "Ü");
        assert_eq!(Shell::of("").mark(), "");
        assert_eq!(
            Shell {
                monogram: Some("β"),
                ..Shell::of("Beta")
            }
            .mark(),
            "β"
        );
    }

    #[test]
    fn an_unknown_accent_is_the_default_one() {
        for accent in Accent::ALL {
            assert_eq!(Accent::named(accent.token()), accent);
        }
        assert_eq!(Accent::named("red; background: url(x)"), Accent::Indigo);
    }

    #[test]
    fn every_accent_is_in_the_style_sheet_and_bears_white_text() {
        let sheet = include_str!("../assets/app.css");
        for accent in Accent::ALL {
            let rule = format!(
                "[data-accent=\"{}\"] {{ --accent: {};",
                accent.token(),
                accent.hex()
            );
            assert!(sheet.contains(&rule), "app.css misses {rule}");
            assert!(
                contrast_to_white(accent.hex()) >= 4.5,
                "{} is too light",
                accent.token()
            );
        }
    }

    /// The contrast ratio of WCAG 2.2 between white and a colour like `#1d5fd1`.
    fn contrast_to_white(hex: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
        1.05 / (luminance + 0.05)
    }
}
