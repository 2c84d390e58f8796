//! The pages of end users, as the snapshots show them.

use super::*;
use crate::layout::Notice;
use crate::time::Moment;

impl LandingPage<'static> {
    pub(crate) fn sample() -> Self {
        LandingPage {
            shell: Shell::sample(),
        }
    }
}

impl OpenPage<'static> {
    pub(crate) fn sample() -> Self {
        let topics = [
            ("7", "Billing"),
            ("8", "Broken tool"),
            ("9", "Something else"),
        ];
        OpenPage {
            shell: Shell::sample(),
            realms: Vec::new(),
            chosen: "",
            topics: topics.map(|(id, name)| TopicOption { id, name }).to_vec(),
            asks_by_topic: false,
            fields: Vec::new(),
            asks_further: false,
            upload: Upload::sample(),
            denial: None,
            typed: OpenForm::default(),
            problems: OpenProblems::default(),
            csrf: "token-of-the-form",
        }
    }

    pub(crate) fn sample_of_a_user() -> Self {
        let realm = |id, name, depth| RealmOption { id, name, depth };
        OpenPage {
            shell: Shell::sample_of_a_user(),
            realms: vec![realm("1", "Navy", 0), realm("12", "Yard <2>", 1)],
            chosen: "12",
            problems: OpenProblems {
                realm: Some(FieldProblem::NotOffered),
                ..OpenProblems::default()
            },
            ..Self::sample()
        }
    }

    pub(crate) fn sample_refused() -> Self {
        let typed = OpenForm {
            topic: "8",
            name: "Grace \"Amazing\" Hopper",
            email: "grace@",
            subject: "",
            message: "The drill <b>smokes</b> & smells.\n\nSince Monday.",
        };
        let problems = OpenProblems {
            email: Some(FieldProblem::NotAnAddress),
            subject: Some(FieldProblem::Missing),
            ..OpenProblems::default()
        };
        OpenPage {
            typed,
            problems,
            upload: Upload::sample_refused(),
            ..Self::sample()
        }
    }

    pub(crate) fn sample_with_fields() -> Self {
        OpenPage {
            asks_by_topic: true,
            asks_further: true,
            fields: FormField::samples(),
            ..Self::sample()
        }
    }

    pub(crate) fn sample_denied(denial: Denial) -> Self {
        OpenPage {
            denial: Some(denial),
            ..Self::sample()
        }
    }
}

impl OfflinePage<'static> {
    pub(crate) fn sample(text: &'static str) -> Self {
        let shell = Shell::sample();
        OfflinePage { shell, text }
    }
}

impl Upload<'static> {
    fn sample() -> Self {
        Upload {
            largest: 8_388_608,
            most: 32,
            ..Upload::default()
        }
    }

    pub(crate) fn sample_of_field() -> Self {
        Upload {
            of: Some(UploadField {
                id: "field_9".to_owned(),
                label: "Receipts",
                hint: "Of what you <bought>",
                is_required: true,
                is_missing: true,
            }),
            most: 2,
            extensions: vec!["pdf"],
            ..Self::sample()
        }
    }

    fn sample_refused() -> Self {
        let problem = |name, why| FileProblem { name, why };
        Upload {
            extensions: vec!["pdf", "png"],
            problems: vec![
                problem("film <1>.mov", Unfit::TooLarge),
                problem("drill.exe", Unfit::NotAllowed),
                problem("33.png", Unfit::TooMany),
            ],
            is_lost: true,
            ..Self::sample()
        }
    }
}

impl LandingPage<'static> {
    pub(crate) fn sample_of_a_user() -> Self {
        LandingPage {
            shell: Shell::sample_of_a_user(),
        }
    }
}

impl ConfirmationPage<'static> {
    pub(crate) fn sample() -> Self {
        ConfirmationPage {
            shell: Shell::sample(),
            number: "482913",
            email: Some("grace@navy.example"),
            thanks: "",
        }
    }
}

impl TicketPage<'static> {
    pub(crate) fn sample() -> Self {
        let thread = vec![
            Entry {
                author: "Grace Hopper",
                kind: EntryKind::User,
                at: Moment::minutes_from_noon(-1500),
                text: "Hello,\n\nsince Monday the drill smokes when I start it:\n - with the old battery\n - \
                    with the new one\n\nIs <this> still under warranty?\nGrace",
                files: Vec::new(),
            },
            Entry {
                author: "Ada Byron",
                kind: EntryKind::Agent,
                at: Moment::minutes_from_noon(-180),
                text: "Hello Grace,\r\n\r\nplease stop using it. It is under warranty, and a new one is on its \
                    way to you. You can keep the batteries.\r\n\r\nAda",
                files: Vec::new(),
            },
            Entry {
                author: "Grace Hopper",
                kind: EntryKind::User,
                at: Moment::minutes_from_noon(-4),
                text: "That was quick, thank you! Here is the receipt.",
                files: vec![
                    EntryFile {
                        name: "receipt <final>.pdf",
                        bytes: 48_213,
                        url: crate::url::ticket_file("482913", "1"),
                    },
                    EntryFile {
                        name: "IMG_0417.jpg",
                        bytes: 3_412_000,
                        url: crate::url::ticket_file("482913", "2"),
                    },
                ],
            },
        ];
        TicketPage {
            shell: Shell::sample(),
            number: "482913",
            subject: "My drill smokes when I start it",
            is_closed: false,
            status: "Open",
            can_reopen: true,
            created_at: Moment::minutes_from_noon(-1500),
            department: Some("Repairs"),
            facts: vec![
                Fact {
                    label: "Serial <number>",
                    values: vec!["AB123".to_owned()],
                    files: Vec::new(),
                },
                Fact {
                    label: "Tools",
                    values: ["Drill", "Saw"].map(str::to_owned).into(),
                    files: Vec::new(),
                },
                Fact {
                    label: "Receipts",
                    values: Vec::new(),
                    files: vec![EntryFile {
                        name: "receipt <1>.pdf",
                        bytes: 48_213,
                        url: crate::url::ticket_file("482913", "3"),
                    }],
                },
            ],
            thread,
            colleague: None,
            raised_for: None,
            typed: "",
            problem: None,
            upload: Upload::sample(),
            is_too_much: false,
            csrf: "token-of-the-form",
            reply_address: Some("help@acme.example"),
            now: Moment::NOON,
        }
    }

    pub(crate) fn sample_of_too_much() -> Self {
        TicketPage {
            is_too_much: true,
            typed: "Another one.",
            ..Self::sample()
        }
    }

    pub(crate) fn sample_of_a_colleague() -> Self {
        TicketPage {
            shell: Shell {
                notice: Some(Notice::Said("Your message is in the ticket.")),
                ..Shell::sample_of_a_user()
            },
            is_closed: true,
            status: "Closed",
            can_reopen: false,
            colleague: Some("Linus"),
            raised_for: Some("Northern Depot"),
            typed: "\n </textarea>",
            problem: Some(FieldProblem::Missing),
            upload: Upload {
                is_lost: true,
                ..Upload::sample()
            },
            reply_address: None,
            ..Self::sample()
        }
    }
}

impl LinkNeededPage<'static> {
    pub(crate) fn sample() -> Self {
        LinkNeededPage {
            shell: Shell::sample(),
        }
    }
}
