//! Choices made from a list of numbers, so that proptest can shrink what was made: an earlier end of the
//! list, or a smaller number, means the simpler choice, 0.

/// Numbers to choose by. Once they are used up, every choice is the first.
#[derive(Clone, Debug)]
pub struct Choices {
    numbers: Vec<u32>,
    at: usize,
}

impl Choices {
    /// Choices by these numbers.
    pub fn of(numbers: Vec<u32>) -> Self {
        Self { numbers, at: 0 }
    }

    /// A long list that depends on the seed alone (splitmix64, by Sebastiano Vigna).
    pub fn seeded(seed: u64) -> Self {
        let mut state = seed;
        let numbers = (0..4096).map(|_| {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0)
        });
        Self::of(numbers.collect())
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        let number = self.numbers.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        usize::try_from(number).expect("usize has 32 bits or more") % end
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// One of these.
    pub fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    /// Between `least` and `most` of what is made.
    pub fn several<T>(&mut self, least: usize, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = least + self.below(most - least + 1);
        (0..count).map(|_| make(self)).collect()
    }
}
