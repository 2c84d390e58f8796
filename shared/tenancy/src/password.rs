//! Passwords: argon2id with OWASP's first recommended cost (19 MiB, two passes, one lane).

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Argon2, PasswordHash};

use crate::port::Random;

/// The hash of no password: verifying against it costs what a real one costs, so that an
/// unknown address takes as long to refuse as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bm9ib2R5bm9ibw$\
                      rYwtnp05bL1l2KSmsTBWzMbOYj9CJxsrS1dPKxOjqvM";

/// Hashes a password for storage, as a PHC string.
///
/// # Errors
/// When the password is longer than the algorithm takes (4 GiB).
pub fn hash(password: &str, random: &dyn Random) -> Result<String, TooLong> {
    let salt: [u8; 16] = random.bytes();
    let hashed: Result<PasswordHash, _> =
        Argon2::default().hash_password_with_salt(password.as_bytes(), &salt);
    hashed.map(|hash| hash.to_string()).map_err(|_| TooLong)
}

/// Compares a password with the stored hash, or takes as long to say no when there is none.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    let matches = Argon2::default().verify_password(password.as_bytes(), stored.unwrap_or(NOBODY));
    stored.is_some() && matches.is_ok()
}

/// The password is longer than can be hashed.
#[derive(Debug)]
pub struct TooLong;

#[cfg(test)]
mod tests {
    use super::*;

    struct Sevens;

    impl Random for Sevens {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    #[test]
    fn a_password_opens_its_own_hash_and_no_other() {
        let hash = hash("correct horse", &Sevens).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("correct horse", Some(&hash)));
        assert!(!verify("correct horse ", Some(&hash)));
    }

    #[test]
    fn nobodys_hash_is_well_formed_and_opens_for_nobody() {
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert!(!verify("nobody", None));
        assert!(!verify("", None));
    }
}
