//! The folder in which a local server keeps what outlives it: database, secrets, and who may sign in.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::Outcome;
use crate::project::{read, write};

pub(crate) struct State {
    folder: PathBuf,
}

/// The secrets of a deployment, made up once per folder.
pub(crate) struct Secrets {
    /// Signs sessions, access links and form tokens.
    pub(crate) session: String,
    /// The bearer of `POST /sweep`.
    pub(crate) sweep: String,
    /// The bearer of `/admin/tenants`.
    pub(crate) operator: String,
}

impl State {
    pub(crate) fn open(folder: &Path) -> Outcome<Self> {
        let cannot = |error| format!("cannot keep state in {}: {error}", folder.display());
        fs::create_dir_all(folder).map_err(cannot)?;
        // The servers run in other folders.
        Ok(Self {
            folder: folder.canonicalize().map_err(cannot)?,
        })
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub(crate) fn secrets(&self) -> Outcome<Secrets> {
        let file = self.path("secrets.json");
        if !file.exists() {
            let secrets = json!({
                "session_secret": random()?,
                "sweep_secret": random()?,
                "operator_secret": random()?,
            });
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&file)?;
            writeln!(file, "{secrets:#}")?;
        }
        let secrets: Value = serde_json::from_str(&read(&file)?)?;
        let field = |name: &str| {
            let missing = || {
                format!(
                    "{} holds no {name}; delete it to make new ones",
                    file.display()
                )
            };
            secrets[name]
                .as_str()
                .map(str::to_owned)
                .ok_or_else(missing)
        };
        Ok(Secrets {
            session: field("session_secret")?,
            sweep: field("sweep_secret")?,
            operator: field("operator_secret")?,
        })
    }

    /// Completes demo.json: the demo data knows its tenants and people, and no secret of the deployment.
    pub(crate) fn complete_info(&self) -> Outcome<Value> {
        let file = self.path("demo.json");
        let mut info = match fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text)?,
            Err(_) => json!({ "tenants": [] }),
        };
        let secrets = self.secrets()?;
        info["sweep_secret"] = secrets.sweep.into();
        info["operator_secret"] = secrets.operator.into();
        write(&file, format!("{info:#}\n"))?;
        Ok(info)
    }
}

/// 256 random bits from the system.
fn random() -> Outcome<String> {
    let mut halves = [[0; 16]; 2];
    let mut source = File::open("/dev/urandom")?;
    for half in &mut halves {
        source.read_exact(half)?;
    }
    let [high, low] = halves.map(u128::from_ne_bytes);
    Ok(format!("{high:032x}{low:032x}"))
}
