//! Keys.

/// The beginning of all keys. A cluster computes the slot of a key from what stands in braces, so that all of ours have
/// one: what belongs together is on one process, and is read by one command.
pub const PREFIX: &str = "starwars:{api}:";

/// The slot of all keys in a cluster.
pub(super) const SLOT: u16 = 6541;

#[cfg(test)]
mod tests {
    use super::*;

    /// Redis Cluster Specification, "Key distribution model".
    #[test]
    fn the_slot_is_that_of_the_part_in_braces() {
        let part = PREFIX.split(['{', '}']).nth(1).unwrap();
        let mut crc: u16 = 0;
        for byte in part.bytes() {
            crc ^= u16::from(byte) << 8;
            for _ in 0..8 {
                let carry = crc & 0x8000 != 0;
                crc <<= 1;
                if carry {
                    crc ^= 0x1021;
                }
            }
        }
        assert_eq!(crc % 16_384, SLOT);
    }
}
