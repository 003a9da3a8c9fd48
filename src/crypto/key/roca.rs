//! RSA keys of a generator that left a mark on them (CVE-2017-15361).

/// Whether a modulus, the highest byte first, bears the mark: modulo each of these primes it is a
/// power of 65537. By chance one in about 2^27 does.
pub fn is_factorable(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|prime| {
        let rest = modulus.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        let mut power = 1;
        for _ in 0..*prime {
            if power == rest {
                return true;
            }
            power = power * (GENERATOR % prime) % prime;
        }
        false
    })
}

const GENERATOR: u32 = 65537;
/// Primes of the mark modulo which 65537 does not make every number.
const PRIMES: [u32; 17] =
    [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

#[cfg(test)]
mod tests {
    use super::is_factorable;

    #[test]
    fn powers_of_the_generator_are_found() {
        let mut power: u128 = 1;
        for _ in 0..7 {
            power *= 65537;
            assert!(is_factorable(&power.to_be_bytes()));
        }
        assert!(!is_factorable(&(power + 2).to_be_bytes()));
    }
}
