//! Ticket numbers: random digits from a secure generator, unique per tenant (osTicket's default
//! format `######` with sequence 0).
//!
//! The number is chosen inside the write batch: SQL takes the first candidate that is still
//! free, so concurrent creates never share one and no round trip is spent on asking.

use tenancy::port::Random;

/// Stands for the number in texts that are written before it is known. A private-use character
/// (U+E000), which is cut from everything people type.
pub const PLACEHOLDER: &str = "\u{E000}";

/// How many digits the candidates have: mostly six; longer ones are only reached when a tenant
/// has used up nearly all shorter ones.
const DIGITS: [u32; 8] = [6, 6, 6, 6, 6, 7, 8, 12];

/// Draws candidates, preferred first, as the JSON list the insert takes.
pub(crate) fn candidates(random: &dyn Random) -> String {
    let draw = |digits: u32| {
        let lowest = 10u64.pow(digits - 1);
        (lowest + random.below(9 * lowest)).to_string()
    };
    let drawn: Vec<String> = DIGITS.into_iter().map(draw).collect();
    serde_json::to_string(&drawn).unwrap_or_default()
}

/// Cuts the placeholder from what people typed.
pub(crate) fn without_placeholder(typed: &str) -> String {
    typed.replace(PLACEHOLDER, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Rising(std::sync::atomic::AtomicU8);

    impl Random for Rising {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(83, std::sync::atomic::Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn candidates_are_numbers_of_at_least_six_digits() {
        let random = Rising(std::sync::atomic::AtomicU8::new(5));
        let drawn: Vec<String> = serde_json::from_str(&candidates(&random)).unwrap();
        assert_eq!(drawn.len(), DIGITS.len());
        for (number, digits) in drawn.iter().zip(DIGITS) {
            assert_eq!(number.len(), digits as usize);
            assert!(number.chars().all(|c| c.is_ascii_digit()) && !number.starts_with('0'));
        }
    }
}
