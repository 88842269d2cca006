//! Sets of small numbers as words of bits.

/// Bits in a word.
pub const WORD: usize = 64;

/// How many words hold `bits` bits.
pub const fn words(bits: usize) -> usize {
    bits.div_ceil(WORD)
}

/// Whether a set has a member.
pub fn contains(set: &[u64], member: usize) -> bool {
    set[member / WORD] >> (member % WORD) & 1 == 1
}

/// Adds a member.
pub fn insert(set: &mut [u64], member: usize) {
    set[member / WORD] |= 1 << (member % WORD);
}

/// The members, smallest first.
pub fn ones(set: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set.iter().enumerate().flat_map(|(at, &word)| {
        std::iter::successors((word != 0).then_some(word), |word| {
            let rest = word & (word - 1);
            (rest != 0).then_some(rest)
        })
        .map(move |word| at * WORD + word.trailing_zeros() as usize)
    })
}

/// How many members there are.
pub fn count(set: &[u64]) -> u32 {
    set.iter().map(|word| word.count_ones()).sum()
}

/// How many members two sets share.
pub fn count_common(a: &[u64], b: &[u64]) -> u32 {
    a.iter().zip(b).map(|(a, b)| (a & b).count_ones()).sum()
}

/// Whether two sets share a member.
pub fn intersects(a: &[u64], b: &[u64]) -> bool {
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

/// Adds all members of another set.
pub fn union_with(set: &mut [u64], other: &[u64]) {
    for (word, other) in set.iter_mut().zip(other) {
        *word |= other;
    }
}

/// The set of the numbers of a range, in `words` words.
pub fn of_range(range: std::ops::Range<usize>, words: usize) -> Vec<u64> {
    let mut set = vec![0; words];
    for member in range {
        insert(&mut set, member);
    }
    set
}

/// Bytes as hexadecimal digits, two each.
pub fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_back_in_order() {
        let mut set = vec![0; words(130)];
        for member in [129, 0, 63, 64] {
            insert(&mut set, member);
        }
        assert_eq!(ones(&set).collect::<Vec<_>>(), [0, 63, 64, 129]);
        assert_eq!(count(&set), 4);
        assert!(contains(&set, 129) && !contains(&set, 128));
        assert_eq!(of_range(2..4, 1), [0b1100]);
    }
}
