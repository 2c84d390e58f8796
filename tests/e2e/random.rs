//! Randomness that can be played again (`SplitMix64`).

use std::env;

use crate::stage::unique;

pub(crate) struct Random(u64);

impl Random {
    /// Starts from `REALMDESK_SEED`, or else from the time; the seed is told, so that a failure
    /// can be played again.
    pub(crate) fn seeded() -> Self {
        let given = env::var("REALMDESK_SEED")
            .ok()
            .and_then(|seed| seed.parse().ok());
        let seed = given.unwrap_or_else(|| {
            let mut drawn = 0u64;
            for byte in unique("seed").bytes() {
                drawn = drawn.wrapping_mul(31).wrapping_add(u64::from(byte));
            }
            drawn
        });
        println!("REALMDESK_SEED={seed}");
        Self(seed)
    }

    /// A number below `bound`; good enough for choosing moments.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}
