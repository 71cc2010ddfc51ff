//! The second factor, the pure part: codes of an authenticator app (RFC 6238: 30 seconds, 6 digits, SHA-1), and codes
//! for the day it is lost.

use data_encoding::BASE32_NOPAD;
use serde::{Deserialize, Serialize};
use totp_rs::{Builder, Secret, Totp};

use crate::Timestamp;

/// How many backup codes there are.
pub const CODES: usize = 5;
/// How many letters each has.
pub const CODE_LENGTH: usize = 6;
/// What they are made of: nothing that looks like something else.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A code for the day the app is lost; good once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupCode {
    /// The code.
    pub code: String,
    /// Whether it was used.
    pub used: bool,
}

/// A secret as people type it into their app: base32.
pub(super) fn secret_text(random: &[u8; 20]) -> String {
    BASE32_NOPAD.encode(random)
}

/// New backup codes.
pub(super) fn backup_codes(random: &[u8; CODES * CODE_LENGTH]) -> Vec<BackupCode> {
    let letter = |byte: &u8| char::from(LETTERS[usize::from(*byte) % LETTERS.len()]);
    random
        .chunks(CODE_LENGTH)
        .map(|bytes| BackupCode { code: bytes.iter().map(letter).collect(), used: false })
        .collect()
}

/// Whether the app says this code now; one that came or went within 30 seconds will do, as clocks differ.
pub(super) fn is_current(secret: &str, code: &str, now: Timestamp) -> bool {
    let Some(totp) = totp(secret) else { return false };
    let Ok(seconds) = u64::try_from(now.seconds()) else { return false };
    let plain = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
    plain && totp.check(code, seconds).is_some()
}

fn totp(secret: &str) -> Option<Totp> {
    let bytes: [u8; 20] = BASE32_NOPAD.decode(secret.as_bytes()).ok()?.try_into().ok()?;
    Builder::new().with_secret(Secret::new_stack(bytes)).with_skew(1).build().ok()
}

/// What an app says at this time; for tests, which have none.
pub fn current_code(secret: &str, now: Timestamp) -> Option<String> {
    let seconds = u64::try_from(now.seconds()).ok()?;
    totp(secret).map(|totp| totp.generate(seconds).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's test vectors, `12345678901234567890`.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(seconds: i64) -> Timestamp {
        Timestamp(seconds * crate::time::SECOND)
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        assert_eq!(secret_text(b"12345678901234567890"), SECRET);
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")]
        {
            assert!(is_current(SECRET, code, at(seconds)), "{code}");
            assert_eq!(current_code(SECRET, at(seconds)).as_deref(), Some(code));
        }
    }

    #[test]
    fn a_code_is_good_for_half_a_minute_around() {
        assert!(is_current(SECRET, "287082", at(59 + 30)));
        assert!(is_current(SECRET, "287082", at(59 - 30)));
        assert!(!is_current(SECRET, "287082", at(59 + 61)));
        for wrong in ["", "28708", "2870822", "287 082", "２８７０８２", "abcdef"] {
            assert!(!is_current(SECRET, wrong, at(59)), "{wrong}");
        }
        assert!(!is_current("nonsense", "287082", at(59)));
    }

    #[test]
    fn backup_codes_have_their_form() {
        let codes = backup_codes(&[7; 30]);
        assert_eq!((codes.len(), codes[0].code.as_str()), (5, "hhhhhh"));
    }
}
